/* Traps of meaning: what is one attempt, whose it is, and what ends it how. */
#include <stdio.h>

#include "tests/suite.h"
#include "tests/trip.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"

static struct line *
connect_to(struct scene *s, const char *host)
{
	return scene_connect(s, host, SERVER, 1863);
}

/* Up to the redirect by the dispatch server. */
static void
be_sent_on(struct line *l, const char *where)
{
	char script[256];

	line_script(
	    l, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I a@example.com\n");
	(void)snprintf(script, sizeof(script), "S XFR 2 NS %s\n", where);
	line_script(l, script);
}

static void
dispatch_and_notification(void)
{
	static const char *const where[] = {"64.4.13.51:1863",
	    "64.4.13.51:1863 0 64.4.13.50:1863", "64.4.13.51:1863 U D",
	    "ns.example.com:1863 0"};
	size_t i, how;

	for (i = 0; i < sizeof(where) / sizeof(where[0]); i++)
		for (how = 0; how < 4; how++) {
			struct scene *s = scene_new();
			struct line *ds = connect_to(s, HOST);

			be_sent_on(ds, where[i]);
			if (how == 0)
				line_close(ds, SIDE_CLIENT);
			if (how == 1)
				line_reset(ds, SIDE_SERVER);
			if (how == 2)
				scene_wait(s, 20 * NS_PER_S);
			line_sign_in(
			    scene_connect(s, HOST, "64.4.13.51", 1863), USUAL_ACCOUNT);
			if (how > 1)
				line_close(ds, SIDE_SERVER);
			expect_path(s, where[i], PATH_DIRECT);
		}
}

static void
redirects_in_a_chain(void)
{
	struct scene *s = scene_new();
	int i;

	for (i = 0; i < 3; i++) {
		struct line *l = connect_to(s, HOST);

		be_sent_on(l, SERVER ":1863 0");
		line_close(l, SIDE_CLIENT);
	}
	line_sign_in(connect_to(s, HOST), USUAL_ACCOUNT);
	expect_path(s, "a chain of redirects", PATH_DIRECT);
}

static void
a_redirect_that_comes_to_nothing(void)
{
	struct scene *s = scene_new();
	struct line *l = connect_to(s, HOST);

	be_sent_on(l, "64.4.13.51:1863 0");
	line_close(l, SIDE_CLIENT);
	l = connect_to(s, HOST);
	line_script(l,
	    "C VER 4 MSNP12 CVR0\nS VER 4 MSNP12\nC USR 5 TWN I a@example.com\n"
	    "S USR 5 TWN S x\nC USR 6 TWN S y\nS 911 6\n");
	line_close(l, SIDE_SERVER);
	expect_attempt(s, "redirect, then 911", OUTCOME_REJECTED, USUAL_ACCOUNT, 12);
}

static void
sent_to_the_gateway(void)
{
	struct scene *s = scene_new();
	struct line *l = connect_to(s, HOST);
	struct trip t = {.fixed = true};

	be_sent_on(l, "x.gateway.edge.messenger.live.com:80 G D AAAA");
	line_close(l, SIDE_CLIENT);
	trip_sign_in(scene_connect(s, HOST, TRIP_SERVER, 80), &t);
	expect_usual(s, "sent to the gateway");
}

static void
reconnect_loops(void)
{
	static const unsigned codes[] = {500, 600, 601, 928, 931};
	char script[256];
	size_t i;
	int k;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct scene *s = scene_new();

		(void)snprintf(script, sizeof(script),
		    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I a@example.com\n"
		    "S %u 2\n",
		    codes[i]);
		for (k = 0; k < 15; k++) {
			struct line *l = connect_to(s, HOST);

			line_script(l, script);
			line_close(l, SIDE_SERVER);
			scene_wait(s, 20 * NS_PER_S);
		}
		scene_end(s);
		CU_ASSERT_FATAL(s->n_attempts == 1);
		CU_ASSERT_EQUAL(s->attempts[0].tries, 15);
		CU_ASSERT_EQUAL(s->attempts[0].n_paths, 1);
		CU_ASSERT_EQUAL(s->attempts[0].paths[0].count, 15);
		CU_ASSERT_EQUAL(s->attempts[0].error_code, codes[i]);
		expect_attempt(s, script, OUTCOME_REJECTED, USUAL_ACCOUNT, 12);
	}
}

/* A firewall cuts every try after its first line, before anybody is named. */
static void
cut_off_loops(void)
{
	struct scene *s = scene_new();
	int k;

	for (k = 0; k < 15; k++) {
		struct line *l = connect_to(s, HOST);

		line_client(l, "VER 1 MSNP12 CVR0\r\n");
		line_reset(l, SIDE_SERVER);
		scene_wait(s, 20 * NS_PER_S);
	}
	scene_end(s);
	CU_ASSERT_FATAL(s->n_attempts == 1);
	CU_ASSERT_EQUAL(s->attempts[0].paths[0].count, 15);
	CU_ASSERT_EQUAL(s->attempts[0].reason, REASON_REFUSED);
	expect_attempt(s, "cut off", OUTCOME_BLOCKED, "", 0);
}

/* Attempts of that account that signed in. */
static size_t
signed_in(const struct scene *s, const char *account)
{
	size_t i, n = 0;

	for (i = 0; i < s->n_attempts; i++)
		n += s->attempts[i].outcome == OUTCOME_SIGNED_IN &&
		     strcmp(s->attempts[i].account, account) == 0;
	return n;
}

static void
accounts_and_hosts(void)
{
	static const char *const accounts[] = {
	    "a@example.com", "b@example.com", "c@example.com"};
	struct scene *s = scene_new();
	struct line *l[6];
	char script[128];
	size_t i;

	for (i = 0; i < 6; i++)
		l[i] = connect_to(s, i < 3 ? "10.0.0.1" : "10.0.0.2");
	for (i = 0; i < 6; i++)
		line_script(l[i], "C VER 1 MSNP18 CVR0\nS VER 1 MSNP18\n");
	for (i = 0; i < 6; i++) {
		(void)snprintf(script, sizeof(script),
		    "C USR 2 SSO I %s\nS USR 2 SSO S x y\n", accounts[i % 3]);
		line_script(l[i], script);
	}
	for (i = 0; i < 6; i++) {
		(void)snprintf(script, sizeof(script),
		    "C USR 3 SSO S t=1 r\nS USR 3 OK %s 1 0\n", accounts[i % 3]);
		line_script(l[i], script);
	}
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts, 6);
	for (i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(signed_in(s, accounts[i]), 2);
	scene_free(s);
}

/* One person's failures behind an address say nothing of another's. */
static void
two_people_behind_one_address(void)
{
	struct scene *s = scene_new();
	struct line *l = connect_to(s, HOST);

	line_script(l,
	    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I b@example.com\n"
	    "S 911 2\n");
	line_close(l, SIDE_SERVER);
	line_sign_in(connect_to(s, HOST), USUAL_ACCOUNT);
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts, 2);
	CU_ASSERT_EQUAL(signed_in(s, USUAL_ACCOUNT), 1);
	CU_ASSERT_EQUAL(signed_in(s, "b@example.com"), 0);
	scene_free(s);
}

static void
a_yes_without_its_question(void)
{
	static const char credential[] = "USR 4 TWN S t=1\r\n";
	static const char question[] = "USR 3 TWN S ct=1\r\n";
	struct scene *s;
	struct line *l;
	int i;

	for (i = 0; i < 3; i++) {
		s = scene_new();
		l = connect_to(s, HOST);
		line_script(l, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\n"
			       "C USR 3 TWN I a@example.com\n");
		if (i == 1)
			line_lose(l, SIDE_SERVER, sizeof(question) - 1);
		else
			line_server(l, question);
		if (i == 2)
			line_client(l, credential);
		else
			line_lose(l, SIDE_CLIENT, sizeof(credential) - 1);
		line_script(l, "S USR 4 OK a@example.com 1 0\nC SYN 5 0\nS SYN 5 0\n"
			       "C CHG 6 NLN\nS CHG 6 NLN\nC PNG\nS QNG 50\n");
		expect_usual(s, "a yes without its question");
	}
}

static void
the_yes_itself_is_lost(void)
{
	struct scene *s = scene_new();
	struct line *l = connect_to(s, HOST);

	line_script(l,
	    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 3 TWN I a@example.com\n"
	    "S USR 3 TWN S ct=1\nC USR 4 TWN S t=1\n");
	line_lose(l, SIDE_SERVER, 30);
	line_script(l, "S SBS 0 null\nC SYN 5 0\nS SYN 5 0\nS ILN 6 NLN b@example.com B\n"
		       "C CHG 6 NLN\nS CHG 6 NLN\nC PNG\nS QNG 50\n");
	expect_usual(s, "the yes is lost");
}

void
suite_traps_meaning(void)
{
	CU_pSuite s = suite_new("traps_meaning");

	CASE(s, "trap 48: dispatch and notification are one attempt",
	    dispatch_and_notification);
	CASE(s, "trap 48: redirects in a chain", redirects_in_a_chain);
	CASE(s, "trap 48: a redirect that comes to nothing",
	    a_redirect_that_comes_to_nothing);
	CASE(s, "trap 48: sent to the gateway", sent_to_the_gateway);
	CASE(s, "trap 49: reconnect loops are one attempt", reconnect_loops);
	CASE(s, "trap 49: loops that a firewall cuts", cut_off_loops);
	CASE(s, "trap 50: accounts and hosts", accounts_and_hosts);
	CASE(s, "trap 50: two people behind one address", two_people_behind_one_address);
	CASE(s, "trap 51: a yes without its question", a_yes_without_its_question);
	CASE(s, "trap 51: the yes itself is lost", the_yes_itself_is_lost);
}
