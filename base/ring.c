#include "base/ring.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What two cores write is kept a cache line apart. */
#define LINE 64

struct count {
	_Alignas(LINE) atomic_size_t n; /* entries ever */
};

struct ring {
	struct count put, taken;
	uint8_t *room;
	size_t size, mask;
};

int
ring_open(struct ring **out, size_t entries, size_t size, struct err *e)
{
	struct ring *r = aligned_alloc(LINE, sizeof(*r));

	if (r != NULL)
		*r = (struct ring){
		    .room = malloc(entries * size), .size = size, .mask = entries - 1};
	if (r == NULL || r->room == NULL) {
		free(r);
		return err_set(e, "out of memory for a queue of %zu entries of %zu bytes",
		    entries, size);
	}
	/* Touched now, for what is touched as it comes round grows for days. */
	memset(r->room, 0, entries * size);
	atomic_init(&r->put.n, 0);
	atomic_init(&r->taken.n, 0);
	*out = r;
	return 0;
}

void
ring_close(struct ring *r)
{
	if (r == NULL)
		return;
	free(r->room);
	free(r);
}

static size_t
waiting(const struct ring *r)
{
	return atomic_load_explicit(&r->put.n, memory_order_relaxed) -
	       atomic_load_explicit(&r->taken.n, memory_order_acquire);
}

void *
ring_slot(struct ring *r)
{
	size_t put = atomic_load_explicit(&r->put.n, memory_order_relaxed);

	return waiting(r) <= r->mask ? r->room + (put & r->mask) * r->size : NULL;
}

void
ring_put(struct ring *r)
{
	size_t put = atomic_load_explicit(&r->put.n, memory_order_relaxed);

	atomic_store_explicit(&r->put.n, put + 1, memory_order_release);
}

bool
ring_crowded(const struct ring *r)
{
	return waiting(r) > r->mask / 2;
}

const void *
ring_see(struct ring *r)
{
	size_t taken = atomic_load_explicit(&r->taken.n, memory_order_relaxed);

	if (atomic_load_explicit(&r->put.n, memory_order_acquire) == taken)
		return NULL;
	return r->room + (taken & r->mask) * r->size;
}

void
ring_drop(struct ring *r)
{
	size_t taken = atomic_load_explicit(&r->taken.n, memory_order_relaxed);

	atomic_store_explicit(&r->taken.n, taken + 1, memory_order_release);
}
