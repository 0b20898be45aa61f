#include "tests/wire.h"
#include "tests/put.h"

#include <stdlib.h>

struct endpoint
wire_endpoint(const char *addr, uint16_t port)
{
	struct endpoint ep = {.port = port};

	if (!addr_parse(addr, &ep.addr))
		abort();
	return ep;
}

void
wire_start(struct wire *w, struct bytes payload)
{
	if (payload.n > WIRE_BODY)
		abort();
	w->at = WIRE_HEAD;
	w->end = w->at + payload.n;
	w->type = 0;
	w->protocol = 0;
	if (payload.n != 0)
		memcpy(w->room + w->at, payload.p, payload.n);
}

struct bytes
wire_bytes(const struct wire *w)
{
	return bytes_of(w->room + w->at, w->end - w->at);
}

struct frame
wire_frame(const struct wire *w, int linktype)
{
	return (struct frame){.data = wire_bytes(w),
	    .wire_len = (uint32_t)(w->end - w->at),
	    .linktype = linktype,
	    .ts = INT64_C(1100000000000000000),
	    .number = 1,
	    .origin = "wire"};
}

void
wire_push(struct wire *w, const void *header, size_t n)
{
	if (n > w->at)
		abort();
	w->at -= n;
	memcpy(w->room + w->at, header, n);
}

void
wire_pad(struct wire *w, size_t n)
{
	if (n > sizeof(w->room) - w->end)
		abort();
	memset(w->room + w->end, 0, n);
	w->end += n;
}

static uint32_t
add(uint32_t sum, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		sum += (i & 1) ? p[i] : (uint32_t)p[i] << 8;
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint16_t
transport_sum(
    const struct wire *w, const struct endpoint *src, const struct endpoint *dst)
{
	struct bytes b = wire_bytes(w);
	size_t skip = addr_is_v4(&src->addr) ? 12 : 0;
	uint32_t sum = add((uint32_t)b.n + w->protocol, b.p, b.n);

	sum = add(sum, src->addr.v + skip, 16 - skip);
	sum = add(sum, dst->addr.v + skip, 16 - skip);
	return (uint16_t)~sum;
}

void
wire_tcp(struct wire *w, const struct wire_tcp *t)
{
	uint8_t h[20] = {0};

	if (t->n_options != 0)
		wire_push(w, t->options, t->n_options);
	put16(h, t->src.port);
	put16(h + 2, t->dst.port);
	store_be32(h + 4, t->seq);
	store_be32(h + 8, t->ack);
	h[12] = (uint8_t)((20 + t->n_options) / 4 << 4);
	h[13] = t->flags;
	put16(h + 14, 8192);
	wire_push(w, h, sizeof(h));
	w->protocol = 6;
	put16(w->room + w->at + 16, transport_sum(w, &t->src, &t->dst));
}

void
wire_udp(struct wire *w, struct endpoint src, struct endpoint dst)
{
	uint8_t h[8] = {0};

	put16(h, src.port);
	put16(h + 2, dst.port);
	put16(h + 4, 8 + wire_bytes(w).n);
	wire_push(w, h, sizeof(h));
	w->protocol = 17;
	put16(w->room + w->at + 6, transport_sum(w, &src, &dst));
}

void
wire_icmp(struct wire *w, const struct wire_icmp *m)
{
	uint8_t h[8] = {m->type, m->code};
	bool v4 = addr_is_v4(&m->src.addr);
	struct bytes b;

	wire_push(w, h, sizeof(h));
	w->protocol = v4 ? 1 : 58;
	b = wire_bytes(w);
	put16(w->room + w->at + 2,
	    v4 ? (uint16_t)~add(0, b.p, b.n) : transport_sum(w, &m->src, &m->dst));
}

void
wire_resum(struct wire *w, size_t offset)
{
	uint8_t *h = w->room + w->at + offset;

	put16(h + 10, 0);
	put16(h + 10, (uint16_t)~add(0, h, 4 * (h[0] & 15U)));
}

static void
push_ipv4(struct wire *w, const struct wire_piece *f, bool more)
{
	uint8_t h[20] = {0x45};

	put16(h + 2, 20 + wire_bytes(w).n);
	put16(h + 4, f->id);
	put16(h + 6, f->offset / 8 | (more ? 0x2000U : 0));
	h[8] = 64;
	h[9] = w->protocol;
	memcpy(h + 12, f->src.addr.v + 12, 4);
	memcpy(h + 16, f->dst.addr.v + 12, 4);
	wire_push(w, h, sizeof(h));
	wire_resum(w, 0);
	w->type = 0x0800;
	w->protocol = 4;
}

static void
push_ipv6(struct wire *w, const struct endpoint *src, const struct endpoint *dst)
{
	uint8_t h[40] = {0x60};

	put16(h + 4, wire_bytes(w).n);
	h[6] = w->protocol;
	h[7] = 64;
	memcpy(h + 8, src->addr.v, 16);
	memcpy(h + 24, dst->addr.v, 16);
	wire_push(w, h, sizeof(h));
	w->type = 0x86dd;
	w->protocol = 41;
}

void
wire_ip(struct wire *w, struct endpoint src, struct endpoint dst)
{
	struct wire_piece whole = {.src = src, .dst = dst, .id = 0x1234};

	if (addr_is_v4(&src.addr))
		push_ipv4(w, &whole, false);
	else
		push_ipv6(w, &src, &dst);
}

void
wire_fragment(struct wire *w, const struct wire_piece *f)
{
	bool more = f->offset + f->n < wire_bytes(w).n;
	uint8_t h[8] = {w->protocol};

	memmove(w->room + WIRE_HEAD, w->room + w->at + f->offset, f->n);
	w->at = WIRE_HEAD;
	w->end = w->at + f->n;
	if (addr_is_v4(&f->src.addr)) {
		push_ipv4(w, f, more);
		return;
	}
	put16(h + 2, f->offset | more);
	store_be32(h + 4, f->id);
	wire_push(w, h, sizeof(h));
	w->protocol = 44;
	push_ipv6(w, &f->src, &f->dst);
}

void
wire_extension(struct wire *w, uint8_t type, uint8_t units)
{
	uint8_t h[8 + 8 * 255] = {w->protocol, units};

	if (type == 51)
		h[1] = (uint8_t)(units * 2);
	wire_push(w, h, 8 + 8 * (size_t)units);
	w->protocol = type;
}

void
wire_hello(struct wire *w, bool v6)
{
	struct wire_tcp t = {
	    .src = wire_endpoint(v6 ? "2001:db8::7" : "10.1.0.7", 1025),
	    .dst = wire_endpoint(v6 ? "2001:db8::50" : "64.4.13.50", 1863),
	    .seq = 0x01020304,
	    .ack = 0x0a0b0c0d,
	    .flags = 0x18,
	};

	wire_start(w, bytes_str(WIRE_HELLO));
	wire_tcp(w, &t);
	wire_ip(w, t.src, t.dst);
}
