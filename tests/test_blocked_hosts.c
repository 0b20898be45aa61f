/* Blocks among other things: time, neighbours, scans, loops, and captures in part. */
#include "capture/decode.h"
#include "tests/expect.h"
#include "tests/scene_reach.h"
#include "tests/suite.h"

#define HOST    "10.0.0.7"
#define ROUTER  "10.0.0.1"
#define WINDOW  (120 * NS_PER_S)
#define ANOTHER "b@example.com"

static struct scene *
begin(void)
{
	struct scene *s = scene_new();

	scene_names(s, HOST);
	return s;
}

static void
a_fallback_is_one_within_the_window(void)
{
	struct scene *s = begin();

	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	scene_wait(s, WINDOW - NS_PER_S);
	line_refuse(scene_syn(s, HOST, GATEWAY, 80, 1));
	expect_told(
	    s, "within", HOST " blocked fallback: direct refused, gateway refused");

	s = begin();
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	scene_wait(s, WINDOW + 2 * NS_PER_S);
	line_refuse(scene_syn(s, HOST, GATEWAY, 80, 1));
	expect_told(s, "beyond",
	    HOST " blocked: direct refused\n" HOST " blocked: gateway refused");

	s = begin();
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	scene_wait(s, WINDOW - NS_PER_S);
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	scene_wait(s, WINDOW - NS_PER_S);
	line_refuse(scene_syn(s, HOST, GATEWAY, 80, 1));
	expect_told(s, "every sign of life begins it anew",
	    HOST " blocked fallback: direct refused x2, gateway refused");
}

static void
two_accounts_behind_one_address(void)
{
	struct scene *s = begin();
	struct line *a = scene_connect(s, HOST, DISPATCH, 1863), *b;

	line_script(a, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I " USUAL_ACCOUNT
		       "\nS USR 2 TWN S ct=1\n");
	b = scene_connect(s, HOST, DISPATCH, 1863);
	line_script(b, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I " ANOTHER
		       "\nS USR 2 TWN S ct=1\n");
	line_refuse(scene_syn(s, HOST, GATEWAY, 80, 1));
	line_script(a, "C USR 3 TWN S t=1\nS USR 3 OK " USUAL_ACCOUNT " 1 0\n");
	line_script(b, "C USR 3 TWN S t=1\nS 911 3\n");
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts, 2);
	CU_ASSERT_STRING_NOT_EQUAL(s->attempts[0].account, s->attempts[1].account);
	CU_ASSERT_NOT_EQUAL(s->attempts[0].outcome, s->attempts[1].outcome);
	CU_ASSERT_EQUAL(s->attempts[0].n_paths + s->attempts[1].n_paths, 3);
	scene_free(s);
}

/*
 * A second person behind the address is known by what is said, or after the first left.
 */
static void
a_host_that_is_in_makes_no_tries(void)
{
	struct scene *s = begin();
	struct line *l = scene_connect(s, HOST, DISPATCH, 1863), *b;

	line_sign_in(l, USUAL_ACCOUNT);
	line_refuse(scene_syn(s, HOST, "64.4.13.60", 1863, 1));
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	b = scene_connect(s, HOST, DISPATCH, 1863);
	line_sign_in(b, ANOTHER);
	line_close(b, SIDE_CLIENT);
	line_close(l, SIDE_CLIENT);
	scene_wait(s, NS_PER_S);
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	expect_told(s, "switchboards and a second person",
	    HOST " signed-in " ANOTHER ": direct signed-in\n" HOST
		 " signed-in " USUAL_ACCOUNT ": direct signed-in\n" HOST
		 " blocked: direct refused");
}

static const char *
host_at(unsigned i, char text[ADDR_TEXT_MAX])
{
	struct addr a = addr_v4(
	    (const uint8_t[4]){172, 16, (uint8_t)(i / 250), (uint8_t)(1 + i % 250)});

	return addr_text(&a, text);
}

static void
a_scan_accuses_nobody(void)
{
	struct scene *s = scene_new();
	char text[ADDR_TEXT_MAX];
	unsigned i;

	for (i = 0; i < 1000; i++)
		(void)scene_syn(s, HOST, host_at(i, text), 1863, 1);
	scene_wait(s, 60 * NS_PER_S);
	scene_names(s, "10.0.0.8");
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts + s->n_hints + s->n_signs, 0);
	CU_ASSERT_EQUAL(scene_counted(s, "detect.hints"), 1000);
	scene_free(s);
}

/* Sent by 250 hosts: those that asked for the name before are the ones that tried. */
static void
the_same_after_lookups_is_tries(void)
{
	struct scene *s = scene_new();
	char host[ADDR_TEXT_MAX], server[ADDR_TEXT_MAX];
	unsigned i, told = 0;

	for (i = 0; i < 250; i++) {
		(void)host_at(i, host);
		if (i % 5 == 0)
			scene_lookup(s,
			    &(struct scene_lookup){
				.host = host, .name = DISPATCH_NAME, .answer = DISPATCH});
		line_refuse(scene_syn(s, host, host_at(1000 + i, server), 1863, 1));
		if (i % 50 != 49)
			continue;
		scene_wait(s, WINDOW + 2 * NS_PER_S);
		scene_names(s, "10.0.0.8");
		scene_chatter(s, 16);
		told += (unsigned)s->n_attempts;
		CU_ASSERT_EQUAL(s->attempts[0].outcome, OUTCOME_BLOCKED);
		scene_forget(s);
	}
	CU_ASSERT_EQUAL(told, 50);
	CU_ASSERT_EQUAL(scene_counted(s, "detect.hints"), 200);
	scene_free(s);
}

static void
a_scan_after_a_lookup_is_one_attempt(void)
{
	struct scene *s = begin();
	char text[ADDR_TEXT_MAX];
	unsigned i;

	for (i = 0; i < 1000; i++) {
		(void)scene_syn(s, HOST, host_at(i, text), 1863, 1);
		scene_forget(s);
	}
	for (i = 0; i < 60; i++) {
		scene_wait(s, NS_PER_S);
		scene_lookup(s, &(struct scene_lookup){
				    .host = "10.0.0.8", .name = "www.example.com"});
		if (s->n_attempts == 0)
			s->n_signs = 0;
	}
	expect_told(s, "a thousand addresses",
	    HOST " blocked: direct no-answer x1000 of 1000 SYNs");
}

static void
a_loop_is_one_attempt(void)
{
	struct scene *s = begin();
	const struct attempt *a;
	unsigned i;

	for (i = 0; i < 900; i++) {
		line_refuse(scene_syn(
		    s, HOST, i % 3 == 2 ? GATEWAY : DISPATCH, i % 3 == 2 ? 80 : 1863, 1));
		scene_wait(s, NS_PER_S / 10);
		CU_ASSERT_EQUAL(s->n_attempts, 0);
		scene_forget(s);
	}
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	a = &s->attempts[0];
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_BLOCKED);
	CU_ASSERT_EQUAL(a->tries, 900);
	CU_ASSERT_EQUAL(a->n_paths, ATTEMPT_PATHS_MAX);
	CU_ASSERT_TRUE(a->more_paths > 0);
	CU_ASSERT_TRUE(a->fallback);
	scene_free(s);

	s = begin();
	for (i = 0; i < 900; i++) {
		line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
		scene_forget(s);
	}
	expect_told(s, "one way only", HOST " blocked: direct refused x900");
}

static void
a_capture_that_ends_with_the_syn_shows_nothing(void)
{
	struct scene *s = begin();

	(void)scene_syn(s, HOST, DISPATCH, 1863, 1);
	expect_told(s, "right after", "");

	s = begin();
	(void)scene_syn(s, HOST, DISPATCH, 1863, 1);
	scene_wait(s, 60 * NS_PER_S);
	scene_names(s, "10.0.0.8");
	expect_told(s, "a minute after", HOST " blocked: direct no-answer of 1 SYNs");

	s = begin();
	(void)scene_syn(s, HOST, DISPATCH, 1863, 1);
	scene_wait(s, 20 * NS_PER_S);
	scene_names(s, "10.0.0.8");
	expect_told(
	    s, "twenty seconds after", HOST " blocked: direct no-answer of 1 SYNs");

	s = begin();
	(void)scene_syn(s, HOST, DISPATCH, 1863, 1);
	(void)scene_syn(s, HOST, GATEWAY, 80, 1);
	line_sign_in(scene_connect(s, HOST, DISPATCH, 1863), USUAL_ACCOUNT);
	expect_told(s, "with others going on",
	    HOST " signed-in " USUAL_ACCOUNT ": direct signed-in");
}

/* What ends a connection, captured before what begins it. */
static void
the_wrong_way_round_invents_nothing(void)
{
	struct scene *s = begin();
	struct line *l = scene_midstream(s, HOST, DISPATCH, 1863);

	line_refuse(l);
	line_segment(l, SIDE_CLIENT, -1, NULL, 0, TCP_SYN);
	expect_told(s, "RST first", HOST " blocked: direct refused");

	s = begin();
	l = scene_midstream(s, HOST, DISPATCH, 1863);
	line_prohibit(s, l, ROUTER, 13);
	line_segment(l, SIDE_CLIENT, -1, NULL, 0, TCP_SYN);
	expect_told(s, "ICMP first", "");

	s = begin();
	l = scene_midstream(s, HOST, DISPATCH, 1863);
	line_segment(l, SIDE_SERVER, -1, NULL, 0, TCP_SYN | TCP_ACK);
	line_segment(l, SIDE_CLIENT, -1, NULL, 0, TCP_SYN);
	line_segment(l, SIDE_CLIENT, 0, NULL, 0, TCP_ACK);
	line_sign_in(l, USUAL_ACCOUNT);
	expect_told(
	    s, "SYN-ACK first", HOST " signed-in " USUAL_ACCOUNT ": direct signed-in");

	s = scene_new();
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	scene_names(s, HOST);
	expect_told(s, "the lookup last", "");
}

static void
begun_before_the_capture(void)
{
	struct scene *s = begin();
	struct line *l = scene_midstream(s, HOST, DISPATCH, 1863);

	line_reset(l, SIDE_SERVER);
	l = scene_midstream(s, HOST, DISPATCH, 1863);
	line_segment(l, SIDE_SERVER, -1, NULL, 0, TCP_SYN | TCP_ACK);
	line_reset(l, SIDE_CLIENT);
	expect_told(s, "resets of what was never seen", "");

	s = begin();
	l = scene_midstream(s, HOST, DISPATCH, 1863);
	line_script(l, "C PNG\nS QNG 45\nC CHG 9 NLN 0\nS CHG 9 NLN 0\n");
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempts[0].outcome, OUTCOME_IN_SESSION);
	scene_free(s);
}

/* The service itself has sent the host there: no lookup is needed. */
static void
addresses_that_messenger_gave(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, "10.9.9.9", 4000);

	line_script(l, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I " USUAL_ACCOUNT
		       "\nS XFR 2 NS 64.4.13.99:1864 0 10.9.9.9:4000\n");
	line_close(l, SIDE_SERVER);
	(void)scene_syn(s, HOST, "64.4.13.99", 1864, 3);
	(void)scene_syn(s, "10.0.0.8", "64.4.13.99", 1864, 3);
	expect_told(s, "a redirect to another port",
	    HOST " blocked " USUAL_ACCOUNT ": direct no-answer of 3 SYNs");
}

void
suite_blocked_hosts(void)
{
	CU_pSuite s = suite_new("blocked_hosts");

	CASE(s, "a fallback is one within the window",
	    a_fallback_is_one_within_the_window);
	CASE(s, "two accounts behind one address", two_accounts_behind_one_address);
	CASE(s, "a host that is in makes no tries", a_host_that_is_in_makes_no_tries);
	CASE(s, "a scan accuses nobody", a_scan_accuses_nobody);
	CASE(s, "the same after lookups is tries", the_same_after_lookups_is_tries);
	CASE(s, "a scan after a lookup is one attempt",
	    a_scan_after_a_lookup_is_one_attempt);
	CASE(s, "a loop is one attempt", a_loop_is_one_attempt);
	CASE(s, "a capture that ends with the SYN shows nothing",
	    a_capture_that_ends_with_the_syn_shows_nothing);
	CASE(s, "the wrong way round invents nothing",
	    the_wrong_way_round_invents_nothing);
	CASE(s, "begun before the capture", begun_before_the_capture);
	CASE(s, "addresses that messenger gave", addresses_that_messenger_gave);
}
