/*
 * What becomes of the resets that were sent.  Every connection that got some is watched
 * from then on: whether they took effect, or another volley with fresher numbers is due.
 * A connection gets PURSUIT_VOLLEYS volleys and PURSUIT_FRAMES frames at most, whatever
 * happens on it, until a SYN of another one on the same ports is seen; when the table has
 * no room left to remember that, further connections are left alone.
 *
 * An end that took its reset sends nothing but RSTs any more, yet what it and the other
 * one sent before is still under way.  So a segment is a sign of life only when
 *
 *	it acknowledges octets past the number of its sender's reset.  Whoever takes that
 *	reset never gets there: it crossed with them or was not taken.  True at any time.
 *	it comes PURSUIT_GRACE_NS and more after the volley, or after a foreign RST.
 *
 * An end was missed, which is reason for another volley but no sign of life, when the
 * above shows it; when octets past the number were already on their way to it; or when
 * it says once more, bare, what it had acknowledged before: the challenge of RFC 5961.
 * With both ends missed, or life after the grace, the next volley is due as soon as
 * all is heard that was captured before the last; with one, after PURSUIT_RETRY_NS,
 * since the other end may have been hit: what it is sent, its system answers with a RST
 * of its own, better than any of ours.  Who answers faster than frames come by outruns
 * each volley with the same likelihood, so a second one to both ends goes without the
 * frame for the rarer number, and leaves some for a third.
 *
 *	closed    after a foreign RST there was no life; or a SYN of another connection
 *		  came; or nobody spoke though octets were not acknowledged, for
 *		  PURSUIT_QUIET_NS, or though it was somebody's turn, for PURSUIT_TURN_NS.
 *	survived  after the last volley both ends showed life, and then either silence
 *		  came with all acknowledged, or one still did PURSUIT_SURE_NS later, and
 *		  was not answered by a RST within the grace; or both sent a FIN that was
 *		  acknowledged.  An end whose new octets are, after the grace, lives.
 *	unknown   silence that proves nothing: one direction was never seen, octets are
 *		  missing from the capture, or nobody had anything to say.
 *
 * What was told is taken back by telling again, should there be life within
 * PURSUIT_LATE_NS of the last volley after all.  Times are the wall clock's, by which
 * frames are stamped.
 */
#ifndef ENFORCE_PURSUIT_H
#define ENFORCE_PURSUIT_H

#include "base/counters.h"
#include "base/err.h"
#include "enforce/reset.h"

#define PURSUIT_VOLLEYS  3
#define PURSUIT_FRAMES   6
#define PURSUIT_HASTE_NS INT64_C(200000) /* between sending and being on the wire */
#define PURSUIT_RETRY_NS INT64_C(20000000)
#define PURSUIT_GRACE_NS INT64_C(250000000)
#define PURSUIT_SURE_NS  INT64_C(1000000000)
#define PURSUIT_LEAP_NS  INT64_C(2000000000)
#define PURSUIT_QUIET_NS INT64_C(3000000000)
#define PURSUIT_TURN_NS  INT64_C(10000000000)
#define PURSUIT_IDLE_NS  INT64_C(30000000000)
#define PURSUIT_LATE_NS  INT64_C(60000000000)

enum effect { EFFECT_CLOSED, EFFECT_SURVIVED, EFFECT_UNKNOWN };

#define EFFECTS (EFFECT_UNKNOWN + 1)

/* "closed", "survived", "unknown" */
const char *effect_word(enum effect e);

struct pursuit;

/* entries: connections remembered at most; note_size: bytes of the caller's a piece. */
int pursuit_open(struct pursuit **out, size_t entries, size_t note_size, struct err *e);
void pursuit_close(struct pursuit *p);

struct pursuit_want {
	const struct reset_seat *seat;
	uint64_t flow;
	bool talking; /* a dialogue in which it is always somebody's turn: a sign-in */
	const void *note; /* copied; handed back with what is told */
};

/*
 * The connection is to be reset: pursuit_next asks for the volley, with the numbers of
 * then.  False when it had its resets before, or when there is no room to follow it.
 */
bool pursuit_want(struct pursuit *p, const struct pursuit_want *w);

/* A volley that was asked for is sent: n frames, 1 at least, the first one at ts. */
void pursuit_sent(struct pursuit *p, const struct tuple *ends,
    const struct reset_frame *frames, size_t n, int64_t ts);

struct pursuit_segment {
	struct endpoint src, dst;
	int64_t ts;
	uint32_t seq, ack;
	uint32_t length; /* of the payload */
	bool syn, fin, rst, has_ack;
};

/*
 * Takes a segment of any connection; not a reset of our own (reset_is_own).  True when
 * there is something to take with pursuit_next.
 */
bool pursuit_heard(struct pursuit *p, const struct pursuit_segment *s);

struct pursuit_news {
	/* A volley is due: build it from seat, send the first frames of it, most of
	 * them, and call pursuit_sent.  Asked once: who must not send lets it be.
	 * Otherwise the effect is told. */
	bool fire;
	unsigned most;
	enum effect effect;
	struct reset_seat seat;
	uint64_t flow;
	unsigned volleys, frames; /* sent so far */
	int64_t first_sent;
	int64_t life_ns;  /* from then to the last sign of life; 0: there was none */
	const void *note; /* until the next call */
};

/*
 * now: what was stamped before has been heard.  False when there is nothing more.
 *
 * Meant to be called when all that has been captured was heard, for then the numbers are
 * the freshest; and every 100 ms or so: time that leaps PURSUIT_LEAP_NS makes blind.
 */
bool pursuit_next(struct pursuit *p, int64_t now, struct pursuit_news *out);

/* What the connection was for is reached, or given up: it is nobody's turn any more. */
void pursuit_calm(struct pursuit *p, const struct tuple *ends);

/* The capture has lost frames: silence until now proves nothing. */
void pursuit_blind(struct pursuit *p);

/* At the end: what is not known yet, one by one. */
bool pursuit_finish(struct pursuit *p, struct pursuit_news *out);

/* Connections remembered: while there are none, nothing need be heard. */
size_t pursuit_count(const struct pursuit *p);

/* reset.* counters. */
void pursuit_counters(const struct pursuit *p, struct counters *to);

#endif
