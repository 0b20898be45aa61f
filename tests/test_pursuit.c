#include "enforce/pursuit.h"
#include "tests/chasing.h"

static struct pursuit_news news;

static void
silence_with_octets_under_way_is_the_end(void)
{
	struct chasing c = chasing_fired(false);

	EXPECT_TOLD(c, 3950, "");
	EXPECT_TOLD(c, 4050, "closed");
	CU_ASSERT_EQUAL(news.volleys, 1);
	CU_ASSERT_EQUAL(news.frames, 3);
	CU_ASSERT_EQUAL(news.life_ns, 0);
	CU_ASSERT_EQUAL(news.flow, 77);
	CU_ASSERT_EQUAL(news.first_sent, 1000 * MS);
	CU_ASSERT_EQUAL(*(const uint32_t *)news.note, 3);
	EXPECT_TOLD(c, 60000, "");
	chasing_close(&c);
}

static void
silence_when_it_is_somebodys_turn_is_the_end(void)
{
	struct chasing c = chasing_fired(true);

	(void)chasing_hear(&c, 1010, "S", 5001, 1020);
	EXPECT_TOLD(c, 10950, "");
	EXPECT_TOLD(c, 11050, "closed");
	chasing_close(&c);
	c = chasing_fired(false);
	(void)chasing_hear(&c, 1010, "S", 5001, 1020);
	EXPECT_TOLD(c, 30950, "");
	EXPECT_TOLD(c, 31050, "unknown");
	chasing_close(&c);
	c = chasing_fired(true);
	(void)chasing_hear(&c, 1010, "S", 5001, 1020);
	pursuit_calm(c.p, &c.seat.tuple);
	EXPECT_TOLD(c, 30950, "");
	EXPECT_TOLD(c, 31050, "unknown");
	chasing_close(&c);
}

static void
what_was_under_way_is_no_life(void)
{
	struct chasing c = chasing_fired(true);

	/* The server's answer and its acknowledgement crossed with the resets. */
	CU_ASSERT_FALSE(chasing_hear(&c, 1010, "S19", 5001, 1020));
	CU_ASSERT_FALSE(chasing_hear(&c, 1200, "C19", 1001, 5001));
	EXPECT_TOLD(c, 4100, "");
	EXPECT_TOLD(c, 4250, "closed");
	CU_ASSERT_EQUAL(news.life_ns, 0);
	CU_ASSERT_EQUAL(news.volleys, 1);
	chasing_close(&c);
}

static void
both_ends_past_their_numbers_want_a_volley_at_once(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_FALSE(chasing_hear(&c, 1001, "S19", 5001, 1020));
	CU_ASSERT_FALSE(chasing_hear(&c, 1002, "C30", 1020, 5020));
	CU_ASSERT_TRUE(chasing_hear(&c, 1003, "S40", 5020, 1050));
	CU_ASSERT_TRUE(pursuit_next(c.p, 1003 * MS, &news));
	CU_ASSERT_TRUE(news.fire);
	/* The numbers are those of now. */
	CU_ASSERT_EQUAL(news.seat.end[SIDE_CLIENT].sent, 1050);
	CU_ASSERT_EQUAL(news.seat.end[SIDE_CLIENT].acked, 1050);
	CU_ASSERT_EQUAL(news.seat.end[SIDE_SERVER].sent, 5060);
	CU_ASSERT_EQUAL(news.seat.end[SIDE_SERVER].acked, 5020);
	CU_ASSERT_EQUAL(news.seat.speaker, SIDE_SERVER);
	CU_ASSERT_FALSE(pursuit_next(c.p, 1003 * MS, &news));
	CU_ASSERT_EQUAL(chasing_fire(&c, &news, 1003), 2);
	EXPECT_TOLD(c, 5000, "closed");
	CU_ASSERT_EQUAL(news.volleys, 2);
	CU_ASSERT_EQUAL(news.frames, 5);
	CU_ASSERT_EQUAL(news.life_ns, 3 * MS);
	chasing_close(&c);
}

/* It has what is left of the six frames, and is the last. */
static void
who_outruns_two_volleys_gets_a_third(void)
{
	struct chasing c = chasing_fired(true);

	(void)chasing_hear(&c, 1001, "S19", 5001, 1020);
	(void)chasing_hear(&c, 1002, "C30", 1020, 5020);
	(void)chasing_hear(&c, 1003, "S40", 5020, 1050);
	EXPECT_TOLD(c, 1003, "fire");
	CU_ASSERT_EQUAL(chasing_fire(&c, &news, 1003), 2);
	(void)chasing_hear(&c, 1004, "C30", 1050, 5060);
	(void)chasing_hear(&c, 1005, "S40", 5060, 1080);
	(void)chasing_hear(&c, 1006, "C30", 1080, 5100);
	EXPECT_TOLD(c, 1006, "fire");
	CU_ASSERT_EQUAL(news.most, 1);
	CU_ASSERT_EQUAL(chasing_fire(&c, &news, 1006), 1);
	(void)chasing_hear(&c, 1007, "S40", 5100, 1110);
	(void)chasing_hear(&c, 1008, "C30", 1110, 5140);
	(void)chasing_hear(&c, 1009, "S40", 5140, 1140);
	(void)chasing_hear(&c, 1010, "C", 1140, 5180);
	EXPECT_TOLD(c, 3950, "");
	EXPECT_TOLD(c, 4100, "survived");
	CU_ASSERT_EQUAL(news.volleys, 3);
	CU_ASSERT_EQUAL(news.frames, 6);
	chasing_close(&c);
}

static void
octets_ahead_of_the_reset_show_that_it_came_late(void)
{
	struct chasing c = chasing_fired(true);

	/* Stamped before the volley was sent, and heard after it. */
	CU_ASSERT_FALSE(chasing_hear(&c, 998, "S19", 5001, 1020));
	/* Not before all from before the volley is heard: there may be more. */
	CU_ASSERT_FALSE(chasing_hear(&c, 999, "C30", 1020, 5020));
	CU_ASSERT_FALSE(pursuit_next(c.p, 999 * MS, &news));
	EXPECT_TOLD(c, 1000, "fire");
	chasing_close(&c);
}

static void
one_end_missed_waits_for_the_other_ones_system(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_FALSE(chasing_hear(&c, 1001, "S19", 5001, 1020));
	CU_ASSERT_FALSE(chasing_hear(&c, 1002, "C30", 1020, 5020));
	CU_ASSERT_FALSE(pursuit_next(c.p, 1015 * MS, &news));
	CU_ASSERT_FALSE(chasing_hear(&c, 1016, "SR", 5020, 0));
	EXPECT_TOLD(c, 1250, "");
	EXPECT_TOLD(c, 1300, "closed");
	CU_ASSERT_EQUAL(news.volleys, 1);
	CU_ASSERT_EQUAL(news.life_ns, 2 * MS);
	chasing_close(&c);

	c = chasing_fired(true);
	CU_ASSERT_FALSE(chasing_hear(&c, 1001, "S19", 5001, 1020));
	CU_ASSERT_FALSE(chasing_hear(&c, 1002, "C30", 1020, 5020));
	CU_ASSERT_TRUE(pursuit_next(c.p, 1021 * MS, &news));
	CU_ASSERT_TRUE(news.fire);
	chasing_close(&c);
}

static void
a_challenge_is_answered_with_the_number_it_names(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_FALSE(chasing_hear(&c, 1010, "S", 5001, 1001));
	EXPECT_TOLD(c, 1100, "fire");
	CU_ASSERT_EQUAL(news.seat.end[SIDE_CLIENT].acked, 1001);
	CU_ASSERT_EQUAL(chasing_fire(&c, &news, 1020), 3);
	chasing_close(&c);
}

static void
a_mirror_that_shows_all_twice_shows_no_challenge(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_FALSE(chasing_hear(&c, 1010, "S", 5001, 1020));
	CU_ASSERT_FALSE(chasing_hear(&c, 1010, "S", 5001, 1020));
	EXPECT_TOLD(c, 9000, "");
	chasing_close(&c);
}

static void
life_after_the_grace_wants_a_volley_and_then_is_survival(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_FALSE(chasing_hear(&c, 1249, "C19", 1001, 5001));
	CU_ASSERT_TRUE(chasing_hear(&c, 1251, "C19", 1001, 5001));
	EXPECT_TOLD(c, 1251, "fire");
	(void)chasing_fire(&c, &news, 1252);
	CU_ASSERT_FALSE(chasing_hear(&c, 1600, "C19", 1001, 5001));
	EXPECT_TOLD(c, 2200, "");
	/* The server may be gone, and its word of that lost. */
	CU_ASSERT_FALSE(chasing_hear(&c, 2253, "C19", 1001, 5001));
	CU_ASSERT_FALSE(chasing_hear(&c, 2254, "S", 5001, 1020));
	EXPECT_TOLD(c, 2500, "");
	EXPECT_TOLD(c, 2600, "survived");
	CU_ASSERT_EQUAL(news.volleys, 2);
	CU_ASSERT_EQUAL(news.life_ns, 1254 * MS);
	CU_ASSERT_FALSE(chasing_hear(&c, 3253, "C19", 1001, 5001));
	EXPECT_TOLD(c, 60000, "");
	chasing_close(&c);
}

static void
a_volley_that_is_not_sent_is_not_asked_for_again(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_TRUE(chasing_hear(&c, 1251, "C19", 1001, 5001));
	EXPECT_TOLD(c, 1300, "fire");
	CU_ASSERT_FALSE(chasing_hear(&c, 1900, "S", 5001, 1020));
	EXPECT_TOLD(c, 1950, "");
	CU_ASSERT_FALSE(chasing_hear(&c, 2001, "C19", 1001, 5001));
	EXPECT_TOLD(c, 2250, "");
	EXPECT_TOLD(c, 2300, "survived");
	CU_ASSERT_EQUAL(news.volleys, 1);
	CU_ASSERT_EQUAL(news.frames, 3);
	chasing_close(&c);
}

static void
who_closes_in_order_was_not_cut(void)
{
	struct chasing c = chasing_fired(true);

	(void)chasing_hear(&c, 1001, "S19", 5001, 1020);
	(void)chasing_hear(&c, 1002, "CF", 1020, 5020);
	CU_ASSERT_FALSE(chasing_hear(&c, 1002, "CF", 1020, 5020));
	(void)chasing_hear(&c, 1003, "SF", 5020, 1021);
	EXPECT_TOLD(c, 1003, "fire");
	CU_ASSERT_TRUE(chasing_hear(&c, 1004, "C", 1021, 5021));
	EXPECT_TOLD(c, 1010, "survived");
	chasing_close(&c);
}

static void
another_connection_on_the_ports_has_a_chance_of_its_own(void)
{
	struct chasing c = chasing_fired(true);

	CU_ASSERT_FALSE(chasing_may(&c, &c.seat));
	/* A late copy of its own SYN. */
	CU_ASSERT_FALSE(chasing_hear(&c, 1100, "CY", 1000, 0));
	CU_ASSERT_FALSE(chasing_may(&c, &c.seat));
	CU_ASSERT_TRUE(chasing_hear(&c, 1200, "CY", 90001020, 0));
	EXPECT_TOLD(c, 1200, "closed");
	CU_ASSERT_EQUAL(pursuit_count(c.p), 0);
	CU_ASSERT_TRUE(chasing_may(&c, &c.seat));
	chasing_close(&c);

	c = chasing_fired(true);
	EXPECT_TOLD(c, 5000, "closed");
	CU_ASSERT_FALSE(chasing_may(&c, &c.seat));
	CU_ASSERT_FALSE(chasing_hear(&c, 6000, "CY", 1021, 0));
	CU_ASSERT_TRUE(chasing_may(&c, &c.seat));
	chasing_close(&c);
}

static void
what_was_told_is_taken_back_when_there_is_life(void)
{
	struct chasing c = chasing_fired(true);

	EXPECT_TOLD(c, 5000, "closed");
	EXPECT_TOLD(c, 9000, "");
	CU_ASSERT_TRUE(chasing_hear(&c, 9000, "C19", 1001, 5001));
	EXPECT_TOLD(c, 9050, "fire");
	(void)chasing_fire(&c, &news, 9060);
	EXPECT_TOLD(c, 12100, "closed");
	CU_ASSERT_EQUAL(news.volleys, 2);
	/* Too late to matter. */
	CU_ASSERT_FALSE(chasing_hear(&c, 70000, "C19", 1001, 5001));
	EXPECT_TOLD(c, 90000, "");
	chasing_close(&c);
}

static void
a_volley_is_for_a_connection_that_is_still_there(void)
{
	struct chasing c = chasing_open(4);

	/* Not sent: there may be another occasion. */
	CU_ASSERT_TRUE(chasing_may(&c, &c.seat));
	CU_ASSERT_FALSE(chasing_may(&c, &c.seat));
	CU_ASSERT_TRUE(pursuit_next(c.p, 1000 * MS, &news));
	CU_ASSERT_FALSE(pursuit_next(c.p, 1000 * MS, &news));
	CU_ASSERT_EQUAL(pursuit_count(c.p), 0);

	CU_ASSERT_TRUE(chasing_may(&c, &c.seat));
	(void)chasing_hear(&c, 1001, "S19", 5001, 1020);
	CU_ASSERT_TRUE(pursuit_next(c.p, 1001 * MS, &news));
	CU_ASSERT_EQUAL(news.seat.end[SIDE_SERVER].sent, 5020);
	CU_ASSERT_FALSE(pursuit_next(c.p, 1001 * MS, &news));

	CU_ASSERT_TRUE(chasing_may(&c, &c.seat));
	(void)chasing_hear(&c, 1002, "SR", 5020, 0);
	CU_ASSERT_FALSE(pursuit_next(c.p, 1002 * MS, &news));
	CU_ASSERT_FALSE(pursuit_finish(c.p, &news));
	chasing_close(&c);
}

void
suite_pursuit(void)
{
	CU_pSuite s = suite_new("pursuit");

	CASE(s, "silence with octets under way is the end",
	    silence_with_octets_under_way_is_the_end);
	CASE(s, "silence when it is somebody's turn is the end",
	    silence_when_it_is_somebodys_turn_is_the_end);
	CASE(s, "what was under way is no life", what_was_under_way_is_no_life);
	CASE(s, "both ends past their numbers want a volley at once",
	    both_ends_past_their_numbers_want_a_volley_at_once);
	CASE(s, "who outruns two volleys gets a third",
	    who_outruns_two_volleys_gets_a_third);
	CASE(s, "octets ahead of the reset show that it came late",
	    octets_ahead_of_the_reset_show_that_it_came_late);
	CASE(s, "one end missed waits for the other one's system",
	    one_end_missed_waits_for_the_other_ones_system);
	CASE(s, "a challenge is answered with the number it names",
	    a_challenge_is_answered_with_the_number_it_names);
	CASE(s, "a mirror that shows all twice shows no challenge",
	    a_mirror_that_shows_all_twice_shows_no_challenge);
	CASE(s, "life after the grace wants a volley, and then is survival",
	    life_after_the_grace_wants_a_volley_and_then_is_survival);
	CASE(s, "a volley that is not sent is not asked for again",
	    a_volley_that_is_not_sent_is_not_asked_for_again);
	CASE(s, "who closes in order was not cut", who_closes_in_order_was_not_cut);
	CASE(s, "another connection on the ports has a chance of its own",
	    another_connection_on_the_ports_has_a_chance_of_its_own);
	CASE(s, "what was told is taken back when there is life",
	    what_was_told_is_taken_back_when_there_is_life);
	CASE(s, "a volley is for a connection that is still there",
	    a_volley_is_for_a_connection_that_is_still_there);
}
