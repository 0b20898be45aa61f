#include "app/pipeline_flow.h"

#include <string.h>

#include "detect/gate.h"

static bool
is_answered(const struct flow *f)
{
	return f->established || f->bytes[SIDE_CLIENT] != 0;
}

/*
 * Filled where it stands: returned by value it would be copied in wider pieces than it
 * was written in, and wait for them.
 */
static void
conn_fill(
    struct conn *c, const struct rooms *r, const struct session *s, const struct frame *f)
{
	const struct flow *fl = &s->flow;

	flow_tuple(fl, &c->tuple);
	c->began = fl->first;
	c->ts = f != NULL ? r->at : fl->last;
	c->until = 0;
	c->flow_id = fl->id;
	c->frame = f != NULL ? f->number : 0;
	c->origin = f != NULL ? f->origin : NULL;
	memcpy(c->vlan, fl->vlan, sizeof(c->vlan));
	memcpy(c->client_mac, fl->client_mac, sizeof(c->client_mac));
	c->has_mac = fl->has_mac;
	c->forged = fl->reset_forged;
	c->answered = is_answered(fl);
	c->syns = fl->syns;
	c->by = (struct addr){0};
	c->handshake = fl->handshake;
	memcpy(c->seen, fl->seen, sizeof(c->seen));
}

/*
 * The connection turned out to be messenger: it is kept longer, and its frames are
 * wanted.
 */
static void
watch(struct rooms *r, struct session *s)
{
	if (s->flow.watched)
		return;
	flow_watch(r->flows, &s->flow);
	rooms_want(r, s);
}

/* One side's runs; true when anything moved. */
static bool
deliver_side(struct rooms *r, struct session *s, const struct conn *c, enum side side)
{
	struct stream_pool *pool = flow_pool(r->flows);
	struct stream *st = &s->flow.stream[side];
	struct piece piece = {.side = side};
	uint8_t kind = s->watch.kind;
	bool moved = false;
	struct run run;
	uint64_t n;

	while (s->watch.kind != WATCH_NEVER && stream_next(st, pool, &run)) {
		piece.data = run.data;
		piece.lost = run.lost;
		if (s->flow.watched)
			r->lost_bytes += run.lost;
		n = detect_feed(r->detect, &s->watch, c, &piece);
		stream_consume(st, pool, (size_t)n);
		moved |= n != 0;
	}
	return moved || kind != s->watch.kind;
}

/*
 * Feeds both sides until nothing moves: bytes that waited for the other side to speak
 * first get another chance when it has, and those of this side too when another reader
 * has taken over.
 */
static bool
deliver(struct rooms *r, struct session *s, const struct conn *c, enum side side)
{
	unsigned idle = 0;
	bool told = false, moved;
	uint8_t kind;

	while (idle < 2 && s->watch.kind != WATCH_NEVER) {
		kind = s->watch.kind;
		moved = deliver_side(r, s, c, side);
		told |= rooms_take(r);
		idle = moved ? 1 : idle + 1;
		if (kind != s->watch.kind) {
			stream_again(&s->flow.stream[side]);
			idle = 0;
		}
		side = side_other(side);
		if (moved)
			stream_again(&s->flow.stream[side]);
	}
	if (told || detect_is_messenger(r->detect, &s->watch))
		watch(r, s);
	return told;
}

/* What follows a reset of ours was brought about by it. */
static enum closing
closing_of(const struct session *s, enum flow_end end)
{
	if (s->cut && (end == FLOW_RESET_CLIENT || end == FLOW_RESET_SERVER ||
			  end == FLOW_IDLE || end == FLOW_REUSED || end == FLOW_STOPPED))
		end = FLOW_CUT;
	switch (end) {
	case FLOW_CLOSED_CLIENT:
		return CLOSING_CLIENT;
	case FLOW_CLOSED_SERVER:
		return CLOSING_SERVER;
	case FLOW_RESET_CLIENT:
		return CLOSING_RESET_CLIENT;
	case FLOW_RESET_SERVER:
		return CLOSING_RESET_SERVER;
	case FLOW_IDLE:
		return CLOSING_SILENT;
	case FLOW_PROHIBITED:
		return CLOSING_PROHIBITED;
	case FLOW_CUT:
		return CLOSING_CUT;
	case FLOW_OPEN:
	case FLOW_REUSED:
	case FLOW_EVICTED:
	case FLOW_STOPPED:
		break;
	}
	return CLOSING_STOPPED;
}

/* Nobody has a reason to hear of its end: a scanner's SYN, or a connection that never
 * spoke. */
static bool
is_nobodys(const struct session *s)
{
	return s->watch.kind == WATCH_YOUNG && s->watch.try == 0 && flow_quiet(&s->flow);
}

bool
rooms_end(struct rooms *r, struct session *s, const struct ended *e)
{
	struct conn c;
	bool told;

	if (is_nobodys(s)) {
		flow_forget(r->flows, &s->flow);
		return false;
	}
	conn_fill(&c, r, s, e->frame);
	c.by = e->by;
	c.until = r->now > c.ts ? r->now : c.ts;
	told = deliver(r, s, &c, SIDE_CLIENT);
	if (r->hold != NULL && s->flow.watched && e->frame != NULL)
		hold_closed(r->hold, &c.tuple, c.ts);
	detect_end(r->detect, &s->watch, &c, closing_of(s, e->how), s->flow.bytes);
	told |= rooms_take(r);
	flow_forget(r->flows, &s->flow);
	return told;
}

static bool
end_flow(struct rooms *r, struct session *s, enum flow_end how, const struct frame *f)
{
	struct ended e = {.how = how, .frame = f};

	return rooms_end(r, s, &e);
}

/* One flow that is over by time, or must make room. */
static bool
end_expired(struct rooms *r, bool make_room)
{
	struct flow *fl = flow_expired(r->flows, r->now, make_room);

	if (fl == NULL)
		return false;
	(void)end_flow(r, (struct session *)fl, (enum flow_end)fl->end, NULL);
	return true;
}

/* How much a port looks like a client's own. */
static unsigned
port_rank(uint16_t port)
{
	if (port == 1863)
		return 0;
	if (port < 1024)
		return 1;
	return port < 32768 ? 2 : 3;
}

/*
 * Who sends a line that either end may send: the line itself tells, or the ports do;
 * else it is the client, who speaks first.
 */
static enum side
sender_of(enum gate_opening opening, const struct packet *p)
{
	unsigned src = port_rank(p->src.port), dst = port_rank(p->dst.port);

	if (opening == GATE_FROM_EITHER)
		opening = gate_sender(p->payload);
	if (opening == GATE_FROM_EITHER)
		return src < dst ? SIDE_SERVER : SIDE_CLIENT;
	return opening == GATE_FROM_SERVER ? SIDE_SERVER : SIDE_CLIENT;
}

/* Whether a stranger's packet begins something; NULL for nearly all. */
static struct session *
begin(struct rooms *r, const struct packet *p)
{
	enum gate_opening opening = GATE_NO;

	if ((p->tcp_flags & TCP_RST) != 0)
		flow_early_reset(r->flows, p);
	if ((p->tcp_flags & (TCP_SYN | TCP_RST)) != TCP_SYN) {
		if (p->payload.n != 0)
			opening = gate_opening(p->payload);
		if (opening == GATE_NO)
			return NULL;
	}
	if (flow_full(r->flows))
		(void)end_expired(r, true);
	return (struct session *)flow_begin(r->flows, p, sender_of(opening, p));
}

/* The session of the packet, begun when the packet is worth it; NULL: nobody cares. */
static struct session *
session_of(struct rooms *r, const struct packet *p, enum side *side)
{
	struct session *s = (struct session *)flow_find(r->flows, p, side);

	if (s != NULL || (s = begin(r, p)) == NULL)
		return s;
	*side = flow_sender(&s->flow, p);
	return s;
}

/* The first SYN asks; the first sign that somebody answered settles it. */
static bool
is_asking(const struct session *s, const struct packet *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && s->flow.syns == 1;
}

static bool
is_settling(const struct session *s)
{
	return (s->watch.try != 0 || s->watch.hint) && is_answered(&s->flow);
}

static bool
note_asking(
    struct rooms *r, struct session *s, const struct packet *p, const struct conn *c)
{
	if (is_asking(s, p)) {
		detect_asked(r->detect, &s->watch, c);
		if (s->watch.try != 0)
			rooms_want(r, s);
	} else if (is_settling(s)) {
		detect_answered(r->detect, &s->watch, c);
	} else {
		return false;
	}
	return rooms_take(r);
}

/* What the packet means; nothing for a bare acknowledgement. */
static bool
understand(struct rooms *r, struct session *s, const struct packet *p,
    const struct frame *f, enum side side)
{
	struct conn c;
	bool told;

	if (flow_quiet(&s->flow) && !is_asking(s, p) && !is_settling(s))
		return false;
	conn_fill(&c, r, s, f);
	told = note_asking(r, s, p, &c);
	return deliver(r, s, &c, side) || told;
}

bool
rooms_tcp(struct rooms *r, const struct packet *p, const struct frame *f)
{
	enum side side;
	struct session *s;
	enum flow_end end;
	struct flow *old;
	bool told = false;

	if (r->guard != NULL && rooms_guard_skip(r, p))
		return false;
	s = session_of(r, p, &side);
	if (s == NULL) {
		if (r->hold != NULL && hold_is_last_word(r->hold, p))
			save_frame(r->save, f);
		return false;
	}
	end = flow_note(r->flows, &s->flow, p, side);
	if (end == FLOW_REUSED) {
		told = end_flow(r, s, end, NULL);
		s = session_of(r, p, &side);
		if (s == NULL)
			return told;
		end = flow_note(r->flows, &s->flow, p, side);
	}
	rooms_keep(r, s, f);
	told |= understand(r, s, p, f, side);
	if (r->guard != NULL)
		rooms_guard_meet(r, s, p, f, side);
	if (s->flow.watched && p->payload.n != 0 && !p->cut)
		r->bad_checksums += !decode_tcp_checksum_ok(p);
	if (end != FLOW_OPEN)
		told |= end_flow(r, s, end, f);
	else if (s->watch.kind == WATCH_NEVER)
		flow_forget(r->flows, &s->flow);
	else if (s->watch.kind != WATCH_YOUNG &&
		 (old = flow_favour(r->flows, &s->flow)) != NULL)
		told |= end_flow(r, (struct session *)old, FLOW_EVICTED, NULL);
	return told;
}

bool
rooms_tick(struct rooms *r, int64_t now)
{
	if (now > r->now)
		r->now = now;
	if (r->guard != NULL)
		rooms_guard_tell(r, now);
	while (!rooms_crowded(r)) {
		if (!end_expired(r, false) && !detect_expire(r->detect, r->now))
			return true;
		(void)rooms_take(r);
	}
	return false;
}

bool
rooms_finish(struct rooms *r)
{
	struct flow *fl;

	if (r->guard != NULL && rooms_guard_finish(r))
		return true;
	fl = flow_left(r->flows);
	if (fl != NULL) {
		(void)end_flow(r, (struct session *)fl, FLOW_STOPPED, NULL);
		return true;
	}
	if (detect_finish(r->detect) || rooms_take(r)) {
		(void)rooms_take(r);
		return true;
	}
	if (r->finishing)
		return false;
	r->finishing = true;
	return true;
}
