/*
 * The inside of decode, for capture/decode.c and the files of its layers only.
 * A layer is a function that reads one header off the front and names the layer
 * that follows; decode.c calls them in one loop, so nothing recurses and the work per
 * frame is bounded.
 *
 * rest holds the captured bytes of the current layer, wire how many of them were sent;
 * rest.n <= wire holds throughout, and the difference is what the snap length cut.
 */
#ifndef CAPTURE_PEEL_H
#define CAPTURE_PEEL_H

#include "capture/decode.h"

/*
 * The link pads a datagram to the 46 bytes of a minimal Ethernet payload, 50 where
 * the frame check sequence was captured; only more than that is an oddity.
 */
#define PEEL_PADDED_MAX 50

enum layer {
	LAYER_DONE, /* the result stands in the peel */
	LAYER_ETHERNET,
	LAYER_TAG,
	LAYER_LLC,
	LAYER_MPLS,
	LAYER_PPPOE,
	LAYER_PPP,
	LAYER_HDLC,
	LAYER_SLL,
	LAYER_SLL2,
	LAYER_NULL,
	LAYER_IP, /* version unknown */
	LAYER_IPV4,
	LAYER_IPV6,
	LAYER_AH,
	LAYER_TCP,
	LAYER_UDP,
	LAYER_ICMP,
	LAYER_GRE,
	LAYER_VXLAN,
	LAYER_GENEVE,
	LAYER_TZSP,
	LAYER_COUNT
};

struct peel {
	struct bytes rest;
	size_t wire;
	uint32_t odd; /* bit per enum oddity, so each counts once a frame */
	enum decode result;
	uint8_t headers; /* IP headers peeled */
	uint8_t tags;    /* VLAN tags of this Ethernet frame */
	bool truncated;  /* a mirror says that it cut the frame */
	bool whole;      /* inside a datagram already put together */
	bool carries;    /* an IP header said that another packet follows */
	bool has_plain;
	struct packet *out;
	struct packet
	    *plain; /* with has_plain: the UDP packet, should no tunnel be in it */
};

static inline bool
peel_has(const struct peel *p, size_t n)
{
	return p->rest.n >= n;
}

/* Steps over n captured bytes; the caller has asked peel_has. */
static inline void
peel_skip(struct peel *p, size_t n)
{
	p->rest.p += n;
	p->rest.n -= n;
	p->wire -= n;
}

/* What lies beyond n bytes is not part of this layer. */
static inline void
peel_limit(struct peel *p, size_t n)
{
	if (p->wire > n)
		p->wire = n;
	if (p->rest.n > n)
		p->rest.n = n;
}

static inline void
peel_odd(struct peel *p, enum oddity odd)
{
	p->odd |= UINT32_C(1) << odd;
}

static inline enum layer
peel_end(struct peel *p, enum decode result)
{
	p->result = result;
	return LAYER_DONE;
}

static inline enum layer
peel_bad(struct peel *p, enum oddity why)
{
	peel_odd(p, why);
	return peel_end(p, DECODE_BAD);
}

static inline enum layer
peel_too_deep(struct peel *p)
{
	peel_odd(p, ODD_NEST);
	return peel_end(p, DECODE_OTHER);
}

/* Whether the words of an IPv4 header of n bytes add up. */
static inline bool
peel_sum_ok(const uint8_t *h, size_t n)
{
	uint64_t sum = 0, words;
	uint32_t last;

	for (; n >= 8; n -= 8, h += 8) {
		memcpy(&words, h, 8);
		sum += (words >> 32) + (words & 0xffffffff);
	}
	if (n >= 4) {
		memcpy(&last, h, 4);
		sum += last;
	}
	/* The sum is no zero: modulo 0xffff it is what the ends' carries make of it. */
	return sum % 0xffff == 0;
}

/*
 * The Ethernet frame that nearly all are, in one go: at most one VLAN tag, IPv4 without
 * options or IPv6 without extensions, and all of a TCP or UDP header that is no tunnel's.
 * DECODE_TCP or DECODE_UDP, as the layers would have it; DECODE_OTHER leaves the frame to
 * them, with nothing counted.
 */
enum decode peel_straight(
    const struct frame *f, struct packet *out, struct decode_stats *st);

/* As decode_frame, by the layers alone. */
enum decode peel_layers(
    const struct frame *f, struct packet *out, struct decode_stats *st);

/* What a UDP port carries: a tunnel's layer, or LAYER_DONE. */
static inline enum layer
peel_tunnel_of(uint16_t port)
{
	switch (port) {
	case 4754:
		return LAYER_GRE;
	case 4789:
	case 8472:
		return LAYER_VXLAN;
	case 6081:
		return LAYER_GENEVE;
	case 37008:
		return LAYER_TZSP;
	default:
		return LAYER_DONE;
	}
}

/* The layer an EtherType or an IP protocol number stands for. */
enum layer peel_type(struct peel *p, uint16_t type);
enum layer peel_protocol(struct peel *p, uint8_t protocol);

/* As peel_protocol, past the extension headers of IPv6. */
enum layer peel_extensions(struct peel *p, uint8_t protocol);

enum layer peel_ethernet(struct peel *p);
enum layer peel_tag(struct peel *p);
enum layer peel_llc(struct peel *p);
enum layer peel_mpls(struct peel *p);
enum layer peel_pppoe(struct peel *p);
enum layer peel_ppp(struct peel *p);
enum layer peel_hdlc(struct peel *p);
enum layer peel_sll(struct peel *p);
enum layer peel_sll2(struct peel *p);
enum layer peel_null(struct peel *p);
enum layer peel_ip(struct peel *p);
enum layer peel_ipv4(struct peel *p);
enum layer peel_ipv6(struct peel *p);
enum layer peel_ah(struct peel *p);
enum layer peel_tcp(struct peel *p);
enum layer peel_udp(struct peel *p);
enum layer peel_icmp(struct peel *p);
enum layer peel_gre(struct peel *p);
enum layer peel_vxlan(struct peel *p);
enum layer peel_geneve(struct peel *p);
enum layer peel_tzsp(struct peel *p);

#endif
