#include "tests/reader.h"

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
	CU_ASSERT_TRUE(stream_ended(&r->s, r->pool));
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
	send(&r, 0, 50);
	CU_ASSERT_TRUE(stream_ended(&r.s, r.pool));
	send(&r, 100, 1);
	CU_ASSERT_EQUAL(r.pos, 100);
	send(&r, 100, 50);
	CU_ASSERT_FALSE(stream_ended(&r.s, r.pool));
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
	CASE(s, "an expected start may be a little earlier",
	    an_expected_start_may_be_a_little_earlier);
	CASE(s, "pushes add up to the payload sent", pushes_add_up_to_the_payload_sent);
	CASE(s, "FIN waits for every byte before it", fin_waits_for_every_byte_before_it);
	CASE(s, "flushing releases what waits", flushing_releases_what_waits);
}
