#include <inttypes.h>
#include <stdio.h>

#include "app/pipeline_flow.h"
#include "app/told.h"
#include "base/clock.h"
#include "base/ring.h"

/* To the thread that folds.  It is told when, in the capture's own time. */
static void
send(struct rooms *r, const struct observation *o)
{
	struct told *t = ring_slot(r->ring);

	if (t == NULL) {
		r->lost_facts++;
		return;
	}
	t->kind = TOLD_OBSERVATION;
	t->stamp = r->time->newest;
	t->since = clock_steady();
	t->u.observation.o = *o;
	t->u.observation.who = *o->who;
	timeline_turn_back(r->time, &t->u.observation.o.conn);
	ring_put(r->ring);
}

bool
rooms_take(struct rooms *r)
{
	struct observation o;
	bool any = false;

	while (detect_next(r->detect, &o)) {
		if (r->guard != NULL)
			rooms_guard_hear(r, &o);
		if (r->ring != NULL)
			send(r, &o);
		else
			fold_add(&r->fold, &o);
		any = true;
	}
	return any;
}

bool
rooms_news(struct rooms *r, struct coverage *out)
{
	uint64_t lost = r->lost_facts - r->told_lost_facts;

	if (lost == 0)
		return false;
	r->told_lost_facts = r->lost_facts;
	*out = (struct coverage){.kind = COVERAGE_DROPPED, .count = lost};
	(void)snprintf(out->text, sizeof(out->text),
	    "%" PRIu64 " observation%s lost for want of room before being put together; "
	    "what would have come of that is missing",
	    lost, lost == 1 ? "" : "s");
	return true;
}

bool
rooms_crowded(const struct rooms *r)
{
	return r->ring != NULL ? ring_crowded(r->ring) : fold_crowded(&r->fold);
}

bool
rooms_next(struct rooms *r, struct event *out)
{
	return r->ring == NULL && fold_next(&r->fold, r->now, r->finishing, out);
}
