#include "enforce/reset.h"

#include <string.h>

#include "base/bytes.h"

#define TYPE_IPV4   0x0800
#define TYPE_IPV6   0x86dd
#define TPID_INNER  0x8100 /* IEEE 802.1Q: of the only tag, and of the inner one */
#define TPID_OUTER  0x88a8 /* IEEE 802.1ad */
#define PROTO_TCP   6
#define TTL_DEFAULT 64
#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define TCP_HEADER  20
#define DONT_BREAK  0x4000
#define FLAG_RST    0x04
#define FLAG_ACK    0x10

/* One frame in the making: headers are put one behind the other. */
struct draft {
	const struct reset_seat *seat;
	const struct reset_how *how;
	enum side to;
	uint32_t seq;
	uint16_t cookie;
	uint8_t *p;
};

static uint16_t
cookie_of(const struct hash_key *key, const struct tuple *ends, uint32_t seq)
{
	struct {
		struct tuple ends;
		uint32_t seq;
	} of;
	uint16_t cookie;

	memset(&of, 0, sizeof(of));
	(void)tuple_order(ends, &of.ends);
	of.seq = seq;
	cookie = (uint16_t)(hash_bytes(key, &of, sizeof(of)) >> 48);
	return cookie != 0 ? cookie : 1;
}

bool
reset_is_own(
    const struct hash_key *key, const struct tuple *ends, uint32_t seq, uint16_t window)
{
	return window == cookie_of(key, ends, seq);
}

bool
reset_aim(const struct reset_seat *seat, enum side to, uint32_t *seq)
{
	const struct reset_end *from = &seat->end[side_other(to)];

	if (from->has_sent && (!from->has_acked || reset_after(from->sent, from->acked)))
		*seq = from->sent;
	else
		*seq = from->acked;
	return from->has_sent || from->has_acked;
}

/* Whether there is a second number for that end: it has not acknowledged all. */
static bool
in_flight(const struct reset_seat *seat, enum side to)
{
	const struct reset_end *from = &seat->end[side_other(to)];

	return from->has_sent && from->has_acked && reset_after(from->sent, from->acked);
}

static uint32_t
sum(uint32_t s, const uint8_t *p, size_t n)
{
	for (; n >= 2; n -= 2, p += 2)
		s += load_be16(p);
	return s;
}

static uint16_t
fold(uint32_t s)
{
	while (s >> 16 != 0)
		s = (s >> 16) + (s & 0xffff);
	return (uint16_t)~s;
}

static struct reset_link
link_to(const struct reset_seat *seat, enum side to)
{
	const struct reset_link *other = &seat->end[to].link;
	struct reset_link l = seat->end[side_other(to)].link;

	if (l.known)
		return l;
	l = *other;
	memcpy(l.from, other->to, sizeof(l.from));
	memcpy(l.to, other->from, sizeof(l.to));
	return l;
}

static void
put_tags(struct draft *d, const struct reset_link *l)
{
	bool two = l->vlan[0] != 0 && l->vlan[1] != 0;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (l->vlan[i] == 0)
			continue;
		if (l->tpid[i] != 0)
			store_be16(d->p, l->tpid[i]);
		else
			store_be16(d->p, two && i == 0 ? TPID_OUTER : TPID_INNER);
		store_be16(d->p + 2, l->vlan[i]);
		d->p += 4;
	}
}

static bool
put_ethernet(struct draft *d, bool v4)
{
	struct reset_link l = link_to(d->seat, d->to);

	if (!l.known)
		return false;
	memcpy(d->p, l.to, sizeof(l.to));
	memcpy(d->p + 6, d->how->mac != NULL ? d->how->mac : l.from, sizeof(l.from));
	d->p += 12;
	put_tags(d, &l);
	store_be16(d->p, v4 ? TYPE_IPV4 : TYPE_IPV6);
	d->p += 2;
	return true;
}

static uint8_t
ttl_of(const struct draft *d)
{
	uint8_t ttl = d->seat->end[side_other(d->to)].ttl;

	return ttl != 0 ? ttl : TTL_DEFAULT;
}

/* A whole datagram needs no identification of its own (RFC 6864, section 4). */
static void
put_ipv4(struct draft *d, const struct addr *src, const struct addr *dst)
{
	uint8_t *h = d->p;

	memset(h, 0, IPV4_HEADER);
	h[0] = 0x45;
	store_be16(h + 2, IPV4_HEADER + TCP_HEADER);
	store_be16(h + 4, d->cookie);
	store_be16(h + 6, DONT_BREAK);
	h[8] = ttl_of(d);
	h[9] = PROTO_TCP;
	memcpy(h + 12, src->v + 12, 4);
	memcpy(h + 16, dst->v + 12, 4);
	store_be16(h + 10, fold(sum(0, h, IPV4_HEADER)));
	d->p += IPV4_HEADER;
}

static void
put_ipv6(struct draft *d, const struct addr *src, const struct addr *dst)
{
	uint8_t *h = d->p;

	memset(h, 0, IPV6_HEADER);
	h[0] = 0x60;
	store_be16(h + 4, TCP_HEADER);
	h[6] = PROTO_TCP;
	h[7] = ttl_of(d);
	memcpy(h + 8, src->v, sizeof(src->v));
	memcpy(h + 24, dst->v, sizeof(dst->v));
	d->p += IPV6_HEADER;
}

static void
put_tcp(struct draft *d, const struct endpoint *src, const struct endpoint *dst)
{
	const struct reset_end *to = &d->seat->end[d->to];
	size_t skip = addr_is_v4(&src->addr) ? 12 : 0;
	bool ack = to->has_sent || to->has_acked;
	uint8_t *h = d->p;
	uint32_t s = PROTO_TCP + TCP_HEADER;
	uint16_t check;

	memset(h, 0, TCP_HEADER);
	store_be16(h, src->port);
	store_be16(h + 2, dst->port);
	store_be32(h + 4, d->seq);
	if (ack)
		store_be32(h + 8, to->has_acked ? to->acked : to->sent);
	h[12] = TCP_HEADER / 4 << 4;
	h[13] = ack ? FLAG_RST | FLAG_ACK : FLAG_RST;
	store_be16(h + 14, d->cookie);
	s = sum(s, src->addr.v + skip, sizeof(src->addr.v) - skip);
	s = sum(s, dst->addr.v + skip, sizeof(dst->addr.v) - skip);
	check = fold(sum(s, h, TCP_HEADER));
	/* The same number, but nobody takes it for a checksum left out. */
	store_be16(h + 16, check != 0 ? check : 0xffff);
	d->p += TCP_HEADER;
}

static bool
put_frame(struct draft *d, struct reset_frame *out)
{
	const struct tuple *t = &d->seat->tuple;
	const struct endpoint *src = d->to == SIDE_CLIENT ? &t->server : &t->client;
	const struct endpoint *dst = d->to == SIDE_CLIENT ? &t->client : &t->server;
	bool v4 = addr_is_v4(&src->addr);

	if (v4 != addr_is_v4(&dst->addr))
		return false;
	d->p = out->octets;
	d->cookie = cookie_of(d->how->key, t, d->seq);
	if (d->how->layer == RESET_ETHERNET && !put_ethernet(d, v4))
		return false;
	if (v4)
		put_ipv4(d, &src->addr, &dst->addr);
	else
		put_ipv6(d, &src->addr, &dst->addr);
	put_tcp(d, src, dst);
	out->to = d->to;
	out->seq = d->seq;
	out->n = (size_t)(d->p - out->octets);
	return true;
}

size_t
reset_build(const struct reset_seat *seat, const struct reset_how *how,
    struct reset_frame out[RESET_VOLLEY_MAX])
{
	enum side order[2] = {side_other(seat->speaker), seat->speaker};
	struct draft d = {.seat = seat, .how = how};
	bool more = true;
	size_t i, n = 0;

	for (i = 0; i < 2; i++) {
		d.to = order[i];
		if (reset_aim(seat, d.to, &d.seq))
			n += put_frame(&d, &out[n]);
	}
	for (i = 0; i < 2 && more; i++) {
		d.to = order[i];
		if (!in_flight(seat, d.to))
			continue;
		d.seq = seat->end[side_other(d.to)].acked;
		n += put_frame(&d, &out[n]);
		more = false;
	}
	return n;
}
