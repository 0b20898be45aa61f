/*
 * The segments that end a TCP connection from beside it: each of its two ends is sent a
 * RST in the other's name.  Building only: the inverse of decoding, and nothing here
 * sends.
 *
 * Which number.  RFC 793 (section 3.4) lets a RST act anywhere in the receive window; RFC
 * 5961 (section 3.2), now RFC 9293 (3.5.3 and 3.10.7.4), only at SEG.SEQ = RCV.NXT.
 * Elsewhere in the window it brings a challenge ACK, outside of it nothing.  So no window
 * and no scaling of it matters, but the number must be exact.  Two can be known of an
 * end:
 *
 *	sent    where the octets end that the other end was seen to send to it.  That
 *		is RCV.NXT once they have arrived, and a RST sent after them comes later.
 *	acked   the highest acknowledgement it was seen to send.  That is RCV.NXT as
 *		long as the rest is still under way, or was lost; it is what FreeBSD and
 *		macOS compare with, whose delayed acknowledgement has not gone out; and
 *		one that a sender of segments which never arrive cannot falsify.
 *
 * An end is sent the further of the two.  One end more is sent the other one as well
 * where they differ: the one that was spoken to last, whose number is the likelier to be
 * on its way.  Its frame also goes first: it stays right until its answer has been
 * answered, while the speaker's is wrong as soon as the answer comes.
 *
 * ACK is set, with a number that the receiver has had acknowledged already, or has at
 * least sent.  ESTABLISHED and later states do not look at it (RFC 9293, 3.10.7.4: the
 * RST bit is checked first); SYN-SENT takes no RST without it (3.10.7.3); and a stateful
 * filter on the way drops a segment whose acknowledgement lies outside what it saw.
 * Timestamps are left out: RFC 7323 (3.2 and 5.3) wants none in a RST, and checks none.
 *
 * Where a frame leaves through a switch that learns, its source address must be the
 * sender's own (mac below), or the switch sends the real owner's traffic here.
 */
#ifndef ENFORCE_RESET_H
#define ENFORCE_RESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"

#define RESET_VOLLEY_MAX 3
#define RESET_FRAME_MAX  82 /* Ethernet, two tags, IPv6, TCP */

/* How the frames of one direction travel at the place of capture. */
struct reset_link {
	bool known;
	uint8_t from[6], to[6];
	uint16_t tpid[2]; /* of the tags; 0: not known, the usual one */
	uint16_t vlan[2]; /* outermost first; 0: none */
};

/* What is known of an end by what it sent, and by what was acknowledged to it. */
struct reset_end {
	bool seen;      /* packets of it were */
	bool has_sent;  /* sent is known */
	bool has_acked; /* acked is known */
	uint32_t sent;  /* after its last octet; SYN and FIN count as one each */
	uint32_t acked; /* the highest acknowledgement that the other end sent it */
	uint8_t ttl;    /* or hop limit, of its packets; 0: not known, 64 */
	struct reset_link
	    link; /* of its frames; unknown: the other end's, turned round */
};

struct reset_seat {
	struct tuple tuple;
	struct reset_end end[2]; /* by enum side */
	enum side speaker;       /* whose octets came last */
};

enum reset_layer { RESET_ETHERNET, RESET_IP };

struct reset_how {
	enum reset_layer layer;
	const uint8_t *mac;         /* source of frames; NULL: as captured */
	const struct hash_key *key; /* drawn for this alone: 16 bits of it are shown */
};

struct reset_frame {
	enum side to;
	uint32_t seq;
	size_t n;
	uint8_t octets[RESET_FRAME_MAX];
};

/*
 * At most RESET_VOLLEY_MAX frames, in the order in which to send them.  None to an end
 * whose number is not known, none on a link that is not; 0 when that leaves nothing.
 */
size_t reset_build(const struct reset_seat *seat, const struct reset_how *how,
    struct reset_frame out[RESET_VOLLEY_MAX]);

/*
 * Whether a RST between these ends, whichever of them is its source, was built here: its
 * window (and IPv4 identification) is a keyed hash of ends and number, never 0, which is
 * what most resets carry.  Of other RSTs one in 65,535 passes for one.
 */
bool reset_is_own(
    const struct hash_key *key, const struct tuple *ends, uint32_t seq, uint16_t window);

/*
 * The further of the numbers known that the end must be sent; false when none is.  Later
 * numbers are at most half the circle away.
 */
bool reset_aim(const struct reset_seat *seat, enum side to, uint32_t *seq);

static inline bool
reset_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

#endif
