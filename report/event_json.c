#include "report/event_json.h"

#include <jansson.h>
#include <string.h>

#include "report/community_id.h"
#include "report/obj_json.h"
#include "report/verdict_json.h"
#include "report/when.h"

#define PROTO_TCP 6
#define GROUP_MAX 64

static const char *
dialect_text(unsigned n, char buf[16])
{
	(void)snprintf(buf, 16, "MSNP%u", n);
	return buf;
}

static void
put_dialect(struct obj *o, unsigned n)
{
	char buf[16];

	if (n != 0)
		obj_text(o, "dialect", dialect_text(n, buf));
}

static void
put_client(struct obj *o, const struct client_claim *c)
{
	struct obj out = obj_new();

	obj_text(&out, "name", c->name);
	obj_text(&out, "version", c->version);
	obj_text(&out, "brand", c->brand);
	obj_text(&out, "os", c->os);
	obj_text(&out, "locale", c->locale);
	obj_text(&out, "arch", c->arch);
	obj_text(&out, "product", c->product);
	if (json_object_size(out.j) != 0 || out.bad)
		obj_child(o, "client", out);
	else
		json_decref(out.j);
}

static struct obj
path_obj(const struct path_try *p)
{
	struct obj o = obj_new();

	obj_text(&o, "path", path_word(p->path));
	obj_server(&o, &p->server);
	obj_text(&o, "host", p->host);
	obj_text(&o, "result", result_word(p->outcome, p->reason));
	obj_addr(&o, "by", &p->by);
	obj_known(&o, "code", p->code);
	obj_known(&o, "syns", p->syns);
	obj_true(&o, "forged", p->forged);
	if (p->count > 1)
		obj_number(&o, "count", p->count);
	obj_time(&o, "start", p->first);
	obj_time(&o, "end", p->last);
	return o;
}

static void
put_paths(struct obj *o, const struct attempt *a)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < a->n_paths && i < ATTEMPT_PATHS_MAX; i++)
		obj_element(o, list, path_obj(&a->paths[i]));
	obj_put(o, "paths", list);
	obj_known(o, "more_paths", a->more_paths);
}

static void
put_offered(struct obj *o, const struct attempt *a)
{
	json_t *list = json_array();
	char buf[16];
	size_t i;

	for (i = 0; i < a->n_offered && i < DIALECTS_MAX; i++)
		obj_append(o, list, json_string(dialect_text(a->offered[i], buf)));
	obj_put(o, "offered", list);
}

/* Seconds to one decimal. */
static json_t *
tenths(int64_t ns)
{
	int64_t n = ns > 0 ? (ns / (NS_PER_S / 20) + 1) / 2 : 0;

	return json_real((double)n / 10.0);
}

static struct obj
attempt_obj(const struct attempt *a)
{
	bool in = a->outcome == OUTCOME_SIGNED_IN;
	struct obj o = obj_new();

	obj_text(&o, "outcome", outcome_word(a->outcome));
	obj_put(&o, "fallback", json_boolean(a->fallback));
	obj_text(&o, "confidence", confidence_word(a->confidence));
	put_paths(&o, a);
	obj_text(&o, "account", a->account);
	obj_text(&o, "signin_host", a->signin_host);
	put_dialect(&o, a->dialect);
	if (a->n_offered != 0)
		put_offered(&o, a);
	put_client(&o, &a->client);
	obj_text(&o, "reason", reason_word(a->reason));
	obj_known(&o, "error_code", a->error_code);
	obj_time(&o, "start", a->start);
	obj_time(&o, "end", a->end);
	if (in)
		obj_put(&o, "signed_in_s", tenths(a->signed_in_ns));
	if (in || a->outcome == OUTCOME_IN_SESSION || a->conversations != 0)
		obj_number(&o, "conversations", a->conversations);
	obj_known(&o, "tries", a->tries);
	obj_known(&o, "bytes_toserver", a->bytes_client);
	obj_known(&o, "bytes_toclient", a->bytes_server);
	return o;
}

static void
put_redirect(struct obj *o, const struct endpoint *to)
{
	char addr[ADDR_TEXT_MAX], buf[ADDR_TEXT_MAX + 10];

	if (addr_is_unset(&to->addr))
		return;
	(void)addr_text(&to->addr, addr);
	(void)snprintf(buf, sizeof(buf), addr_is_v4(&to->addr) ? "%s:%u" : "[%s]:%u",
	    addr, (unsigned)to->port);
	obj_text(o, "redirect", buf);
}

static struct obj
messenger_obj(const struct messenger *m)
{
	struct obj o = obj_new();

	obj_text(&o, "sign", sign_word(m->sign));
	obj_text(&o, "path", path_word(m->path));
	obj_text(&o, "confidence", confidence_word(m->confidence));
	obj_true(&o, "switchboard", m->switchboard);
	obj_text(&o, "account", m->account);
	put_dialect(&o, m->dialect);
	obj_known(&o, "error_code", m->error_code);
	obj_text(&o, "reason", reason_word(m->reason));
	obj_addr(&o, "by", &m->by);
	put_client(&o, &m->client);
	obj_text(&o, "host", m->host);
	put_redirect(&o, &m->redirect);
	return o;
}

/* Microseconds to one decimal. */
static void
put_us(struct obj *o, const char *name, int64_t ns)
{
	int64_t n = (ns + 50) / 100;

	if (ns > 0)
		obj_put(o, name, json_real((double)n / 10.0));
}

static struct obj
reset_obj(const struct reset *r)
{
	struct obj o = obj_new();

	obj_text(&o, "rule", r->rule);
	obj_known(&o, "limit", r->limit);
	obj_known(&o, "refused", r->refused);
	if (r->limit != 0)
		return o;
	obj_true(&o, "dry_run", r->dry_run);
	obj_text(&o, "evidence", sign_word(r->evidence));
	obj_text(&o, "path", path_word(r->path));
	obj_true(&o, "switchboard", r->switchboard);
	obj_text(&o, "account", r->account);
	obj_text(&o, "host", r->host);
	obj_known(&o, "volleys", r->volleys);
	obj_known(&o, "frames", r->frames);
	put_us(&o, "latency_us", r->latency_ns);
	if (r->effect != NULL)
		obj_text(&o, "effect", r->effect);
	put_us(&o, "life_us", r->life_ns);
	return o;
}

/* The object of a counter's group, made when it is the first of it. */
static json_t *
group_of(struct obj *o, const char *name, size_t n)
{
	char group[GROUP_MAX];
	json_t *j;

	(void)snprintf(group, sizeof(group), "%.*s", (int)n, name);
	j = json_object_get(o->j, group);
	if (j != NULL)
		return j;
	j = json_object();
	obj_put(o, group, j);
	return j;
}

static struct obj
stats_obj(const struct counters *c)
{
	struct obj o = obj_new(), group;
	size_t i, dot;

	for (i = 0; i < c->n; i++) {
		const char *name = c->c[i].name;

		dot = strcspn(name, ".");
		if (name[dot] == '\0') {
			obj_number(&o, name, c->c[i].value);
			continue;
		}
		group = (struct obj){group_of(&o, name, dot), false};
		obj_number(&group, name + dot + 1, c->c[i].value);
		o.bad |= group.bad;
	}
	return o;
}

static struct obj
coverage_obj(const struct coverage *c)
{
	struct obj o = obj_new();

	obj_text(&o, "kind", coverage_word(c->kind));
	obj_text(&o, "origin", c->origin);
	if (c->kind == COVERAGE_DAMAGED)
		obj_number(&o, "offset", c->offset);
	obj_known(&o, "count", c->count);
	obj_text(&o, "text", c->text);
	return o;
}

static void
put_vlan(struct obj *o, const uint16_t vlan[2])
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < 2; i++)
		if (vlan[i] != 0)
			obj_append(o, list, json_integer(vlan[i]));
	obj_put(o, "vlan", list);
}

static void
put_ether(struct obj *o, const uint8_t mac[6])
{
	struct obj ether = obj_new();
	char buf[18];
	size_t i;

	for (i = 0; i < 6; i++)
		(void)snprintf(buf + 3 * i, 4, i < 5 ? "%02x:" : "%02x", mac[i]);
	obj_text(&ether, "src_mac", buf);
	obj_child(o, "ether", ether);
}

/* A lookup has a client and no server; what needs both is left out then. */
static void
put_tuple(struct obj *o, const struct event *ev)
{
	const struct tuple *t = &ev->tuple;
	char id[COMMUNITY_ID_MAX];

	obj_addr(o, "src_ip", &t->client.addr);
	obj_known(o, "src_port", t->client.port);
	obj_server(o, &t->server);
	obj_text(o, "proto", "TCP");
	obj_text(o, "app_proto", "msnp");
	obj_known(o, "flow_id", ev->flow_id);
	if (t->client.port == 0 || t->server.port == 0 || addr_is_unset(&t->server.addr))
		return;
	community_id(t, PROTO_TCP, id);
	obj_text(o, "community_id", id);
}

static void
put_envelope(struct obj *o, const struct event *ev, const char *type, const char *sensor)
{
	char stamp[WHEN_MAX];

	obj_text(o, "timestamp", when_stamp(ev->ts, stamp));
	obj_text(o, "event_type", type);
	obj_text(o, "sensor", sensor);
	obj_known(o, "seq", ev->seq);
	obj_text(o, ev->live ? "in_iface" : "pcap_filename", ev->origin);
	if (!ev->live)
		obj_known(o, "pcap_cnt", ev->pcap_cnt);
	if (ev->vlan[0] != 0)
		put_vlan(o, ev->vlan);
	if (ev->has_mac)
		put_ether(o, ev->client_mac);
	if (ev->has_tuple)
		put_tuple(o, ev);
}

static struct obj
body_obj(const struct event *ev, const char **type)
{
	switch (ev->type) {
	case EVENT_MESSENGER:
		*type = "messenger";
		return messenger_obj(&ev->u.messenger);
	case EVENT_ATTEMPT:
		*type = "attempt";
		return attempt_obj(&ev->u.attempt);
	case EVENT_RESET:
		*type = "reset";
		return reset_obj(&ev->u.reset);
	case EVENT_STATS:
		*type = "stats";
		return stats_obj(&ev->u.stats);
	case EVENT_COVERAGE:
		*type = "coverage";
		return coverage_obj(&ev->u.coverage);
	case EVENT_VERDICT:
		*type = "verdict";
		return verdict_obj(&ev->u.verdict);
	}
	return (struct obj){NULL, true};
}

char *
event_json_line(const struct event *ev, const char *sensor)
{
	struct obj o = obj_new(), body;
	const char *type = "";
	char *line = NULL;

	body = body_obj(ev, &type);
	put_envelope(&o, ev, type, sensor);
	obj_child(&o, type, body);
	if (!o.bad)
		line = json_dumps(o.j, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(o.j);
	return line;
}
