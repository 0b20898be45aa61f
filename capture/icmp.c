#include "capture/icmp.h"

#define PROTO_ICMP   1
#define PROTO_TCP    6
#define PROTO_ICMPV6 58

#define UNREACHABLE       3
#define NEEDS_FRAGMENTING 4
#define UNREACHABLE_V6    1
#define QUOTE_SKIPPED     4 /* unused words of the ICMP header */
#define IPV6_HEADER       40

static void
ports_and_number(struct cur *c, struct icmp_quote *out)
{
	out->src.port = cur_be16(c);
	out->dst.port = cur_be16(c);
	out->seq = cur_be32(c);
}

static bool
quoted_v4(struct cur *c, struct icmp_quote *out)
{
	struct bytes header = cur_take(c, 20);
	size_t length;

	if (c->bad || header.p[0] >> 4 != 4 || header.p[9] != PROTO_TCP)
		return false;
	length = (size_t)(header.p[0] & 0x0f) * 4;
	if (length < 20 || (load_be16(header.p + 6) & 0x1fff) != 0)
		return false;
	out->src.addr = addr_v4(header.p + 12);
	out->dst.addr = addr_v4(header.p + 16);
	cur_skip(c, length - 20);
	ports_and_number(c, out);
	return !c->bad;
}

static bool
quoted_v6(struct cur *c, struct icmp_quote *out)
{
	struct bytes header = cur_take(c, IPV6_HEADER);

	if (c->bad || header.p[0] >> 4 != 6 || header.p[6] != PROTO_TCP)
		return false;
	out->src.addr = addr_v6(header.p + 8);
	out->dst.addr = addr_v6(header.p + 24);
	ports_and_number(c, out);
	return !c->bad;
}

bool
icmp_unreachable(const struct packet *p, struct icmp_quote *out)
{
	struct cur c = cur_of(p->payload);
	uint8_t type = cur_u8(&c), code = cur_u8(&c);

	cur_skip(&c, 2 + QUOTE_SKIPPED);
	out->code = code;
	if (p->proto == PROTO_ICMP)
		return type == UNREACHABLE && code != NEEDS_FRAGMENTING &&
		       quoted_v4(&c, out);
	return p->proto == PROTO_ICMPV6 && type == UNREACHABLE_V6 && quoted_v6(&c, out);
}
