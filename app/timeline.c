#include "app/timeline.h"

#include <string.h>

bool
timeline_refutes(const struct timeline *t, int64_t ts, int64_t later)
{
	ts = timeline_sane(ts);
	later = timeline_sane(later);
	if (ts > t->newest)
		return later < ts - TIMELINE_JUMP_NS;
	return later > t->newest - TIMELINE_BACK_NS;
}

/* Of two sets that hardly differ one is enough. */
static void
merge_sets(struct timeline *t)
{
	struct timeline_set *s = t->set;
	size_t i, least = 1;

	for (i = 2; i < t->n_sets; i++)
		if (s[i].ahead - s[i - 1].ahead < s[least].ahead - s[least - 1].ahead)
			least = i;
	s[least].from = s[least - 1].from;
	memmove(s + least - 1, s + least, (t->n_sets-- - least) * sizeof(*s));
}

/* The clock goes on from where it stands, however far back the capture's was set. */
static void
set_back(struct timeline *t, int64_t ts)
{
	t->now.from = timeline_ahead(t->newest, t->now.ahead);
	t->now.ahead = t->now.from - ts;
	if (t->newest > t->last)
		t->last = t->newest;
	if (t->n_sets == TIMELINE_SETS_MAX)
		merge_sets(t);
	t->set[t->n_sets++] = t->now;
	t->newest = ts;
	t->plain_until = 0;
	t->back++;
}

int64_t
timeline_believe(struct timeline *t, int64_t ts)
{
	ts = timeline_sane(ts);
	if (!t->running)
		t->newest = t->first = ts;
	t->running = true;
	t->plain_until = t->n_sets == 0 ? TIMELINE_END : 0;
	if (!timeline_near(t, ts)) {
		if (ts < t->newest)
			set_back(t, ts);
		else
			t->gaps++;
	}
	return timeline_go(t, ts);
}

int64_t
timeline_outlier(struct timeline *t)
{
	t->outliers++;
	return timeline_ahead(t->newest, t->now.ahead);
}

static void
tell(const struct timeline *t, int64_t *at)
{
	size_t i = t->n_sets;

	while (i != 0 && *at < t->set[i - 1].from)
		i--;
	if (i != 0)
		*at -= t->set[i - 1].ahead;
}

void
timeline_tell(const struct timeline *t, struct event *ev)
{
	struct attempt *a = &ev->u.attempt;
	uint8_t i;

	if (t->n_sets == 0)
		return;
	tell(t, &ev->ts);
	if (ev->type != EVENT_ATTEMPT)
		return;
	tell(t, &a->start);
	tell(t, &a->end);
	if (a->signed_in_at != 0)
		tell(t, &a->signed_in_at);
	for (i = 0; i < a->n_paths; i++) {
		tell(t, &a->paths[i].first);
		tell(t, &a->paths[i].last);
	}
}

void
timeline_turn_back(const struct timeline *t, struct conn *c)
{
	tell(t, &c->began);
	tell(t, &c->ts);
	tell(t, &c->until);
}

void
timeline_counters(const struct timeline *t, struct counters *to)
{
	counters_add(to, "time.outliers",
	    "frames whose time was out of line, and not used", t->outliers);
	counters_add(to, "time.gaps", "silences of more than ten seconds", t->gaps);
	counters_add(
	    to, "time.set_back", "times the capture's clock was set back", t->back);
}
