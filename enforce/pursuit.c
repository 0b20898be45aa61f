#include "enforce/pursuit.h"

#include <stdlib.h>
#include <string.h>

#include "base/elapsed.h"
#include "base/table.h"
#include "enforce/chase.h"

/* Connections looked at in one go for what there is to tell, which can wait. */
#define LOOKS 32

/*
 * TABLE_FAIR: a volley is due, or will be if nothing comes; TABLE_DEAR: to be told;
 * TABLE_CHEAP: told.  The first are few and looked at each time.  The second may be
 * thousands, looked at in passes: who was, goes to the end of the queue.
 */
struct pursuit {
	struct table *table;
	size_t note_size;
	int64_t now;     /* of the last look */
	int64_t urgent;  /* when a volley may be due */
	int64_t soonest; /* when there may be something to tell */
	int64_t later;   /* the same, of those looked at in this pass */
	uint32_t pass;
	uint64_t frames, seconds, thirds, refused, told[EFFECTS];
};

const char *
effect_word(enum effect e)
{
	static const char *const words[EFFECTS] = {"closed", "survived", "unknown"};

	return words[e];
}

int
pursuit_open(struct pursuit **out, size_t entries, size_t note_size, struct err *e)
{
	struct pursuit *p = calloc(1, sizeof(*p));
	struct table_opts t = {.entries = entries, .key_size = sizeof(struct tuple)};

	if (p == NULL)
		return err_set(e, "out of memory for what becomes of resets");
	/* Entries stand one behind the other, each aligned. */
	t.entry_size = sizeof(struct chase) + (note_size + 7) / 8 * 8;
	p->note_size = note_size;
	p->urgent = p->soonest = p->later = INT64_MAX;
	if (table_open(&p->table, &t, e) != 0) {
		pursuit_close(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
pursuit_close(struct pursuit *p)
{
	if (p == NULL)
		return;
	table_close(p->table);
	free(p);
}

size_t
pursuit_count(const struct pursuit *p)
{
	return table_count(p->table);
}

static struct chase *
find(struct pursuit *p, const struct tuple *ends)
{
	struct tuple key;

	(void)tuple_order(ends, &key);
	return table_peek(p->table, &key);
}

static void
lower(int64_t *to, int64_t due)
{
	if (due < *to)
		*to = due;
}

/* What is due now, and otherwise notes when something will be. */
static enum chase_step
step_at(struct pursuit *p, const struct chase *c, int64_t now)
{
	int64_t due;
	enum chase_step step = chase_next(c, &due);

	if (c->urgent)
		lower(&p->urgent, due);
	lower(&p->soonest, due);
	lower(&p->later, due);
	return due <= now ? step : CHASE_WAIT;
}

/* Into the queue where it belongs now. */
static void
place(struct pursuit *p, struct chase *c)
{
	c->urgent = chase_is_urgent(c);
	table_move(p->table, c, c->urgent ? TABLE_FAIR : TABLE_DEAR);
	(void)step_at(p, c, INT64_MIN);
}

/* Room is made by forgetting what was told longest ago. */
static bool
make_room(struct pursuit *p)
{
	void *old = table_oldest(p->table, TABLE_CHEAP);

	if (table_count(p->table) < table_capacity(p->table))
		return true;
	if (old == NULL)
		return false;
	table_remove(p->table, old);
	return true;
}

bool
pursuit_want(struct pursuit *p, const struct pursuit_want *w)
{
	struct tuple key;
	struct chase *c;

	if (find(p, &w->seat->tuple) != NULL)
		return false;
	if (!make_room(p)) {
		p->refused++;
		return false;
	}
	(void)tuple_order(&w->seat->tuple, &key);
	c = table_add(p->table, &key);
	if (c == NULL)
		return false;
	chase_begin(c, w);
	if (p->note_size != 0)
		memcpy(c + 1, w->note, p->note_size);
	place(p, c);
	p->urgent = p->soonest = INT64_MIN;
	return true;
}

void
pursuit_sent(struct pursuit *p, const struct tuple *ends,
    const struct reset_frame *frames, size_t n, int64_t ts)
{
	struct chase *c = find(p, ends);

	if (c == NULL)
		return;
	chase_sent(c, frames, n, ts);
	p->frames += n;
	place(p, c);
}

/* What was told stands, unless there is life after all. */
static bool
stands(const struct chase *c, const struct pursuit_segment *s)
{
	return c->effect == EFFECT_SURVIVED || !chase_revives(c) ||
	       s->ts > c->last_sent + PURSUIT_LATE_NS;
}

bool
pursuit_heard(struct pursuit *p, const struct pursuit_segment *s)
{
	struct tuple ends = {s->src, s->dst};
	struct chase *c = find(p, &ends);

	if (c == NULL || c->reused)
		return false;
	chase_heard(c, s);
	if (c->told && c->reused) {
		table_remove(p->table, c);
		return false;
	}
	if (c->told && stands(c, s))
		return false;
	if (c->told || chase_is_urgent(c) != c->urgent) {
		c->told = false;
		place(p, c);
	}
	return step_at(p, c, s->ts) != CHASE_WAIT;
}

static enum effect
effect_of(enum chase_step step)
{
	if (step == CHASE_UNKNOWN)
		return EFFECT_UNKNOWN;
	return step == CHASE_CLOSED ? EFFECT_CLOSED : EFFECT_SURVIVED;
}

static void
tell(struct pursuit *p, struct chase *c, enum chase_step step, struct pursuit_news *out)
{
	*out = (struct pursuit_news){.fire = step == CHASE_FIRE,
	    .effect = effect_of(step),
	    .seat = c->seat,
	    .flow = c->flow,
	    .volleys = c->volleys,
	    .frames = c->frames,
	    .first_sent = c->first_sent,
	    .note = p->note_size != 0 ? c + 1 : NULL};
	if (c->life != CHASE_NEVER)
		out->life_ns = span_of(c->first_sent, c->life);
	if (out->fire) {
		c->asked = true;
		out->most = chase_most(c);
		p->seconds += c->volleys == 1;
		p->thirds += c->volleys == 2;
		place(p, c);
		return;
	}
	p->told[out->effect]++;
	c->effect = out->effect;
	c->told = true;
	c->urgent = false;
	table_move(p->table, c, TABLE_CHEAP);
	if (c->reused)
		table_remove(p->table, c);
}

static void
blind(struct pursuit *p, enum table_queue q)
{
	struct chase *c = table_oldest(p->table, q);

	for (; c != NULL; c = table_younger(p->table, c))
		c->blind = true;
}

void
pursuit_blind(struct pursuit *p)
{
	blind(p, TABLE_FAIR);
	blind(p, TABLE_DEAR);
}

void
pursuit_calm(struct pursuit *p, const struct tuple *ends)
{
	struct chase *c = find(p, ends);

	if (c == NULL)
		return;
	c->talking = false;
	(void)step_at(p, c, INT64_MIN);
}

static void
set_back(struct pursuit *p, enum table_queue q, int64_t now)
{
	struct chase *c = table_oldest(p->table, q);

	for (; c != NULL; c = table_younger(p->table, c))
		if (c->heard > now)
			c->heard = now;
}

/* Time that leaps is no silence; what waits goes by the new time. */
static void
leap(struct pursuit *p, int64_t now)
{
	pursuit_blind(p);
	set_back(p, TABLE_FAIR, now);
	set_back(p, TABLE_DEAR, now);
	p->urgent = p->soonest = INT64_MIN;
	p->now = now;
}

/* Nothing that waits to be told holds up what has to be sent. */
static bool
volley(struct pursuit *p, int64_t now, struct pursuit_news *out)
{
	struct chase *c, *younger;
	enum chase_step step;

	p->urgent = INT64_MAX;
	for (c = table_oldest(p->table, TABLE_FAIR); c != NULL; c = younger) {
		younger = table_younger(p->table, c);
		step = step_at(p, c, c->volleys == 0 ? INT64_MAX : now);
		if (step == CHASE_FORGET) {
			table_remove(p->table, c);
		} else if (step != CHASE_WAIT) {
			tell(p, c, step, out);
			p->urgent = p->soonest = INT64_MIN;
			return true;
		}
	}
	return false;
}

/* The next one of those not looked at in this pass; NULL when there is none left. */
static struct chase *
unseen(struct pursuit *p)
{
	struct chase *c = table_oldest(p->table, TABLE_DEAR);

	if (c != NULL && c->pass != p->pass) {
		c->pass = p->pass;
		table_move(p->table, c, TABLE_DEAR);
		return c;
	}
	p->soonest = p->later < p->urgent ? p->later : p->urgent;
	p->later = INT64_MAX;
	p->pass++;
	return NULL;
}

static bool
effect(struct pursuit *p, int64_t now, struct pursuit_news *out)
{
	struct chase *c;
	enum chase_step step;
	unsigned i;

	for (i = 0; i < LOOKS && now >= p->soonest; i++) {
		c = unseen(p);
		if (c == NULL)
			continue;
		step = step_at(p, c, now);
		if (step == CHASE_FORGET) {
			table_remove(p->table, c);
		} else if (step != CHASE_WAIT) {
			tell(p, c, step, out);
			return true;
		}
	}
	return false;
}

bool
pursuit_next(struct pursuit *p, int64_t now, struct pursuit_news *out)
{
	if (elapsed(now, p->now) > (uint64_t)PURSUIT_LEAP_NS ||
	    elapsed(p->now, now) > (uint64_t)PURSUIT_LEAP_NS)
		leap(p, now);
	if (now > p->now)
		p->now = now;
	if (now >= p->urgent && volley(p, now, out))
		return true;
	return now >= p->soonest && effect(p, now, out);
}

bool
pursuit_finish(struct pursuit *p, struct pursuit_news *out)
{
	struct chase *c;

	while ((c = table_oldest(p->table, TABLE_FAIR)) != NULL ||
	       (c = table_oldest(p->table, TABLE_DEAR)) != NULL) {
		if (chase_last(c) != CHASE_FORGET) {
			tell(p, c, chase_last(c), out);
			return true;
		}
		table_remove(p->table, c);
	}
	return false;
}

void
pursuit_counters(const struct pursuit *p, struct counters *to)
{
	counters_add(to, "reset.frames", "reset frames sent", p->frames);
	counters_add(to, "reset.second_volleys",
	    "connections that needed a second volley", p->seconds);
	counters_add(to, "reset.third_volleys", "connections that needed a third volley",
	    p->thirds);
	counters_add(
	    to, "reset.closed", "connections that resets ended", p->told[EFFECT_CLOSED]);
	counters_add(to, "reset.survived", "connections that resets did not end",
	    p->told[EFFECT_SURVIVED]);
	counters_add(to, "reset.unknown", "connections whose end was not seen",
	    p->told[EFFECT_UNKNOWN]);
	counters_add(to, "reset.refused",
	    "connections left alone for want of room to follow them", p->refused);
}
