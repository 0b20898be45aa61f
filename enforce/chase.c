#include "enforce/chase.h"

#include <string.h>

#define REACH 0x100000 /* how far a number is believed to leap */

void
chase_begin(struct chase *c, const struct pursuit_want *w)
{
	c->seat = *w->seat;
	c->flow = w->flow;
	c->talking = w->talking;
	c->life = c->rst = c->sure = CHASE_NEVER;
	c->last_sent = c->said[SIDE_CLIENT] = c->said[SIDE_SERVER] = CHASE_NEVER;
}

/* What was aimed at is the furthest of all volleys: who passed it took none of them. */
void
chase_sent(struct chase *c, const struct reset_frame *frames, size_t n, int64_t ts)
{
	const struct reset_frame *f;

	for (f = frames; f < frames + n; f++) {
		if (!c->aimed[f->to] || reset_after(f->seq, c->aim[f->to]))
			c->aim[f->to] = f->seq;
		c->aimed[f->to] = true;
	}
	if (c->volleys++ == 0) {
		c->first_sent = ts;
		c->blind = false;
	}
	c->frames = (uint8_t)(c->frames + n);
	c->last_sent = c->heard = ts;
	c->rst = c->sure = CHASE_NEVER;
	c->asked = false;
	memset(c->alive, 0, sizeof(c->alive));
	memset(c->missed, 0, sizeof(c->missed));
	memset(c->passed, 0, sizeof(c->passed));
}

static bool
lives(const struct chase *c, enum side side)
{
	return c->alive[side] || c->passed[side];
}

/* Neither end took the last volley. */
static bool
goes_on(const struct chase *c)
{
	return lives(c, SIDE_CLIENT) && lives(c, SIDE_SERVER);
}

static bool
is_seen(const struct chase *c)
{
	return c->seat.end[SIDE_CLIENT].seen && c->seat.end[SIDE_SERVER].seen;
}

/* Octets were acknowledged that the capture does not hold. */
static bool
has_gap(const struct chase *c, enum side side)
{
	const struct reset_end *end = &c->seat.end[side];

	return end->has_acked && (!end->has_sent || reset_after(end->acked, end->sent));
}

static bool
is_owed(const struct chase *c, enum side side)
{
	const struct reset_end *end = &c->seat.end[side];

	return end->has_sent && end->has_acked && reset_after(end->sent, end->acked);
}

/* Both have closed, and know it: that ends no connection early. */
static bool
has_parted(const struct chase *c)
{
	return c->fin[SIDE_CLIENT] && c->fin[SIDE_SERVER] && !is_owed(c, SIDE_CLIENT) &&
	       !is_owed(c, SIDE_SERVER);
}

/* When the connection was last done something to. */
static int64_t
struck(const struct chase *c)
{
	return c->rst > c->last_sent ? c->rst : c->last_sent;
}

/* What silence means, and from when on. */
static enum chase_step
by_silence(const struct chase *c, int64_t *due)
{
	*due = c->heard + PURSUIT_QUIET_NS;
	if (c->blind || !is_seen(c) || has_gap(c, SIDE_CLIENT) || has_gap(c, SIDE_SERVER))
		return CHASE_UNKNOWN;
	if (is_owed(c, SIDE_CLIENT) || is_owed(c, SIDE_SERVER))
		return CHASE_CLOSED;
	if (goes_on(c))
		return CHASE_SURVIVED;
	*due = c->heard + (c->talking ? PURSUIT_TURN_NS : PURSUIT_IDLE_NS);
	return c->talking ? CHASE_CLOSED : CHASE_UNKNOWN;
}

static bool
is_over(const struct chase *c)
{
	return c->reused || c->rst != CHASE_NEVER || has_parted(c);
}

static bool
may_ask(const struct chase *c)
{
	return c->volleys < PURSUIT_VOLLEYS && c->frames < PURSUIT_FRAMES && !c->asked;
}

static bool
is_alive(const struct chase *c)
{
	return c->alive[SIDE_CLIENT] || c->alive[SIDE_SERVER];
}

static bool
outran(const struct chase *c)
{
	return c->missed[SIDE_CLIENT] && c->missed[SIDE_SERVER];
}

bool
chase_is_urgent(const struct chase *c)
{
	return c->volleys == 0 || (may_ask(c) && (is_alive(c) || c->missed[SIDE_CLIENT] ||
						     c->missed[SIDE_SERVER]));
}

unsigned
chase_most(const struct chase *c)
{
	unsigned left = PURSUIT_FRAMES - c->frames;

	return c->volleys == 1 && outran(c) && left > 2 ? 2 : left;
}

bool
chase_revives(const struct chase *c)
{
	return goes_on(c) || (may_ask(c) && is_alive(c));
}

enum chase_step
chase_next(const struct chase *c, int64_t *due)
{
	bool any = c->missed[SIDE_CLIENT] || c->missed[SIDE_SERVER];

	*due = CHASE_NEVER;
	if (c->volleys == 0)
		return may_ask(c) && !is_over(c) ? CHASE_FIRE : CHASE_FORGET;
	if (c->reused)
		return CHASE_CLOSED;
	if (has_parted(c))
		return CHASE_SURVIVED;
	*due = c->last_sent;
	if (may_ask(c) && (is_alive(c) || outran(c)))
		return CHASE_FIRE;
	*due = struck(c) + PURSUIT_GRACE_NS;
	if (c->rst != CHASE_NEVER)
		return CHASE_CLOSED;
	*due = c->last_sent + PURSUIT_RETRY_NS;
	if (may_ask(c) && any)
		return CHASE_FIRE;
	*due = c->sure + PURSUIT_GRACE_NS;
	if (c->sure != CHASE_NEVER)
		return CHASE_SURVIVED;
	return by_silence(c, due);
}

enum chase_step
chase_last(const struct chase *c)
{
	if (c->volleys == 0)
		return CHASE_FORGET;
	if (c->reused || c->rst != CHASE_NEVER)
		return CHASE_CLOSED;
	return goes_on(c) || has_parted(c) ? CHASE_SURVIVED : CHASE_UNKNOWN;
}

/* Whether it shows that its sender's reset was not taken. */
static bool
is_past(const struct chase *c, enum side from, const struct pursuit_segment *s)
{
	return s->has_ack && c->aimed[from] && reset_after(s->ack, c->aim[from]) &&
	       s->ack - c->aim[from] < REACH;
}

static uint32_t
extent(const struct pursuit_segment *s)
{
	return s->length + s->fin;
}

/* Whether the other end will have had octets past its number before its reset. */
static bool
has_overtaken(const struct chase *c, enum side to, const struct pursuit_segment *s)
{
	return c->aimed[to] && extent(s) > 0 &&
	       reset_after(s->seq + extent(s), c->aim[to]) &&
	       s->ts <= c->last_sent + PURSUIT_HASTE_NS;
}

/* A mirror that shows everything twice shows no challenges. */
static bool
is_challenge(const struct chase *c, enum side from, const struct pursuit_segment *s)
{
	const struct reset_end *end = &c->seat.end[from];
	const struct reset_end *other = &c->seat.end[side_other(from)];
	int64_t before = c->said[from] > c->last_sent ? c->said[from] : c->last_sent;

	return extent(s) == 0 && s->has_ack && end->has_sent && s->seq == end->sent &&
	       other->has_acked && s->ack == other->acked &&
	       s->ts > before + PURSUIT_HASTE_NS;
}

/* Octets of the other end that were not acknowledged before. */
static bool
is_advance(const struct chase *c, enum side from, const struct pursuit_segment *s)
{
	const struct reset_end *other = &c->seat.end[side_other(from)];

	return s->has_ack && other->has_acked && reset_after(s->ack, other->acked);
}

static void
note_life(struct chase *c, enum side from, const struct pursuit_segment *s)
{
	bool past = is_past(c, from, s);
	bool late = c->volleys > 0 && s->ts > struck(c) + PURSUIT_GRACE_NS;

	if (past)
		c->missed[from] = c->passed[from] = true;
	if (late) {
		c->alive[from] = true;
		c->alive[side_other(from)] |= is_advance(c, from, s);
	}
	if (!past && !late)
		return;
	if (s->ts > c->life)
		c->life = s->ts;
	if (s->ts > c->rst)
		c->rst = CHASE_NEVER;
	if (c->sure == CHASE_NEVER && goes_on(c) &&
	    c->life - c->last_sent >= PURSUIT_SURE_NS)
		c->sure = s->ts;
}

static void
grow(uint32_t *number, bool *known, uint32_t to)
{
	if (!*known || (reset_after(to, *number) && to - *number < REACH))
		*number = to;
	*known = true;
}

static void
note_numbers(struct chase *c, enum side from, const struct pursuit_segment *s)
{
	struct reset_end *end = &c->seat.end[from];
	struct reset_end *other = &c->seat.end[side_other(from)];

	end->seen = true;
	grow(&end->sent, &end->has_sent, s->seq + extent(s));
	if (s->has_ack)
		grow(&other->acked, &other->has_acked, s->ack);
	if (s->length != 0)
		c->seat.speaker = from;
	c->fin[from] |= s->fin;
	c->said[from] = s->ts;
	if (s->ts > c->heard)
		c->heard = s->ts;
}

static void
note_segment(struct chase *c, enum side from, const struct pursuit_segment *s)
{
	enum side to = side_other(from);

	note_life(c, from, s);
	if (has_overtaken(c, to, s))
		c->missed[to] = true;
	if (is_challenge(c, from, s))
		c->missed[from] = true;
	note_numbers(c, from, s);
}

/* A late copy of the connection's own SYN begins nothing. */
static bool
begins_another(const struct chase *c, enum side from, const struct pursuit_segment *s)
{
	const struct reset_end *end = &c->seat.end[from];

	return !s->has_ack && (!end->has_sent || end->sent - s->seq - 1 >= REACH);
}

void
chase_heard(struct chase *c, const struct pursuit_segment *s)
{
	bool client = endpoint_eq(&s->src, &c->seat.tuple.client);
	enum side from = client ? SIDE_CLIENT : SIDE_SERVER;

	if (s->syn)
		c->reused |= begins_another(c, from, s);
	else if (!s->rst)
		note_segment(c, from, s);
	else if (s->ts > c->rst)
		c->rst = s->ts;
	if (s->rst)
		c->sure = CHASE_NEVER;
}
