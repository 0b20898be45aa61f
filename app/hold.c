#include "app/hold.h"

#include <stdlib.h>
#include <string.h>

#include "base/elapsed.h"
#include "base/event.h"

#define HOLD_FRAMES 4096
#define HOLD_BYTES  2048 /* of one frame: a longer one is kept cut */
#define CLOSED_MAX  64
#define LAST_WORDS  (4 * NS_PER_S) /* how long after the close */

struct held {
	uint64_t key; /* 0: empty */
	struct frame frame;
	uint8_t data[HOLD_BYTES];
};

struct hold {
	struct held *held;
	uint64_t n; /* frames ever put */
	struct {
		struct tuple tuple;
		int64_t at;
	} closed[CLOSED_MAX];
	uint64_t n_closed; /* ever */
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

void
hold_closed(struct hold *h, const struct tuple *t, int64_t at)
{
	h->closed[h->n_closed % CLOSED_MAX].tuple = *t;
	h->closed[h->n_closed++ % CLOSED_MAX].at = at;
}

bool
hold_is_last_word(const struct hold *h, const struct packet *p)
{
	size_t i, n = h->n_closed < CLOSED_MAX ? (size_t)h->n_closed : CLOSED_MAX;

	if (p->payload.n != 0 || (p->tcp_flags & TCP_SYN) != 0)
		return false;
	for (i = 0; i < n; i++) {
		const struct tuple *t = &h->closed[i].tuple;

		if (elapsed(p->ts, h->closed[i].at) > (uint64_t)LAST_WORDS)
			continue;
		if ((endpoint_eq(&p->src, &t->client) &&
			endpoint_eq(&p->dst, &t->server)) ||
		    (endpoint_eq(&p->src, &t->server) &&
			endpoint_eq(&p->dst, &t->client)))
			return true;
	}
	return false;
}
