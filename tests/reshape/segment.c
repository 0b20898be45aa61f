#include <stdlib.h>
#include <string.h>

#include "tests/reshape/ends.h"
#include "tests/reshape/steps.h"

#define LAST_ONLY (TCP_FIN | TCP_PSH)

/* A segment with data that may be cut: not on a SYN or RST. */
static bool
view_segment(const struct rec *r, struct view *v)
{
	return view_tcp(r, v) && view_payload(v) > 0 && !(v->flags & (TCP_SYN | TCP_RST));
}

static uint32_t
seq_of(const struct rec *r, const struct view *v)
{
	return load_be32(r->p + v->l4 + 4);
}

static struct bytes
data_of(const struct rec *r, const struct view *v)
{
	return bytes_of(r->p + v->data, view_payload(v));
}

void
step_cut(const struct trace *in, struct trace *out, const char *arg)
{
	size_t size = (size_t)strtoul(arg, NULL, 10), i;
	struct bytes left;
	struct piece p;
	struct view v;

	for (i = 0; i < in->n; i++) {
		if (!view_segment(&in->r[i], &v)) {
			trace_copy(out, &in->r[i]);
			continue;
		}
		p.seq = seq_of(&in->r[i], &v);
		for (left = data_of(&in->r[i], &v); left.n > 0;
		     left = bytes_skip(left, size)) {
			p.data = bytes_take(left, size);
			p.flags = v.flags;
			if (p.data.n < left.n)
				p.flags &= (uint8_t)~LAST_ONLY;
			wire_segment(out, &in->r[i], &v, &p);
			p.seq += (uint32_t)p.data.n;
		}
	}
}

static bool
follows(const struct rec *a, const struct rec *b)
{
	struct tuple from, to;
	struct view va, vb;

	if (!view_segment(a, &va) || !view_segment(b, &vb))
		return false;
	from = view_ends(a, &va);
	to = view_ends(b, &vb);
	return memcmp(&from, &to, sizeof(from)) == 0 &&
	       seq_of(a, &va) + view_payload(&va) == seq_of(b, &vb);
}

void
step_swap(const struct trace *in, struct trace *out, const char *arg)
{
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++) {
		if (i + 1 < in->n && follows(&in->r[i], &in->r[i + 1])) {
			trace_copy(out, &in->r[i + 1])->ts = in->r[i].ts;
			trace_copy(out, &in->r[i])->ts = in->r[i + 1].ts;
			i++;
		} else {
			trace_copy(out, &in->r[i]);
		}
	}
}

#define PROBE_EVERY 8

void
step_dup(const struct trace *in, struct trace *out, const char *arg)
{
	size_t i, seen = 0;
	struct piece probe;
	struct bytes data;
	struct view v;

	(void)arg;
	for (i = 0; i < in->n; i++) {
		trace_copy(out, &in->r[i]);
		if (!view_segment(&in->r[i], &v))
			continue;
		trace_copy(out, &in->r[i]);
		if (++seen % PROBE_EVERY != 0)
			continue;
		data = data_of(&in->r[i], &v);
		probe.data = bytes_skip(data, data.n - 1);
		probe.seq = seq_of(&in->r[i], &v) + (uint32_t)data.n - 1;
		probe.flags = TCP_ACK;
		wire_segment(out, &in->r[i], &v, &probe);
	}
}

#define OVERLAP_PIECE  48
#define OVERLAP_BEFORE 5
#define OVERLAP_AFTER  3

/* The end of what one direction has sent so far. */
struct tail {
	struct tuple key;
	uint32_t next;
	uint8_t n;
	uint8_t last[OVERLAP_BEFORE];
};

static void
overlap_segment(
    struct trace *out, const struct rec *r, const struct view *v, const struct tail *t)
{
	struct bytes data = data_of(r, v), all;
	uint8_t joined[OVERLAP_BEFORE + 65536];
	size_t old = t->next == seq_of(r, v) ? t->n : 0, at, from;
	struct piece p;

	memcpy(joined, t->last, old);
	memcpy(joined + old, data.p, data.n);
	all = bytes_of(joined, old + data.n);
	for (at = 0; at < data.n; at += OVERLAP_PIECE) {
		from = old + at < OVERLAP_BEFORE ? 0 : old + at - OVERLAP_BEFORE;
		p.data = bytes_take(bytes_skip(all, from),
		    old + at - from + OVERLAP_PIECE + OVERLAP_AFTER);
		p.seq = seq_of(r, v) + (uint32_t)(from - old);
		p.flags = v->flags;
		if (at + OVERLAP_PIECE < data.n)
			p.flags &= (uint8_t)~LAST_ONLY;
		wire_segment(out, r, v, &p);
	}
}

static void
remember(struct tail *t, struct bytes data, uint32_t next)
{
	t->n = (uint8_t)(data.n < OVERLAP_BEFORE ? data.n : OVERLAP_BEFORE);
	memcpy(t->last, data.p + data.n - t->n, t->n);
	t->next = next;
}

void
step_overlap(const struct trace *in, struct trace *out, const char *arg)
{
	struct table *tails = ends_open(sizeof(struct tail));
	struct bytes data;
	struct tuple ends;
	struct tail *t;
	struct view v;
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++) {
		if (!view_segment(&in->r[i], &v)) {
			trace_copy(out, &in->r[i]);
			continue;
		}
		ends = view_ends(&in->r[i], &v);
		t = ends_get(tails, &ends);
		overlap_segment(out, &in->r[i], &v, t);
		data = data_of(&in->r[i], &v);
		remember(t, data, seq_of(&in->r[i], &v) + (uint32_t)data.n);
	}
	table_close(tails);
}
