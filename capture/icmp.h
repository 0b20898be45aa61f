/*
 * ICMP and ICMPv6 unreachable messages, and the TCP segment they quote (RFC 792, RFC 4443
 * section 3.1).  A quotation proves nothing by itself: the caller matches it with a
 * connection it has seen.
 */
#ifndef CAPTURE_ICMP_H
#define CAPTURE_ICMP_H

#include "capture/decode.h"

struct icmp_quote {
	struct endpoint src; /* of the quoted segment */
	struct endpoint dst;
	uint32_t seq;
	uint8_t code; /* which kind of unreachable */
};

/*
 * True when the packet is a destination unreachable of any code but "fragmentation
 * needed" and quotes the start of a TCP segment.
 */
bool icmp_unreachable(const struct packet *p, struct icmp_quote *out);

#endif
