#include <stdlib.h>

#include "base/text.h"
#include "detect/detect_room.h"
#include "detect/gate.h"
#include "detect/relay.h"

static size_t
or_default(size_t n, size_t otherwise)
{
	return n != 0 ? n : otherwise;
}

static int
open_names(struct detect *d, const struct detect_opts *opts, struct err *e)
{
	struct resolve_opts resolve = {.sinkholes = opts->sinkholes,
	    .lookups = opts->lookups,
	    .addresses = opts->addresses};

	if (names_open_with(&d->names, opts->names, e) != 0)
		return -1;
	resolve.names = d->names;
	d->reach = (struct reach){.names = d->names,
	    .telling = &d->telling,
	    .next_talk = &d->next_talk,
	    .overhears = opts->overhears};
	return resolve_open(&d->reach.resolve, &resolve, e);
}

int
detect_open(struct detect **out, const struct detect_opts *opts, struct err *e)
{
	struct detect *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return err_set(e, "out of memory for the detectors");
	d->next_talk = opts->first_talk != 0 ? opts->first_talk : 1;
	if (pool_open(&d->talks, or_default(opts->talks, 4096), sizeof(struct talk), e) !=
		0 ||
	    pool_open(&d->exchanges, or_default(opts->exchanges, 4096),
		sizeof(struct exchange), e) != 0 ||
	    pool_open(&d->relays, or_default(opts->exchanges, 4096), sizeof(struct relay),
		e) != 0 ||
	    sessions_open(&d->sessions, or_default(opts->sessions, 4096), e) != 0 ||
	    carries_open(&d->carries, or_default(opts->carries, 32), e) != 0 ||
	    open_names(d, opts, e) != 0) {
		detect_close(d);
		return -1;
	}
	d->room = (struct exchange_room){.sessions = d->sessions,
	    .telling = &d->telling,
	    .carries = d->carries,
	    .reach = &d->reach,
	    .next_talk = &d->next_talk};
	*out = d;
	return 0;
}

void
detect_close(struct detect *d)
{
	if (d == NULL)
		return;
	pool_close(d->talks);
	pool_close(d->exchanges);
	pool_close(d->relays);
	sessions_close(d->sessions);
	carries_close(d->carries);
	resolve_close(d->reach.resolve);
	names_close(d->names);
	free(d);
}

static void
give_up(struct detect *d, struct watch *w)
{
	switch ((enum watch_kind)w->kind) {
	case WATCH_TALK:
		pool_give(d->talks, w->slot);
		break;
	case WATCH_HTTP:
		exchange_end(pool_at(d->exchanges, w->slot), &d->room);
		pool_give(d->exchanges, w->slot);
		break;
	case WATCH_SOCKS:
		pool_give(d->relays, w->slot);
		break;
	case WATCH_YOUNG:
	case WATCH_LOOKUPS:
	case WATCH_NEVER:
		break;
	}
	w->kind = WATCH_NEVER;
	w->slot = 0;
}

static bool
take_slot(struct detect *d, struct watch *w, struct pool *pool, enum watch_kind kind)
{
	uint32_t slot = pool_take(pool);

	if (slot == 0) {
		d->refused++;
		w->kind = WATCH_NEVER;
		return false;
	}
	w->slot = slot;
	w->kind = (uint8_t)kind;
	return true;
}

/* host: the name a proxy was asked for, or "". */
static struct talk *
begin_talk(struct detect *d, struct watch *w, enum path path, const char *host)
{
	struct talk *t;

	if (!take_slot(d, w, d->talks, WATCH_TALK))
		return NULL;
	t = pool_at(d->talks, w->slot);
	talk_begin(t, d->next_talk++, path, true);
	text_put(t->host, sizeof(t->host), host);
	return t;
}

/* First bytes.  They stay where they are: whoever takes over reads them again. */
static void
begin(struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	bool whole = c->handshake && in->lost == 0;
	struct talk *t;

	if (whole && detect_begin_name(d, w, c, in))
		return;
	switch (gate_first(in->side, in->data, !whole)) {
	case GATE_MORE:
		return;
	case GATE_NEVER:
		w->kind = WATCH_NEVER;
		return;
	case GATE_MSNP:
		t = begin_talk(d, w, PATH_DIRECT, "");
		if (t != NULL)
			t->view.at_start = whole;
		return;
	case GATE_HTTP:
		if (take_slot(d, w, d->exchanges, WATCH_HTTP))
			exchange_begin(pool_at(d->exchanges, w->slot));
		return;
	case GATE_SOCKS4:
	case GATE_SOCKS5:
		if (take_slot(d, w, d->relays, WATCH_SOCKS))
			relay_begin(pool_at(d->relays, w->slot), in->data.p[0]);
		return;
	}
}

static uint64_t
feed_talk(struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	struct talk *t = pool_at(d->talks, w->slot);
	uint64_t n;

	t->view.unseen[SIDE_CLIENT] = !c->seen[SIDE_CLIENT];
	t->view.unseen[SIDE_SERVER] = !c->seen[SIDE_SERVER];
	n = telling_feed(&d->telling, t, c, in);
	if (!t->hopeless)
		return n;
	d->doubted++;
	if (!t->told)
		give_up(d, w);
	return in->data.n;
}

static uint64_t
feed_http(struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	struct exchange *x = pool_at(d->exchanges, w->slot);
	uint64_t n = exchange_feed(x, &d->room, c, in);
	char host[GATEWAY_HOST_MAX];

	if (x->hopeless) {
		give_up(d, w);
		return in->data.n;
	}
	if (!x->tunnel)
		return n;
	exchange_connect_name(x, host);
	give_up(d, w);
	(void)begin_talk(d, w, PATH_CONNECT, host);
	return n;
}

static void
tell_socks_denied(struct detect *d, const struct relay *r, const struct conn *c)
{
	struct denial no = {.path = PATH_SOCKS, .name = r->name, .to = r->to};

	reach_denied(&d->reach, c, &no);
}

static uint64_t
feed_socks(
    struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	struct relay *r = pool_at(d->relays, w->slot);
	uint64_t n = relay_feed(r, c, in);
	char host[HOST_NAME_MAX_TEXT];

	if (r->stage == RELAY_REFUSED) {
		if (r->denied)
			tell_socks_denied(d, r, c);
		give_up(d, w);
		return in->data.n;
	}
	if (r->stage != RELAY_OPEN)
		return n;
	text_put(host, sizeof(host), r->name);
	give_up(d, w);
	(void)begin_talk(d, w, PATH_SOCKS, host);
	return n;
}

static uint64_t
feed_kind(struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	switch ((enum watch_kind)w->kind) {
	case WATCH_YOUNG:
		begin(d, w, c, in);
		return 0;
	case WATCH_TALK:
		return feed_talk(d, w, c, in);
	case WATCH_HTTP:
		return feed_http(d, w, c, in);
	case WATCH_SOCKS:
		return feed_socks(d, w, c, in);
	case WATCH_LOOKUPS:
		return detect_feed_lookups(d, w, c, in);
	case WATCH_NEVER:
		break;
	}
	return in->data.n;
}

/*
 * A tunnel has just begun: what the other side has said into it already, and was made to
 * wait with, comes before what stands behind the grant.
 */
static bool
tunnel_begun(uint8_t before, const struct watch *w)
{
	return w->kind == WATCH_TALK && (before == WATCH_HTTP || before == WATCH_SOCKS);
}

/* A change of kind leaves bytes for the next reader, so feed until nothing moves. */
uint64_t
detect_feed(
    struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	uint8_t kind = w->kind;
	uint64_t done = feed_kind(d, w, c, in);
	struct piece rest;

	while (w->kind != kind && w->kind != WATCH_NEVER && done < in->data.n &&
	       !tunnel_begun(kind, w)) {
		rest = (struct piece){.side = in->side,
		    .data = bytes_skip(in->data, (size_t)done),
		    .lost = kind == WATCH_YOUNG ? in->lost : 0};
		kind = w->kind;
		done += feed_kind(d, w, c, &rest);
	}
	return done;
}

/* A proxy that was asked for the service and never said a word about it. */
static void
tell_unheard(struct detect *d, const struct watch *w, const struct conn *c,
    enum closing closing, uint64_t answered)
{
	const struct relay *r;
	struct denial no = {.path = PATH_SOCKS};

	if (!c->seen[SIDE_SERVER])
		return;
	if (w->kind == WATCH_HTTP && answered == 0)
		exchange_unheard(pool_at(d->exchanges, w->slot), &d->room, c, closing);
	if (w->kind != WATCH_SOCKS)
		return;
	r = pool_at(d->relays, w->slot);
	if (r->stage != RELAY_REPLY)
		return;
	no.name = r->name;
	no.to = r->to;
	reach_unheard(&d->reach, c, &no, closing);
}

static bool
end_session(struct detect *d, struct session_ref ref, int64_t now, enum closing closing)
{
	struct gateway_session *gs = sessions_at(d->sessions, ref);
	struct ending end = {closing, {0, 0}, 0};

	if (gs == NULL)
		return false;
	if (gs->cut)
		end.closing = CLOSING_CUT;
	end.bytes[0] = gs->bytes[0];
	end.bytes[1] = gs->bytes[1];
	gs->conn.ts = gs->last < now ? gs->last : now;
	telling_closed(&d->telling, &gs->talk, &gs->conn, &end);
	sessions_forget(d->sessions, ref);
	return true;
}

/* It may go on by another connection; unless it does, that was its end. */
static void
cut_session(struct detect *d, const struct exchange *x)
{
	struct gateway_session *gs = sessions_at(d->sessions, x->carried);

	if (gs != NULL)
		gs->cut = true;
}

void
detect_end(struct detect *d, struct watch *w, const struct conn *c, enum closing closing,
    const uint64_t bytes[2])
{
	struct ending end = {closing, {bytes[0], bytes[1]}, 0};

	if (w->try != 0)
		reach_ended(&d->reach, w->try, c, closing);
	w->try = 0;
	if (w->kind == WATCH_TALK)
		telling_closed(&d->telling, pool_at(d->talks, w->slot), c, &end);
	if (w->kind == WATCH_HTTP && closing == CLOSING_CUT)
		cut_session(d, pool_at(d->exchanges, w->slot));
	tell_unheard(d, w, c, closing, bytes[SIDE_SERVER]);
	give_up(d, w);
}

bool
detect_expire(struct detect *d, int64_t now)
{
	return reach_expire(&d->reach, now) ||
	       end_session(
		   d, sessions_expired(d->sessions, now, false), now, CLOSING_SILENT);
}

bool
detect_finish(struct detect *d)
{
	return reach_expire(&d->reach, INT64_MAX) ||
	       end_session(d, sessions_expired(d->sessions, INT64_MAX, true), INT64_MAX,
		   CLOSING_STOPPED);
}
