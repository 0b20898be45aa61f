/*
 * One direction of a TCP connection, put in order.  Segments may come late,
 * twice, overlapping, a byte at a time or never.  Bytes in order are lent straight
 * from the packet; only what must wait (out of order, or left unconsumed) is copied
 * into a window lent from a pool, and the window goes back as soon as it is empty.
 *
 * The first copy of a byte wins.  What the capture lost is explicit: a run says how many
 * bytes are missing before it.  A hole is given up, as soon as something waits behind it,
 * when the other side has acknowledged it; or when the window can hold no more and
 * either no acknowledgement was ever seen (a capture of one direction) or the sender is
 * STREAM_REACH past the hole.  Otherwise a segment that the window cannot hold is dropped
 * and counted; the hole it leaves is treated like any other.
 *
 * Which numbers are believed: those from STREAM_REACH before the last acknowledgement to
 * STREAM_REACH past the highest byte seen.  An acknowledgement of bytes never seen
 * moves nothing until data arrives, because a capture may show it before those bytes.
 * A segment or acknowledgement elsewhere is dropped and only remembered; when the
 * next such segment begins within STREAM_REACH of the place it pointed to, the
 * stream was aimed wrong, or much was lost, and goes on there with a loss.
 */
#ifndef CAPTURE_STREAM_H
#define CAPTURE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/counters.h"
#include "base/err.h"

#define STREAM_WINDOW     16384 /* bytes a window holds */
#define STREAM_RANGES_MAX 8     /* separate runs waiting out of order */
#define STREAM_REACH      0x100000

/* The windows.  All memory is taken at open; an empty pool is counted, not fatal. */
struct stream_pool;
int stream_pool_open(struct stream_pool **out, size_t windows, struct err *e);

/* NULL is accepted. */
void stream_pool_close(struct stream_pool *p);

/* stream.* counters: windows lent now and at most, refused, out_of_order, duplicate
 * bytes, lost bytes, unread bytes, segments beyond the window. */
void stream_pool_counters(const struct stream_pool *p, struct counters *to);

/* Zero bytes make a fresh stream.  Lives in a flow's slot. */
struct stream {
	uint32_t next;     /* sequence number of the first byte not yet consumed */
	uint32_t start;    /* sequence number of its first byte */
	uint32_t high;     /* end of everything seen */
	uint32_t acked;    /* the highest acknowledgement believed */
	uint32_t claim;    /* where a number that was not believed pointed */
	uint64_t skip;     /* bytes consumed before they arrived; nothing is held then */
	uint32_t window;   /* pool slot + 1; 0: none lent */
	uint32_t lost;     /* bytes missing before the next run */
	uint32_t fin_seq;  /* where the FIN stands */
	uint32_t lent_seq; /* sequence number of lent */
	struct bytes lent; /* what of the current packet is not yet consumed or stored */
	uint16_t ready;    /* bytes in order at the start of the window */
	uint16_t shown;    /* bytes of the last run that are not consumed */
	bool known;        /* next is valid */
	bool soft;         /* next is only expected: no data seen yet */
	bool acks;         /* an acknowledgement was believed */
	bool claimed;      /* claim is valid */
	bool fin;          /* FIN seen */
};

/*
 * Sets where the stream starts: after a SYN (its number + 1), or in mid-stream.
 * Ignored once the stream has started.
 */
void stream_start(struct stream *s, uint32_t seq);

/*
 * Where a stream of which nothing was seen probably goes on: the other side's
 * acknowledgement.  Its first segment may still start it up to a window before.
 */
void stream_expect(struct stream *s, uint32_t seq);

/*
 * Takes one segment.  wire_len may exceed data.n when the snap length cut it:
 * the tail is missing then.  A stream not started starts here.  The bytes
 * of data must live until stream_next has returned false; what was not taken by the
 * next push is gone.  Returns how much further the stream reaches now: added up, the
 * payload sent, each byte once.
 */
uint32_t stream_push(struct stream *s, struct stream_pool *p, uint32_t seq,
    struct bytes data, uint32_t wire_len);

/*
 * The other side has acknowledged everything before ack: holes below it will not be
 * filled any more, and what waits behind them becomes a run.
 */
void stream_acked(struct stream *s, struct stream_pool *p, uint32_t ack);

/*
 * The sender's FIN stands at seq.  False, and nothing noted, when that cannot be: before
 * bytes that were seen, or out of reach.  Bytes seen past it later make it void.
 */
bool stream_fin(struct stream *s, uint32_t seq);

/* Nothing more will come: all holes are given up, what waits becomes runs. */
void stream_flush(struct stream *s);

struct run {
	struct bytes data; /* in order, not yet consumed; may be seen again, longer */
	uint32_t lost;     /* bytes missing since the last consumed one, told once;
	                      bytes left unconsumed before a hole go with it */
};

/*
 * The next run, if there is something that was not handed out before; at most
 * STREAM_WINDOW bytes.  Follow every true with stream_consume; call again until false.
 *
 *	stream_push(&s, pool, seq, payload, len);
 *	while (stream_next(&s, pool, &run))
 *		stream_consume(&s, pool, detect(run));
 */
bool stream_next(struct stream *s, struct stream_pool *p, struct run *out);

/* Whether stream_next has surely nothing: a stream that nobody sends on, or all taken. */
static inline bool
stream_idle(const struct stream *s)
{
	return s->lent.n == 0 && s->window == 0 && s->shown == 0 && !s->fin;
}

/*
 * The first n bytes of the run are done with.  n may exceed the run: the bytes to come
 * are then skipped without being copied, and a loss inside them does not count.
 * Consuming nothing keeps the bytes until more arrive; a run that fills the window and is
 * still not consumed is dropped as lost, so a reader must consume by then.
 */
void stream_consume(struct stream *s, struct stream_pool *p, size_t n);

/*
 * Hands out once more what was not consumed, with the next stream_next: a reader that
 * waited for the other side to speak can go on.
 */
static inline void
stream_again(struct stream *s)
{
	s->shown = 0;
}

/* Whether every byte up to the FIN is there, handed out or not, or acknowledged. */
bool stream_ended(struct stream *s, struct stream_pool *p);

/* Whether seq lies at most reach before the last acknowledgement or past the highest
 * byte seen.  Only for a stream that is known. */
bool stream_near(const struct stream *s, uint32_t seq, uint32_t reach);

/* Gives the window back.  The stream is fresh afterwards. */
void stream_drop(struct stream *s, struct stream_pool *p);

#endif
