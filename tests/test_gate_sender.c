/* Who says a line that either end may say, told by the line alone. */
#include "detect/gate.h"
#include "tests/guard.h"
#include "tests/suite.h"

static void
a_line_tells_who_says_it(void)
{
	static const struct {
		const char *text;
		enum gate_opening want;
	} cases[] = {
	    {"USR 3 TWN I a@example.com\r\n", GATE_FROM_CLIENT},
	    {"USR 3 OK a@example.com Ann 1 0\r\n", GATE_FROM_SERVER},
	    {"CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 5.0 MSMSGS a@example.com\r\n",
		GATE_FROM_CLIENT},
	    {"CVR 2 5.0.0544 5.0.0544 1.0.0000 http://x http://y\r\n", GATE_FROM_SERVER},
	    {"CVR 2\r\n", GATE_FROM_EITHER},
	    {"XFR 9 SB\r\n", GATE_FROM_CLIENT},
	    {"XFR 9 SB 10.0.0.1:1863 CKI 1.2.3\r\n", GATE_FROM_SERVER},
	    {"CAL 2 b@example.com\r\n", GATE_FROM_CLIENT},
	    {"CAL 2 RINGING 1234\r\n", GATE_FROM_SERVER},
	    {"INF 1\r\n", GATE_FROM_CLIENT},
	    {"INF 1 MD5\r\n", GATE_FROM_SERVER},
	    {"MSG 12 N 30\r\n", GATE_FROM_CLIENT},
	    {"MSG b@example.com Bob 30\r\n", GATE_FROM_SERVER},
	    {"ANS 1 a@example.com 1.2 3\r\n", GATE_FROM_CLIENT},
	    {"ANS 1 OK\r\n", GATE_FROM_SERVER},
	    {"QRY 5 msmsgs@msnmsgr.com 32\r\n", GATE_FROM_CLIENT},
	    {"QRY 5\r\n", GATE_FROM_SERVER},
	    {"VER 1 MSNP8 CVR0\r\n", GATE_FROM_EITHER},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes b = guard_copy(cases[i].text, strlen(cases[i].text));

		if (gate_sender(b) != cases[i].want)
			printf("\n    %s", cases[i].text);
		CU_ASSERT_EQUAL(gate_sender(b), cases[i].want);
	}
}

static void
a_line_not_yet_whole_may_be_anybodys(void)
{
	static const char text[] = "QRY 5 msmsgs@msnmsgr.com 32";

	CU_ASSERT_EQUAL(
	    gate_sender(guard_copy(text, sizeof(text) - 1)), GATE_FROM_EITHER);
}

void
suite_gate_sender(void)
{
	CU_pSuite s = suite_new("gate_sender");

	CASE(s, "a line tells who says it", a_line_tells_who_says_it);
	CASE(s, "a line not yet whole may be anybody's",
	    a_line_not_yet_whole_may_be_anybodys);
}
