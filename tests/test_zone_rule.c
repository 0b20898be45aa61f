#include <string.h>

#include "enforce/zone_rule.h"
#include "tests/guard.h"
#include "tests/local_time.h"
#include "tests/suite.h"

#define HOUR 3600

static struct zone_rule
rule_of(const char *text)
{
	struct zone_rule r;

	if (!zone_rule_parse(guard_copy(text, strlen(text)), &r))
		abort();
	return r;
}

static void
offsets_are_those_of_the_year(void)
{
	static const struct {
		const char *rule, *at;
		int32_t offset;
	} cases[] = {
	    {"UTC0", "2026-07-01 00:00:00", 0},
	    {"<+0545>-5:45", "2026-07-01 00:00:00", 5 * HOUR + 2700},
	    {"<-0330>+3:30:15", "1930-07-01 00:00:00", -3 * HOUR - 1815},
	    /* The instant of the change, and the second before it. */
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29 00:59:59", HOUR},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29 01:00:00", 2 * HOUR},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25 00:59:59", 2 * HOUR},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25 01:00:00", HOUR},
	    {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08 06:59:59", -5 * HOUR},
	    {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08 07:00:00", -4 * HOUR},
	    {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01 05:59:59", -4 * HOUR},
	    {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01 06:00:00", -5 * HOUR},
	    /* Summer over the turn of the year. */
	    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01 00:00:00", 11 * HOUR},
	    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-12-31 23:00:00", 11 * HOUR},
	    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01 00:00:00", 10 * HOUR},
	    {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01 00:00:00", 11 * HOUR},
	    /* Winter time as the one that is saved. */
	    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01 00:00:00", 0},
	    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01 00:00:00", HOUR},
	    /* The day after the last Thursday, and the evening before a Sunday. */
	    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28 00:00:00", 3 * HOUR},
	    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27 23:59:59", 2 * HOUR},
	    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29 00:59:59", -2 * HOUR},
	    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29 01:00:00", -1 * HOUR},
	    /* Numbered days: 60 is 1 March in any year, or 29 February in a leap year. */
	    {"AAA0BBB,J60/0,J61/0", "2024-03-01 00:00:00", HOUR},
	    {"AAA0BBB,J60/0,J61/0", "2024-02-29 23:59:59", 0},
	    {"AAA0BBB,J60/0,J61/0", "2025-03-01 00:00:00", HOUR},
	    {"AAA0BBB,59/0,60/0", "2024-02-29 00:00:00", HOUR},
	    {"AAA0BBB,59/0,60/0", "2025-03-01 00:00:00", HOUR},
	    {"AAA0BBB,365/0,0/0", "2024-12-31 12:00:00", HOUR},
	    /* All year, as RFC 8536 writes it. */
	    {"XXX3EDT4,0/0,J365/23", "2026-01-01 02:59:59", -4 * HOUR},
	    {"XXX3EDT4,0/0,J365/23", "2026-01-01 03:00:00", -4 * HOUR},
	    {"XXX3EDT4,0/0,J365/23", "2026-07-01 03:00:00", -4 * HOUR},
	};
	struct zone_rule r;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = rule_of(cases[i].rule);
		CU_ASSERT_EQUAL(
		    zone_rule_offset(&r, local_time_utc(cases[i].at)), cases[i].offset);
	}
}

static void
offsets_are_those_of_the_c_library(void)
{
	static const char *const rules[] = {"CET-1CEST,M3.5.0,M10.5.0/3",
	    "EST5EDT,M3.2.0,M11.1.0", "AEST-10AEDT,M10.1.0,M4.1.0/3",
	    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "EET-2EEST,M3.4.4/50,M10.4.4/50", "AAA0BBB,J60/0,J300/0",
	    "AAA-4BBB-6:30,59/4:30:30,J365/2", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
	    "CST6CDT,M2.4.1,M3.1.6", "AAA12BBB11,M1.2.0/0,M12.4.6/24", "ABC-3"};
	uint64_t seed = 1;
	struct zone_rule r;
	size_t i, round;
	int64_t t;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		r = rule_of(rules[i]);
		local_time_in(rules[i]);
		for (round = 0; round < 3000; round++) {
			seed = seed * 6364136223846793005U + 1442695040888963407U;
			/* From 1970 to 2223; every tenth on New Year's Eve or so. */
			t = (int64_t)((seed >> 20) % 8000000000U);
			if (round % 10 == 0)
				t = (t / 31556952) * 31556952 + (t % 172800) - 86400;
			if (t < 0)
				continue;
			if (zone_rule_offset(&r, t) != local_time_offset(t))
				break;
		}
		CU_ASSERT_EQUAL(round, 3000);
	}
	local_time_in(NULL);
}

static void
times_of_long_ago_and_far_ahead_have_offsets(void)
{
	struct zone_rule r = rule_of("CET-1CEST,M3.5.0,M10.5.0/3");

	CU_ASSERT_EQUAL(zone_rule_offset(&r, INT64_MIN / 1000000000), 2 * HOUR);
	CU_ASSERT_EQUAL(zone_rule_offset(&r, INT64_MAX / 1000000000), 2 * HOUR);
	CU_ASSERT_EQUAL(zone_rule_offset(&r, -1), HOUR);
}

static void
what_is_no_rule_is_refused(void)
{
	static const char *const bad[] = {"", "CET", "CE-1", "-1", "CET-", "CET-1 ",
	    "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,",
	    "CET-1CEST,M3.5,M10.5.0", "CET-1CEST,M13.5.0,M10.5.0",
	    "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
	    "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J365",
	    "CET-1CEST,J1,J366", "CET-1CEST,0,366", "CET-1CEST,M3.5.0/,M10.5.0",
	    "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0/2:60,M10.5.0",
	    "CET-1:CEST,M3.5.0,M10.5.0", "CET-168", "<+1>-1", "<+01-1", "<>0", "CET--1",
	    "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M3.5.0,M10.5.0,1",
	    "CET-1CEST-,M3.5.0,M10.5.0", "CET1111"};
	struct zone_rule r;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_FALSE(zone_rule_parse(guard_copy(bad[i], strlen(bad[i])), &r));
}

void
suite_zone_rule(void)
{
	CU_pSuite s = suite_new("zone_rule");

	CASE(s, "offsets are those of the year", offsets_are_those_of_the_year);
	CASE(s, "offsets are those of the C library", offsets_are_those_of_the_c_library);
	CASE(s, "times of long ago and far ahead have offsets",
	    times_of_long_ago_and_far_ahead_have_offsets);
	CASE(s, "what is no rule is refused", what_is_no_rule_is_refused);
}
