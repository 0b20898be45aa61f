/*
 * A fixed number of equal slots, lent and given back.  The slot given back last is lent
 * first, so memory that was never needed is never touched.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct pool;

int pool_open(struct pool **out, size_t slots, size_t slot_size, struct err *e);
void pool_close(struct pool *p);

/* Lends a zeroed slot: its number + 1, or 0 when none is left. */
uint32_t pool_take(struct pool *p);
void pool_give(struct pool *p, uint32_t which);
void *pool_at(struct pool *p, uint32_t which);

#endif
