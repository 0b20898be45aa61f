/* What is asked of a pursuit that knows nothing, has no memory, or ends early. */
#include "enforce/pursuit.h"
#include "tests/chasing.h"
#include "tests/starve.h"

static struct pursuit_news news;

static void
short_of_memory_it_says_so(void)
{
	bool refused = true;
	struct pursuit *p;
	struct err e;
	size_t i;

	for (i = 0; refused && i < 100; i++) {
		p = NULL;
		e = (struct err){{0}};
		starve_after(i);
		if (pursuit_open(&p, 4, sizeof(uint32_t), &e) == 0)
			pursuit_close(p);
		refused = starve_end();
		CU_ASSERT_EQUAL(refused, e.text[0] != '\0');
	}
	CU_ASSERT(i > 2);
	CU_ASSERT(!refused);
	pursuit_close(NULL);
}

static void
of_connections_it_does_not_follow_it_takes_nothing(void)
{
	struct reset_frame f = {.to = SIDE_CLIENT, .seq = 5001};
	struct chasing c = chasing_open(4);

	pursuit_sent(c.p, &c.seat.tuple, &f, 1, 1000 * MS);
	pursuit_calm(c.p, &c.seat.tuple);
	CU_ASSERT_FALSE(chasing_hear(&c, 1001, "S19", 5001, 1020));
	CU_ASSERT_EQUAL(pursuit_count(c.p), 0);
	CU_ASSERT_FALSE(pursuit_next(c.p, 1002 * MS, &news));
	CU_ASSERT_FALSE(pursuit_finish(c.p, &news));
	chasing_close(&c);
}

/* One was never asked for its volley, one was and did not send it: nothing is told. */
static void
the_end_tells_nothing_of_what_got_no_volley(void)
{
	struct chasing c = chasing_open(4);
	struct reset_seat other = c.seat;

	other.tuple.client.port++;
	CU_ASSERT_TRUE(chasing_may(&c, &c.seat));
	CU_ASSERT_TRUE(pursuit_next(c.p, 1000 * MS, &news));
	CU_ASSERT_TRUE(news.fire);
	CU_ASSERT_TRUE(chasing_may(&c, &other));
	CU_ASSERT_EQUAL(pursuit_count(c.p), 2);
	CU_ASSERT_FALSE(pursuit_finish(c.p, &news));
	CU_ASSERT_EQUAL(pursuit_count(c.p), 0);
	chasing_close(&c);
}

void
suite_pursuit_edges(void)
{
	CU_pSuite s = suite_new("pursuit_edges");

	CASE(s, "short of memory it says so", short_of_memory_it_says_so);
	CASE(s, "of connections it does not follow it takes nothing",
	    of_connections_it_does_not_follow_it_takes_nothing);
	CASE(s, "the end tells nothing of what got no volley",
	    the_end_tells_nothing_of_what_got_no_volley);
}
