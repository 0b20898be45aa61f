#include "app/hold.h"

#include <stdlib.h>
#include <string.h>

#define HOLD_FRAMES 4096
#define HOLD_BYTES  2048 /* of one frame: a longer one is kept cut */

struct held {
	uint64_t key; /* 0: empty */
	struct frame frame;
	uint8_t data[HOLD_BYTES];
};

struct hold {
	struct held *held;
	uint64_t n; /* frames ever put */
};

int
hold_open(struct hold **out, struct err *e)
{
	struct hold *h = calloc(1, sizeof(*h));

	if (h == NULL || (h->held = calloc(HOLD_FRAMES, sizeof(*h->held))) == NULL) {
		free(h);
		return err_set(e, "out of memory for %d held frames", HOLD_FRAMES);
	}
	*out = h;
	return 0;
}

void
hold_close(struct hold *h)
{
	if (h == NULL)
		return;
	free(h->held);
	free(h);
}

void
hold_put(struct hold *h, uint64_t key, const struct frame *f)
{
	struct held *k = &h->held[h->n++ % HOLD_FRAMES];
	size_t n = f->data.n < HOLD_BYTES ? f->data.n : HOLD_BYTES;

	k->key = key;
	k->frame = *f;
	memcpy(k->data, f->data.p, n);
	k->frame.data = bytes_of(k->data, n);
}

static uint64_t
oldest(const struct hold *h)
{
	return h->n > HOLD_FRAMES ? h->n - HOLD_FRAMES : 0;
}

void
hold_rekey(struct hold *h, uint64_t from, uint64_t to)
{
	uint64_t i;

	for (i = oldest(h); i < h->n; i++)
		if (h->held[i % HOLD_FRAMES].key == from)
			h->held[i % HOLD_FRAMES].key = to;
}

void
hold_save(struct hold *h, uint64_t key, struct save *to)
{
	struct held *k;
	uint64_t i;

	for (i = oldest(h); i < h->n; i++) {
		k = &h->held[i % HOLD_FRAMES];
		if (k->key != key)
			continue;
		save_frame(to, &k->frame);
		k->key = 0;
	}
}
