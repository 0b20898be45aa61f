#include "tests/reader.h"

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

/* What the other side acknowledged says where to begin, until the sender knows better. */
static void
an_expected_start_gives_way_to_what_is_far_from_it(void)
{
	static const uint8_t data[100];
	struct run run;
	unsigned acknowledged;

	for (acknowledged = 0; acknowledged < 2; acknowledged++) {
		OPEN(r, 1);
		memset(&r.s, 0, sizeof(r.s));
		stream_acked(&r.s, r.pool, 99);
		CU_ASSERT_FALSE(r.s.known);
		stream_expect(&r.s, 1000);
		if (acknowledged)
			stream_acked(&r.s, r.pool, 0x60000000);
		(void)stream_push(&r.s, r.pool, 0x60000000, bytes_of(data, 100), 100);
		CU_ASSERT_TRUE_FATAL(stream_next(&r.s, r.pool, &run));
		CU_ASSERT_EQUAL(run.data.n, 100);
		stream_consume(&r.s, r.pool, 100);
		CU_ASSERT_EQUAL(r.s.next, 0x60000064);
		reader_close(&r);
	}
}

static void
a_length_that_cannot_be_is_that_of_the_bytes(void)
{
	static const uint8_t data[100];
	uint32_t lengths[] = {99, STREAM_REACH + 1, UINT32_MAX};
	struct run run;
	size_t i;

	for (i = 0; i < 3; i++) {
		OPEN(r, 1);
		CU_ASSERT_EQUAL(
		    stream_push(&r.s, r.pool, r.start, bytes_of(data, 100), lengths[i]),
		    100);
		CU_ASSERT_TRUE(stream_next(&r.s, r.pool, &run));
		stream_consume(&r.s, r.pool, run.data.n);
		CU_ASSERT_FALSE(stream_next(&r.s, r.pool, &run));
		CU_ASSERT_EQUAL(r.s.next, r.start + 100);
		reader_close(&r);
	}
}

/* Sequence numbers go round more than once without the other side being seen. */
static void
one_direction_is_followed_all_the_way_round(void)
{
	static const uint8_t data[STREAM_WINDOW];
	uint64_t sent = 0, got = 0;
	struct run run;
	OPEN(r, 1);

	while (sent < UINT64_C(5) << 30) {
		(void)stream_push(&r.s, r.pool, r.start + (uint32_t)sent,
		    bytes_of(data, sizeof(data)), STREAM_REACH);
		sent += STREAM_REACH;
		while (stream_next(&r.s, r.pool, &run)) {
			got += run.lost + run.data.n;
			stream_consume(&r.s, r.pool, run.data.n);
		}
	}
	stream_flush(&r.s);
	while (stream_next(&r.s, r.pool, &run)) {
		got += run.lost + run.data.n;
		stream_consume(&r.s, r.pool, run.data.n);
	}
	CU_ASSERT(got + STREAM_REACH >= sent);
	CU_ASSERT(got <= sent);
	reader_close(&r);
}

void
suite_stream_limits(void)
{
	CU_pSuite s = suite_new("stream limits");

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
	CASE(s, "an expected start gives way to what is far from it",
	    an_expected_start_gives_way_to_what_is_far_from_it);
	CASE(s, "a length that cannot be is that of the bytes",
	    a_length_that_cannot_be_is_that_of_the_bytes);
	CASE(s, "one direction is followed all the way round",
	    one_direction_is_followed_all_the_way_round);
}
