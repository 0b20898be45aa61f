/*
 * Reading and writing the headers of plain Ethernet frames: where things are,
 * checksums, and TCP segments made like another.
 */
#ifndef RESHAPE_WIRE_H
#define RESHAPE_WIRE_H

#include "base/addr.h"
#include "base/bytes.h"
#include "tests/put.h"
#include "tests/reshape/trace.h"

#define ETH_LEN 14
#define ETH_IP4 0x0800
#define ETH_IP6 0x86dd
#define ETH_TEB 0x6558 /* an Ethernet frame inside */
#define IP4_LEN 20
#define IP6_LEN 40
#define P_ICMP  1
#define P_IP4   4
#define P_TCP   6
#define P_UDP   17
#define P_IP6   41
#define P_FRAG  44
#define P_GRE   47
#define P_ICMP6 58

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10

/* Where the parts of one IP packet stand, as offsets into its frame. */
struct view {
	bool v6;
	uint8_t proto;
	uint8_t flags; /* TCP */
	size_t l3;
	size_t l4;
	size_t data; /* TCP payload; equal to l4 for other protocols */
	size_t end;  /* of the datagram */
};

/* False when the frame holds no whole IP packet, or a fragment. */
bool view_of(const struct rec *r, struct view *v);

/* As view_of, and false unless it is TCP. */
bool view_tcp(const struct rec *r, struct view *v);

static inline size_t
view_payload(const struct view *v)
{
	return v->end - v->data;
}

/* Source as client and destination as server. */
struct tuple view_ends(const struct rec *r, const struct view *v);
struct tuple ends_back(const struct tuple *t);

/* Internet checksum (RFC 1071) continued from sum; not yet complemented. */
uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t n);
uint16_t sum_end(uint32_t sum);

/* Writes IP lengths, and every checksum, to agree with v->end. */
void wire_fix(uint8_t *frame, const struct view *v);

/* Fills headers whose payload of n bytes follows them. */
void wire_ip4(uint8_t *p, unsigned proto, size_t n);
void wire_ip6(uint8_t *p, unsigned next, size_t n);

struct piece {
	uint32_t seq;
	uint8_t flags;
	struct bytes data;
};

/* Appends a segment with the headers of like and what p says. */
void wire_segment(struct trace *out, const struct rec *like, const struct view *v,
    const struct piece *p);

#endif
