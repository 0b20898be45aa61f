#include "capture/peel.h"

#define TZSP_FIELDS_MAX 64
#define GRE_ROUTES_MAX  16

enum gre_bits {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080,
	GRE_VERSION = 0x0007,
};

/* A header that cannot be meant: the packet is of no tunnel we know. */
static enum layer
contradiction(struct peel *p)
{
	peel_odd(p, ODD_TUNNEL);
	return peel_end(p, DECODE_OTHER);
}

/* The header needs n bytes that are not there, or were not captured. */
static enum layer
torn(struct peel *p, size_t n)
{
	return n > p->wire ? contradiction(p) : peel_bad(p, ODD_SHORT);
}

/* PPTP (RFC 2637): the key is the length of the payload and the call's number. */
static enum layer
pptp(struct peel *p, uint16_t flags)
{
	size_t header = 8, length;

	if ((flags & GRE_KEY) == 0 || (flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0)
		return contradiction(p);
	header += (flags & GRE_SEQUENCE) ? 4 : 0;
	header += (flags & GRE_ACK) ? 4 : 0;
	if (!peel_has(p, header))
		return torn(p, header);
	length = load_be16(p->rest.p + 4);
	peel_skip(p, header);
	if ((flags & GRE_SEQUENCE) == 0)
		return peel_end(p, DECODE_OTHER);
	if (length > p->wire)
		return contradiction(p);
	peel_limit(p, length);
	return LAYER_PPP;
}

/* Source routes (RFC 1701): family, offset, length; a length of zero ends them. */
static bool
skip_routes(struct cur *c)
{
	size_t n;
	uint8_t length;

	for (n = 0; n < GRE_ROUTES_MAX && !c->bad; n++) {
		cur_skip(c, 3);
		length = cur_u8(c);
		if (!c->bad && length == 0)
			return true;
		cur_skip(c, length);
	}
	return false;
}

static enum layer
erspan(struct peel *p, uint8_t version)
{
	const uint8_t *h = p->rest.p;
	size_t header = version == 1 ? 8 : 12;

	if (!peel_has(p, header))
		return torn(p, header);
	if (h[0] >> 4 != version)
		return contradiction(p);
	if ((h[2] & 0x04) != 0)
		p->truncated = true;
	if (version == 1) {
		peel_skip(p, 8);
		return LAYER_ETHERNET;
	}
	header += (h[11] & 1) ? 8 : 0;
	if (!peel_has(p, header))
		return torn(p, header);
	peel_skip(p, header);
	switch (h[10] >> 2 & 0x1f) {
	case 0:
		return LAYER_ETHERNET;
	case 2:
		return LAYER_IP;
	default:
		return peel_end(p, DECODE_OTHER);
	}
}

static enum layer
gre_payload(struct peel *p, uint16_t flags, uint16_t type)
{
	switch (type) {
	case 0x88be:
		return (flags & GRE_SEQUENCE) ? erspan(p, 1) : LAYER_ETHERNET;
	case 0x22eb:
		return erspan(p, 2);
	default:
		return peel_type(p, type);
	}
}

enum layer
peel_gre(struct peel *p)
{
	struct cur c = cur_of(p->rest);
	uint16_t flags = cur_be16(&c), type = cur_be16(&c);

	if (c.bad)
		return torn(p, 4);
	if ((flags & GRE_VERSION) == 1 && type == 0x880b)
		return pptp(p, flags);
	if ((flags & GRE_VERSION) != 0)
		return contradiction(p);
	cur_skip(&c, (flags & (GRE_CHECKSUM | GRE_ROUTING)) ? 4 : 0);
	cur_skip(&c, (flags & GRE_KEY) ? 4 : 0);
	cur_skip(&c, (flags & GRE_SEQUENCE) ? 4 : 0);
	if (!c.bad && (flags & GRE_ROUTING) != 0 && !skip_routes(&c) && !c.bad)
		return contradiction(p);
	if (c.bad)
		return torn(p, p->rest.n + 1);
	peel_skip(p, p->rest.n - cur_left(&c));
	return gre_payload(p, flags, type);
}

enum layer
peel_vxlan(struct peel *p)
{
	const uint8_t *h = p->rest.p;

	if (!peel_has(p, 8))
		return torn(p, 8);
	if ((h[0] & 0x08) == 0 || h[7] != 0)
		return contradiction(p);
	peel_skip(p, 8);
	return LAYER_ETHERNET;
}

enum layer
peel_geneve(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	size_t header;

	if (!peel_has(p, 8))
		return torn(p, 8);
	header = 8 + 4 * (size_t)(h[0] & 0x3f);
	if (h[0] >> 6 != 0 || header > p->wire)
		return contradiction(p);
	if (!peel_has(p, header))
		return torn(p, header);
	if ((h[1] & 0x80) != 0)
		return peel_end(p, DECODE_OTHER);
	peel_skip(p, header);
	return peel_type(p, load_be16(h + 2));
}

/* Tagged fields up to the end mark; only padding and the mark have no length. */
static bool
skip_fields(struct cur *c)
{
	size_t n;
	uint8_t tag;

	for (n = 0; n < TZSP_FIELDS_MAX; n++) {
		tag = cur_u8(c);
		if (c->bad || tag == 1)
			return !c->bad;
		if (tag != 0)
			cur_skip(c, cur_u8(c));
	}
	return false;
}

enum layer
peel_tzsp(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	struct cur c = cur_of(bytes_skip(p->rest, 4));

	if (!peel_has(p, 4))
		return torn(p, 4);
	if (h[0] != 1)
		return contradiction(p);
	if (h[1] > 1 || load_be16(h + 2) != 1)
		return peel_end(p, DECODE_OTHER);
	if (!skip_fields(&c))
		return c.bad ? torn(p, p->rest.n + 1) : contradiction(p);
	peel_skip(p, p->rest.n - cur_left(&c));
	return LAYER_ETHERNET;
}
