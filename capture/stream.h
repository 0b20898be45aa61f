/*
 * One direction of a TCP connection, put in order.  Segments may come late,
 * twice, overlapping, a byte at a time or never.  Bytes in order are lent straight
 * from the packet; only what must wait (out of order, or left unconsumed) is copied
 * into a window lent from a pool, and the window goes back as soon as it is empty.
 *
 * The first copy of a byte wins.  What the capture lost is explicit: a run says how many
 * bytes are missing before it.  A hole is given up when the other side has
 * acknowledged it, or when the window can hold no more and nothing shows that it
 * may still be filled.
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

/* The windows.  All memory is taken at open; an empty pool is counted, not fatal. */
struct stream_pool;
int stream_pool_open(struct stream_pool **p, size_t windows, struct err *e);
void stream_pool_close(struct stream_pool *p);

/* stream.* counters: windows lent now and at most, refused, out_of_order, duplicate
 * bytes, lost bytes, segments beyond the window. */
void stream_pool_counters(const struct stream_pool *p, struct counters *to);

/* Zero bytes make a fresh stream.  Lives in a flow's slot. */
struct stream {
	uint32_t next;   /* sequence number of the first byte not yet consumed */
	uint32_t window; /* pool slot + 1; 0: none lent */
	uint32_t skip;   /* bytes consumed before they arrived */
	uint32_t lost;   /* bytes missing before the next run */
	uint16_t ready;  /* bytes in order at the start of the window */
	bool known;      /* next is valid */
	bool fin;        /* FIN seen at fin_seq */
	uint32_t fin_seq;
	struct bytes lent; /* the run stream_next hands out, in a packet or the window */
};

/* Sets where the stream starts: after a SYN (its number + 1), or in mid-stream. */
void stream_start(struct stream *s, uint32_t seq);

/*
 * Takes one segment.  wire_len may exceed data.n when the snap length cut it:
 * the tail is missing then.  A stream not started starts here.  The bytes
 * of data must live until stream_next has returned false.
 */
void stream_push(struct stream *s, struct stream_pool *p, uint32_t seq, struct bytes data,
    uint32_t wire_len);

/*
 * The other side has acknowledged everything before ack: holes below it will not be
 * filled any more, and what waits behind them becomes a run.
 */
void stream_acked(struct stream *s, struct stream_pool *p, uint32_t ack);

struct run {
	struct bytes data; /* in order, not yet consumed; may be seen again, longer */
	uint32_t lost;     /* bytes missing between the last run and this one */
};

/*
 * The next run, if there is something that was not handed out before.  Follow every
 * true with stream_consume; call again until false.
 *
 *	stream_push(&s, pool, seq, payload, len);
 *	while (stream_next(&s, pool, &run))
 *		stream_consume(&s, pool, detect(run));
 */
bool stream_next(struct stream *s, struct stream_pool *p, struct run *out);

/*
 * The first n bytes of the run are done with.  n may exceed the run: the bytes to come are
 * then skipped without being copied, and a loss inside them does not count.
 * Consuming nothing keeps the bytes until more arrive; a run that fills the window and is
 * still not consumed is dropped as lost, so a reader must consume by then.
 */
void stream_consume(struct stream *s, struct stream_pool *p, size_t n);

/* Whether every byte up to the FIN has been handed out. */
bool stream_done(const struct stream *s);

/* Gives the window back.  The stream is fresh afterwards. */
void stream_drop(struct stream *s, struct stream_pool *p);

#endif
