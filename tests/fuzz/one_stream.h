/* One stream with its reader, driven step by step. */
#ifndef TESTS_FUZZ_ONE_STREAM_H
#define TESTS_FUZZ_ONE_STREAM_H

#include <stdlib.h>

#include "capture/stream.h"

struct one_stream {
	struct stream s;
	struct stream_pool *pool;
	uint32_t eat;  /* bytes the reader consumes of a run */
	uint8_t looks; /* the byte it looks for */
};

static inline struct one_stream
one_stream_of(size_t windows)
{
	struct one_stream t = {.s = {.known = false}};

	if (stream_pool_open(&t.pool, windows, &(struct err){""}) != 0)
		abort();
	return t;
}

static inline void
one_stream_drop(struct one_stream *t)
{
	stream_drop(&t->s, t->pool);
	stream_pool_close(t->pool);
}

/*
 * A segment, acknowledgement, FIN or flush: a byte that says which and how far away,
 * length, what the reader eats, sequence number; a segment's bytes follow, and are the
 * next step's as well.
 */
static inline void
one_stream_step(struct one_stream *t, struct cur *c)
{
	uint32_t how = cur_u8(c), n = cur_be16(c), seq;

	t->eat = cur_be16(c);
	t->looks = (uint8_t)n;
	seq = t->s.next + (uint32_t)(int16_t)cur_be16(c) * (how / 8 + 1);
	if (how % 8 > 2)
		(void)stream_push(&t->s, t->pool, seq, bytes_take(cur_rest(c), n), n);
	else if (how % 8 == 0)
		stream_acked(&t->s, t->pool, seq);
	else if (how % 8 == 1)
		(void)stream_fin(&t->s, seq);
	else if (!stream_ended(&t->s, t->pool))
		stream_flush(&t->s);
}

#endif
