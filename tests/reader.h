/* A stream with a reader that checks what it is handed against what was sent first. */
#ifndef TESTS_READER_H
#define TESTS_READER_H

#include "capture/stream.h"
#include "tests/counted.h"
#include "tests/guard.h"
#include "tests/suite.h"

#define MOST 80000 /* bytes of one test stream */

/* A reader that checks what it is handed against what was first sent. */
struct reader {
	struct stream s;
	struct stream_pool *pool;
	uint32_t start;
	uint64_t rng;
	size_t pos;  /* of the next byte it expects */
	size_t lost; /* bytes it was told it missed */
	size_t runs, longest;
	size_t hold;        /* it consumes nothing until a run has so many */
	unsigned beyond;    /* percent of runs it consumes past their end */
	uint8_t sent[MOST]; /* the first copy of every byte */
	bool known[MOST];
	bool good;
};

static inline uint32_t
draw(struct reader *r, uint32_t below)
{
	r->rng = r->rng * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(r->rng >> 33) % below;
}

static inline void
reader_open(struct reader *r, uint32_t start, size_t windows, uint64_t seed)
{
	struct err e = {""};

	memset(r, 0, sizeof(*r));
	r->start = start;
	r->rng = seed;
	r->good = true;
	if (stream_pool_open(&r->pool, windows, &e) != 0)
		abort();
	stream_start(&r->s, start);
}

static inline uint64_t
counted(const struct reader *r, const char *name)
{
	struct counters c = {.n = 0};

	stream_pool_counters(r->pool, &c);
	return counter_of(&c, name);
}

static inline void
reader_close(struct reader *r)
{
	stream_drop(&r->s, r->pool);
	CU_ASSERT_EQUAL(counted(r, "stream.windows"), 0);
	stream_pool_close(r->pool);
}

static inline void
check_run(struct reader *r, const struct run *run)
{
	size_t i;

	r->pos += run->lost;
	r->lost += run->lost;
	r->runs++;
	if (run->data.n > r->longest)
		r->longest = run->data.n;
	if (run->data.n == 0 || r->pos + run->data.n > sizeof(r->sent)) {
		r->good = false;
		return;
	}
	for (i = 0; i < run->data.n; i++)
		if (!r->known[r->pos + i] || run->data.p[i] != r->sent[r->pos + i])
			r->good = false;
}

static inline void
drain(struct reader *r)
{
	struct run run;
	size_t n;

	while (stream_next(&r->s, r->pool, &run)) {
		check_run(r, &run);
		n = run.data.n;
		if (n < r->hold)
			n = 0;
		else if (r->hold > 0)
			n = 1 + draw(r, (uint32_t)n);
		else if (draw(r, 100) < r->beyond)
			n += draw(r, 3000);
		stream_consume(&r->s, r->pool, n);
		r->pos += n;
		if (!r->good)
			return;
	}
}

/* Sends [from, from + n) of the stream; every copy has bytes of its own. */
static inline void
send_cut(struct reader *r, size_t from, size_t n, size_t captured)
{
	static uint8_t data[70000];
	size_t i;

	for (i = 0; i < captured; i++) {
		data[i] = (uint8_t)draw(r, 256);
		if (!r->known[from + i])
			r->sent[from + i] = data[i];
		r->known[from + i] = true;
	}
	(void)stream_push(&r->s, r->pool, r->start + (uint32_t)from,
	    guard_copy(data, captured), (uint32_t)n);
	drain(r);
}

static inline void
send(struct reader *r, size_t from, size_t n)
{
	send_cut(r, from, n, n);
}

static inline void
ack(struct reader *r, size_t upto)
{
	stream_acked(&r->s, r->pool, r->start + (uint32_t)upto);
	drain(r);
}

#define OPEN(r, windows)        \
	static struct reader r; \
	reader_open(&(r), 0xfffffff0u, (windows), 1)

#endif
