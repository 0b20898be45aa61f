#include "tests/wire.h"

static const uint8_t macs[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};

static void
push_u16(struct wire *w, size_t v)
{
	wire_push(w, (uint8_t[]){(uint8_t)(v >> 8), (uint8_t)v}, 2);
}

void
wire_ethernet(struct wire *w)
{
	push_u16(w, w->type);
	wire_push(w, macs, sizeof(macs));
	w->type = 0x6558;
}

void
wire_tag(struct wire *w, uint16_t tpid, uint16_t vlan)
{
	push_u16(w, w->type);
	push_u16(w, vlan);
	w->type = tpid;
}

void
wire_snap(struct wire *w)
{
	push_u16(w, w->type);
	wire_push(w, (uint8_t[]){0xaa, 0xaa, 3, 0, 0, 0}, 6);
	push_u16(w, wire_bytes(w).n);
	wire_push(w, macs, sizeof(macs));
	w->type = 0x6558;
}

void
wire_mpls(struct wire *w, uint32_t label)
{
	uint32_t bottom = w->type != 0x8847;

	push_u16(w, (label << 12 & 0xf000) | bottom << 8 | 64);
	push_u16(w, label >> 4);
	w->type = 0x8847;
	w->protocol = 137;
}

void
wire_control_word(struct wire *w)
{
	wire_push(w, (uint8_t[]){0, 0, 0, 7}, 4);
}

void
wire_ppp(struct wire *w, bool framed, bool compressed)
{
	uint8_t protocol = w->type == 0x86dd ? 0x57 : 0x21;

	wire_push(w, &protocol, 1);
	if (!compressed)
		wire_push(w, "", 1);
	if (framed)
		wire_push(w, "\xff\x03", 2);
	w->type = 0x880b;
}

void
wire_pppoe(struct wire *w)
{
	push_u16(w, wire_bytes(w).n);
	wire_push(w, (uint8_t[]){0x11, 0, 0, 9}, 4);
	w->type = 0x8864;
}

void
wire_hdlc(struct wire *w)
{
	push_u16(w, w->type);
	push_u16(w, 0x0f00);
}

void
wire_sll(struct wire *w)
{
	push_u16(w, w->type);
	wire_push(w, (uint8_t[]){0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, 14);
}

void
wire_sll2(struct wire *w)
{
	wire_push(
	    w, (uint8_t[]){0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, 18);
	push_u16(w, w->type);
}

void
wire_family(struct wire *w, bool big_endian, uint8_t inet6)
{
	uint8_t h[4] = {0};

	h[big_endian ? 3 : 0] = w->type == 0x86dd ? inet6 : 2;
	wire_push(w, h, sizeof(h));
}

void
wire_gre(struct wire *w, unsigned with)
{
	uint16_t flags = 0;

	if (with & WIRE_GRE_ROUTING) {
		wire_push(w, (uint8_t[]){0, 0, 0, 0}, 4);
		wire_push(w, (uint8_t[]){8, 0, 0, 4, 10, 0, 0, 1}, 8);
		flags |= 0x4000;
	}
	if (with & WIRE_GRE_SEQUENCE) {
		wire_push(w, (uint8_t[]){0, 0, 0, 5}, 4);
		flags |= 0x1000;
	}
	if (with & WIRE_GRE_KEY) {
		wire_push(w, (uint8_t[]){0xca, 0xfe, 0, 1}, 4);
		flags |= 0x2000;
	}
	if (with & (WIRE_GRE_CHECKSUM | WIRE_GRE_ROUTING))
		wire_push(w, (uint8_t[]){0xab, 0xcd, 0, 0}, 4);
	if (with & WIRE_GRE_CHECKSUM)
		flags |= 0x8000;
	push_u16(w, w->type);
	push_u16(w, flags);
	w->type = 0;
	w->protocol = 47;
}

void
wire_pptp(struct wire *w, bool ack)
{
	size_t n = wire_bytes(w).n;

	if (ack)
		wire_push(w, (uint8_t[]){0, 0, 0, 4}, 4);
	wire_push(w, (uint8_t[]){0, 0, 0, 5}, 4);
	push_u16(w, 77);
	push_u16(w, n);
	push_u16(w, 0x880b);
	push_u16(w, ack ? 0x3081 : 0x3001);
	w->protocol = 47;
}

void
wire_erspan(struct wire *w, unsigned kind)
{
	static const uint8_t two[8] = {0x10, 100, 0, 7, 0, 0, 0, 3};
	static const uint8_t three[12] = {0x20, 100, 0, 7, 1, 2, 3, 4};
	static const uint8_t sub[20] = {0x20, 100, 0, 7, 1, 2, 3, 4, 0, 0, 0, 1, 0x0c};

	if (kind == 2)
		wire_push(w, two, sizeof(two));
	else if (kind == 3)
		wire_push(w, three, sizeof(three));
	else if (kind == 4)
		wire_push(w, sub, sizeof(sub));
	w->type = kind > 2 ? 0x22eb : 0x88be;
	wire_gre(w, kind == 1 ? 0 : WIRE_GRE_SEQUENCE);
}

void
wire_vxlan(struct wire *w)
{
	wire_push(w, (uint8_t[]){8, 0, 0, 0, 0, 0x12, 0x34, 0}, 8);
}

void
wire_geneve(struct wire *w, uint8_t option_words)
{
	static const uint8_t zero[4 * 63];

	wire_push(w, zero, 4 * (size_t)option_words);
	wire_push(w, (uint8_t[]){0, 0x12, 0x34, 0}, 4);
	push_u16(w, w->type);
	push_u16(w, (size_t)option_words << 8);
}

void
wire_tzsp(struct wire *w)
{
	wire_push(w, (uint8_t[]){1, 0, 0, 1, 0, 10, 1, 0x55, 1}, 9);
}
