/*
 * The gate: whether first bytes can matter at all.  Nearly every connection is
 * turned away here, at its first payload.
 */
#ifndef DETECT_GATE_H
#define DETECT_GATE_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/bytes.h"

/*
 * A packet of a connection that nobody follows: can its payload be the start of
 * something, and who would its sender be?  Called for every packet, so it looks at four
 * bytes and is right about nothing but the impossible.
 */
enum gate_opening {
	GATE_NO,
	GATE_FROM_CLIENT,
	GATE_FROM_SERVER,
	GATE_FROM_EITHER, /* gate_sender or the ports must tell */
};
enum gate_opening gate_opening(struct bytes b);

/*
 * Who must have sent the line that a pick-up begins with; GATE_FROM_EITHER when client
 * and service may word it alike.
 */
enum gate_opening gate_sender(struct bytes b);

/* The first bytes, in order, of a connection followed from its start. */
enum gate_first {
	GATE_NEVER,
	GATE_MORE, /* can still become one of those below */
	GATE_MSNP,
	GATE_HTTP, /* a POST or CONNECT request, or an HTTP answer */
	GATE_SOCKS4,
	GATE_SOCKS5,
};

/* pick_up: the start was missed, so any MSNP verb of that side will do. */
enum gate_first gate_first(enum side side, struct bytes in, bool pick_up);

#endif
