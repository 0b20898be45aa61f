#include <stdlib.h>
#include <string.h>

#include "tests/reshape/steps.h"
#include "tests/reshape/wire.h"

struct cutting {
	size_t size; /* of a piece, a multiple of 8 */
	bool reverse;
	uint32_t id;
};

static void
piece_ip4(struct trace *out, const struct rec *r, const struct view *v, size_t off,
    const struct cutting *c)
{
	size_t left = v->end - v->l4 - off, n = left < c->size ? left : c->size;
	struct rec *to = trace_add(out, r->ts, v->l4 + n);
	uint8_t *ip = to->p + v->l3;

	memcpy(to->p, r->p, v->l4);
	memcpy(to->p + v->l4, r->p + v->l4 + off, n);
	put16(ip + 2, (unsigned)(v->l4 - v->l3 + n));
	put16(ip + 4, c->id & 0xffff);
	put16(ip + 6, (unsigned)(off / 8) | (n < left ? 0x2000 : 0));
	put16(ip + 10, 0);
	put16(ip + 10, sum_end(sum_add(0, ip, v->l4 - v->l3)));
}

static void
piece_ip6(struct trace *out, const struct rec *r, const struct view *v, size_t off,
    const struct cutting *c)
{
	size_t left = v->end - v->l4 - off, n = left < c->size ? left : c->size;
	struct rec *to = trace_add(out, r->ts, v->l4 + 8 + n);
	uint8_t *header = to->p + v->l4;

	memcpy(to->p, r->p, v->l4);
	put16(to->p + v->l3 + 4, (unsigned)(8 + n));
	to->p[v->l3 + 6] = P_FRAG;
	header[0] = v->proto;
	header[1] = 0;
	put16(header + 2, (unsigned)off | (n < left ? 1 : 0));
	store_be32(header + 4, c->id);
	memcpy(header + 8, r->p + v->l4 + off, n);
}

static void
cut(struct trace *out, const struct rec *r, const struct view *v, const struct cutting *c)
{
	size_t total = v->end - v->l4, count = (total + c->size - 1) / c->size, i, off;

	for (i = 0; i < count; i++) {
		off = (c->reverse ? count - 1 - i : i) * c->size;
		if (v->v6)
			piece_ip6(out, r, v, off, c);
		else
			piece_ip4(out, r, v, off, c);
	}
}

void
step_frag(const struct trace *in, struct trace *out, const char *arg)
{
	char *end;
	struct cutting c = {.size = (size_t)strtoul(arg, &end, 10), .id = 1000};
	struct view v;
	size_t i;

	c.reverse = *end == 'r';
	for (i = 0; i < in->n; i++) {
		c.id++;
		if (view_of(&in->r[i], &v) && v.end - v.l4 > c.size)
			cut(out, &in->r[i], &v, &c);
		else
			trace_copy(out, &in->r[i]);
	}
}
