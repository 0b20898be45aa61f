#include <stdlib.h>
#include <string.h>

#include "tests/reshape/ends.h"
#include "tests/reshape/steps.h"

/* Queues of one network card are never further apart than this. */
#define QUEUE_SKEW_NS 1000000

static bool
answers(const struct rec *r, const struct tuple *to)
{
	struct tuple back;
	struct view v;

	if (!view_tcp(r, &v))
		return false;
	back = view_ends(r, &v);
	back = ends_back(&back);
	return memcmp(&back, to, sizeof(back)) == 0;
}

static size_t
answers_after(const struct trace *in, size_t i, size_t most)
{
	struct tuple ends;
	struct view v;
	size_t n = 0;

	if (!view_tcp(&in->r[i], &v))
		return 0;
	ends = view_ends(&in->r[i], &v);
	if (!ends_from_client(&ends))
		return 0;
	while (n < most && i + n + 1 < in->n &&
	       in->r[i + n + 1].ts - in->r[i].ts < QUEUE_SKEW_NS &&
	       answers(&in->r[i + n + 1], &ends))
		n++;
	return n;
}

void
step_reverse(const struct trace *in, struct trace *out, const char *arg)
{
	size_t most = (size_t)strtoul(arg, NULL, 10), i, k, n;

	for (i = 0; i < in->n; i += n + 1) {
		n = answers_after(in, i, most);
		for (k = 0; k < n; k++)
			trace_copy(out, &in->r[i + k + 1])->ts = in->r[i + k].ts;
		trace_copy(out, &in->r[i])->ts = in->r[i + n].ts;
	}
}

/* One direction of a connection, and where its opening packets stand. */
struct opening {
	struct tuple key;
	bool shaking; /* a SYN was seen and no data yet */
	unsigned syns;
	size_t syn;  /* index of the SYN plus 1 */
	size_t data; /* index of the first data plus 1 */
	uint32_t first;
};

static bool
is_handshake(struct table *table, const struct rec *r)
{
	struct opening *there, *back;
	struct tuple ends, reply;
	struct view v;

	if (!view_tcp(r, &v))
		return false;
	ends = view_ends(r, &v);
	reply = ends_back(&ends);
	there = ends_get(table, &ends);
	back = ends_get(table, &reply);
	if (v.flags & TCP_SYN) {
		there->shaking = back->shaking = true;
		return true;
	}
	if (view_payload(&v) > 0 || (v.flags & (TCP_FIN | TCP_RST)))
		there->shaking = back->shaking = false;
	return there->shaking;
}

void
step_nosyn(const struct trace *in, struct trace *out, const char *arg)
{
	struct table *table = ends_open(sizeof(struct opening));
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++)
		if (!is_handshake(table, &in->r[i]))
			trace_copy(out, &in->r[i]);
	table_close(table);
}

static void
note_opening(struct table *table, const struct trace *in, size_t i)
{
	struct opening *o;
	struct tuple ends;
	struct view v;
	uint32_t seq;

	if (!view_tcp(&in->r[i], &v))
		return;
	ends = view_ends(&in->r[i], &v);
	o = ends_get(table, &ends);
	seq = load_be32(in->r[i].p + v.l4 + 4);
	if ((v.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		o->syns++;
		o->syn = i + 1;
		o->first = seq + 1;
	} else if (o->syn != 0 && o->data == 0 && view_payload(&v) > 0) {
		/* data that does not begin the stream rules the connection out */
		o->data = i + 1;
		o->syns += seq != o->first;
	}
}

static struct opening *
moved(struct table *table, const struct tuple *ends)
{
	struct opening *o = table_find(table, ends);

	return o != NULL && o->syns == 1 && o->data != 0 ? o : NULL;
}

static void
syn_with_data(struct trace *out, const struct trace *in, const struct opening *o)
{
	const struct rec *syn = &in->r[o->syn - 1], *data = &in->r[o->data - 1];
	struct view vs, vd;
	struct piece p;

	if (!view_tcp(syn, &vs) || !view_tcp(data, &vd))
		abort();
	p.seq = load_be32(syn->p + vs.l4 + 4);
	p.flags = TCP_SYN;
	p.data = bytes_of(data->p + vd.data, view_payload(&vd));
	wire_segment(out, syn, &vs, &p);
}

/* A copy whose number at that offset of the TCP header is n bytes further. */
static void
advanced(
    struct trace *out, const struct rec *r, const struct view *v, size_t at, size_t n)
{
	struct rec *to = trace_copy(out, r);
	uint8_t *field = to->p + v->l4 + at;

	store_be32(field, load_be32(field) + (uint32_t)n);
	wire_fix(to->p, v);
}

static void
fastopen(struct trace *out, struct table *table, const struct trace *in, size_t i)
{
	const struct rec *r = &in->r[i];
	struct opening *o, *back;
	struct tuple ends, reply;
	struct view v, first;

	if (!view_tcp(r, &v)) {
		trace_copy(out, r);
		return;
	}
	ends = view_ends(r, &v);
	reply = ends_back(&ends);
	o = moved(table, &ends);
	back = moved(table, &reply);
	if (o != NULL && i + 1 == o->syn)
		syn_with_data(out, in, o);
	else if (o != NULL && i + 1 > o->syn && i + 1 < o->data &&
		 view_tcp(&in->r[o->data - 1], &first))
		advanced(out, r, &v, 4, view_payload(&first));
	else if (back != NULL && (v.flags & TCP_SYN) &&
		 view_tcp(&in->r[back->data - 1], &first))
		advanced(out, r, &v, 8, view_payload(&first));
	else if (o == NULL || i + 1 != o->data)
		trace_copy(out, r);
}

void
step_fastopen(const struct trace *in, struct trace *out, const char *arg)
{
	struct table *table = ends_open(sizeof(struct opening));
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++)
		note_opening(table, in, i);
	for (i = 0; i < in->n; i++)
		fastopen(out, table, in, i);
	table_close(table);
}
