#include "capture/stream.h"
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

static uint32_t
draw(struct reader *r, uint32_t below)
{
	r->rng = r->rng * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(r->rng >> 33) % below;
}

static void
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

static uint64_t
counted(const struct reader *r, const char *name)
{
	struct counters c = {.n = 0};
	size_t i;

	stream_pool_counters(r->pool, &c);
	for (i = 0; i < c.n; i++)
		if (strcmp(c.c[i].name, name) == 0)
			return c.c[i].value;
	abort();
}

static void
reader_close(struct reader *r)
{
	stream_drop(&r->s, r->pool);
	CU_ASSERT_EQUAL(counted(r, "stream.windows"), 0);
	stream_pool_close(r->pool);
}

static void
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

static void
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
static void
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

static void
send(struct reader *r, size_t from, size_t n)
{
	send_cut(r, from, n, n);
}

static void
ack(struct reader *r, size_t upto)
{
	stream_acked(&r->s, r->pool, r->start + (uint32_t)upto);
	drain(r);
}

#define OPEN(r, windows)        \
	static struct reader r; \
	reader_open(&(r), 0xfffffff0u, (windows), 1)

/* Sends bytes from at to end as 16 pieces in any order, overlapping and repeated. */
static void
send_shuffled(struct reader *r, size_t at, size_t end)
{
	size_t cut[17], order[16], i, k, from, to;

	for (i = 0; i <= 16; i++)
		cut[i] = at + (end - at) * i / 16;
	for (i = 1; i < 16; i++)
		cut[i] += draw(r, (uint32_t)((end - at) / 32 + 1));
	for (i = 0; i < 16; i++) {
		k = draw(r, (uint32_t)i + 1);
		order[i] = order[k];
		order[k] = i;
	}
	for (i = 0; i < 16; i++) {
		from = cut[order[i]];
		to = cut[order[i] + 1];
		if (draw(r, 3) == 0)
			from -= draw(r, (uint32_t)(from < 300 ? from + 1 : 300));
		if (draw(r, 3) == 0)
			to += draw(r, (uint32_t)(end - to < 300 ? end - to + 1 : 300));
		send(r, from, to - from);
		if (draw(r, 5) == 0)
			send(r, from, to - from);
	}
}

static void
shuffles_overlaps_and_repeats_give_the_first_copies(void)
{
	static struct reader r;
	size_t round, at, end = 0, total;
	unsigned bad = 0;

	for (round = 0; round < 1500; round++) {
		reader_open(&r, (uint32_t)(0u - round * 7), 1, round);
		if (round % 3 == 1)
			r.hold = 1 + draw(&r, 4000);
		if (round % 3 == 2)
			r.beyond = 30;
		if (round % 2 == 0)
			ack(&r, 0);
		total = 1 + draw(&r, 9000);
		for (at = 0; at < total; at = end) {
			end = at + 16 + draw(&r, 5000);
			send_shuffled(&r, at, end);
		}
		r.hold = 0;
		send(&r, end, 1);
		bad += !r.good || r.lost != 0 || r.pos < end + 1 ||
		       (r.beyond == 0 && r.pos != end + 1);
		bad += counted(&r, "stream.lost_bytes") != 0;
		bad += counted(&r, "stream.unread_bytes") != 0;
		reader_close(&r);
	}
	CU_ASSERT_EQUAL(bad, 0);
}

/* The capture misses some pieces, swaps some, and sees honest acknowledgements. */
static size_t
send_lossy(struct reader *r, size_t total)
{
	size_t at = 0, missing = 0, n, m;

	while (at < total) {
		n = 1 + draw(r, 1460);
		m = 1 + draw(r, 1460);
		switch (draw(r, 6)) {
		case 0:
			missing += n;
			send(r, at + n, m);
			break;
		case 1:
			send(r, at + n, m);
			send(r, at, n);
			break;
		case 2:
			ack(r, at + n); /* reversed: seen before the data */
			send(r, at, n);
			send(r, at + n, m);
			break;
		default:
			send(r, at, n);
			send(r, at + n, m);
			break;
		}
		at += n + m;
		if (draw(r, 3) == 0)
			ack(r, at);
	}
	CU_ASSERT_TRUE(stream_fin(&r->s, r->start + (uint32_t)at));
	ack(r, at + 1);
	CU_ASSERT_TRUE(stream_done(&r->s));
	CU_ASSERT_EQUAL(r->pos + r->s.lost, at);
	return missing;
}

static void
what_comes_out_is_the_source_without_the_reported_losses(void)
{
	static struct reader r;
	size_t round, missing, reported;
	unsigned bad = 0;

	for (round = 0; round < 1000; round++) {
		reader_open(&r, (uint32_t)(round * 0x12345678u), 1, round);
		ack(&r, 0);
		missing = send_lossy(&r, 1 + draw(&r, 20000));
		reported = r.lost + r.s.lost;
		bad += !r.good || reported != missing;
		bad += counted(&r, "stream.lost_bytes") != missing;
		reader_close(&r);
	}
	CU_ASSERT_EQUAL(bad, 0);
}

static void
bytes_in_order_are_lent_from_the_packet(void)
{
	static const uint8_t data[] = "VER 1 MSNP8 CVR0\r\n";
	struct run run;
	OPEN(r, 1);

	(void)stream_push(&r.s, r.pool, r.start, bytes_of(data, 18), 18);
	CU_ASSERT_TRUE(stream_next(&r.s, r.pool, &run));
	CU_ASSERT_PTR_EQUAL(run.data.p, data);
	CU_ASSERT_EQUAL(run.data.n, 18);
	stream_consume(&r.s, r.pool, 18);
	CU_ASSERT_FALSE(stream_next(&r.s, r.pool, &run));
	CU_ASSERT_EQUAL(counted(&r, "stream.windows_peak"), 0);
	reader_close(&r);
}

static void
single_bytes_join_until_they_are_consumed(void)
{
	size_t i;
	OPEN(r, 1);

	r.hold = 100;
	for (i = 0; i < 99; i++)
		send(&r, i, 1);
	CU_ASSERT_EQUAL(r.pos, 0);
	CU_ASSERT_EQUAL(r.runs, 99);
	r.hold = 0;
	send(&r, 99, 1);
	CU_ASSERT_EQUAL(r.pos, 100);
	CU_ASSERT_TRUE(r.good);
	CU_ASSERT_EQUAL(r.s.window, 0);
	reader_close(&r);
}

static void
repeats_and_keep_alive_probes_vanish(void)
{
	OPEN(r, 1);

	send(&r, 0, 500);
	send(&r, 499, 1);
	send(&r, 100, 400);
	CU_ASSERT_EQUAL(r.runs, 1);
	CU_ASSERT_EQUAL(counted(&r, "stream.duplicate_bytes"), 401);
	send(&r, 400, 200);
	CU_ASSERT_EQUAL(r.runs, 2);
	CU_ASSERT_EQUAL(r.pos, 600);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
a_hole_waits_for_its_acknowledgement(void)
{
	OPEN(r, 1);

	ack(&r, 0);
	send(&r, 0, 100);
	send(&r, 150, 100);
	ack(&r, 100);
	ack(&r, 149);
	CU_ASSERT_EQUAL(r.pos, 100);
	ack(&r, 250);
	CU_ASSERT_EQUAL(r.pos, 250);
	CU_ASSERT_EQUAL(r.lost, 50);
	CU_ASSERT_EQUAL(r.s.window, 0);
	send(&r, 100, 50);
	CU_ASSERT_EQUAL(r.runs, 2);
	reader_close(&r);
}

static void
an_acknowledgement_may_come_before_its_data(void)
{
	OPEN(r, 1);

	ack(&r, 700);
	send(&r, 0, 500);
	ack(&r, 900);
	send(&r, 500, 200);
	CU_ASSERT_EQUAL(r.pos, 700);
	CU_ASSERT_EQUAL(r.lost, 0);
	send(&r, 800, 100);
	CU_ASSERT_EQUAL(r.pos, 900);
	CU_ASSERT_EQUAL(r.lost, 100);
	reader_close(&r);
}

static void
unconsumed_bytes_before_a_given_up_hole_count_as_missing(void)
{
	OPEN(r, 1);

	r.hold = 50;
	send(&r, 0, 40);
	send(&r, 60, 10);
	ack(&r, 70);
	CU_ASSERT_EQUAL(r.lost, 60);
	CU_ASSERT_EQUAL(counted(&r, "stream.lost_bytes"), 20);
	CU_ASSERT_EQUAL(counted(&r, "stream.unread_bytes"), 40);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
a_cut_tail_is_a_hole_until_acknowledged(void)
{
	OPEN(r, 1);

	ack(&r, 0);
	send_cut(&r, 0, 1000, 96);
	CU_ASSERT_EQUAL(r.pos, 96);
	send(&r, 1000, 100);
	CU_ASSERT_EQUAL(r.pos, 96);
	ack(&r, 1100);
	CU_ASSERT_EQUAL(r.pos, 1100);
	CU_ASSERT_EQUAL(r.lost, 904);
	send_cut(&r, 1100, 1000, 96);
	send(&r, 1100, 1000);
	CU_ASSERT_EQUAL(r.pos, 2100);
	CU_ASSERT_EQUAL(r.lost, 904);
	reader_close(&r);
}

static void
one_direction_alone_gives_a_hole_up_when_the_window_is_full(void)
{
	size_t at;
	OPEN(r, 1);

	for (at = 1000; at + 1000 <= STREAM_WINDOW; at += 1000)
		send(&r, at, 1000);
	CU_ASSERT_EQUAL(r.pos, 0);
	send(&r, at, 1000);
	CU_ASSERT_EQUAL(r.pos, at + 1000);
	CU_ASSERT_EQUAL(r.lost, 1000);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
with_both_directions_the_far_segment_is_dropped(void)
{
	OPEN(r, 1);

	ack(&r, 0);
	send(&r, STREAM_WINDOW, 1000);
	CU_ASSERT_EQUAL(counted(&r, "stream.beyond"), 1);
	send(&r, 0, 1000);
	CU_ASSERT_EQUAL(r.pos, 1000);
	send(&r, 1000, STREAM_WINDOW - 1000);
	send(&r, STREAM_WINDOW, 1000);
	CU_ASSERT_EQUAL(r.pos, STREAM_WINDOW + 1000);
	CU_ASSERT_EQUAL(r.lost, 0);
	reader_close(&r);
}

static void
a_hole_far_behind_the_sender_is_given_up_without_acknowledgement(void)
{
	static const uint8_t data[1000];
	uint32_t seq;
	struct run run;
	OPEN(r, 1);

	stream_acked(&r.s, r.pool, r.start);
	for (seq = 1000; seq + 1000 <= STREAM_REACH; seq += 1000) {
		(void)stream_push(
		    &r.s, r.pool, r.start + seq, bytes_of(data, 1000), 1000);
		CU_ASSERT_FALSE_FATAL(stream_next(&r.s, r.pool, &run));
	}
	(void)stream_push(&r.s, r.pool, r.start + seq, bytes_of(data, 1000), 1000);
	CU_ASSERT_TRUE(stream_next(&r.s, r.pool, &run));
	CU_ASSERT_EQUAL(run.lost, 1000);
	reader_close(&r);
}

static void
too_many_ranges_lose_only_the_last(void)
{
	size_t i;
	OPEN(r, 1);

	ack(&r, 0);
	for (i = 0; i <= STREAM_RANGES_MAX; i++)
		send(&r, 20 + 20 * i, 10);
	CU_ASSERT_EQUAL(counted(&r, "stream.beyond"), 1);
	for (i = 0; i <= STREAM_RANGES_MAX; i++)
		send(&r, 20 * i, 20);
	CU_ASSERT_EQUAL(r.pos, 20 * (STREAM_RANGES_MAX + 1) + 10 - 10);
	CU_ASSERT_EQUAL(r.lost, 0);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
a_full_window_left_unconsumed_is_dropped_as_lost(void)
{
	OPEN(r, 1);

	r.hold = STREAM_WINDOW + 1;
	send(&r, 0, 10000);
	send(&r, 10000, STREAM_WINDOW - 10000);
	CU_ASSERT_EQUAL(r.pos, 0);
	r.hold = 0;
	send(&r, STREAM_WINDOW, 10);
	CU_ASSERT_EQUAL(r.lost, STREAM_WINDOW);
	CU_ASSERT_EQUAL(r.pos, STREAM_WINDOW + 10);
	CU_ASSERT_EQUAL(counted(&r, "stream.unread_bytes"), STREAM_WINDOW);
	CU_ASSERT_EQUAL(counted(&r, "stream.lost_bytes"), 0);
	reader_close(&r);
}

static void
a_segment_longer_than_the_window_is_read_in_pieces(void)
{
	OPEN(r, 1);

	r.hold = 100;
	send(&r, 0, 50);
	send(&r, 50, 64000 - 50);
	CU_ASSERT_TRUE(r.pos > 64000 - STREAM_WINDOW);
	r.hold = 0;
	send(&r, 64000, 1);
	CU_ASSERT_EQUAL(r.pos, 64001);
	CU_ASSERT_EQUAL(r.lost, 0);
	CU_ASSERT_TRUE(r.longest <= STREAM_WINDOW);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
consuming_beyond_the_run_skips_without_copies_and_losses(void)
{
	OPEN(r, 1);

	ack(&r, 0);
	send(&r, 0, 10);
	stream_consume(&r.s, r.pool, 30000);
	r.pos += 30000;
	send(&r, 10, 1000);
	send(&r, 5000, 1000);
	send(&r, 29000, 1010);
	CU_ASSERT_EQUAL(r.pos, 30010);
	send(&r, 30010, 90);
	CU_ASSERT_EQUAL(r.pos, 30100);
	CU_ASSERT_EQUAL(r.lost, 0);
	CU_ASSERT_EQUAL(counted(&r, "stream.windows_peak"), 0);
	stream_consume(&r.s, r.pool, 1000);
	r.pos += 1000;
	send(&r, 31150, 50);
	CU_ASSERT_EQUAL(r.lost, 0);
	ack(&r, 31200);
	CU_ASSERT_EQUAL(r.lost, 50);
	CU_ASSERT_EQUAL(r.pos, 31200);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
skipping_covers_what_already_waits(void)
{
	OPEN(r, 1);

	ack(&r, 0);
	r.hold = 100;
	send(&r, 0, 10);
	send(&r, 20, 10);
	send(&r, 40, 20);
	stream_consume(&r.s, r.pool, 50);
	r.pos += 50;
	r.hold = 0;
	drain(&r);
	CU_ASSERT_EQUAL(r.pos, 60);
	CU_ASSERT_EQUAL(r.lost, 0);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
an_empty_pool_is_counted_and_does_no_harm(void)
{
	static const uint8_t data[10];
	OPEN(r, 0);

	ack(&r, 0);
	(void)stream_push(&r.s, r.pool, r.start + 10, bytes_of(data, 10), 10);
	drain(&r);
	CU_ASSERT_EQUAL(counted(&r, "stream.refused"), 1);
	send(&r, 0, 20);
	CU_ASSERT_EQUAL(r.pos, 20);
	r.hold = 100;
	send(&r, 20, 20);
	CU_ASSERT_EQUAL(r.s.lost, 20);
	r.hold = 0;
	send(&r, 40, 20);
	CU_ASSERT_EQUAL(r.pos, 60);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
a_stray_segment_or_acknowledgement_moves_nothing(void)
{
	static const uint8_t stray[100];
	uint32_t far[] = {0x200000, 0x20000000, 0x60000000, 0xa0000000, 0xf0000000};
	size_t i, at = 0;
	OPEN(r, 1);

	for (i = 0; i < 5; i++) {
		stream_acked(&r.s, r.pool, r.start + (uint32_t)at + far[i]);
		send(&r, at, 100);
		(void)stream_push(&r.s, r.pool,
		    r.start + (uint32_t)at + far[i] + 0x1000000, bytes_of(stray, 100),
		    100);
		drain(&r);
		send(&r, at + 100, 100);
		at += 200;
	}
	CU_ASSERT_EQUAL(r.pos, at);
	CU_ASSERT_EQUAL(r.lost, 0);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

static void
two_that_agree_put_a_stream_right(void)
{
	static const uint8_t data[100];
	uint32_t far[] = {0x200000, 0x60000000, 0xa0000000};
	struct run run;
	size_t i;

	for (i = 0; i < 3; i++) {
		OPEN(r, 1);
		send(&r, 0, 100);
		send(&r, 200, 100);
		if (i % 2 == 0)
			stream_acked(&r.s, r.pool, r.start + far[i]);
		else
			(void)stream_push(&r.s, r.pool, r.start + far[i] - 100,
			    bytes_of(data, 100), 100);
		CU_ASSERT_FALSE(stream_next(&r.s, r.pool, &run));
		(void)stream_push(
		    &r.s, r.pool, r.start + far[i], bytes_of(data, 100), 100);
		while (stream_next(&r.s, r.pool, &run)) {
			CU_ASSERT_TRUE(run.lost > 0);
			stream_consume(&r.s, r.pool, run.data.n);
		}
		CU_ASSERT_EQUAL(r.s.next, r.start + far[i] + 100);
		reader_close(&r);
	}
}

static void
an_expected_start_may_be_a_little_earlier(void)
{
	static const uint8_t data[100];
	struct stream_pool *p;
	struct stream s = {0};
	struct err e;
	struct run run;

	CU_ASSERT_EQUAL_FATAL(stream_pool_open(&p, 1, &e), 0);
	stream_expect(&s, 50);
	CU_ASSERT_EQUAL(stream_push(&s, p, 49, bytes_of(data, 1), 1), 0);
	CU_ASSERT_EQUAL(stream_push(&s, p, 0xffffffff, bytes_of(data, 51), 51), 51);
	CU_ASSERT_TRUE(stream_next(&s, p, &run));
	CU_ASSERT_EQUAL(run.data.n, 51);
	stream_consume(&s, p, 51);
	stream_start(&s, 1000);
	stream_expect(&s, 1000);
	CU_ASSERT_EQUAL(s.next, 50);
	stream_drop(&s, p);
	stream_pool_close(p);
}

static void
pushes_add_up_to_the_payload_sent(void)
{
	static const uint8_t data[100];
	uint32_t sum = 0;
	OPEN(r, 1);

	sum += stream_push(&r.s, r.pool, r.start + 100, bytes_of(data, 100), 100);
	drain(&r);
	sum += stream_push(&r.s, r.pool, r.start, bytes_of(data, 100), 100);
	sum += stream_push(&r.s, r.pool, r.start + 50, bytes_of(data, 100), 100);
	sum += stream_push(&r.s, r.pool, r.start + 150, bytes_of(data, 100), 200);
	CU_ASSERT_EQUAL(sum, 350);
	reader_close(&r);
}

static void
fin_waits_for_every_byte_before_it(void)
{
	OPEN(r, 1);

	ack(&r, 0);
	CU_ASSERT_FALSE(stream_ended(&r.s, r.pool));
	send(&r, 50, 50);
	CU_ASSERT_FALSE(stream_fin(&r.s, r.start + 99));
	CU_ASSERT_TRUE(stream_fin(&r.s, r.start + 100));
	CU_ASSERT_FALSE(stream_ended(&r.s, r.pool));
	CU_ASSERT_FALSE(stream_done(&r.s));
	send(&r, 0, 50);
	CU_ASSERT_TRUE(stream_ended(&r.s, r.pool));
	CU_ASSERT_TRUE(stream_done(&r.s));
	send(&r, 100, 1);
	CU_ASSERT_EQUAL(r.pos, 100);
	send(&r, 100, 50);
	CU_ASSERT_FALSE(stream_done(&r.s));
	CU_ASSERT_EQUAL(r.pos, 150);
	reader_close(&r);
}

static void
flushing_releases_what_waits(void)
{
	OPEN(r, 1);

	ack(&r, 0);
	send(&r, 50, 50);
	send(&r, 150, 50);
	stream_flush(&r.s);
	drain(&r);
	CU_ASSERT_EQUAL(r.pos, 200);
	CU_ASSERT_EQUAL(r.lost, 100);
	CU_ASSERT_TRUE(r.good);
	reader_close(&r);
}

void
suite_stream(void)
{
	CU_pSuite s = suite_new("stream");

	CASE(s, "shuffles, overlaps and repeats give the first copies",
	    shuffles_overlaps_and_repeats_give_the_first_copies);
	CASE(s, "what comes out is the source without the reported losses",
	    what_comes_out_is_the_source_without_the_reported_losses);
	CASE(s, "bytes in order are lent from the packet",
	    bytes_in_order_are_lent_from_the_packet);
	CASE(s, "single bytes join until they are consumed",
	    single_bytes_join_until_they_are_consumed);
	CASE(s, "repeats and keep-alive probes vanish",
	    repeats_and_keep_alive_probes_vanish);
	CASE(s, "a hole waits for its acknowledgement",
	    a_hole_waits_for_its_acknowledgement);
	CASE(s, "an acknowledgement may come before its data",
	    an_acknowledgement_may_come_before_its_data);
	CASE(s, "unconsumed bytes before a given-up hole count as missing",
	    unconsumed_bytes_before_a_given_up_hole_count_as_missing);
	CASE(s, "a cut tail is a hole until acknowledged",
	    a_cut_tail_is_a_hole_until_acknowledged);
	CASE(s, "one direction alone gives a hole up when the window is full",
	    one_direction_alone_gives_a_hole_up_when_the_window_is_full);
	CASE(s, "with both directions the far segment is dropped",
	    with_both_directions_the_far_segment_is_dropped);
	CASE(s, "a hole far behind the sender is given up without acknowledgement",
	    a_hole_far_behind_the_sender_is_given_up_without_acknowledgement);
	CASE(s, "too many ranges lose only the last", too_many_ranges_lose_only_the_last);
	CASE(s, "a full window left unconsumed is dropped as lost",
	    a_full_window_left_unconsumed_is_dropped_as_lost);
	CASE(s, "a segment longer than the window is read in pieces",
	    a_segment_longer_than_the_window_is_read_in_pieces);
	CASE(s, "consuming beyond the run skips without copies and losses",
	    consuming_beyond_the_run_skips_without_copies_and_losses);
	CASE(s, "skipping covers what already waits", skipping_covers_what_already_waits);
	CASE(s, "an empty pool is counted and does no harm",
	    an_empty_pool_is_counted_and_does_no_harm);
	CASE(s, "a stray segment or acknowledgement moves nothing",
	    a_stray_segment_or_acknowledgement_moves_nothing);
	CASE(s, "two that agree put a stream right", two_that_agree_put_a_stream_right);
	CASE(s, "an expected start may be a little earlier",
	    an_expected_start_may_be_a_little_earlier);
	CASE(s, "pushes add up to the payload sent", pushes_add_up_to_the_payload_sent);
	CASE(s, "FIN waits for every byte before it", fin_waits_for_every_byte_before_it);
	CASE(s, "flushing releases what waits", flushing_releases_what_waits);
}
