#include "enforce/pursuit.h"
#include "samples/rng.h"
#include "tests/chasing.h"

static struct pursuit_news news;

static void
silence_that_proves_nothing_is_unknown(void)
{
	struct chasing c = chasing_open(4);

	c.seat.end[SIDE_SERVER].seen = false;
	chasing_begin(&c, &c.seat, 1000, true);
	EXPECT_TOLD(c, 4050, "unknown");
	chasing_close(&c);

	/* Octets of the server that the capture does not hold. */
	c = chasing_fired(true);
	(void)chasing_hear(&c, 1010, "C30", 1020, 5020);
	EXPECT_TOLD(c, 1050, "fire");
	EXPECT_TOLD(c, 3950, "");
	EXPECT_TOLD(c, 4050, "unknown");
	chasing_close(&c);

	c = chasing_fired(true);
	pursuit_blind(c.p);
	EXPECT_TOLD(c, 4050, "unknown");
	chasing_close(&c);
}

static void
a_clock_that_leaps_is_no_silence(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_FALSE(pursuit_next(c.p, 1500 * MS, &news));
	CU_ASSERT_TRUE(pursuit_next(c.p, 3600000 * MS, &news));
	CU_ASSERT_EQUAL(news.effect, EFFECT_UNKNOWN);
	chasing_close(&c);

	c = chasing_open(4);
	chasing_begin(&c, &c.seat, 3600000, true);
	CU_ASSERT_FALSE(pursuit_next(c.p, 1000 * MS, &news));
	c.looked = 1000;
	EXPECT_TOLD(c, 3950, "");
	EXPECT_TOLD(c, 4050, "unknown");
	chasing_close(&c);
}

static void
there_is_no_more_room_than_there_is(void)
{
	struct chasing c = chasing_open(2);
	struct reset_seat other = c.seat, third = c.seat;
	static struct counters n;

	other.tuple.client.port++;
	third.tuple.client.port += 2;
	chasing_begin(&c, &c.seat, 1000, true);
	chasing_begin(&c, &other, 1000, true);
	CU_ASSERT_FALSE(chasing_may(&c, &third));
	EXPECT_TOLD(c, 4100, "closed");
	EXPECT_TOLD(c, 4100, "closed");
	CU_ASSERT_FALSE(chasing_may(&c, &c.seat));
	chasing_begin(&c, &third, 4100, true);
	CU_ASSERT_EQUAL(pursuit_count(c.p), 2);
	pursuit_counters(c.p, &n);
	CU_ASSERT_EQUAL(n.n, 7);
	CU_ASSERT_EQUAL(n.c[0].value, 9);
	CU_ASSERT_EQUAL(n.c[3].value, 2);
	CU_ASSERT_EQUAL(n.c[6].value, 1);
	chasing_close(&c);
}

/* However many wait to be told of, a volley is asked for at once. */
static void
many_that_wait_hold_up_no_volley(void)
{
	struct chasing c = chasing_open(1001);
	struct reset_seat seat = c.seat;
	unsigned i, told = 0;

	for (i = 0; i < 1000; i++) {
		seat.tuple.client.port = (uint16_t)(2000 + i);
		chasing_begin(&c, &seat, 1000, true);
	}
	chasing_begin(&c, &c.seat, 3999, true);
	(void)chasing_hear(&c, 3999, "S19", 5001, 1020);
	(void)chasing_hear(&c, 3999, "C30", 1020, 5020);
	(void)chasing_hear(&c, 4000, "S40", 5020, 1050);
	CU_ASSERT_TRUE(pursuit_next(c.p, 4000 * MS, &news));
	CU_ASSERT_TRUE(news.fire);
	for (i = 0; i < 2000; i++)
		if (pursuit_next(c.p, 4000 * MS, &news)) {
			CU_ASSERT_FALSE(news.fire);
			told++;
		}
	CU_ASSERT_EQUAL(told, 1000);
	chasing_close(&c);
}

static void
the_end_tells_what_is_known(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_TRUE(pursuit_finish(c.p, &news));
	CU_ASSERT_EQUAL(news.effect, EFFECT_UNKNOWN);
	CU_ASSERT_FALSE(pursuit_finish(c.p, &news));
	chasing_close(&c);
	c = chasing_fired(true);
	(void)chasing_hear(&c, 1010, "SR", 5001, 0);
	CU_ASSERT_TRUE(pursuit_finish(c.p, &news));
	CU_ASSERT_EQUAL(news.effect, EFFECT_CLOSED);
	chasing_close(&c);
	c = chasing_fired(true);
	(void)chasing_hear(&c, 1300, "C19", 1001, 5001);
	(void)chasing_hear(&c, 1301, "S", 5001, 1020);
	CU_ASSERT_TRUE(pursuit_finish(c.p, &news));
	CU_ASSERT_EQUAL(news.effect, EFFECT_SURVIVED);
	chasing_close(&c);
}

/* Whatever comes, in whatever order: three volleys and six frames at most. */
static void
nothing_brings_more_than_three_volleys(void)
{
	static const char *const kinds[] = {
	    "C", "S", "C19", "S19", "CF", "SF", "CR", "S1460"};
	struct rng rng = {3};
	struct chasing c;
	int64_t at;
	uint32_t i, k, volleys, seq, ack;

	for (i = 0; i < 3000; i++) {
		c = chasing_fired(rng_below(&rng, 2) != 0);
		for (k = 0, volleys = 1, at = 999; k < 60; k++) {
			at += rng_below(&rng, rng_below(&rng, 2) != 0 ? 900 : 3);
			seq = 1000 + rng_below(&rng, 60);
			ack = 5000 + rng_below(&rng, 60);
			(void)chasing_hear(&c, at, kinds[rng_below(&rng, 8)],
			    k % 2 ? seq : ack, k % 3 ? ack : seq);
			while (pursuit_next(c.p, at * MS, &news)) {
				CU_ASSERT_TRUE(news.frames <= 6 && news.volleys <= 3);
				if (!news.fire)
					continue;
				CU_ASSERT_TRUE_FATAL(++volleys <= PURSUIT_VOLLEYS);
				CU_ASSERT_TRUE(chasing_fire(&c, &news, at) <= 3);
			}
			CU_ASSERT_FALSE(chasing_may(&c, &c.seat));
		}
		chasing_close(&c);
	}
}

void
suite_pursuit_bounds(void)
{
	CU_pSuite s = suite_new("pursuit_bounds");

	CASE(s, "silence that proves nothing is unknown",
	    silence_that_proves_nothing_is_unknown);
	CASE(s, "a clock that leaps is no silence", a_clock_that_leaps_is_no_silence);
	CASE(s, "there is no more room than there is",
	    there_is_no_more_room_than_there_is);
	CASE(s, "many that wait hold up no volley", many_that_wait_hold_up_no_volley);
	CASE(s, "the end tells what is known", the_end_tells_what_is_known);
	CASE(s, "nothing brings more than three volleys",
	    nothing_brings_more_than_three_volleys);
}
