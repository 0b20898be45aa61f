#include "detect/gate.h"
#include "tests/guard.h"
#include "tests/suite.h"

#define TEXT(s) bytes_of((s), sizeof(s) - 1)

static enum gate_opening
opening(const char *text)
{
	return gate_opening(guard_copy(text, strlen(text)));
}

static enum gate_first
first(enum side side, const char *text, bool pick_up)
{
	return gate_first(side, guard_copy(text, strlen(text)), pick_up);
}

static void
strangers_verbs_open_from_the_side_that_says_them(void)
{
	static const struct {
		const char *text;
		enum gate_opening want;
	} cases[] = {
	    {"VER 1 MSNP8 CVR0\r\n", GATE_FROM_EITHER},
	    {"ver 1 msnp8 cvr0\r\n", GATE_FROM_EITHER},
	    {"USR\t3 TWN I a@example.com", GATE_FROM_EITHER},
	    {"MSG 12 N 30\r\n", GATE_FROM_EITHER},
	    {"XFR 9 SB\r\n", GATE_FROM_EITHER},
	    {"QNG 50\r\n", GATE_FROM_SERVER},
	    {"NLN NLN b@example.com x", GATE_FROM_SERVER},
	    {"RNG 1 10.0.0.1:1863", GATE_FROM_SERVER},
	    {"PNG\r\n", GATE_FROM_CLIENT},
	    {"PNG\n", GATE_FROM_CLIENT},
	    {"QNG\r\n", GATE_FROM_SERVER},
	    {"POST /gateway/gateway.dll", GATE_FROM_CLIENT},
	    {"post http://x/", GATE_FROM_CLIENT},
	    {"CONNECT a:1863 HTTP/1.0", GATE_FROM_CLIENT},
	    {"connect a:1863 HTTP/1.0", GATE_FROM_CLIENT},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(opening(cases[i].text), cases[i].want);
}

static void
strangers_of_other_protocols_are_turned_away(void)
{
	static const char *const cases[] = {"GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n",
	    "HEAD / HTTP/1.0", "EHLO example.com\r\n", "USER x\r\n", "VRFY a\r\n",
	    "SSH-2.0-x\r\n", "220 mail\r\n", "NICK a\r\n", "\x16\x03\x01\x02", "VERS",
	    "VER-1", "CONNEXION x y", "POSTAL 1", "PNGx", "QNGx", "    ", "\r\n\r\n"};
	size_t i;

	CU_ASSERT_EQUAL(gate_opening(TEXT("")), GATE_NO);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(opening(cases[i]), GATE_NO);
}

static void
fewer_than_four_bytes_are_let_in_when_a_verb_may_follow(void)
{
	static const char *const yes[] = {
	    "V", "VE", "VER", "v", "us", "P", "PO", "POS", "PN", "CON", "MSG", "ANS"};
	static const char *const no[] = {"G", "GET", "HTT", "\x16", "EH", "1", "VX"};
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		CU_ASSERT_EQUAL(opening(yes[i]), GATE_FROM_EITHER);
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		CU_ASSERT_EQUAL(opening(no[i]), GATE_NO);
}

/* Every prefix says "more" or already the answer of the whole. */
static void
expect_first(enum side side, const char *text, bool pick_up, enum gate_first want)
{
	size_t n, all = strlen(text);
	enum gate_first says;

	for (n = 0; n <= all; n++) {
		says = gate_first(side, guard_copy(text, n), pick_up);
		CU_ASSERT_TRUE(says == GATE_MORE || says == want);
	}
	CU_ASSERT_EQUAL(first(side, text, pick_up), want);
}

static void
first_bytes_of_a_whole_connection_are_told_apart(void)
{
	static const struct {
		enum side side;
		const char *text;
		enum gate_first want;
	} cases[] = {
	    {SIDE_CLIENT, "VER 1 MSNP8 CVR0\r\n", GATE_MSNP},
	    {SIDE_CLIENT, "ver 1 msnp8 cvr0\r\n", GATE_MSNP},
	    {SIDE_CLIENT, "USR 1 a@example.com 1.2.3\r\n", GATE_MSNP},
	    {SIDE_CLIENT, "ANS 1 a@example.com 1.2.3 4\r\n", GATE_MSNP},
	    {SIDE_CLIENT, "POST / HTTP/1.1\r\n", GATE_HTTP},
	    {SIDE_CLIENT, "CONNECT a:1863 HTTP/1.1\r\n", GATE_HTTP},
	    {SIDE_CLIENT, "\x04\x01\x07\x47", GATE_SOCKS4},
	    {SIDE_CLIENT, "\x05\x01", GATE_SOCKS5},
	    {SIDE_CLIENT, "GET / HTTP/1.1\r\n", GATE_NEVER},
	    {SIDE_CLIENT, "CHG 1 NLN\r\n", GATE_NEVER},
	    {SIDE_CLIENT, "\x16\x03\x01", GATE_NEVER},
	    {SIDE_SERVER, "HTTP/1.1 200 OK\r\n", GATE_HTTP},
	    {SIDE_SERVER, "VER 1 MSNP8\r\n", GATE_MSNP},
	    {SIDE_SERVER, "IRO 1 1 1 a@example.com\r\n", GATE_MSNP},
	    {SIDE_SERVER, "220 mail.example.com ESMTP\r\n", GATE_NEVER},
	    {SIDE_SERVER, "NLN NLN a@example.com\r\n", GATE_NEVER},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_first(cases[i].side, cases[i].text, false, cases[i].want);
}

static void
a_pick_up_takes_any_verb_of_its_side(void)
{
	expect_first(SIDE_CLIENT, "CHG 1 NLN\r\n", true, GATE_MSNP);
	expect_first(SIDE_CLIENT, "PNG\r\n", true, GATE_MSNP);
	expect_first(SIDE_CLIENT, "POST / HTTP/1.1\r\n", true, GATE_HTTP);
	expect_first(SIDE_SERVER, "NLN NLN a@example.com\r\n", true, GATE_MSNP);
	expect_first(SIDE_SERVER, "911 4\r\n", true, GATE_MSNP);
	expect_first(SIDE_SERVER, "HTTP/1.1 200 OK\r\n", true, GATE_HTTP);
	expect_first(SIDE_CLIENT, "NLN NLN a@example.com\r\n", true, GATE_NEVER);
	expect_first(SIDE_SERVER, "PNG\r\n", true, GATE_NEVER);
	expect_first(SIDE_CLIENT, "GET / HTTP/1.1\r\n", true, GATE_NEVER);
}

static void
socks_is_known_at_its_start_alone(void)
{
	CU_ASSERT_EQUAL(first(SIDE_CLIENT, "\x04\x01\x07\x47", true), GATE_NEVER);
	CU_ASSERT_EQUAL(first(SIDE_CLIENT, "\x05\x01", true), GATE_NEVER);
	CU_ASSERT_EQUAL(gate_first(SIDE_SERVER, TEXT("\0\x5a"), false), GATE_MORE);
	CU_ASSERT_EQUAL(gate_first(SIDE_SERVER, TEXT("\x05\0"), false), GATE_MORE);
}

void
suite_gate(void)
{
	CU_pSuite s = suite_new("gate");

	CASE(s, "strangers' verbs open from the side that says them",
	    strangers_verbs_open_from_the_side_that_says_them);
	CASE(s, "strangers of other protocols are turned away",
	    strangers_of_other_protocols_are_turned_away);
	CASE(s, "fewer than four bytes are let in when a verb may follow",
	    fewer_than_four_bytes_are_let_in_when_a_verb_may_follow);
	CASE(s, "first bytes of a whole connection are told apart",
	    first_bytes_of_a_whole_connection_are_told_apart);
	CASE(s, "a pick-up takes any verb of its side",
	    a_pick_up_takes_any_verb_of_its_side);
	CASE(s, "SOCKS is known at its start alone", socks_is_known_at_its_start_alone);
}
