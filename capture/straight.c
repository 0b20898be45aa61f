#include "capture/peel.h"

#define ETHERNET  14
#define IPV4      20
#define IPV6      40
#define TCP       20
#define UDP       8
#define PROTO_TCP 6
#define PROTO_UDP 17

/* What is left of the frame: captured bytes, and how many were sent. */
struct left {
	const uint8_t *p;
	size_t n, wire;
};

static inline void
step(struct left *l, size_t n)
{
	l->p += n;
	l->n -= n;
	l->wire -= n;
}

/* The EtherType behind the addresses and a tag; 0 for a frame too short. */
static inline uint16_t
ethernet(struct left *l, struct packet *out)
{
	const uint8_t *h = l->p;
	uint16_t type;

	if (l->n < ETHERNET + 4)
		return 0;
	memcpy(out->dst_mac, h, sizeof(out->dst_mac));
	memcpy(out->src_mac, h + 6, sizeof(out->src_mac));
	out->has_mac = true;
	out->vlan[0] = out->vlan[1] = 0;
	type = load_be16(h + 12);
	step(l, ETHERNET);
	if (type != 0x8100)
		return type;
	out->vlan[0] = load_be16(h + 14) & 0x0fff;
	step(l, 4);
	return load_be16(h + 16);
}

/* Holds the rest to the datagram's length, where only the link's padding lies beyond. */
static inline bool
fit(struct left *l, size_t total)
{
	if (total == l->wire)
		return true;
	if (total > l->wire || l->wire > PEEL_PADDED_MAX)
		return false;
	l->wire = total;
	if (l->n > total)
		l->n = total;
	return true;
}

static inline bool
ipv4(struct left *l, struct packet *out)
{
	const uint8_t *h = l->p;
	size_t total;

	if (l->n < IPV4 || h[0] != 0x45 || (load_be16(h + 6) & 0x3fff) != 0)
		return false;
	total = load_be16(h + 2);
	if (total < IPV4 || !fit(l, total))
		return false;
	out->src.addr = addr_v4(h + 12);
	out->dst.addr = addr_v4(h + 16);
	out->proto = h[9];
	out->ttl = h[8];
	out->ip = bytes_of(h, l->n);
	step(l, IPV4);
	return true;
}

static inline bool
ipv6(struct left *l, struct packet *out)
{
	const uint8_t *h = l->p;
	size_t length;

	if (l->n < IPV6 || h[0] >> 4 != 6)
		return false;
	length = load_be16(h + 4);
	if (length == 0 || !fit(l, IPV6 + length))
		return false;
	out->src.addr = addr_v6(h + 8);
	out->dst.addr = addr_v6(h + 24);
	out->proto = h[6];
	out->ttl = h[7];
	out->ip = bytes_of(h, l->n);
	step(l, IPV6);
	return true;
}

static inline bool
tcp(struct left *l, struct packet *out)
{
	const uint8_t *h = l->p;
	size_t header;

	if (l->n < TCP)
		return false;
	header = 4 * (size_t)(h[12] >> 4);
	if (header < TCP || header > l->n)
		return false;
	out->src.port = load_be16(h);
	out->dst.port = load_be16(h + 2);
	out->seq = load_be32(h + 4);
	out->ack = load_be32(h + 8);
	out->tcp_header = (uint8_t)header;
	out->tcp_flags = h[13];
	out->window = load_be16(h + 14);
	step(l, header);
	return true;
}

static inline bool
udp(struct left *l, struct packet *out)
{
	const uint8_t *h = l->p;

	if (l->n < UDP || load_be16(h + 4) != l->wire ||
	    peel_tunnel_of(load_be16(h + 2)) != LAYER_DONE)
		return false;
	out->src.port = load_be16(h);
	out->dst.port = load_be16(h + 2);
	out->tcp_flags = out->tcp_header = 0;
	out->seq = out->ack = out->window = 0;
	step(l, UDP);
	return true;
}

enum decode
peel_straight(const struct frame *f, struct packet *out, struct decode_stats *st)
{
	struct left l = {f->data.p, f->data.n, f->wire_len};
	enum decode what;
	uint16_t type;
	bool sum_bad;

	if (l.wire < l.n)
		l.wire = l.n;
	type = ethernet(&l, out);
	if (type == 0x0800 ? !ipv4(&l, out) : type != 0x86dd || !ipv6(&l, out))
		return DECODE_OTHER;
	sum_bad = type == 0x0800 && !peel_sum_ok(out->ip.p, IPV4);
	if (out->proto == PROTO_TCP ? !tcp(&l, out)
				    : out->proto != PROTO_UDP || !udp(&l, out))
		return DECODE_OTHER;
	out->ts = f->ts;
	out->nest = 0;
	out->cut = l.n < l.wire;
	out->payload = bytes_of(l.p, l.n);
	out->wire_payload = (uint32_t)l.wire;
	st->odd[ODD_IP_CHECKSUM] += sum_bad;
	st->odd[ODD_CUT] += out->cut;
	what = out->proto == PROTO_TCP ? DECODE_TCP : DECODE_UDP;
	st->by_result[what]++;
	return what;
}
