#include "capture/heap.h"

static bool
comes_before(const struct input *a, const struct input *b)
{
	if (a->next.ts != b->next.ts)
		return a->next.ts < b->next.ts;
	return a->order < b->order;
}

void
heap_sink(struct heap *h)
{
	struct input *moved = h->in[0];
	size_t at = 0, child;

	for (child = 1; child < h->n; child = 2 * at + 1) {
		if (child + 1 < h->n && comes_before(h->in[child + 1], h->in[child]))
			child++;
		if (!comes_before(h->in[child], moved))
			break;
		h->in[at] = h->in[child];
		at = child;
	}
	h->in[at] = moved;
}

void
heap_add(struct heap *h, struct input *i)
{
	size_t at = h->n++;

	while (at != 0 && comes_before(i, h->in[(at - 1) / 2])) {
		h->in[at] = h->in[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	h->in[at] = i;
}
