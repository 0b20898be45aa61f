/*
 * The windows behind capture/stream: where bytes wait.  A window holds bytes at
 * offsets from its start, in ranges that are sorted and never touch; one that begins at
 * offset 0 is in order.  For capture/stream alone.
 */
#ifndef CAPTURE_WINDOW_H
#define CAPTURE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "capture/stream.h"

struct range {
	uint16_t from, to; /* places in buf */
};

struct window {
	uint32_t free;  /* next free slot, while not lent */
	uint16_t start; /* place of offset 0 in buf */
	uint16_t n;
	struct range range[STREAM_RANGES_MAX + 1]; /* one place is for bytes in order */
	uint8_t buf[STREAM_WINDOW];
};

struct stream_pool {
	struct window *window;
	uint32_t windows;
	uint32_t used; /* slots ever lent: the memory beyond is untouched */
	uint32_t free;
	uint64_t lent, lent_peak, refused;
	uint64_t out_of_order, beyond;
	uint64_t duplicate_bytes, lost_bytes, unread_bytes;
};

/* A fresh window's slot + 1, or 0, counted, when all are lent. */
uint32_t window_lend(struct stream_pool *p);
void window_return(struct stream_pool *p, uint32_t id);

static inline struct window *
window_at(const struct stream_pool *p, uint32_t id)
{
	return &p->window[id - 1];
}

/*
 * Copies those bytes of data, which belong at offset off, that are not there yet.
 * off + data.n is at most STREAM_WINDOW.  False, and nothing copied, when there would
 * be too many ranges; never for bytes that touch the window's start.
 */
bool window_put(struct window *w, size_t off, struct bytes data);

/* Moves the start n bytes on.  False when nothing is left in the window. */
bool window_pass(struct window *w, size_t n);

/* The bytes in order. */
struct bytes window_ready(const struct window *w);

/* Offset of the first byte behind a hole; 0 when there is none. */
size_t window_waiting(const struct window *w);

/* Offset after the last byte. */
size_t window_end(const struct window *w);

#endif
