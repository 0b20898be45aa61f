#include <string.h>

#include "base/event.h"
#include "enforce/schedule.h"
#include "tests/local_time.h"
#include "tests/suite.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static struct zone
zone_of(const char *rule)
{
	struct zone z = {.has_rule = true};

	if (!zone_rule_parse(bytes_str(rule), &z.rule))
		abort();
	return z;
}

static struct schedule
schedule_of(const char *hours)
{
	struct schedule s = {.limited = false};
	struct err e = {{0}};

	if (schedule_add(&s, hours, &e) != 0)
		abort();
	return s;
}

/* At a moment of UTC, in a zone by its rule. */
static bool
has(const char *hours, const char *rule, const char *at)
{
	struct schedule s = schedule_of(hours);
	struct zone z = zone_of(rule);

	return schedule_has(&s, &z, local_time_utc(at) * NS_PER_S);
}

/* 2026-11-23 is a Monday. */
static void
hours_begin_with_their_first_minute_and_end_before_their_last(void)
{
	static const struct {
		const char *hours, *at;
		bool has;
	} cases[] = {
	    {"Mon-Fri 08:00-12:00", "2026-11-23 07:59:59", false},
	    {"Mon-Fri 08:00-12:00", "2026-11-23 08:00:00", true},
	    {"Mon-Fri 08:00-12:00", "2026-11-27 11:59:59", true},
	    {"Mon-Fri 08:00-12:00", "2026-11-27 12:00:00", false},
	    {"Mon-Fri 08:00-12:00", "2026-11-28 10:00:00", false},
	    {"Mon-Fri 08:00-12:00 13:30-17:00", "2026-11-24 13:29:59", false},
	    {"Mon-Fri 08:00-12:00 13:30-17:00", "2026-11-24 13:30:00", true},
	    {"Mon,Wed,Fri 8:00-9:00", "2026-11-25 08:30:00", true},
	    {"Mon,Wed,Fri 8:00-9:00", "2026-11-24 08:30:00", false},
	    {"mon,WED-thu 08:00-09:00", "2026-11-26 08:30:00", true},
	    {"Sat-Mon 08:00-09:00", "2026-11-23 08:30:00", true},
	    {"Sat-Mon 08:00-09:00", "2026-11-29 08:30:00", true},
	    {"Sat-Mon 08:00-09:00", "2026-11-24 08:30:00", false},
	    {"daily 00:00-24:00", "2026-11-29 23:59:59", true},
	    {"Tue 00:00-24:00", "2026-11-23 23:59:59", false},
	    {"Tue 00:00-24:00", "2026-11-24 00:00:00", true},
	    {"Tue 00:00-24:00", "2026-11-24 23:59:59", true},
	    {"Tue 00:00-24:00", "2026-11-25 00:00:00", false},
	    {"Sun  22:00-06:00 ", "2026-11-29 22:00:00", true},
	    {"Sun  22:00-06:00 ", "2026-11-30 05:59:59", true},
	    {"Sun  22:00-06:00 ", "2026-11-30 06:00:00", false},
	    {"Sun  22:00-06:00 ", "2026-11-29 05:00:00", false},
	    {"Fri 18:00-00:00", "2026-11-27 23:59:59", true},
	    {"Fri 18:00-00:00", "2026-11-28 00:00:00", false},
	    {"Wed-Wed 10:00-11:00", "2026-11-25 10:00:00", true},
	    {"Thu 00:00-24:00", "1969-12-31 23:59:59", false},
	    {"Thu 00:00-24:00", "1970-01-01 00:00:00", true},
	    {"Wed 23:59-24:00", "1969-12-31 23:59:59", true},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(has(cases[i].hours, "UTC0", cases[i].at), cases[i].has);
}

static void
hours_are_those_of_the_zone(void)
{
	static const struct {
		const char *hours, *zone, *at;
		bool has;
	} cases[] = {
	    {"Mon 08:00-09:00", BERLIN, "2026-11-23 07:00:00", true},
	    {"Mon 08:00-09:00", BERLIN, "2026-11-23 08:00:00", false},
	    {"Mon 08:00-09:00", BERLIN, "2026-07-20 06:00:00", true},
	    {"Mon 00:00-01:00", BERLIN, "2026-11-22 23:00:00", true},
	    {"Sun 20:00-21:00", "<-1130>11:30", "2026-11-23 08:00:00", true},
	    {"Tue 05:00-06:00", "<+1245>-12:45", "2026-11-23 16:15:00", true},
	    /* 25 October has 02:00 to 03:00 twice. */
	    {"Sun 02:00-02:30", BERLIN, "2026-10-25 00:00:00", true},
	    {"Sun 02:00-02:30", BERLIN, "2026-10-25 00:29:59", true},
	    {"Sun 02:00-02:30", BERLIN, "2026-10-25 00:30:00", false},
	    {"Sun 02:00-02:30", BERLIN, "2026-10-25 01:00:00", true},
	    {"Sun 02:00-02:30", BERLIN, "2026-10-25 01:30:00", false},
	    {"Sun 01:00-03:00", BERLIN, "2026-10-24 23:00:00", true},
	    {"Sun 01:00-03:00", BERLIN, "2026-10-25 01:59:59", true},
	    {"Sun 01:00-03:00", BERLIN, "2026-10-25 02:00:00", false},
	    /* 29 March goes from 02:00 to 03:00. */
	    {"Sun 02:00-03:00", BERLIN, "2026-03-29 00:59:59", false},
	    {"Sun 02:00-03:00", BERLIN, "2026-03-29 01:00:00", false},
	    {"Sun 02:30-03:30", BERLIN, "2026-03-29 01:00:00", true},
	    {"Sun 02:30-03:30", BERLIN, "2026-03-29 01:30:00", false},
	    {"Sat 23:00-04:00", BERLIN, "2026-03-29 01:59:59", true},
	    {"Sat 23:00-04:00", BERLIN, "2026-03-29 02:00:00", false},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(
		    has(cases[i].hours, cases[i].zone, cases[i].at), cases[i].has);
}

/* Seconds, in steps of a minute, that hours have of a day by local time. */
static unsigned
minutes_of_day(const char *hours, const char *from, unsigned minutes)
{
	struct schedule s = schedule_of(hours);
	struct zone z = zone_of(BERLIN);
	int64_t t = local_time_utc(from);
	unsigned n = 0, i;

	for (i = 0; i < minutes; i++)
		n += schedule_has(&s, &z, (t + 60 * (int64_t)i) * NS_PER_S);
	return n;
}

static void
days_of_23_and_25_hours_are_as_long_as_they_are(void)
{
	/* From two hours before local midnight until two after the next. */
	CU_ASSERT_EQUAL(
	    minutes_of_day("Sun 00:00-24:00", "2026-03-28 21:00:00", 28 * 60), 23 * 60);
	CU_ASSERT_EQUAL(
	    minutes_of_day("Sun 00:00-24:00", "2026-10-24 20:00:00", 30 * 60), 25 * 60);
	CU_ASSERT_EQUAL(
	    minutes_of_day("Sun 00:00-24:00", "2026-11-21 21:00:00", 28 * 60), 24 * 60);
	CU_ASSERT_EQUAL(
	    minutes_of_day("Sun 01:00-04:00", "2026-10-24 20:00:00", 30 * 60), 4 * 60);
	CU_ASSERT_EQUAL(
	    minutes_of_day("Sun 01:00-04:00", "2026-03-28 21:00:00", 28 * 60), 2 * 60);
}

static void
hours_add_up(void)
{
	struct schedule s = schedule_of("Mon 08:00-09:00");
	struct zone z = zone_of("UTC0");
	int64_t tuesday = local_time_utc("2026-11-24 08:30:00") * NS_PER_S;
	struct err e = {{0}};

	CU_ASSERT_FALSE(schedule_has(&s, &z, tuesday));
	CU_ASSERT_EQUAL(schedule_add(&s, "Tue 08:00-09:00", &e), 0);
	CU_ASSERT_TRUE(schedule_has(&s, &z, tuesday));
	CU_ASSERT_TRUE(schedule_has(&s, &z, tuesday - 86400 * NS_PER_S));
	/* What is wrong adds nothing, not even its first half. */
	CU_ASSERT_EQUAL(schedule_add(&s, "Wed 08:00-09:00 09:00", &e), -1);
	CU_ASSERT_FALSE(schedule_has(&s, &z, tuesday + 86400 * NS_PER_S));
}

static void
without_hours_it_is_always(void)
{
	const struct schedule s = {.limited = false};
	struct zone z = zone_of("UTC0");

	CU_ASSERT_TRUE(schedule_has(&s, &z, 0));
	CU_ASSERT_TRUE(schedule_has(&s, &z, INT64_MAX));
	CU_ASSERT_TRUE(schedule_has(&s, &z, INT64_MIN));
}

static void
times_at_the_ends_of_time_are_times(void)
{
	struct schedule s = schedule_of("daily 00:00-24:00");
	struct zone z = zone_of(BERLIN);

	CU_ASSERT_TRUE(schedule_has(&s, &z, INT64_MAX));
	CU_ASSERT_TRUE(schedule_has(&s, &z, INT64_MIN));
}

static void
what_is_wrong_is_named(void)
{
	static const struct {
		const char *hours, *said;
	} cases[] = {
	    {"Mon-Fru 08:00-12:00", "'Fru' is no day: Mon, "},
	    {"Monday 08:00-12:00", "'Monday' is no day: "},
	    {"08:00-12:00", "'08:00' is no day: "},
	    {"Mon, 08:00-12:00", "'' is no day: "},
	    {",Mon 08:00-12:00", "'' is no day: "},
	    {"Mon- 08:00-12:00", "'' is no day: "},
	    {"Mon-Tue-Wed 08:00-12:00", "'Tue-Wed' is no day: "},
	    {"daily,Mon 08:00-12:00", "'daily' is no day: "},
	    {"", "'' is no day: "},
	    {"Mon-Fri", "'Mon-Fri' has no times; a whole day is 00:00-24:00"},
	    {"Mon 08:00", "'08:00' is no time of day as in 08:00-12:00"},
	    {"Mon 08:00-", "'08:00-' is no time of day"},
	    {"Mon 08-12", "'08-12' is no time of day"},
	    {"Mon 08:60-12:00", "'08:60-12:00' is no time of day"},
	    {"Mon 24:00-12:00", "'24:00-12:00' is no time of day"},
	    {"Mon 08:00-24:01", "'08:00-24:01' is no time of day"},
	    {"Mon 08:00-25:00", "'08:00-25:00' is no time of day"},
	    {"Mon 08:0-12:00", "'08:0-12:00' is no time of day"},
	    {"Mon 008:00-12:00", "'008:00-12:00' is no time of day"},
	    {"Mon 08:00-12:00:00", "'08:00-12:00:00' is no time of day"},
	    {"Mon 08:00-12:00,13:00-14:00", "'08:00-12:00,13:00-14:00' is no time"},
	    {"Mon 8:00-8:00", "'8:00-8:00' has no length; a whole day is 00:00-24:00"},
	    {"Mon 08:00-09:00 x\x1b[m", "'x\\x1b[m' is no time of day"},
	};
	struct schedule s = {.limited = false};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = {{0}};

		CU_ASSERT_EQUAL(schedule_add(&s, cases[i].hours, &e), -1);
		CU_ASSERT_PTR_EQUAL(e.text, strstr(e.text, "wants days and times, "));
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, cases[i].said));
		CU_ASSERT_FALSE(s.limited);
	}
}

void
suite_schedule(void)
{
	CU_pSuite s = suite_new("schedule");

	CASE(s, "hours begin with their first minute and end before their last",
	    hours_begin_with_their_first_minute_and_end_before_their_last);
	CASE(s, "hours are those of the zone", hours_are_those_of_the_zone);
	CASE(s, "days of 23 and 25 hours are as long as they are",
	    days_of_23_and_25_hours_are_as_long_as_they_are);
	CASE(s, "hours add up", hours_add_up);
	CASE(s, "without hours it is always", without_hours_it_is_always);
	CASE(s, "times at the ends of time are times",
	    times_at_the_ends_of_time_are_times);
	CASE(s, "what is wrong is named", what_is_wrong_is_named);
}
