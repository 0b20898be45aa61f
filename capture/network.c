#include "capture/peel.h"

#define EXTENSIONS_MAX 8

enum protocol {
	PROTO_HOP_BY_HOP = 0,
	PROTO_ICMP = 1,
	PROTO_IPV4 = 4,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_IPV6 = 41,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_GRE = 47,
	PROTO_AH = 51,
	PROTO_ICMPV6 = 58,
	PROTO_NONE = 59,
	PROTO_DESTINATION = 60,
	PROTO_IPIP = 94,
	PROTO_MOBILITY = 135,
	PROTO_MPLS = 137,
	PROTO_HIP = 139,
	PROTO_SHIM6 = 140,
};

struct fragment {
	uint32_t id;
	uint32_t offset;
	bool more;
	uint8_t protocol;
};

static enum layer
carried(struct peel *p, uint8_t protocol)
{
	p->carries = true;
	switch (protocol) {
	case PROTO_IPV4:
	case PROTO_IPIP:
		return LAYER_IPV4;
	case PROTO_IPV6:
		return LAYER_IPV6;
	case PROTO_GRE:
		return LAYER_GRE;
	case PROTO_MPLS:
		return LAYER_MPLS;
	default:
		return peel_end(p, DECODE_OTHER);
	}
}

enum layer
peel_protocol(struct peel *p, uint8_t protocol)
{
	p->out->proto = protocol;
	switch (protocol) {
	case PROTO_TCP:
		return LAYER_TCP;
	case PROTO_UDP:
		return LAYER_UDP;
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		return LAYER_ICMP;
	case PROTO_AH:
		return LAYER_AH;
	default:
		return carried(p, protocol);
	}
}

/* False when this is one IP header too many. */
static bool
enter(struct peel *p)
{
	if (p->headers == DECODE_NEST_MAX)
		return false;
	if (p->headers != 0)
		peel_odd(p, ODD_TUNNELLED);
	p->out->nest = p->headers++;
	p->whole = false;
	return true;
}

/* Holds the layer to the length that the IP header states. */
static void
trim(struct peel *p, size_t total)
{
	if (total > p->wire) {
		if (p->truncated)
			p->wire = total;
		else
			peel_odd(p, ODD_IP_LENGTH);
		return;
	}
	if (total < p->wire && p->wire > PEEL_PADDED_MAX)
		peel_odd(p, ODD_PADDING);
	peel_limit(p, total);
}

static enum layer
piece(struct peel *p, const struct fragment *f)
{
	struct packet *out = p->out;

	out->proto = f->protocol;
	out->src.port = out->dst.port = 0;
	out->tcp_flags = out->tcp_header = 0;
	out->seq = out->ack = out->window = 0;
	out->frag_id = f->id;
	out->frag_offset = f->offset;
	out->frag_more = f->more;
	out->frag_proto = f->protocol;
	out->frag_bytes = out->payload = p->rest;
	out->wire_payload = (uint32_t)p->wire;
	out->cut = p->rest.n < p->wire;
	if (out->cut)
		peel_odd(p, ODD_CUT);
	return peel_end(p, DECODE_FRAGMENT);
}

enum layer
peel_ipv4(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	struct packet *out = p->out;
	size_t header, total;
	uint16_t fragment;

	if (!peel_has(p, 20))
		return peel_bad(p, ODD_SHORT);
	if (h[0] >> 4 != 4)
		return peel_bad(p, ODD_IP_VERSION);
	header = 4 * (size_t)(h[0] & 15);
	total = load_be16(h + 2);
	if (header < 20 || header > p->wire || (total != 0 && total < header))
		return peel_bad(p, ODD_IP_HEADER);
	if (!peel_has(p, header))
		return peel_bad(p, ODD_SHORT);
	if (!enter(p))
		return peel_too_deep(p);
	if (total == 0)
		peel_odd(p, ODD_IP_ZERO_LEN);
	else if (total != p->wire)
		trim(p, total);
	if (!peel_sum_ok(h, header))
		peel_odd(p, ODD_IP_CHECKSUM);
	out->src.addr = addr_v4(h + 12);
	out->dst.addr = addr_v4(h + 16);
	out->ttl = h[8];
	out->ip = p->rest;
	peel_skip(p, header);
	fragment = load_be16(h + 6);
	if ((fragment & 0x3fff) != 0)
		return piece(
		    p, &(struct fragment){load_be16(h + 4), 8 * (fragment & 0x1fffU),
			   (fragment & 0x2000) != 0, h[9]});
	return peel_protocol(p, h[9]);
}

enum layer
peel_ipv6(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	struct packet *out = p->out;
	size_t length;

	if (!peel_has(p, 40))
		return peel_bad(p, ODD_SHORT);
	if (h[0] >> 4 != 6)
		return peel_bad(p, ODD_IP_VERSION);
	if (!enter(p))
		return peel_too_deep(p);
	length = load_be16(h + 4);
	if (length != 0 || h[6] == PROTO_NONE)
		trim(p, 40 + length);
	else if (p->wire > 40)
		peel_odd(p, ODD_IP_ZERO_LEN);
	out->src.addr = addr_v6(h + 8);
	out->dst.addr = addr_v6(h + 24);
	out->ttl = h[7];
	out->ip = p->rest;
	peel_skip(p, 40);
	return peel_extensions(p, h[6]);
}

enum layer
peel_ip(struct peel *p)
{
	if (!peel_has(p, 1))
		return peel_bad(p, ODD_SHORT);
	return p->rest.p[0] >> 4 == 6 ? LAYER_IPV6 : LAYER_IPV4;
}

/* Bytes of an extension header that begins with h; 0: not one. */
static size_t
extension_size(uint8_t protocol, const uint8_t *h)
{
	switch (protocol) {
	case PROTO_HOP_BY_HOP:
	case PROTO_ROUTING:
	case PROTO_DESTINATION:
	case PROTO_MOBILITY:
	case PROTO_HIP:
	case PROTO_SHIM6:
		return 8 + 8 * (size_t)h[1];
	case PROTO_AH:
		return 8 + 4 * (size_t)h[1];
	case PROTO_FRAGMENT:
		return 8;
	default:
		return 0;
	}
}

/* The header lies outside the packet, or only outside what was captured. */
static enum layer
torn(struct peel *p, size_t size)
{
	return peel_bad(p, size > p->wire ? ODD_EXT_HEADERS : ODD_SHORT);
}

enum layer
peel_extensions(struct peel *p, uint8_t protocol)
{
	static const uint8_t probe[2];
	const uint8_t *h;
	size_t n, size;

	for (n = 0; n <= EXTENSIONS_MAX; n++) {
		if (extension_size(protocol, probe) == 0)
			return peel_protocol(p, protocol);
		if (!peel_has(p, 8))
			return torn(p, 8);
		h = p->rest.p;
		size = extension_size(protocol, h);
		if (!peel_has(p, size))
			return torn(p, size);
		peel_skip(p, size);
		if (protocol == PROTO_FRAGMENT && (load_be16(h + 2) & 0xfff9) != 0) {
			if (p->whole)
				break;
			return piece(
			    p, &(struct fragment){load_be32(h + 4),
				   load_be16(h + 2) & 0xfff8U, (h[3] & 1) != 0, h[0]});
		}
		protocol = h[0];
	}
	return peel_bad(p, ODD_EXT_HEADERS);
}

enum layer
peel_ah(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	size_t size;

	if (!peel_has(p, 12))
		return peel_bad(p, ODD_SHORT);
	size = extension_size(PROTO_AH, h);
	if (!peel_has(p, size))
		return peel_bad(p, ODD_SHORT);
	peel_skip(p, size);
	return peel_protocol(p, h[0]);
}
