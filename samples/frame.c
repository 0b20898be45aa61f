#include "samples/frame.h"

#include <string.h>

#define ETHER_LEAST 60

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMP6 = 58 };

static void
store16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
store32(uint8_t *p, uint32_t v)
{
	store16(p, v >> 16);
	store16(p + 2, v & 0xffff);
}

static uint32_t
sum(uint32_t acc, const uint8_t *p, size_t n)
{
	for (; n > 1; n -= 2, p += 2)
		acc += load_be16(p);
	if (n == 1)
		acc += (uint32_t)*p << 8;
	return acc;
}

static unsigned
fold(uint32_t acc)
{
	while (acc >> 16 != 0)
		acc = (acc & 0xffff) + (acc >> 16);
	return ~acc & 0xffff;
}

static uint32_t
pseudo(const struct wire *w, uint8_t proto, size_t n)
{
	size_t from = addr_is_v4(&w->src.addr) ? 12 : 0;
	uint32_t acc = (uint32_t)(proto + n);

	acc = sum(acc, w->src.addr.v + from, 16 - from);
	return sum(acc, w->dst.addr.v + from, 16 - from);
}

static size_t
ether(uint8_t *out, const struct wire *w)
{
	size_t n = 12;

	memcpy(out, w->dst_mac, 6);
	memcpy(out + 6, w->src_mac, 6);
	if (w->vlan != 0) {
		store16(out + n, 0x8100);
		store16(out + n + 2, w->vlan);
		n += 4;
	}
	store16(out + n, addr_is_v4(&w->src.addr) ? 0x0800 : 0x86dd);
	return n + 2;
}

static size_t
ip4(uint8_t *p, const struct wire *w, uint8_t proto, size_t n)
{
	memset(p, 0, 20);
	p[0] = 0x45;
	store16(p + 2, (unsigned)(20 + n));
	store16(p + 4, w->id);
	p[6] = proto == PROTO_TCP ? 0x40 : 0;
	p[8] = w->ttl;
	p[9] = proto;
	memcpy(p + 12, w->src.addr.v + 12, 4);
	memcpy(p + 16, w->dst.addr.v + 12, 4);
	store16(p + 10, fold(sum(0, p, 20)));
	return 20;
}

static size_t
ip6(uint8_t *p, const struct wire *w, uint8_t proto, size_t n)
{
	memset(p, 0, 8);
	p[0] = 0x60;
	store16(p + 4, (unsigned)n);
	p[6] = proto;
	p[7] = w->ttl;
	memcpy(p + 8, w->src.addr.v, 16);
	memcpy(p + 24, w->dst.addr.v, 16);
	return 40;
}

/* Ethernet and IP heads for n bytes above them; the place of those bytes. */
static size_t
heads(uint8_t *out, const struct wire *w, uint8_t proto, size_t n)
{
	size_t at = ether(out, w);

	if (addr_is_v4(&w->src.addr))
		return at + ip4(out + at, w, proto, n);
	return at + ip6(out + at, w, proto, n);
}

static size_t
padded(uint8_t *out, size_t n)
{
	if (n >= ETHER_LEAST)
		return n;
	memset(out + n, 0, ETHER_LEAST - n);
	return ETHER_LEAST;
}

static size_t
syn_options(uint8_t *p)
{
	static const uint8_t options[] = {2, 4, 0x05, 0xb4, 1, 1, 4, 2};

	memcpy(p, options, sizeof(options));
	return sizeof(options);
}

size_t
frame_tcp(uint8_t out[FRAME_MAX], const struct wire *w, const struct tcp_part *t)
{
	uint8_t tcp[FRAME_MAX];
	size_t n = 20, at;

	memset(tcp, 0, n);
	store16(tcp, w->src.port);
	store16(tcp + 2, w->dst.port);
	store32(tcp + 4, t->seq);
	store32(tcp + 8, t->flags & TCP_ACK ? t->ack : 0);
	if (t->flags & TCP_SYN)
		n += syn_options(tcp + n);
	tcp[12] = (uint8_t)(n / 4 << 4);
	tcp[13] = t->flags;
	store16(tcp + 14, t->window);
	if (t->payload.n > 0)
		memcpy(tcp + n, t->payload.p, t->payload.n);
	n += t->payload.n;
	store16(tcp + 16, fold(sum(pseudo(w, PROTO_TCP, n), tcp, n)));
	at = heads(out, w, PROTO_TCP, n);
	memcpy(out + at, tcp, n);
	return padded(out, at + n);
}

size_t
frame_udp(uint8_t out[FRAME_MAX], const struct wire *w, struct bytes payload)
{
	size_t n = 8 + payload.n, at = heads(out, w, PROTO_UDP, n);
	uint8_t *p = out + at;
	unsigned check;

	store16(p, w->src.port);
	store16(p + 2, w->dst.port);
	store16(p + 4, (unsigned)n);
	store16(p + 6, 0);
	memcpy(p + 8, payload.p, payload.n);
	check = fold(sum(pseudo(w, PROTO_UDP, n), p, n));
	store16(p + 6, check == 0 ? 0xffff : check);
	return padded(out, at + n);
}

size_t
frame_prohibited(
    uint8_t out[FRAME_MAX], const struct wire *w, unsigned code, struct bytes offending)
{
	int v4 = addr_is_v4(&w->src.addr);
	uint8_t proto = v4 ? PROTO_ICMP : PROTO_ICMP6;
	struct bytes quote = bytes_take(offending, 128);
	size_t n = 8 + quote.n, at = heads(out, w, proto, n);
	uint8_t *p = out + at;

	memset(p, 0, 8);
	p[0] = v4 ? 3 : 1;
	p[1] = (uint8_t)code;
	memcpy(p + 8, quote.p, quote.n);
	store16(p + 2, fold(sum(v4 ? 0 : pseudo(w, proto, n), p, n)));
	return padded(out, at + n);
}
