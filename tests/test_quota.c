#include <pthread.h>
#include <string.h>

#include "base/event.h"
#include "enforce/quota.h"
#include "tests/starve.h"
#include "tests/suite.h"

#define START (1000 * NS_PER_S)

static struct quota *q;

static void
begin(void)
{
	struct err e = {{0}};

	quota_close(q);
	q = NULL;
	if (quota_open(&q, &e) != 0)
		abort();
}

static struct addr
host(unsigned n)
{
	const uint8_t v4[4] = {10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

	return addr_v4(v4);
}

/* One reset of the host at so many seconds. */
static enum rule
take(unsigned who, unsigned per_host, unsigned total, double at)
{
	const struct quota_limits limits = {per_host, total};
	struct addr a = host(who);

	return quota_take(q, &limits, &a, START + (int64_t)(at * (double)NS_PER_S));
}

static void
a_host_has_so_many_a_minute(void)
{
	unsigned i;

	begin();
	for (i = 0; i < 60; i++)
		CU_ASSERT_EQUAL(take(1, 60, 600, 0.1 * i), RULE_CUT);
	CU_ASSERT_EQUAL(take(1, 60, 600, 6), RULE_HOST_LIMIT);
	CU_ASSERT_EQUAL(take(1, 60, 600, 59), RULE_HOST_LIMIT);
	CU_ASSERT_EQUAL(take(2, 60, 600, 59), RULE_CUT);
	CU_ASSERT_EQUAL(take(1, 60, 600, 70), RULE_CUT);
	/* What is refused does not count. */
	CU_ASSERT_EQUAL(take(1, 3, 600, 71), RULE_CUT);
	CU_ASSERT_EQUAL(take(1, 3, 600, 72), RULE_CUT);
	CU_ASSERT_EQUAL(take(1, 3, 600, 73), RULE_HOST_LIMIT);
	CU_ASSERT_EQUAL(take(1, 4, 600, 74), RULE_CUT);
}

static void
all_hosts_have_so_many_a_minute(void)
{
	unsigned i;

	begin();
	for (i = 0; i < 600; i++)
		CU_ASSERT_EQUAL(take(i, 60, 600, 0), RULE_CUT);
	CU_ASSERT_EQUAL(take(700, 60, 600, 30), RULE_TOTAL_LIMIT);
	CU_ASSERT_EQUAL(take(1, 60, 600, 30), RULE_TOTAL_LIMIT);
	CU_ASSERT_EQUAL(take(1, 1, 600, 30), RULE_HOST_LIMIT);
	CU_ASSERT_EQUAL(take(700, 60, 600, 70), RULE_CUT);
}

/* Random moments: never more than the limit in any minute, and never long refused. */
static void
no_minute_has_more_than_the_limit(void)
{
	static double at[40000];
	unsigned seed = 1, n = 0, first = 0, refused = 0, i;
	double now = 0, last = 0;

	begin();
	for (i = 0; i < 40000; i++) {
		seed = seed * 1103515245 + 12345;
		now += (seed >> 16) % 400 * 0.01;
		if (take(1, 20, 600, now) != RULE_CUT) {
			refused++;
			CU_ASSERT_TRUE_FATAL(now - last <= 70);
			continue;
		}
		at[n++] = last = now;
		while (at[first] <= now - 60)
			first++;
		CU_ASSERT_TRUE_FATAL(n - first <= 20);
	}
	CU_ASSERT_TRUE(refused > 10000);
	CU_ASSERT_TRUE(n > 1000);
}

/* As many hosts as can have had a reset: each is still known. */
static void
no_host_is_forgotten_within_its_minute(void)
{
	unsigned i, round;

	begin();
	for (round = 0; round < 3; round++) {
		for (i = 0; i < QUOTA_TOTAL_MAX; i++)
			CU_ASSERT_EQUAL_FATAL(
			    take(round * QUOTA_TOTAL_MAX + i, 1, 100000, round * 100),
			    RULE_CUT);
		CU_ASSERT_EQUAL(
		    take(99999, 1, 100000, round * 100 + 1), RULE_TOTAL_LIMIT);
		for (i = 0; i < QUOTA_TOTAL_MAX; i++)
			CU_ASSERT_EQUAL_FATAL(take(round * QUOTA_TOTAL_MAX + i, 1, 100000,
						  round * 100 + 59),
			    RULE_HOST_LIMIT);
	}
}

static void
a_limit_is_told_once_a_minute_and_host(void)
{
	struct quota_news news;
	struct addr one = host(1);
	unsigned i;

	begin();
	CU_ASSERT_FALSE(quota_news(q, &news));
	(void)take(1, 1, 2, 0);
	CU_ASSERT_FALSE(quota_news(q, &news));
	for (i = 1; i < 9; i++)
		(void)take(1, 1, 2, i);
	CU_ASSERT_TRUE(quota_news(q, &news));
	CU_ASSERT_EQUAL(news.rule, RULE_HOST_LIMIT);
	CU_ASSERT_EQUAL(addr_cmp(&news.host, &one), 0);
	CU_ASSERT_EQUAL(news.limit, 1);
	CU_ASSERT_EQUAL(news.refused, 1);
	CU_ASSERT_FALSE(quota_news(q, &news));
	(void)take(2, 1, 2, 10);
	(void)take(3, 1, 2, 10);
	(void)take(4, 1, 2, 10);
	CU_ASSERT_TRUE(quota_news(q, &news));
	CU_ASSERT_EQUAL(news.rule, RULE_TOTAL_LIMIT);
	CU_ASSERT_EQUAL(news.limit, 2);
	CU_ASSERT_FALSE(quota_news(q, &news));
	/* Again after a minute, with what was refused meanwhile. */
	CU_ASSERT_EQUAL(take(1, 1, 2, 60), RULE_HOST_LIMIT);
	CU_ASSERT_FALSE(quota_news(q, &news));
	CU_ASSERT_EQUAL(take(1, 1, 2, 61), RULE_HOST_LIMIT);
	CU_ASSERT_TRUE(quota_news(q, &news));
	CU_ASSERT_EQUAL(addr_cmp(&news.host, &one), 0);
	CU_ASSERT_EQUAL(news.refused, 9);
	CU_ASSERT_EQUAL(take(3, 1, 1, 71), RULE_TOTAL_LIMIT);
	CU_ASSERT_TRUE(quota_news(q, &news));
	CU_ASSERT_EQUAL(news.rule, RULE_TOTAL_LIMIT);
	CU_ASSERT_EQUAL(news.refused, 2);
}

static void
news_that_find_no_room_are_told_later(void)
{
	struct quota_news news;
	unsigned i, n = 0;

	begin();
	for (i = 0; i < QUOTA_NEWS_MAX + 1; i++)
		(void)take(i, 1, 600, 0);
	for (i = 0; i < QUOTA_NEWS_MAX + 1; i++)
		CU_ASSERT_EQUAL(take(i, 1, 600, 1), RULE_HOST_LIMIT);
	while (quota_news(q, &news))
		n++;
	CU_ASSERT_EQUAL(n, QUOTA_NEWS_MAX);
	CU_ASSERT_EQUAL(take(QUOTA_NEWS_MAX, 1, 600, 2), RULE_HOST_LIMIT);
	CU_ASSERT_TRUE(quota_news(q, &news));
	CU_ASSERT_EQUAL(news.refused, 2);
}

static void
a_clock_that_goes_back_gives_nothing_away(void)
{
	begin();
	CU_ASSERT_EQUAL(take(1, 2, 600, 100), RULE_CUT);
	CU_ASSERT_EQUAL(take(1, 2, 600, 20), RULE_CUT);
	CU_ASSERT_EQUAL(take(1, 2, 600, 20), RULE_HOST_LIMIT);
	CU_ASSERT_EQUAL(take(1, 2, 600, 159), RULE_HOST_LIMIT);
	/* A machine that has just started. */
	begin();
	CU_ASSERT_EQUAL(take(1, 1, 600, -999.5), RULE_CUT);
	CU_ASSERT_EQUAL(take(1, 1, 600, -960), RULE_HOST_LIMIT);
	CU_ASSERT_EQUAL(take(1, 1, 600, -900), RULE_CUT);
}

static void *
take_many(void *cut)
{
	unsigned i;

	for (i = 0; i < 2000; i++)
		*(unsigned *)cut += take(i % 50, 30, 1000, 0) == RULE_CUT;
	return NULL;
}

static void
threads_share_the_limit(void)
{
	pthread_t thread[4];
	unsigned cut[4] = {0}, total = 0, i;
	struct quota_news news;

	begin();
	for (i = 0; i < 4; i++)
		if (pthread_create(&thread[i], NULL, take_many, &cut[i]) != 0)
			abort();
	for (i = 0; i < 4; i++) {
		(void)quota_news(q, &news);
		(void)pthread_join(thread[i], NULL);
		total += cut[i];
	}
	CU_ASSERT_EQUAL(total, 1000);
}

static void
memory_may_run_out(void)
{
	struct quota *none = NULL;
	size_t n = 0;

	for (;; n++) {
		struct err e = {{0}};
		int r;

		starve_after(n);
		r = quota_open(&none, &e);
		if (!starve_end())
			break;
		CU_ASSERT_EQUAL(r, -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "out of memory"));
	}
	CU_ASSERT_TRUE(n > 1);
	quota_close(none);
	quota_close(q);
	q = NULL;
	quota_close(q);
}

void
suite_quota(void)
{
	CU_pSuite s = suite_new("quota");

	CASE(s, "a host has so many a minute", a_host_has_so_many_a_minute);
	CASE(s, "all hosts have so many a minute", all_hosts_have_so_many_a_minute);
	CASE(s, "no minute has more than the limit", no_minute_has_more_than_the_limit);
	CASE(s, "no host is forgotten within its minute",
	    no_host_is_forgotten_within_its_minute);
	CASE(s, "a limit is told once a minute and host",
	    a_limit_is_told_once_a_minute_and_host);
	CASE(s, "news that find no room are told later",
	    news_that_find_no_room_are_told_later);
	CASE(s, "a clock that goes back gives nothing away",
	    a_clock_that_goes_back_gives_nothing_away);
	CASE(s, "threads share the limit", threads_share_the_limit);
	CASE(s, "memory may run out", memory_may_run_out);
}
