#include <stdlib.h>
#include <string.h>

#include "tests/reshape/layers.h"

static uint8_t *
push(struct build *b, size_t n)
{
	if ((size_t)(b->p - b->buf) < n)
		abort();
	b->p -= n;
	memset(b->p, 0, n);
	return b->p;
}

static void
put_strip(struct build *b)
{
	if (build_size(b) < ETH_LEN) {
		b->drop = true;
		return;
	}
	b->type = load_be16(b->p + 12);
	b->p += ETH_LEN;
}

/* For layers that carry nothing but IP. */
static void
put_ip(struct build *b)
{
	put_strip(b);
	b->drop = b->drop || !build_is_ip(b);
}

static void
put_eth(struct build *b)
{
	uint8_t *p = push(b, ETH_LEN);

	memcpy(p, b->macs, sizeof(b->macs));
	put16(p + 12, b->type);
	b->type = ETH_TEB;
}

static void
tag(struct build *b, unsigned vid, unsigned type)
{
	uint8_t *p = push(b, 4);

	put16(p, vid);
	put16(p + 2, b->type);
	b->type = type;
}

static void
put_tag(struct build *b)
{
	tag(b, 0x2064, 0x8100);
}

static void
put_stag(struct build *b)
{
	tag(b, 0x00c8, 0x88a8);
}

static void
put_label_bottom(struct build *b)
{
	store_be32(push(b, 4), 0x00012000 | 0x100 | 0x40);
	b->type = 0x8847;
}

static void
put_label(struct build *b)
{
	store_be32(push(b, 4), 0x00034000 | 0x3f);
}

static void
put_cw(struct build *b)
{
	put16(push(b, 4) + 2, b->count & 0xffff);
}

static void
put_pppoe(struct build *b)
{
	size_t n = build_size(b) + 2;
	uint8_t *p = push(b, 8);

	p[0] = 0x11;
	put16(p + 2, 0x0bad);
	put16(p + 4, (unsigned)n);
	put16(p + 6, b->type == ETH_IP4 ? 0x0021 : 0x0057);
	b->type = 0x8864;
}

static void
put_ip4(struct build *b)
{
	size_t n = build_size(b);
	unsigned proto = b->proto;

	if (proto == 0)
		proto = b->type == ETH_IP4 ? P_IP4 : P_IP6;
	wire_ip4(push(b, IP4_LEN), proto, n);
	b->type = ETH_IP4;
	b->proto = 0;
}

static void
put_ip6(struct build *b)
{
	size_t n = build_size(b);

	wire_ip6(push(b, IP6_LEN), b->type == ETH_IP4 ? P_IP4 : P_IP6, n);
	b->type = ETH_IP6;
}

static uint8_t *
gre(struct build *b, size_t n, unsigned flags, unsigned type)
{
	uint8_t *p = push(b, n);

	put16(p, flags);
	put16(p + 2, type);
	b->proto = P_GRE;
	return p;
}

static void
put_gre(struct build *b)
{
	gre(b, 4, 0, b->type);
}

static void
put_gre_key(struct build *b)
{
	uint8_t *p = gre(b, 16, 0xb000, b->type);

	store_be32(p + 8, 0x00c0ffee);
	store_be32(p + 12, b->count);
	put16(p + 4, sum_end(sum_add(0, p, build_size(b))));
}

static void
put_erspan1(struct build *b)
{
	gre(b, 4, 0, 0x88be);
}

static void
put_erspan2(struct build *b)
{
	store_be32(push(b, 8), 0x10641001); /* version 1, VLAN 100, session 1 */
	store_be32(gre(b, 8, 0x1000, 0x88be) + 4, b->count);
}

static void
erspan3(struct build *b, bool platform)
{
	uint8_t *p;

	if (platform)
		store_be32(push(b, 8), 0x0c000007); /* platform 3, port 7 */
	p = push(b, 12);
	store_be32(p, 0x20640001);
	store_be32(p + 4, b->count * 100);
	put16(p + 10, platform ? 1 : 0);
	store_be32(gre(b, 8, 0x1000, 0x22eb) + 4, b->count);
}

static void
put_erspan3(struct build *b)
{
	erspan3(b, false);
}

static void
put_erspan3p(struct build *b)
{
	erspan3(b, true);
}

static void
udp(struct build *b, unsigned port)
{
	size_t n = build_size(b) + 8;
	uint8_t *p = push(b, 8);

	put16(p, 49152 + (b->count & 0xfff));
	put16(p + 2, port);
	put16(p + 4, (unsigned)n);
	b->proto = P_UDP;
}

static void
put_vxlan(struct build *b)
{
	uint8_t *p = push(b, 8);

	p[0] = 0x08;
	store_be32(p + 4, 0x00123400);
	udp(b, 4789);
}

static void
put_geneve(struct build *b)
{
	uint8_t *p = push(b, 16);

	p[0] = 2; /* words of options */
	put16(p + 2, b->type);
	store_be32(p + 4, 0x00567800);
	put16(p + 8, 0xff01); /* experimental class, type 0, one word of data */
	p[11] = 1;
	store_be32(p + 12, 0xfeedface);
	udp(b, 6081);
}

static void
put_tzsp(struct build *b)
{
	uint8_t *p = push(b, 9);

	p[0] = 1;  /* version; type 0: received packet */
	p[3] = 1;  /* Ethernet */
	p[5] = 10; /* signal strength, one byte; a padding tag (0) stands before it */
	p[6] = 1;
	p[7] = 0xc4;
	p[8] = 1; /* end of tags */
	udp(b, 37008);
}

static void
put_only4(struct build *b)
{
	b->drop = b->drop || b->type != ETH_IP4;
}

static void
put_only6(struct build *b)
{
	b->drop = b->drop || b->type != ETH_IP6;
}

/* DLT_NULL is in the byte order of the machine that wrote the file. */
static void
put_null(struct build *b)
{
	push(b, 4)[0] = b->type == ETH_IP4 ? 2 : 30;
}

static void
put_loop(struct build *b)
{
	store_be32(push(b, 4), b->type == ETH_IP4 ? 2 : 30);
}

static void
put_sll(struct build *b)
{
	uint8_t *p = push(b, 16);

	put16(p + 2, 1);
	put16(p + 4, 6);
	memcpy(p + 6, b->macs + 6, 6);
	put16(p + 14, b->type);
}

static void
put_sll2(struct build *b)
{
	uint8_t *p = push(b, 20);

	put16(p, b->type);
	store_be32(p + 4, 2);
	put16(p + 8, 1);
	p[11] = 6;
	memcpy(p + 12, b->macs + 6, 6);
}

static void
put_ppp(struct build *b)
{
	put16(push(b, 2), b->type == ETH_IP4 ? 0x0021 : 0x0057);
}

static void
put_hdlc(struct build *b)
{
	put16(push(b, 2), 0xff03);
}

static const struct layer layers[] = {
    {"strip", put_strip, -1},
    {"ip", put_ip, LINK_RAW},
    {"eth", put_eth, LINK_ETHERNET},
    {"tag", put_tag, -1},
    {"stag", put_stag, -1},
    {"label-bottom", put_label_bottom, -1},
    {"label", put_label, -1},
    {"cw", put_cw, -1},
    {"pppoe", put_pppoe, -1},
    {"ip4", put_ip4, LINK_RAW},
    {"ip6", put_ip6, LINK_RAW},
    {"gre", put_gre, -1},
    {"gre-key", put_gre_key, -1},
    {"erspan1", put_erspan1, -1},
    {"erspan2", put_erspan2, -1},
    {"erspan3", put_erspan3, -1},
    {"erspan3p", put_erspan3p, -1},
    {"vxlan", put_vxlan, -1},
    {"geneve", put_geneve, -1},
    {"tzsp", put_tzsp, -1},
    {"only4", put_only4, LINK_IPV4},
    {"only6", put_only6, LINK_IPV6},
    {"null", put_null, LINK_NULL},
    {"loop", put_loop, LINK_LOOP},
    {"nullbe", put_loop, LINK_NULL},
    {"sll", put_sll, LINK_SLL},
    {"sll2", put_sll2, LINK_SLL2},
    {"ppp", put_ppp, LINK_PPP},
    {"hdlc", put_hdlc, LINK_PPP},
};

const struct layer *
layer_named(struct bytes name)
{
	size_t i;

	for (i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		if (bytes_eq(bytes_str(layers[i].name), name))
			return &layers[i];
	abort();
}
