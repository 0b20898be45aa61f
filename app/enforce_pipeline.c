#include "app/enforce_guard.h"
#include "app/pipeline_flow.h"
#include "app/told.h"
#include "base/clock.h"
#include "base/ring.h"

#define NEWS_AT_ONCE 16

void
rooms_guard_hear(struct rooms *r, const struct observation *o)
{
	guard_hear(r->guard, o);
}

bool
rooms_guard_skip(struct rooms *r, const struct packet *p)
{
	if (guard_is_own(r->guard, p))
		return true;
	guard_watch(r->guard, p);
	return false;
}

static void
tell(struct rooms *r, const struct guard_news *n)
{
	struct told *t = ring_slot(r->ring);

	if (t == NULL) {
		r->lost_facts++;
		return;
	}
	t->kind = TOLD_RESET;
	t->stamp = r->time->newest;
	t->since = clock_steady();
	t->u.reset.reset = n->reset;
	t->u.reset.conn = n->conn;
	ring_put(r->ring);
}

/* A connection that is closed will not say so: its reset was the last word. */
static void
settle(struct rooms *r, const struct guard_news *n)
{
	const struct packet any = {
	    .src = n->conn.tuple.client, .dst = n->conn.tuple.server};
	struct ended e = {.how = FLOW_CUT};
	enum side side;
	struct session *s = (struct session *)flow_find(r->flows, &any, &side);

	tell(r, n);
	if (s == NULL)
		return;
	if (n->survived)
		s->cut = false;
	else if (n->closed && s->cut)
		(void)rooms_end(r, s, &e);
}

void
rooms_guard_meet(struct rooms *r, struct session *s, const struct packet *p,
    const struct frame *f, enum side side)
{
	struct guard_sight sight = {.flow = &s->flow,
	    .carried = detect_carried(r->detect, &s->watch),
	    .packet = p,
	    .frame = f,
	    .sender = side};

	struct guard_news n;

	if (!s->cut)
		s->cut = guard_meet(r->guard, &sight);
	if (guard_dry(r->guard, &n))
		tell(r, &n);
}

void
rooms_guard_tell(struct rooms *r, int64_t now)
{
	struct guard_news n;
	unsigned i;

	/* What has come of resets can wait to be told, sending them cannot. */
	for (i = 0; i < NEWS_AT_ONCE && guard_next(r->guard, now, &n); i++) {
		settle(r, &n);
		if (rooms_crowded(r))
			return;
	}
}

void
rooms_guard_blind(struct rooms *r)
{
	guard_blind(r->guard);
}

bool
rooms_guard_finish(struct rooms *r)
{
	struct guard_news n;

	if (!guard_finish(r->guard, &n))
		return false;
	settle(r, &n);
	return true;
}

void
rooms_guard_counters(const struct rooms *r, struct counters *to)
{
	guard_counters(r->guard, to);
}
