/*
 * A bounded queue between two threads, one that puts and one that takes, without locks.
 * Entries are of one size and lie in place: the one who puts fills a slot, the one who
 * takes looks at it there.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct ring;

/* entries: a power of two.  All memory is taken here, zero and resident. */
int ring_open(struct ring **out, size_t entries, size_t size, struct err *e);

/* NULL is accepted. */
void ring_close(struct ring *r);

/* Where the next entry may be put; NULL: full.  It is not there before ring_put. */
void *ring_slot(struct ring *r);
void ring_put(struct ring *r);

/* For the one who puts: whether more than half is taken up. */
bool ring_crowded(const struct ring *r);

/* The oldest entry, the taker's until ring_drop; NULL: none. */
const void *ring_see(struct ring *r);
void ring_drop(struct ring *r);

#endif
