#include "report/tally.h"

static size_t
result_of(const struct path_try *p)
{
	bool named = p->outcome == OUTCOME_BLOCKED && p->reason != REASON_NONE;

	return named ? (size_t)OUTCOMES + p->reason - 1 : p->outcome;
}

/* The last path that came to what the attempt did; of blocks the first has the say. */
static enum path
deciding(const struct attempt *a)
{
	enum path p = a->n_paths != 0 ? a->paths[0].path : PATH_DIRECT;
	size_t i;

	if (a->outcome == OUTCOME_BLOCKED)
		return p;
	for (i = 0; i < a->n_paths; i++)
		if (a->paths[i].outcome == a->outcome)
			p = a->paths[i].path;
	return p;
}

void
tally_add(struct tally *t, const struct event *ev)
{
	const struct attempt *a = &ev->u.attempt;
	size_t i;

	if (ev->type != EVENT_ATTEMPT)
		return;
	t->attempts[a->outcome][deciding(a)]++;
	for (i = 0; i < a->n_paths; i++)
		t->tries[a->paths[i].path][result_of(&a->paths[i])] += a->paths[i].count;
}

uint64_t
tally_outcome(const struct tally *t, enum outcome o)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < PATH_KINDS; i++)
		sum += t->attempts[o][i];
	return sum;
}

const char *
tally_result_word(size_t result)
{
	return result < OUTCOMES ? outcome_word((enum outcome)result)
				 : reason_word((enum reason)(result - OUTCOMES + 1));
}
