#include "capture/peel.h"

#define TAGS_MAX   8
#define LABELS_MAX 16

enum layer
peel_type(struct peel *p, uint16_t type)
{
	switch (type) {
	case 0x0800:
		return LAYER_IPV4;
	case 0x86dd:
		return LAYER_IPV6;
	case 0x8100:
	case 0x88a8:
	case 0x9100:
	case 0x9200:
		return LAYER_TAG;
	case 0x8847:
	case 0x8848:
		return LAYER_MPLS;
	case 0x8864:
		return LAYER_PPPOE;
	case 0x6558:
		return LAYER_ETHERNET;
	default:
		return peel_end(p, DECODE_OTHER);
	}
}

/* As peel_type where 1500 and less is the length of an IEEE 802.3 frame. */
static enum layer
type_or_length(struct peel *p, uint16_t type)
{
	if (type > 1500)
		return peel_type(p, type);
	peel_limit(p, type);
	return LAYER_LLC;
}

enum layer
peel_ethernet(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	struct packet *out = p->out;

	if (!peel_has(p, 14))
		return peel_bad(p, ODD_SHORT);
	memcpy(out->dst_mac, h, sizeof(out->dst_mac));
	memcpy(out->src_mac, h + 6, sizeof(out->src_mac));
	out->has_mac = true;
	p->tags = 0;
	peel_skip(p, 14);
	return type_or_length(p, load_be16(h + 12));
}

enum layer
peel_tag(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	uint16_t *vlan = p->out->vlan;
	uint16_t id;

	if (!peel_has(p, 4))
		return peel_bad(p, ODD_SHORT);
	if (p->tags == TAGS_MAX)
		return peel_too_deep(p);
	if (p->tags++ == 0)
		vlan[0] = vlan[1] = 0;
	id = load_be16(h) & 0x0fff;
	if (vlan[0] == 0)
		vlan[0] = id;
	else if (vlan[1] == 0)
		vlan[1] = id;
	peel_skip(p, 4);
	return type_or_length(p, load_be16(h + 2));
}

/* SNAP with the organisation codes that mean "an EtherType follows". */
static bool
is_snap(struct bytes b)
{
	static const uint8_t plain[6] = {0xaa, 0xaa, 3, 0, 0, 0};
	static const uint8_t bridged[6] = {0xaa, 0xaa, 3, 0, 0, 0xf8};

	return b.n >= 8 && (memcmp(b.p, plain, 6) == 0 || memcmp(b.p, bridged, 6) == 0);
}

enum layer
peel_llc(struct peel *p)
{
	const uint8_t *h = p->rest.p;

	if (!is_snap(p->rest))
		return peel_end(p, DECODE_OTHER);
	peel_skip(p, 8);
	return peel_type(p, load_be16(h + 6));
}

static bool
looks_ethernet(struct bytes b)
{
	uint16_t type;

	if (b.n < 14)
		return false;
	type = load_be16(b.p + 12);
	switch (type) {
	case 0x0800:
	case 0x0806:
	case 0x86dd:
	case 0x8100:
	case 0x88a8:
	case 0x8847:
	case 0x8864:
		return true;
	default:
		return type <= 1500 && is_snap(bytes_skip(b, 14));
	}
}

/* Whether the length an IP header states can be that of these bytes. */
static bool
looks_ip(const struct peel *p)
{
	const uint8_t *h = p->rest.p;

	if (h[0] >> 4 == 4)
		return (h[0] & 15) >= 5 &&
		       (!peel_has(p, 4) || load_be16(h + 2) <= p->wire);
	return h[0] >> 4 == 6 && (!peel_has(p, 6) || load_be16(h + 4) + 40U <= p->wire);
}

/*
 * Nothing says what a label stack carries, so its first bytes must: IP by its version,
 * else an Ethernet frame, at once or after a control word.  In that order: a tagged frame
 * looks like an untagged one four bytes on.
 */
static enum layer
labelled(struct peel *p)
{
	if (!peel_has(p, 1))
		return peel_bad(p, ODD_SHORT);
	if (looks_ip(p))
		return LAYER_IP;
	if (looks_ethernet(p->rest))
		return LAYER_ETHERNET;
	if (p->rest.p[0] >> 4 == 0 && looks_ethernet(bytes_skip(p->rest, 4))) {
		peel_skip(p, 4);
		return LAYER_ETHERNET;
	}
	if (p->rest.p[0] >> 4 == 4 || p->rest.p[0] >> 4 == 6)
		return LAYER_IP;
	return peel_end(p, DECODE_OTHER);
}

enum layer
peel_mpls(struct peel *p)
{
	bool bottom = false;
	size_t n;

	for (n = 0; n < LABELS_MAX && !bottom; n++) {
		if (!peel_has(p, 4))
			return peel_bad(p, ODD_SHORT);
		bottom = (p->rest.p[2] & 1) != 0;
		peel_skip(p, 4);
	}
	return bottom ? labelled(p) : peel_too_deep(p);
}

enum layer
peel_pppoe(struct peel *p)
{
	const uint8_t *h = p->rest.p;

	if (!peel_has(p, 6))
		return peel_bad(p, ODD_SHORT);
	if (h[0] != 0x11 || h[1] != 0)
		return peel_end(p, DECODE_OTHER);
	peel_skip(p, 6);
	peel_limit(p, load_be16(h + 4));
	return LAYER_PPP;
}

/* Address and control may be left out, and the protocol's leading zero byte, too. */
enum layer
peel_ppp(struct peel *p)
{
	uint16_t protocol;
	bool short_form;

	if (peel_has(p, 2) && (p->rest.p[0] == 0x0f || p->rest.p[0] == 0x8f) &&
	    p->rest.p[1] == 0)
		return LAYER_HDLC;
	if (peel_has(p, 2) && p->rest.p[0] == 0xff && p->rest.p[1] == 3)
		peel_skip(p, 2);
	if (!peel_has(p, 2))
		return peel_bad(p, ODD_SHORT);
	short_form = (p->rest.p[0] & 1) != 0;
	protocol = short_form ? p->rest.p[0] : load_be16(p->rest.p);
	peel_skip(p, short_form ? 1 : 2);
	switch (protocol) {
	case 0x0021:
		return LAYER_IPV4;
	case 0x0057:
		return LAYER_IPV6;
	case 0x0281:
	case 0x0283:
		return LAYER_MPLS;
	default:
		return peel_end(p, DECODE_OTHER);
	}
}

enum layer
peel_hdlc(struct peel *p)
{
	const uint8_t *h = p->rest.p;

	if (!peel_has(p, 4))
		return peel_bad(p, ODD_SHORT);
	peel_skip(p, 4);
	return peel_type(p, load_be16(h + 2));
}

/* In a cooked header small numbers are frame kinds, not lengths; 4 means LLC. */
static enum layer
cooked(struct peel *p, size_t header, uint16_t type)
{
	peel_skip(p, header);
	return type == 4 ? LAYER_LLC : peel_type(p, type);
}

enum layer
peel_sll(struct peel *p)
{
	if (!peel_has(p, 16))
		return peel_bad(p, ODD_SHORT);
	return cooked(p, 16, load_be16(p->rest.p + 14));
}

enum layer
peel_sll2(struct peel *p)
{
	if (!peel_has(p, 20))
		return peel_bad(p, ODD_SHORT);
	return cooked(p, 20, load_be16(p->rest.p));
}

/* The address family in the byte order of the machine that wrote it. */
enum layer
peel_null(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	uint32_t family;

	if (!peel_has(p, 4))
		return peel_bad(p, ODD_SHORT);
	family = load_be32(h);
	if (family > 0xffff)
		family = (uint32_t)h[3] << 24 | (uint32_t)h[2] << 16 |
			 (uint32_t)h[1] << 8 | h[0];
	peel_skip(p, 4);
	switch (family) {
	case 2:
		return LAYER_IPV4;
	case 10: /* Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return LAYER_IPV6;
	default:
		return peel_end(p, DECODE_OTHER);
	}
}
