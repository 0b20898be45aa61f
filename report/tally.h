/* Attempts counted by fixed words: how they ended, and by which path. */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "base/event.h"

/* What the result of a path is called (result_word): an outcome, or a reason. */
#define RESULTS (OUTCOMES + REASONS - 1)

struct tally {
	uint64_t attempts[OUTCOMES][PATH_KINDS]; /* by the path that decided */
	uint64_t tries[PATH_KINDS][RESULTS];     /* every way tried, repeats too */
};

/* Events of other types count for nothing. */
void tally_add(struct tally *t, const struct event *ev);

/* Attempts that ended so, by whatever path. */
uint64_t tally_outcome(const struct tally *t, enum outcome o);

/* The word of a result, 0 to RESULTS - 1. */
const char *tally_result_word(size_t result);

#endif
