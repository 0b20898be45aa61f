/*
 * What the workers tell, in the order of time.  What one of them tells waits until the
 * others have come as far, but not for long.
 */
#ifndef APP_GATHER_H
#define APP_GATHER_H

#include "app/told.h"
#include "app/worker.h"

struct gather {
	struct worker *worker; /* borrowed */
	size_t n;
	size_t from; /* whose entry was handed out */
};

/* The next entry, borrowed until gather_drop; NULL: none is due. */
const struct told *gather_see(struct gather *g);
void gather_drop(struct gather *g);

/* How far all workers have come, by the wall clock; 0: one has not begun. */
int64_t gather_reached(const struct gather *g);

/* Whether every worker is done, and all was taken. */
bool gather_over(const struct gather *g);

#endif
