/* What hosts do, one function a kind of deed. */
#include <stdio.h>

#include "samples/act.h"
#include "samples/noise.h"

static int
codes_right(struct reader *r, const struct signin *s)
{
	bool socks = s->result == RESULT_DENIED && s->path == PATH_SOCKS;

	if (s->result == RESULT_PROHIBITED || socks)
		return s->code <= 255 ? 0 : reader_fail(r, "expected a code below 256");
	if (s->code != 0 && s->code < 100)
		return reader_fail(r, "expected a code of three digits");
	return 0;
}

static int
signin_complete(struct reader *r, const struct signin *s)
{
	bool proxied = s->path == PATH_CONNECT || s->path == PATH_SOCKS;

	if (s->kind == NULL || s->to == NULL)
		return reader_fail(r, "expected client NAME and to SERVER");
	if (s->kind->offers[0] == '\0' || s->kind->cvr[0] == '\0')
		return reader_fail(
		    r, "expected offers and cvr below client %s", s->kind->name);
	if (proxied && s->via == NULL)
		return reader_fail(
		    r, "expected via PROXY with over connect and over socks");
	if (s->path == PATH_DIRECT && s->via != NULL)
		return reader_fail(r, "expected no via with over direct");
	if (s->path == PATH_GATEWAY && s->redirect != NULL)
		return reader_fail(r, "expected no redirect with over gateway");
	if (s->via == NULL &&
	    (s->login != NULL || (s->result == RESULT_DENIED && s->path == PATH_DIRECT)))
		return reader_fail(r, "expected via PROXY with login and result denied");
	if (s->result == RESULT_LOOKED_UP &&
	    (r->w->net.resolver == NULL || s->to->dns[0] == '\0'))
		return reader_fail(r, "expected a resolver, and a server with a name");
	return codes_right(r, s);
}

int
act_signin(struct reader *r, const struct order *o, int64_t t)
{
	struct signin s = o->signin;

	s.host = o->host;
	s.account = o->subject;
	if (s.reach == NULL)
		s.reach = "messenger.hotmail.com";
	if (signin_complete(r, &s) != 0)
		return -1;
	if (!messenger_signin(r->w, &s, t))
		return reader_fail(
		    r, "over %d accounts signed in at once", WORLD_SESSIONS);
	return 0;
}

static struct session *
session_at(struct reader *r, const struct order *o, int64_t t)
{
	struct session *s = world_session(r->w, o->host, o->subject);

	if (s == NULL)
		(void)reader_fail(r, "%s: nobody%s%s is signed in there", o->host->name,
		    o->subject != NULL ? " called " : "",
		    o->subject != NULL ? o->subject : "");
	else if (t < s->at) {
		(void)reader_fail(
		    r, "%s: what was ordered before is not over by then", o->host->name);
		return NULL;
	}
	return s;
}

static int
sign_out(struct reader *r, const struct order *o, int64_t t, bool vanish)
{
	struct session *s = session_at(r, o, t);

	if (s == NULL)
		return -1;
	messenger_signout(r->w, s, t, vanish);
	return 0;
}

int
act_signout(struct reader *r, const struct order *o, int64_t t)
{
	return sign_out(r, o, t, false);
}

int
act_vanish(struct reader *r, const struct order *o, int64_t t)
{
	return sign_out(r, o, t, true);
}

int
act_chat(struct reader *r, const struct order *o, int64_t t)
{
	struct chat c = {
	    .peer = o->with, .messages = o->count, .span = o->span, .quote = o->quote};

	if (r->w->switchboard == NULL)
		return reader_fail(r, "expected switchboard SERVER above");
	if (o->with == NULL)
		return reader_fail(r, "expected with ACCOUNT");
	c.a = session_at(r, o, t);
	if (c.a == NULL)
		return -1;
	c.b = world_session(r->w, NULL, o->with);
	if (c.b != NULL && (c.b == c.a || t < c.b->at))
		return reader_fail(r, "%s cannot talk then", o->with);
	if (c.a->dialect > 18 || (c.b != NULL && c.b->dialect > 18))
		return reader_fail(
		    r, "expected dialects up to 18, which have switchboards");
	messenger_chat(r->w, &c, t);
	return 0;
}

int
act_talk(struct reader *r, const struct order *o, int64_t t)
{
	if (o->to == NULL)
		return reader_fail(r, "expected to SERVER");
	if (r->block == BLOCK_TALK)
		return reader_fail(r, "expected one host, as it has one script");
	t = net_find(&r->w->net, o->host, o->to, t);
	r->talk_at = conn_open(&r->talk, &r->w->net, o->host, o->to, t);
	r->block = BLOCK_TALK;
	return 0;
}

static int
talk_end(struct reader *r, int64_t (*how)(struct conn *, int64_t, enum side))
{
	static const char *const sides[] = {"client", "server"};
	int side = reader_choice(r, "a side", sides, 2);

	if (side < 0)
		return -1;
	r->talk_at = how(&r->talk, r->talk_at, (enum side)side);
	return reader_end(r);
}

/* A reset in the name of a side: "forge server by NODE". */
static int
talk_forge(struct reader *r)
{
	static const char *const sides[] = {"client", "server"};
	int side = reader_choice(r, "a side", sides, 2);
	struct node *by;

	if (side < 0)
		return -1;
	if (!reader_accept(r, "by"))
		return reader_fail(r, "expected by NODE");
	if (reader_node(r, "who forges", &by) != 0)
		return -1;
	conn_forge_reset(&r->talk, r->talk_at, (enum side)side, by, 0);
	r->talk_at += NET_MS;
	return reader_end(r);
}

static int
talk_say(struct reader *r, enum side side)
{
	const struct word *w = reader_take(r, "a text");

	if (w == NULL)
		return -1;
	if (side == SIDE_SERVER)
		r->talk_at += conn_trip(&r->talk);
	r->talk_at = conn_send(&r->talk, r->talk_at, side, bytes_of(w->s, w->n)) + NET_MS;
	return reader_end(r);
}

int
act_item(struct reader *r)
{
	static const char *const items[] = {">", "<", "wait", "close", "reset", "forge"};
	int64_t span;
	int v;

	if (!r->talk.open)
		return reader_fail(r, "expected nothing more: the connection is over");
	v = reader_choice(r, "a step of the talk", items, 6);
	switch (v) {
	case 0:
	case 1:
		return talk_say(r, v == 0 ? SIDE_CLIENT : SIDE_SERVER);
	case 2:
		if (reader_span(r, &span) != 0)
			return -1;
		r->talk_at += span;
		return reader_end(r);
	case 3:
		return talk_end(r, conn_close);
	case 4:
		return talk_end(r, conn_reset);
	case 5:
		return talk_forge(r);
	default:
		return -1;
	}
}

void
act_finish(struct reader *r)
{
	if (r->block == BLOCK_TALK)
		(void)conn_close(&r->talk, r->talk_at + NET_S, SIDE_CLIENT);
}

int
act_lookup(struct reader *r, const struct order *o, int64_t t)
{
	struct lookup l = o->lookup;

	if ((r->w->net.resolver == NULL && l.by == NULL) || !o->answered)
		return reader_fail(r, "expected resolver SERVER above, and answer");
	l.name = o->subject;
	(void)net_lookup(&r->w->net, o->host, &l, t);
	return 0;
}

int
act_noise(struct reader *r, const struct order *o, int64_t t)
{
	static const struct {
		const char *name;
		size_t most;
		int64_t (*play)(struct noise *n, int64_t t);
	} rows[] = {{"web", 16000, noise_web}, {"post", 24000, noise_post},
	    {"mail", 16000, noise_mail}, {"pop", 16000, noise_pop},
	    {"ssh", 16000, noise_ssh}, {"tls", 24000, noise_tls},
	    {"download", 4194304, noise_download}};
	struct noise n = {.net = &r->w->net,
	    .host = o->host,
	    .server = o->to,
	    .count = o->count,
	    .size = o->size,
	    .quote = o->quote};
	size_t i;

	if (o->to == NULL)
		return reader_fail(r, "expected to SERVER");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(o->what, rows[i].name) != 0)
			continue;
		if (o->size > rows[i].most)
			return reader_fail(
			    r, "expected a size of at most %zu", rows[i].most);
		(void)rows[i].play(&n, t);
	}
	return 0;
}
