/* Clocks that jump, run backwards or are absurd, with sign-ins in the middle of it. */
#include "app/timeline.h"
#include "tests/expect.h"
#include "tests/scene_reach.h"
#include "tests/suite.h"

#define HOST  "10.0.0.7"
#define BEGIN (INT64_C(1100000000) * NS_PER_S)
#define YEAR  (365 * 24 * 3600 * NS_PER_S)

static const int64_t absurd[] = {0, 1, -1, INT64_MIN, INT64_MAX, BEGIN + YEAR,
    BEGIN - YEAR, BEGIN + 3601 * NS_PER_S, BEGIN - 3601 * NS_PER_S,
    4200000000 * NS_PER_S};
#define ABSURD (sizeof(absurd) / sizeof(absurd[0]))

/* What the stamping functions below stamp with. */
static int64_t wild;
static uint64_t nth, from, to;

/* The first frame of all is left alone: it is what the others are measured by. */
static int64_t
stamp_nth(int64_t ts, uint64_t frame)
{
	return frame > 1 && frame % 7 == nth ? wild : ts;
}

static int64_t
stamp_all(int64_t ts, uint64_t frame)
{
	(void)ts;
	(void)frame;
	return wild;
}

static int64_t
stamp_backwards(int64_t ts, uint64_t frame)
{
	(void)frame;
	return BEGIN - (ts - BEGIN);
}

/* A clock set ahead, or back, and right again. */
static int64_t
stamp_span(int64_t ts, uint64_t frame)
{
	return frame >= from && frame < to ? ts + wild : ts;
}

/* What else goes on: without it a lone frame's true time would be anybody's guess. */
static void
pass_minute(struct scene *s)
{
	unsigned i;

	for (i = 0; i < 3; i++) {
		scene_chatter(s, 3);
		scene_wait(s, 20 * NS_PER_S);
		scene_chatter(s, 2);
	}
}

/* Tries before and after a silence, and a sign-in over the gateway. */
static void
fall_back(struct scene *s)
{
	static const char *const open = "/gateway/gateway.dll?Action=open&Server=NS&IP=m";
	static const char *const command = "/gateway/gateway.dll?SessionID=1.2";
	static const char *const named =
	    "X-MSN-Messenger: SessionID=1.2; GW-IP=" GATEWAY "\r\n";
	struct line *l;

	scene_names(s, HOST);
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	pass_minute(s);
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	pass_minute(s);
	l = scene_connect(s, HOST, GATEWAY, 80);
	line_post(l, open, "Host: " GATEWAY_NAME "\r\n", "VER 1 MSNP12 CVR0\r\n");
	line_answer(l, 200, named, "VER 1 MSNP12\r\n");
	line_post(l, command, "", "USR 2 TWN I " USUAL_ACCOUNT "\r\n");
	line_answer(l, 200, named, "USR 2 TWN S ct=1\r\n");
	line_post(l, command, "", "USR 3 TWN S t=1\r\n");
	line_answer(l, 200, named, "USR 3 OK " USUAL_ACCOUNT " 1 0\r\n");
	line_close(l, SIDE_CLIENT);
}

#define FELL_BACK                                                         \
	HOST " signed-in " USUAL_ACCOUNT " fallback: direct refused x2, " \
	     "gateway signed-in"

static void
one_frame_in_seven_has_an_absurd_time(void)
{
	int64_t first, last;
	struct scene *s;
	size_t i;

	for (i = 0; i < ABSURD * 2; i++) {
		s = scene_new();
		wild = absurd[i % ABSURD];
		nth = i % 7;
		s->stamp = stamp_nth;
		fall_back(s);
		s->stamp = NULL;
		scene_chatter(s, 4);
		scene_end(s);
		CU_ASSERT(scene_counted(s, "time.outliers") >= s->frames / 7 - 2);
		CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
		CU_ASSERT(s->attempts[0].end - BEGIN < 200 * NS_PER_S);
		pipeline_span(s->pipeline, &first, &last);
		CU_ASSERT(first >= BEGIN && last - first < 200 * NS_PER_S);
		CU_ASSERT_EQUAL(scene_counted(s, "flow.evicted"), 0);
		CU_ASSERT_EQUAL(scene_counted(s, "flow.idle"), 0);
		expect_told(s, "absurd times", FELL_BACK);
	}
}

static void
every_frame_has_the_same_absurd_time(void)
{
	struct scene *s;
	size_t i;

	for (i = 0; i < ABSURD; i++) {
		s = scene_new();
		wild = absurd[i];
		s->stamp = stamp_all;
		fall_back(s);
		expect_told(s, "one time for all", FELL_BACK);
	}
}

/* Both sign-ins are told, however far back the clock has gone between them. */
static void
a_clock_runs_backwards(void)
{
	struct scene *s = scene_new();
	struct line *l;

	s->stamp = stamp_backwards;
	fall_back(s);
	scene_wait(s, 3600 * NS_PER_S);
	l = scene_connect(s, "10.0.0.8", DISPATCH, 1863);
	line_sign_in(l, "b@example.com");
	line_close(l, SIDE_CLIENT);
	scene_end(s);
	CU_ASSERT(scene_counted(s, "time.set_back") >= 2);
	CU_ASSERT_EQUAL(scene_counted(s, "flow.idle"), 0);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 2);
	CU_ASSERT(s->attempts[0].end < BEGIN - 3600 * NS_PER_S);
	CU_ASSERT(s->attempts[0].end > BEGIN - 4000 * NS_PER_S);
	CU_ASSERT(s->attempts[0].signed_in_ns < NS_PER_S);
	expect_told(s, "backwards",
	    "10.0.0.8 signed-in b@example.com: direct signed-in\n" FELL_BACK);
}

/* Twenty frames: one sign-in, begun and over. */
static void
sign_in_and_out(struct scene *s, const char *host, const char *account)
{
	struct line *l = scene_connect(s, host, DISPATCH, 1863);

	line_sign_in(l, account);
	line_close(l, SIDE_CLIENT);
}

static void
a_clock_is_set_and_set_right_again(void)
{
	static const int64_t sets[] = {YEAR, -YEAR, 3600 * NS_PER_S, -3600 * NS_PER_S};
	struct scene *s;
	size_t i;

	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		s = scene_new();
		sign_in_and_out(s, "10.0.0.7", "a@example.com");
		wild = sets[i];
		from = s->frames + 1;
		to = from + 22 * 2;
		s->stamp = stamp_span;
		sign_in_and_out(s, "10.0.0.8", "b@example.com");
		sign_in_and_out(s, "10.0.0.9", "c@example.com");
		sign_in_and_out(s, "10.0.0.10", "d@example.com");
		scene_end(s);
		CU_ASSERT_EQUAL_FATAL(s->n_attempts, 4);
		CU_ASSERT(s->attempts[1].start >= BEGIN + wild);
		CU_ASSERT(s->attempts[1].end < BEGIN + wild + 10 * NS_PER_S);
		CU_ASSERT(s->attempts[3].start >= BEGIN);
		CU_ASSERT(s->attempts[3].end < BEGIN + 10 * NS_PER_S);
		CU_ASSERT_EQUAL(scene_counted(s, "time.set_back"), 1);
		CU_ASSERT_EQUAL(scene_counted(s, "time.gaps"), 1);
		expect_told(s, "set and set right",
		    "10.0.0.7 signed-in a@example.com: direct signed-in\n"
		    "10.0.0.8 signed-in b@example.com: direct signed-in\n"
		    "10.0.0.9 signed-in c@example.com: direct signed-in\n"
		    "10.0.0.10 signed-in d@example.com: direct signed-in");
	}
}

/* Up and down a century, more often than the clock can tell apart. */
static void
a_clock_swings_without_end(void)
{
	const unsigned swings = 2 * (TIMELINE_SETS_MAX + 4);
	struct scene *s = scene_new();
	char account[32];
	unsigned i;

	s->only = "a9@example.com";
	s->stamp = stamp_span;
	to = UINT64_MAX;
	for (i = 0; i < swings; i++) {
		from = s->frames + 1;
		wild = i % 2 == 0 ? 90 * YEAR : -30 * YEAR;
		(void)snprintf(account, sizeof(account), "a%u@example.com", i);
		sign_in_and_out(s, HOST, account);
	}
	scene_end(s);
	CU_ASSERT_EQUAL(scene_counted(s, "time.set_back"), swings / 2);
	CU_ASSERT_EQUAL(scene_counted(s, "time.outliers"), 0);
	CU_ASSERT_EQUAL(s->n_others, swings - 1);
	expect_told(
	    s, "a swinging clock", HOST " signed-in a9@example.com: direct signed-in");
}

/* In a capture that holds little else, long silences are silences. */
static void
tries_an_hour_apart_stay_apart(void)
{
	struct scene *s = scene_new();
	unsigned i;

	for (i = 0; i < 40; i++) {
		scene_names(s, HOST);
		line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
		scene_wait(s, 3600 * NS_PER_S);
	}
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts, 40);
	CU_ASSERT_EQUAL(scene_counted(s, "time.gaps"), 39);
	CU_ASSERT_EQUAL(scene_counted(s, "time.outliers"), 0);
	for (i = 0; i < s->n_attempts; i++) {
		CU_ASSERT_EQUAL(s->attempts[i].tries, 1);
		CU_ASSERT_EQUAL((s->attempts[i].start - BEGIN) / (3600 * NS_PER_S), i);
	}
	scene_free(s);
}

void
suite_adversary_clock(void)
{
	CU_pSuite s = suite_new("adversary: clock");

	CASE(s, "one frame in seven has an absurd time",
	    one_frame_in_seven_has_an_absurd_time);
	CASE(s, "every frame has the same absurd time",
	    every_frame_has_the_same_absurd_time);
	CASE(s, "a clock runs backwards", a_clock_runs_backwards);
	CASE(s, "a clock is set and set right again", a_clock_is_set_and_set_right_again);
	CASE(s, "a clock swings without end", a_clock_swings_without_end);
	CASE(s, "tries an hour apart stay apart", tries_an_hour_apart_stay_apart);
}
