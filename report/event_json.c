#include "report/event_json.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "report/community_id.h"
#include "report/when.h"

#define PROTO_TCP 6
#define GROUP_MAX 64

/* An object being filled; short memory is noted once and asked for at the end. */
struct obj {
	json_t *j;
	bool bad;
};

static struct obj
obj_new(void)
{
	json_t *j = json_object();

	return (struct obj){j, j == NULL};
}

static void
put(struct obj *o, const char *key, json_t *value)
{
	o->bad |= json_object_set_new(o->j, key, value) != 0;
}

static void
append(struct obj *o, json_t *array, json_t *value)
{
	o->bad |= json_array_append_new(array, value) != 0;
}

/* Fields are safe text; a name from the command line may be anything. */
static void
put_text(struct obj *o, const char *key, const char *text)
{
	char safe[4096];
	json_t *s;

	if (text == NULL || text[0] == '\0')
		return;
	s = json_string(text);
	if (s == NULL) {
		(void)text_safe(safe, sizeof(safe), bytes_str(text));
		s = json_string(safe);
	}
	put(o, key, s);
}

static void
put_number(struct obj *o, const char *key, uint64_t n)
{
	put(o, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

static void
put_known(struct obj *o, const char *key, uint64_t n)
{
	if (n != 0)
		put_number(o, key, n);
}

static void
put_time(struct obj *o, const char *key, int64_t ns)
{
	char buf[WHEN_MAX];

	if (ns != 0)
		put_text(o, key, when_stamp(ns, buf));
}

static void
put_addr(struct obj *o, const char *key, const struct addr *a)
{
	char buf[ADDR_TEXT_MAX];

	if (!addr_is_unset(a))
		put_text(o, key, addr_text(a, buf));
}

static void
put_server(struct obj *o, const struct endpoint *to)
{
	put_addr(o, "dest_ip", &to->addr);
	put_known(o, "dest_port", to->port);
}

/* The child is put even when nothing is in it. */
static void
put_obj(struct obj *o, const char *key, struct obj child)
{
	o->bad |= child.bad;
	put(o, key, child.j);
}

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
		put_text(o, "dialect", dialect_text(n, buf));
}

static void
put_client(struct obj *o, const struct client_claim *c)
{
	struct obj out = obj_new();

	put_text(&out, "name", c->name);
	put_text(&out, "version", c->version);
	put_text(&out, "brand", c->brand);
	put_text(&out, "os", c->os);
	put_text(&out, "locale", c->locale);
	put_text(&out, "arch", c->arch);
	put_text(&out, "product", c->product);
	if (json_object_size(out.j) != 0 || out.bad)
		put_obj(o, "client", out);
	else
		json_decref(out.j);
}

static struct obj
path_obj(const struct path_try *p)
{
	struct obj o = obj_new();

	put_text(&o, "path", path_word(p->path));
	put_server(&o, &p->server);
	put_text(&o, "host", p->host);
	put_text(&o, "result", result_word(p->outcome, p->reason));
	put_addr(&o, "by", &p->by);
	put_known(&o, "code", p->code);
	if (p->count > 1)
		put_number(&o, "count", p->count);
	put_time(&o, "start", p->first);
	put_time(&o, "end", p->last);
	return o;
}

static void
put_paths(struct obj *o, const struct attempt *a)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < a->n_paths && i < ATTEMPT_PATHS_MAX; i++) {
		struct obj path = path_obj(&a->paths[i]);

		o->bad |= path.bad;
		append(o, list, path.j);
	}
	put(o, "paths", list);
	put_known(o, "more_paths", a->more_paths);
}

static void
put_offered(struct obj *o, const struct attempt *a)
{
	json_t *list = json_array();
	char buf[16];
	size_t i;

	for (i = 0; i < a->n_offered && i < DIALECTS_MAX; i++)
		append(o, list, json_string(dialect_text(a->offered[i], buf)));
	put(o, "offered", list);
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

	put_text(&o, "outcome", outcome_word(a->outcome));
	put(&o, "fallback", json_boolean(a->fallback));
	put_text(&o, "confidence", confidence_word(a->confidence));
	put_paths(&o, a);
	put_text(&o, "account", a->account);
	put_dialect(&o, a->dialect);
	if (a->n_offered != 0)
		put_offered(&o, a);
	put_client(&o, &a->client);
	put_text(&o, "reason", reason_word(a->reason));
	put_known(&o, "error_code", a->error_code);
	put_time(&o, "start", a->start);
	put_time(&o, "end", a->end);
	if (in)
		put(&o, "signed_in_s", tenths(a->signed_in_ns));
	if (in || a->outcome == OUTCOME_IN_SESSION || a->conversations != 0)
		put_number(&o, "conversations", a->conversations);
	put_known(&o, "tries", a->tries);
	put_known(&o, "bytes_toserver", a->bytes_client);
	put_known(&o, "bytes_toclient", a->bytes_server);
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
	put_text(o, "redirect", buf);
}

static struct obj
messenger_obj(const struct messenger *m)
{
	struct obj o = obj_new();

	put_text(&o, "sign", sign_word(m->sign));
	put_text(&o, "path", path_word(m->path));
	put_text(&o, "confidence", confidence_word(m->confidence));
	if (m->switchboard)
		put(&o, "switchboard", json_true());
	put_text(&o, "account", m->account);
	put_dialect(&o, m->dialect);
	put_known(&o, "error_code", m->error_code);
	put_client(&o, &m->client);
	put_text(&o, "host", m->host);
	put_redirect(&o, &m->redirect);
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
	put(o, group, j);
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
			put_number(&o, name, c->c[i].value);
			continue;
		}
		group = (struct obj){group_of(&o, name, dot), false};
		put_number(&group, name + dot + 1, c->c[i].value);
		o.bad |= group.bad;
	}
	return o;
}

static struct obj
coverage_obj(const struct coverage *c)
{
	struct obj o = obj_new();

	put_text(&o, "kind", coverage_word(c->kind));
	put_text(&o, "origin", c->origin);
	if (c->kind == COVERAGE_DAMAGED)
		put_number(&o, "offset", c->offset);
	put_known(&o, "count", c->count);
	put_text(&o, "text", c->text);
	return o;
}

static void
put_vlan(struct obj *o, const uint16_t vlan[2])
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < 2; i++)
		if (vlan[i] != 0)
			append(o, list, json_integer(vlan[i]));
	put(o, "vlan", list);
}

static void
put_ether(struct obj *o, const uint8_t mac[6])
{
	struct obj ether = obj_new();
	char buf[18];
	size_t i;

	for (i = 0; i < 6; i++)
		(void)snprintf(buf + 3 * i, 4, i < 5 ? "%02x:" : "%02x", mac[i]);
	put_text(&ether, "src_mac", buf);
	put_obj(o, "ether", ether);
}

/* A lookup has a client and no server; what needs both is left out then. */
static void
put_tuple(struct obj *o, const struct event *ev)
{
	const struct tuple *t = &ev->tuple;
	char id[COMMUNITY_ID_MAX];

	put_addr(o, "src_ip", &t->client.addr);
	put_known(o, "src_port", t->client.port);
	put_server(o, &t->server);
	put_text(o, "proto", "TCP");
	put_text(o, "app_proto", "msnp");
	put_known(o, "flow_id", ev->flow_id);
	if (t->client.port == 0 || t->server.port == 0 || addr_is_unset(&t->server.addr))
		return;
	community_id(t, PROTO_TCP, id);
	put_text(o, "community_id", id);
}

static void
put_envelope(struct obj *o, const struct event *ev, const char *type, const char *sensor)
{
	char stamp[WHEN_MAX];

	put_text(o, "timestamp", when_stamp(ev->ts, stamp));
	put_text(o, "event_type", type);
	put_text(o, "sensor", sensor);
	put_known(o, "seq", ev->seq);
	put_text(o, "pcap_filename", ev->origin);
	put_known(o, "pcap_cnt", ev->pcap_cnt);
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
	case EVENT_STATS:
		*type = "stats";
		return stats_obj(&ev->u.stats);
	case EVENT_COVERAGE:
		*type = "coverage";
		return coverage_obj(&ev->u.coverage);
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
	put_obj(&o, type, body);
	if (!o.bad)
		line = json_dumps(o.j, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(o.j);
	return line;
}
