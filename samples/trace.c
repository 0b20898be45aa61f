#include "samples/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "samples/rng.h"

#define SNAPLEN 65535

static bool
grow(void **p, size_t *cap, size_t need, size_t item)
{
	size_t want = *cap == 0 ? 4096 : *cap;
	void *q;

	while (want < need)
		want *= 2;
	if (want == *cap)
		return true;
	q = realloc(*p, want * item);
	if (q == NULL)
		return false;
	*p = q;
	*cap = want;
	return true;
}

void
trace_add(struct trace *t, int64_t ts, bool outbound, struct bytes frame)
{
	void *data = t->data, *frames = t->frame;

	if (!grow(&data, &t->cap, t->n + frame.n, 1))
		t->failed = true;
	t->data = data;
	if (!grow(&frames, &t->cap_frames, t->n_frames + 1, sizeof(*t->frame)))
		t->failed = true;
	t->frame = frames;
	if (t->failed)
		return;
	memcpy(t->data + t->n, frame.p, frame.n);
	t->frame[t->n_frames] =
	    (struct trace_frame){ts, t->n_frames, t->n, (uint32_t)frame.n, outbound};
	t->n_frames++;
	t->n += frame.n;
}

static int
by_time(const void *a, const void *b)
{
	const struct trace_frame *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void
put32(uint8_t *p, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static bool
seen(const struct trace_view *v, const struct trace_frame *f, struct rng *r)
{
	if (f->ts < v->from || f->ts >= v->until)
		return false;
	if (v->only != TRACE_BOTH && f->outbound != (v->only == TRACE_CLIENT))
		return false;
	return f->ts < v->lose_from || rng_below(r, 1000) >= v->lose_permille;
}

static bool
write_frames(const struct trace *t, const struct trace_view *view, FILE *out)
{
	struct rng r = {view->seed};
	uint8_t head[16];
	size_t i;

	for (i = 0; i < t->n_frames; i++) {
		const struct trace_frame *f = &t->frame[i];

		if (!seen(view, f, &r))
			continue;
		put32(head, (uint32_t)(f->ts / 1000000000));
		put32(head + 4, (uint32_t)(f->ts % 1000000000 / 1000));
		put32(head + 8, f->n);
		put32(head + 12, f->n);
		if (fwrite(head, sizeof(head), 1, out) != 1 ||
		    fwrite(t->data + f->at, f->n, 1, out) != 1)
			return false;
	}
	return true;
}

int
trace_write(
    struct trace *t, const struct trace_view *view, const char *path, struct err *e)
{
	uint8_t head[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0};
	bool good;
	FILE *out;

	if (t->failed)
		return err_set(e, "%s: out of memory, or a message over the limit", path);
	if (t->n_frames > 0)
		qsort(t->frame, t->n_frames, sizeof(*t->frame), by_time);
	put32(head + 16, SNAPLEN);
	put32(head + 20, 1);
	out = fopen(path, "wb");
	if (out == NULL)
		return err_sys(e, errno, "%s", path);
	good = fwrite(head, sizeof(head), 1, out) == 1 && write_frames(t, view, out);
	if (fclose(out) != 0 || !good)
		return err_sys(e, errno, "%s: cannot write", path);
	return 0;
}

void
trace_free(struct trace *t)
{
	free(t->data);
	free(t->frame);
}
