#include "detect/reach.h"

#include "base/elapsed.h"
#include "base/text.h"

#define PORT_MSNP  1863
#define PORT_HTTP  80
#define PORT_HTTPS 443

/* A capture that ends so soon after the SYN shows nothing. */
#define PATIENCE_NS (uint64_t)(3 * NS_PER_S)

static struct observation *
tell(struct reach *r, enum sign sign, uint64_t talk, const struct conn *c)
{
	static const struct signin nobody;
	struct observation o = {.sign = sign,
	    .confidence = CONFIDENCE_LIKELY,
	    .talk = talk,
	    .conn = *c,
	    .who = &nobody};

	return telling_put(r->telling, &o);
}

/* Which path a connection to that address and port would be; false when none. */
static bool
path_of(enum name_role role, uint16_t port, enum path *out)
{
	bool web = port == PORT_HTTP || port == PORT_HTTPS;

	if (role != NAME_DISPATCH && role != NAME_GATEWAY)
		return false;
	*out = role == NAME_GATEWAY && port == PORT_HTTP ? PATH_GATEWAY : PATH_DIRECT;
	return *out == PATH_GATEWAY || port == PORT_MSNP ||
	       (role == NAME_DISPATCH && !web);
}

/*
 * What the host itself was told concerns it, a stray answer never does.  A host of two
 * families asks over IPv4 for what it then does over IPv6, so there another's answer
 * has to do.
 */
static bool
concerns(const struct resolved *known, const struct addr *host)
{
	return known->own || (known->asked && !addr_is_v4(host));
}

static bool
is_messenger(struct reach *r, const struct conn *c, enum path *path, const char **name)
{
	const struct endpoint *to = &c->tuple.server;
	const struct addr *host = &c->tuple.client.addr;
	const struct resolved *known =
	    resolve_address(r->resolve, host, &to->addr, c->ts);

	*name = "";
	if (known != NULL && concerns(known, host) &&
	    path_of(known->role, to->port, path)) {
		*name = known->name;
		return true;
	}
	/* What then becomes of a lookup's sinkhole is part of that. */
	*path = PATH_DIRECT;
	return to->port == PORT_MSNP && !resolve_is_sinkhole(r->resolve, &to->addr) &&
	       resolve_asked(r->resolve, host, NAME_DISPATCH, c->ts);
}

uint64_t
reach_asked(struct reach *r, const struct conn *c)
{
	struct observation *o;
	const char *name;
	enum path path;

	if (!is_messenger(r, c, &path, &name)) {
		r->hints += c->tuple.server.port == PORT_MSNP;
		return 0;
	}
	o = tell(r, SIGN_TRYING, (*r->next_talk)++, c);
	if (o == NULL)
		return 0;
	o->confidence = CONFIDENCE_HINT;
	o->path = path;
	text_put(o->host, sizeof(o->host), name);
	return o->talk;
}

void
reach_answered(struct reach *r, uint64_t talk, const struct conn *c)
{
	struct observation *o = tell(r, SIGN_REACHED, talk, c);

	if (o != NULL)
		o->confidence = CONFIDENCE_HINT;
}

static enum reason
reason_of(const struct conn *c, enum closing closing)
{
	switch (closing) {
	case CLOSING_RESET_SERVER:
		return REASON_REFUSED;
	case CLOSING_PROHIBITED:
		return REASON_PROHIBITED;
	case CLOSING_SILENT:
	case CLOSING_RESET_CLIENT:
		return REASON_NO_ANSWER;
	case CLOSING_CUT:
	case CLOSING_STOPPED:
		return c->syns > 1 || elapsed(c->until, c->began) > PATIENCE_NS
			   ? REASON_NO_ANSWER
			   : REASON_NONE;
	case CLOSING_NOT:
	case CLOSING_CLIENT:
	case CLOSING_SERVER:
		break;
	}
	return REASON_NONE;
}

void
reach_ended(struct reach *r, uint64_t talk, const struct conn *c, enum closing closing)
{
	enum reason why = reason_of(c, closing);
	struct conn asked = *c;
	struct observation *o;
	const char *name;
	enum path path;

	if (why == REASON_NONE)
		return;
	o = tell(r, SIGN_BLOCKED, talk, c);
	if (o == NULL)
		return;
	asked.ts = c->began;
	(void)is_messenger(r, &asked, &path, &name);
	o->path = path;
	text_put(o->host, sizeof(o->host), name);
	o->reason = why;
	o->by = c->by;
	o->syns = c->syns;
}

/* What a proxy was asked for is messenger's by its name, or by the port and a role. */
static bool
is_service(struct reach *r, const struct conn *c, const struct denial *d)
{
	enum name_role role = names_role(r->names, d->name);
	const struct resolved *known;

	if (role == NAME_DISPATCH || role == NAME_GATEWAY || d->to.port == PORT_MSNP)
		return true;
	known = resolve_address(r->resolve, &c->tuple.client.addr, &d->to.addr, c->ts);
	return known != NULL && known->role == NAME_DISPATCH;
}

static struct observation *
tell_denial(
    struct reach *r, const struct conn *c, const struct denial *d, enum reason why)
{
	struct observation *o = tell(r, SIGN_BLOCKED, (*r->next_talk)++, c);

	if (o == NULL)
		return NULL;
	o->path = d->path;
	o->reason = why;
	text_put(o->host, sizeof(o->host), d->name);
	return o;
}

void
reach_denied(struct reach *r, const struct conn *c, const struct denial *d)
{
	struct observation *o;

	/* A gateway request has shown by its query what it is. */
	if (d->path != PATH_GATEWAY && !is_service(r, c, d))
		return;
	o = tell_denial(r, c, d, REASON_PROXY_DENIED);
	if (o == NULL)
		return;
	o->by = c->tuple.server.addr;
	o->status = d->status;
}

void
reach_unheard(
    struct reach *r, const struct conn *c, const struct denial *d, enum closing closing)
{
	enum reason why = reason_of(c, closing);
	struct observation *o;

	if (closing == CLOSING_SERVER)
		why = REASON_REFUSED;
	else if (closing == CLOSING_CLIENT)
		why = REASON_NO_ANSWER;
	if (why == REASON_NONE || !is_service(r, c, d))
		return;
	o = tell_denial(r, c, d, why);
	if (o != NULL)
		o->by = c->by;
}

void
reach_hello(struct reach *r, const struct conn *c, const char *name)
{
	struct observation *o;

	if (names_role(r->names, name) != NAME_SIGNIN)
		return;
	o = tell(r, SIGN_HINTED, (*r->next_talk)++, c);
	if (o == NULL)
		return;
	o->confidence = CONFIDENCE_HINT;
	text_put(o->host, sizeof(o->host), name);
}

static void
tell_news(struct reach *r, const struct resolve_news *news, const struct conn *seen)
{
	struct conn c = {.ts = news->ts, .began = news->began};
	struct observation *o;

	if (news->told != RESOLVE_SINKHOLED || r->overhears)
		return;
	if (seen != NULL)
		c = *seen;
	c.began = news->began;
	c.tuple.client = news->host;
	c.tuple.server = (struct endpoint){news->addr, 0};
	o = tell(r, SIGN_BLOCKED, (*r->next_talk)++, &c);
	if (o == NULL)
		return;
	o->path = news->role == NAME_GATEWAY ? PATH_GATEWAY : PATH_DIRECT;
	o->reason = REASON_SINKHOLED;
	o->by = news->server.addr;
	text_put(o->host, sizeof(o->host), news->name);
}

bool
reach_expire(struct reach *r, int64_t now)
{
	struct resolve_news news;
	bool told = false;

	while (!telling_crowded(r->telling) && resolve_expire(r->resolve, now, &news)) {
		tell_news(r, &news, NULL);
		told = true;
	}
	return told;
}

void
reach_lookup(struct reach *r, const struct conn *c, const struct dns_message *m)
{
	struct resolve_news news;

	(void)reach_expire(r, c->ts);
	if (resolve_message(r->resolve, &c->tuple, m, c->ts, &news))
		tell_news(r, &news, c);
}

void
reach_learn(struct reach *r, const struct conn *c, const struct addr *to, enum path path)
{
	struct resolve_name name = {
	    "", path == PATH_GATEWAY ? NAME_GATEWAY : NAME_DISPATCH};

	if (!addr_is_unset(to))
		resolve_learn(r->resolve, &c->tuple.client.addr, to, &name, c->ts);
}

void
reach_counters(const struct reach *r, struct counters *to)
{
	counters_add(to, "detect.hints",
	    "connections to port 1863 that nothing else speaks for", r->hints);
	if (!r->overhears)
		resolve_counters(r->resolve, to);
}
