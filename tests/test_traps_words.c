/* Traps of meaning, the second half: whose words they are, and in what order. */
#include <stdio.h>

#include "tests/suite.h"
#include "tests/trip.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"

static struct line *
connect_to(struct scene *s)
{
	return scene_connect(s, HOST, SERVER, 1863);
}

#define CONTACTS                                                                 \
	"S NLN NLN b@example.com B 0\nS ILN 7 NLN c@example.com C 0\n"           \
	"S FLN d@example.com\nS RNG 1 64.4.13.60:1863 CKI 1.2 e@example.com E\n" \
	"C REM 8 FL f@example.com\nC ADD 9 FL g@example.com G\n"                 \
	"S UBX h@example.com 0\nS LST i@example.com I 3 0\n"

static void
contacts_are_not_accounts(void)
{
	struct scene *s = scene_new();
	struct line *l = connect_to(s);

	line_sign_in(l, USUAL_ACCOUNT);
	line_script(l, CONTACTS);
	expect_usual(s, "contacts after a sign-in");

	s = scene_new();
	l = scene_midstream(s, HOST, SERVER, 1863);
	line_script(l, "C PNG\nS QNG 50\n" CONTACTS "C PNG\nS QNG 50\n");
	expect_attempt(s, "contacts of a session", OUTCOME_IN_SESSION, "", 0);
}

static void
who_talks_on_a_switchboard(void)
{
	static const char *const openings[] = {
	    "USR 1 a@example.com 1.2.3\r\n", "ANS 1 a@example.com 1.2.3 99\r\n"};
	static const char *const welcomes[] = {
	    "USR 1 OK a@example.com Ann\r\nJOI b@example.com B\r\n",
	    "IRO 1 1 1 b@example.com B\r\nANS 1 OK\r\n"};
	struct scene *s;
	struct line *l;
	size_t i;

	for (i = 0; i < 2; i++) {
		s = scene_new();
		l = connect_to(s);
		line_client(l, openings[i]);
		line_server(l, welcomes[i]);
		expect_attempt(s, "direct", OUTCOME_IN_SESSION, USUAL_ACCOUNT, 0);
		s = scene_new();
		l = scene_connect(s, HOST, TRIP_SERVER, 80);
		line_post(l, "/gateway/gateway.dll?Action=open&Server=SB&IP=x", "",
		    openings[i]);
		line_answer(
		    l, 200, "X-MSN-Messenger: SessionID=7.1; GW-IP=x\r\n", welcomes[i]);
		expect_attempt(s, "gateway", OUTCOME_IN_SESSION, USUAL_ACCOUNT, 0);
	}
}

static void
errors_of_something_else(void)
{
	static const char *const after[] = {"C USR 7 SHA A t\nS 911 7\n",
	    "C CHG 7 NLN\nS 911 7\n", "S 911 7\n", "C XFR 7 SB\nS 913 7\n"};
	struct scene *s;
	struct line *l;
	size_t i;

	for (i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
		s = scene_new();
		l = connect_to(s);
		line_sign_in(l, USUAL_ACCOUNT);
		line_script(l, after[i]);
		line_close(l, SIDE_SERVER);
		expect_usual(s, after[i]);
	}
	s = scene_new();
	line_sign_in(connect_to(s), USUAL_ACCOUNT);
	l = connect_to(s);
	line_script(l, "C USR 1 a@example.com 1.2.3\nS 911 1\n");
	line_close(l, SIDE_SERVER);
	expect_usual(s, "a stale cookie");
	s = scene_new();
	l = connect_to(s);
	line_script(l, "C ANS 1 a@example.com 1.2.3 9\nS 911 1\n");
	line_close(l, SIDE_SERVER);
	expect_nothing(s, "a stale cookie alone");
}

static void
answers_captured_first(void)
{
	struct scene *s = scene_new();
	struct line *l = connect_to(s);
	struct trip t = {.cut = 0};
	unsigned i;

	line_script(l, "S VER 1 MSNP12\nC VER 1 MSNP12 CVR0\n"
		       "S USR 3 TWN S ct=1\nC USR 3 TWN I a@example.com\n"
		       "S USR 4 OK a@example.com 1 0\nC USR 4 TWN S t=1\n");
	expect_path(s, "direct", PATH_DIRECT);
	s = scene_new();
	l = scene_connect(s, HOST, TRIP_SERVER, 80);
	for (i = 0; i < TRIP_STEPS; i++) {
		trip_reply(l, &t, i);
		trip_ask(l, &t, i);
	}
	expect_path(s, "gateway", PATH_GATEWAY);
}

static void
odd_versions(void)
{
	static const char *const versions[][2] = {{"b.0.0328", "MSN Messenger"},
	    {"7.5.0303P", "MSN Messenger 7.5"}, {"7.5", "MSN Messenger 7.5"},
	    {"7.5.1.2.3", "MSN Messenger 7.5"}, {"-", "MSN Messenger"},
	    {"99999999999.1", "MSN Messenger 99999999999.1"}};
	char script[512];
	size_t i;

	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct scene *s = scene_new();

		(void)snprintf(script, sizeof(script),
		    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC CVR 2 0x0409 winnt 5.1 i386 "
		    "MSNMSGR %s msmsgs a@example.com\nS CVR 2 1 1 1 http://x http://y\n"
		    "C USR 3 TWN I a@example.com\nS USR 3 TWN S ct=1\n"
		    "C USR 4 TWN S t=1\nS USR 4 OK a@example.com 1 0\n",
		    versions[i][0]);
		line_script(connect_to(s), script);
		scene_end(s);
		CU_ASSERT_FATAL(s->n_attempts == 1);
		CU_ASSERT_STRING_EQUAL(s->attempts[0].client.version, versions[i][0]);
		CU_ASSERT_STRING_EQUAL(s->attempts[0].client.product, versions[i][1]);
		expect_usual(s, versions[i][0]);
	}
}

void
suite_traps_words(void)
{
	CU_pSuite s = suite_new("traps_words");

	CASE(s, "trap 52: contacts are not accounts", contacts_are_not_accounts);
	CASE(s, "trap 52: who talks on a switchboard", who_talks_on_a_switchboard);
	CASE(s, "trap 53: errors of something else", errors_of_something_else);
	CASE(s, "trap 54: answers captured first", answers_captured_first);
	CASE(s, "trap 55: odd versions", odd_versions);
}
