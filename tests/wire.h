/*
 * Frames made from the inside out: start with a payload, then put one header after
 * another in front of it.  Each header gets the right lengths and checksums and the
 * type of what it carries, so any nesting that makes sense on a wire can be built.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include "base/addr.h"
#include "base/bytes.h"
#include "capture/source.h"

#define WIRE_HEAD 2048  /* room for headers */
#define WIRE_BODY 70000 /* room for the payload and padding */

struct wire {
	uint8_t room[WIRE_HEAD + WIRE_BODY];
	size_t at, end;   /* what is built so far */
	uint16_t type;    /* its EtherType; 0: not a network packet yet */
	uint8_t protocol; /* its IP protocol number; IPv4 is 4, IPv6 is 41 */
};

struct wire_tcp {
	struct endpoint src, dst;
	uint32_t seq, ack;
	uint8_t flags;
	const char *options; /* NULL, or bytes in a multiple of four */
	size_t n_options;
};

/* "10.0.0.1" and "2001:db8::1"; aborts on anything else. */
struct endpoint wire_endpoint(const char *addr, uint16_t port);

void wire_start(struct wire *w, struct bytes payload);
struct bytes wire_bytes(const struct wire *w);

/* The frame as an interface of that link type would give it. */
struct frame wire_frame(const struct wire *w, int linktype);

/*
 * The packet most tests wrap: WIRE_HELLO over TCP from port 1025 to port 1863, in IPv4
 * from 10.1.0.7 to 64.4.13.50 or in IPv6 from 2001:db8::7 to 2001:db8::50.
 */
#define WIRE_HELLO "VER 1 MSNP12 CVR0\r\n"
void wire_hello(struct wire *w, bool v6);

/* Any bytes in front; zero bytes behind. */
void wire_push(struct wire *w, const void *header, size_t n);
void wire_pad(struct wire *w, size_t n);

void wire_tcp(struct wire *w, const struct wire_tcp *t);
void wire_udp(struct wire *w, struct endpoint src, struct endpoint dst);

/*
 * An ICMP message, or ICMPv6 when src is an IPv6 address: type, code and four unused
 * bytes before what is built so far, which it quotes.
 */
struct wire_icmp {
	struct endpoint src, dst;
	uint8_t type, code;
};
void wire_icmp(struct wire *w, const struct wire_icmp *m);

/* Both addresses of one family, which decides the version.  Ports are ignored. */
void wire_ip(struct wire *w, struct endpoint src, struct endpoint dst);

/* One piece, from offset (a multiple of eight) for n bytes, of what w holds. */
struct wire_piece {
	struct endpoint src, dst;
	uint32_t id;
	size_t offset, n;
};
void wire_fragment(struct wire *w, const struct wire_piece *f);

/* An IPv6 extension header of the type with 6 + 8 * units bytes of body, or AH. */
void wire_extension(struct wire *w, uint8_t type, uint8_t units);

/* The right sum of the IPv4 header at offset, after a test changed it. */
void wire_resum(struct wire *w, size_t offset);

void wire_ethernet(struct wire *w);
void wire_tag(struct wire *w, uint16_t tpid, uint16_t vlan);
void wire_snap(struct wire *w); /* IEEE 802.3 with LLC and SNAP */
void wire_mpls(struct wire *w, uint32_t label);
void wire_control_word(struct wire *w); /* for an Ethernet pseudowire */
void wire_ppp(struct wire *w, bool framed, bool compressed);
void wire_pppoe(struct wire *w);
void wire_hdlc(struct wire *w);
void wire_sll(struct wire *w);
void wire_sll2(struct wire *w);
void wire_family(struct wire *w, bool big_endian, uint8_t inet6);

enum wire_gre {
	WIRE_GRE_CHECKSUM = 1,
	WIRE_GRE_KEY = 2,
	WIRE_GRE_SEQUENCE = 4,
	WIRE_GRE_ROUTING = 8
};
void wire_gre(struct wire *w, unsigned with);
void wire_pptp(struct wire *w, bool ack);

/* GRE included.  1 and 2 as their RFC drafts say; 3, and 4 for 3 with a subheader. */
void wire_erspan(struct wire *w, unsigned kind);

/* The header behind UDP; put UDP to the tunnel's port in front of it. */
void wire_vxlan(struct wire *w);
void wire_geneve(struct wire *w, uint8_t option_words);
void wire_tzsp(struct wire *w);

#endif
