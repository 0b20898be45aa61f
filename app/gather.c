#include "app/gather.h"

#include "base/clock.h"

/* A worker that lags, or a clock that was set, holds up the others for so long. */
#define PATIENCE_NS NS_PER_S

int64_t
gather_reached(const struct gather *g)
{
	int64_t least = INT64_MAX, one;
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (atomic_load_explicit(&g->worker[i].done, memory_order_acquire))
			continue;
		one = atomic_load_explicit(&g->worker[i].reached, memory_order_acquire);
		if (one < least)
			least = one;
	}
	return least;
}

const struct told *
gather_see(struct gather *g)
{
	/* Read first: what was told before it is in the rings by then. */
	int64_t reached = gather_reached(g);
	const struct told *best = NULL, *t;
	size_t i;

	for (i = 0; i < g->n; i++) {
		t = ring_see(g->worker[i].ring);
		if (t == NULL || (best != NULL && t->stamp >= best->stamp))
			continue;
		best = t;
		g->from = i;
	}
	if (best == NULL || best->stamp <= reached ||
	    clock_steady() - best->since > PATIENCE_NS)
		return best;
	return NULL;
}

void
gather_drop(struct gather *g)
{
	ring_drop(g->worker[g->from].ring);
}

bool
gather_over(const struct gather *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		if (!atomic_load_explicit(&g->worker[i].done, memory_order_acquire) ||
		    ring_see(g->worker[i].ring) != NULL)
			return false;
	return true;
}
