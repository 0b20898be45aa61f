#include "capture/window.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

int
stream_pool_open(struct stream_pool **out, size_t windows, struct err *e)
{
	struct stream_pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_set(e, "out of memory for stream windows");
	p->window = malloc(windows * sizeof(*p->window));
	if (p->window == NULL) {
		free(p);
		return err_set(e, "out of memory for %zu stream windows", windows);
	}
	p->windows = (uint32_t)windows;
	p->free = NONE;
	*out = p;
	return 0;
}

void
stream_pool_close(struct stream_pool *p)
{
	if (p == NULL)
		return;
	free(p->window);
	free(p);
}

void
stream_pool_counters(const struct stream_pool *p, struct counters *to)
{
	counters_level(to, "stream.windows", "stream windows in use", p->lent);
	counters_level(
	    to, "stream.windows_peak", "most stream windows in use", p->lent_peak);
	counters_add(to, "stream.refused", "times no stream window was free", p->refused);
	counters_add(to, "stream.out_of_order", "segments that came out of order",
	    p->out_of_order);
	counters_add(to, "stream.duplicate_bytes", "bytes that came more than once",
	    p->duplicate_bytes);
	counters_add(
	    to, "stream.lost_bytes", "bytes that the capture missed", p->lost_bytes);
	counters_add(to, "stream.unread_bytes", "bytes that could not be kept until used",
	    p->unread_bytes);
	counters_add(
	    to, "stream.beyond", "segments too far ahead to keep or believe", p->beyond);
}

uint32_t
window_lend(struct stream_pool *p)
{
	uint32_t slot = p->free;
	struct window *w;

	if (slot != NONE) {
		p->free = p->window[slot].free;
	} else if (p->used < p->windows) {
		slot = p->used++;
	} else {
		p->refused++;
		return 0;
	}
	if (++p->lent > p->lent_peak)
		p->lent_peak = p->lent;
	w = &p->window[slot];
	w->start = 0;
	w->n = 0;
	return slot + 1;
}

void
window_return(struct stream_pool *p, uint32_t id)
{
	window_at(p, id)->free = p->free;
	p->free = id - 1;
	p->lent--;
}

/* Moves the content down to the start of buf. */
static void
compact(struct window *w)
{
	size_t i, at = w->start;

	if (w->n > 0)
		memmove(w->buf, w->buf + at, w->range[w->n - 1].to - at);
	for (i = 0; i < w->n; i++) {
		w->range[i].from = (uint16_t)(w->range[i].from - at);
		w->range[i].to = (uint16_t)(w->range[i].to - at);
	}
	w->start = 0;
}

static bool
open_range(struct window *w, size_t i, struct range r)
{
	size_t in_order = w->n > 0 && w->range[0].from == w->start;

	if (r.from != w->start && w->n - in_order == STREAM_RANGES_MAX)
		return false;
	memmove(&w->range[i + 1], &w->range[i], (w->n - i) * sizeof(r));
	w->range[i] = r;
	w->n++;
	return true;
}

/* Joins range i with r and with those after it that r touches; fills the gaps. */
static void
join(struct window *w, size_t i, struct range r, const uint8_t *data)
{
	struct range *first = &w->range[i];
	size_t at = r.from, k = i;

	for (; k < w->n && w->range[k].from <= r.to; k++) {
		if (at < w->range[k].from)
			memcpy(w->buf + at, data + (at - r.from), w->range[k].from - at);
		if (at < w->range[k].to)
			at = w->range[k].to;
	}
	if (at < r.to)
		memcpy(w->buf + at, data + (at - r.from), r.to - at);
	if (r.from < first->from)
		first->from = r.from;
	first->to = (uint16_t)(at < r.to ? r.to : at);
	memmove(&w->range[i + 1], &w->range[k], (w->n - k) * sizeof(r));
	w->n = (uint16_t)(w->n - (k - i - 1));
}

bool
window_put(struct window *w, size_t off, struct bytes data)
{
	struct range r;
	size_t i = 0;

	if (data.n == 0)
		return true;
	if (w->start + off + data.n > STREAM_WINDOW)
		compact(w);
	r.from = (uint16_t)(w->start + off);
	r.to = (uint16_t)(r.from + data.n);
	while (i < w->n && w->range[i].to < r.from)
		i++;
	if (i < w->n && w->range[i].from <= r.to) {
		join(w, i, r, data.p);
		return true;
	}
	if (!open_range(w, i, r))
		return false;
	memcpy(w->buf + r.from, data.p, data.n);
	return true;
}

bool
window_pass(struct window *w, size_t n)
{
	size_t start = w->start + n, gone = 0;

	while (gone < w->n && w->range[gone].to <= start)
		gone++;
	w->n = (uint16_t)(w->n - gone);
	memmove(w->range, w->range + gone, w->n * sizeof(w->range[0]));
	if (w->n == 0)
		return false;
	w->start = (uint16_t)start;
	if (w->range[0].from < start)
		w->range[0].from = (uint16_t)start;
	return true;
}

struct bytes
window_ready(const struct window *w)
{
	if (w->n == 0 || w->range[0].from != w->start)
		return bytes_of(w->buf, 0);
	return bytes_of(w->buf + w->start, (size_t)(w->range[0].to - w->start));
}

size_t
window_waiting(const struct window *w)
{
	size_t i = w->n > 0 && w->range[0].from == w->start;

	return i < w->n ? (size_t)(w->range[i].from - w->start) : 0;
}

size_t
window_end(const struct window *w)
{
	return w->n == 0 ? 0 : (size_t)(w->range[w->n - 1].to - w->start);
}
