#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

struct pool {
	size_t slots, slot_size;
	size_t used; /* slots ever lent */
	size_t n_free;
	uint32_t *free;
	uint8_t *slot;
};

int
pool_open(struct pool **out, size_t slots, size_t slot_size, struct err *e)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_set(e, "out of memory for a pool");
	p->slots = slots;
	p->slot_size = slot_size;
	p->free = malloc(slots * sizeof(*p->free));
	p->slot = malloc(slots * slot_size);
	if (p->free == NULL || p->slot == NULL) {
		pool_close(p);
		return err_set(
		    e, "out of memory for %zu slots of %zu bytes", slots, slot_size);
	}
	*out = p;
	return 0;
}

void
pool_close(struct pool *p)
{
	if (p == NULL)
		return;
	free(p->free);
	free(p->slot);
	free(p);
}

void *
pool_at(struct pool *p, uint32_t which)
{
	return p->slot + (size_t)(which - 1) * p->slot_size;
}

uint32_t
pool_take(struct pool *p)
{
	uint32_t which;

	if (p->n_free != 0)
		which = p->free[--p->n_free];
	else if (p->used < p->slots)
		which = (uint32_t)++p->used;
	else
		return 0;
	memset(pool_at(p, which), 0, p->slot_size);
	return which;
}

void
pool_give(struct pool *p, uint32_t which)
{
	if (which != 0)
		p->free[p->n_free++] = which;
}
