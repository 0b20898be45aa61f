#include <string.h>

#include "tests/reshape/wire.h"

static bool
view_ip4(const struct rec *r, struct view *v)
{
	const uint8_t *ip = r->p + v->l3;
	size_t len, header;

	if (r->n < v->l3 + IP4_LEN || ip[0] >> 4 != 4)
		return false;
	header = (size_t)(ip[0] & 15) * 4;
	len = load_be16(ip + 2);
	if (header < IP4_LEN || len < header || r->n < v->l3 + len)
		return false;
	v->l4 = v->l3 + header;
	v->end = v->l3 + len;
	v->proto = ip[9];
	return (load_be16(ip + 6) & 0x3fff) == 0;
}

static bool
view_ip6(const struct rec *r, struct view *v)
{
	const uint8_t *ip = r->p + v->l3;

	if (r->n < v->l3 + IP6_LEN || ip[0] >> 4 != 6)
		return false;
	v->v6 = true;
	v->l4 = v->l3 + IP6_LEN;
	v->end = v->l4 + load_be16(ip + 4);
	v->proto = ip[6];
	return r->n >= v->end && v->proto != P_FRAG;
}

bool
view_of(const struct rec *r, struct view *v)
{
	unsigned type;
	bool ok;

	*v = (struct view){.l3 = ETH_LEN};
	if (r->n < ETH_LEN)
		return false;
	type = load_be16(r->p + 12);
	ok = (type == ETH_IP4 && view_ip4(r, v)) || (type == ETH_IP6 && view_ip6(r, v));
	v->data = v->l4;
	return ok;
}

bool
view_tcp(const struct rec *r, struct view *v)
{
	size_t header;

	if (!view_of(r, v) || v->proto != P_TCP || v->end - v->l4 < 20)
		return false;
	header = (size_t)(r->p[v->l4 + 12] >> 4) * 4;
	v->data = v->l4 + header;
	v->flags = r->p[v->l4 + 13];
	return header >= 20 && v->data <= v->end;
}

static struct addr
view_addr(const struct rec *r, const struct view *v, bool dst)
{
	const uint8_t *ip = r->p + v->l3;

	return v->v6 ? addr_v6(ip + (dst ? 24 : 8)) : addr_v4(ip + (dst ? 16 : 12));
}

struct tuple
view_ends(const struct rec *r, const struct view *v)
{
	const uint8_t *l4 = r->p + v->l4;

	return (struct tuple){
	    .client = {view_addr(r, v, false), load_be16(l4)},
	    .server = {view_addr(r, v, true), load_be16(l4 + 2)},
	};
}

struct tuple
ends_back(const struct tuple *t)
{
	return (struct tuple){.client = t->server, .server = t->client};
}

uint32_t
sum_add(uint32_t sum, const uint8_t *p, size_t n)
{
	for (; n > 1; n -= 2, p += 2)
		sum += load_be16(p);
	if (n == 1)
		sum += (uint32_t)*p << 8;
	return (sum & 0xffff) + (sum >> 16);
}

uint16_t
sum_end(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
fix_ip(uint8_t *ip, const struct view *v)
{
	if (v->v6) {
		put16(ip + 4, (unsigned)(v->end - v->l4));
		return;
	}
	put16(ip + 2, (unsigned)(v->end - v->l3));
	put16(ip + 10, 0);
	put16(ip + 10, sum_end(sum_add(0, ip, v->l4 - v->l3)));
}

static uint16_t
l4_sum(const uint8_t *frame, const struct view *v)
{
	const uint8_t *ip = frame + v->l3;
	size_t n = v->end - v->l4;
	uint32_t sum = 0;

	if (v->proto != P_ICMP) {
		sum = (uint32_t)(v->proto + n);
		sum = sum_add(sum, ip + (v->v6 ? 8 : 12), v->v6 ? 32 : 8);
	}
	return sum_end(sum_add(sum, frame + v->l4, n));
}

void
wire_fix(uint8_t *frame, const struct view *v)
{
	uint8_t *l4 = frame + v->l4;
	size_t at = 2; /* ICMP, both versions */
	uint16_t sum;

	if (v->proto == P_TCP)
		at = 16;
	if (v->proto == P_UDP)
		at = 6;
	fix_ip(frame + v->l3, v);
	put16(l4 + at, 0);
	sum = l4_sum(frame, v);
	put16(l4 + at, sum == 0 && v->proto == P_UDP ? 0xffff : sum);
}

void
wire_ip4(uint8_t *p, unsigned proto, size_t n)
{
	static const uint8_t ends[8] = {10, 255, 0, 1, 10, 255, 0, 2};

	memset(p, 0, IP4_LEN);
	p[0] = 0x45;
	put16(p + 2, (unsigned)(n + IP4_LEN));
	p[8] = 64;
	p[9] = (uint8_t)proto;
	memcpy(p + 12, ends, sizeof(ends));
	put16(p + 10, sum_end(sum_add(0, p, IP4_LEN)));
}

void
wire_ip6(uint8_t *p, unsigned next, size_t n)
{
	memset(p, 0, IP6_LEN);
	p[0] = 0x60;
	put16(p + 4, (unsigned)n);
	p[6] = (uint8_t)next;
	p[7] = 64;
	store_be32(p + 8, 0x20010db8);
	store_be32(p + 24, 0x20010db8);
	put16(p + 12, 0xffff);
	put16(p + 28, 0xffff);
	p[23] = 1;
	p[39] = 2;
}

void
wire_segment(struct trace *out, const struct rec *like, const struct view *v,
    const struct piece *p)
{
	struct rec *r = trace_add(out, like->ts, v->data + p->data.n);
	struct view made = *v;

	made.end = r->n;
	memcpy(r->p, like->p, v->data);
	if (p->data.n > 0)
		memcpy(r->p + v->data, p->data.p, p->data.n);
	store_be32(r->p + v->l4 + 4, p->seq);
	r->p[v->l4 + 13] = p->flags;
	wire_fix(r->p, &made);
}
