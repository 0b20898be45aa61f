#include "detect/msnp.h"
#include "tests/guard.h"
#include "tests/suite.h"

static struct msnp_line
line_of(const char *text)
{
	struct msnp_line line;
	ssize_t n = msnp_line(guard_copy(text, strlen(text)), &line);

	CU_ASSERT_EQUAL(n, (ssize_t)strlen(text));
	return line;
}

struct framing {
	const char *line;
	int64_t payload;
};

static void
expect_payloads(enum side side, const struct framing *cases, size_t n)
{
	struct msnp_line line;
	size_t i;

	for (i = 0; i < n; i++) {
		line = line_of(cases[i].line);
		CU_ASSERT_EQUAL(msnp_payload(side, &line), cases[i].payload);
		if (msnp_payload(side, &line) != cases[i].payload)
			printf("\n  %s", cases[i].line);
	}
}

static void
payloads_of_the_client(void)
{
	static const struct framing cases[] = {
	    {"MSG 4 N 133\r\n", 133},
	    {"msg 4 N 133\n", 133},
	    {"MSG 4 133\r\n", -1},
	    {"MSG 4 N x\r\n", -1},
	    {"MSG 4 N 1048576\r\n", 1048576},
	    {"MSG 4 N 1048577\r\n", -1},
	    {"MSG 4 N 18446744073709551616\r\n", -1},
	    {"MSG 4 N -1\r\n", -1},
	    {"QRY 9 PROD0090YUAUV{2B 32\r\n", 32},
	    {"UUX 8 53\r\n", 53},
	    {"UUX 8 0\r\n", 0},
	    {"ADL 5 1200\r\n", 1200},
	    {"RML 6 64\r\n", 64},
	    {"FQY 7 70\r\n", 70},
	    {"UUM 8 b@example.net 32 1 90\r\n", 90},
	    {"UUN 9 b@example.net 3 12\r\n", 12},
	    {"UUN 9 b@example.net 11\r\n", 0},
	    {"PUT 10 1503\r\n", 1503},
	    {"DEL 10 200\r\n", 200},
	    {"SDG 11 300\r\n", 300},
	    {"SDC 12 b@example.net 0x0409 MSMSGS MSMSGS X X a 40\r\n", 40},
	    {"PAG 13 b@example.net D 17\r\n", 17},
	    {"PGD 14 b@example.net 1 17\r\n", 17},
	    {"GCF 8 Shields.xml\r\n", 0},
	    {"CAL 2 b@example.net\r\n", 0},
	    {"PNG\r\n", 0},
	    {"OUT\r\n", 0},
	    {"SYN 5 0\r\n", 0},
	    {"SYN 5 1 1\r\n", 0},
	    {"CHG 6 NLN 32\r\n", 0},
	    {"CHG 6 NLN 2789003324 0\r\n", 0},
	    {"ANS 1 a@example.com 849102291.520491932 17522047\r\n", 0},
	    {"USR 1 a@example.com 17262740.1050826919.32308\r\n", 0},
	    {"INF 2\r\n", 0},
	    {"XYZ 1 200\r\n", 0},
	    {"241 5 200\r\n", 0},
	};

	expect_payloads(SIDE_CLIENT, cases, sizeof(cases) / sizeof(cases[0]));
}

static void
payloads_of_the_server(void)
{
	static const struct framing cases[] = {
	    {"MSG Hotmail Hotmail 1420\r\n", 1420},
	    {"MSG b@example.net B%20B 99\r\n", 99},
	    {"MSG 99\r\n", -1},
	    {"UBX b@example.net 0\r\n", 0},
	    {"UBX b@example.net 1 75\r\n", 75},
	    {"UBM b@example.net 32 a@example.com 1 1 60\r\n", 60},
	    {"UBN b@example.net 3 12\r\n", 12},
	    {"NOT 1024\r\n", 1024},
	    {"IPG 256\r\n", 256},
	    {"NOT\r\n", -1},
	    {"GCF 0 6153\r\n", 6153},
	    {"GCF 8 Shields.xml 145\r\n", 145},
	    {"ADL 0 80\r\n", 80},
	    {"ADL 5 OK\r\n", 0},
	    {"RML 0 80\r\n", 80},
	    {"RML 5 OK\r\n", 0},
	    {"ADL 0 1048577\r\n", -1},
	    {"FQY 7 70\r\n", 70},
	    {"FQY 7 0\r\n", 0},
	    {"NFY PUT 800\r\n", 800},
	    {"NFY DEL 80\r\n", 80},
	    {"SDG 0 350\r\n", 350},
	    {"PUT 12 OK 45\r\n", 45},
	    {"PUT 12 OK 0\r\n", 0},
	    {"DEL 12 OK 45\r\n", 45},
	    {"UUX 8 0\r\n", 0},
	    {"UUN 9 OK\r\n", 0},
	    {"QRY 9\r\n", 0},
	    {"CHL 0 16631224584345626247\r\n", 0},
	    {"QNG 50\r\n", 0},
	    {"SYN 5 1 1 1\r\n", 0},
	    {"SYN 5 0\r\n", 0},
	    {"CHG 6 NLN 32\r\n", 0},
	    {"ILN 6 NLN b@example.net B 805306404\r\n", 0},
	    {"LST b@example.net B 11 0\r\n", 0},
	    {"LSG 0 Friends 0\r\n", 0},
	    {"USR 6 OK a@example.com 1 0\r\n", 0},
	    {"XFR 9 SB 10.0.0.5:1863 CKI 1.2.3 U messenger.msn.com 1\r\n", 0},
	    {"IRO 1 1 1 b@example.net B 268435456\r\n", 0},
	    {"JOI b@example.net B 1616756772\r\n", 0},
	    {"CAL 2 RINGING 628030951\r\n", 0},
	    {"RNG 1 10.0.0.5:1863 CKI 1.2 b@example.net B U x 1\r\n", 0},
	    {"OUT RCT 6\r\n", 0},
	    {"VER 1 0\r\n", 0},
	    {"BLP 5 100 AL\r\n", 0},
	    {"PRP 5 100\r\n", 0},
	    {"XYZ 1 200\r\n", 0},
	};

	expect_payloads(SIDE_SERVER, cases, sizeof(cases) / sizeof(cases[0]));
}

static void
payloads_of_error_lines(void)
{
	static const struct framing cases[] = {
	    {"911 4\r\n", 0},
	    {"911 4 30\r\n", 0},
	    {"241 5 30\r\n", 30},
	    {"241 5\r\n", 0},
	    {"509 5 61\r\n", 61},
	    {"933 5 61\r\n", 61},
	    {"201 5 text\r\n", 0},
	    {"201 5 99999999999\r\n", -1},
	};

	expect_payloads(SIDE_SERVER, cases, sizeof(cases) / sizeof(cases[0]));
}

static void
chat_that_quotes_a_sign_in_stays_a_payload(void)
{
	static const char text[] = "MSG b@example.net B 34\r\n"
				   "\r\nUSR 3 TWN I victim@example.com\r\nOUT\r\n";
	struct bytes in = guard_copy(text, sizeof(text) - 1);
	struct msnp_line line;

	in = bytes_skip(in, (size_t)msnp_line(in, &line));
	in = bytes_skip(in, (size_t)msnp_payload(SIDE_SERVER, &line));
	CU_ASSERT_EQUAL(msnp_line(in, &line), 5);
	CU_ASSERT_EQUAL(line.code, MSNP_VERB('O', 'U', 'T'));
}

static void
known_verbs_depend_on_the_side(void)
{
	static const char both[] =
	    "ADC ADD ADG ADL ANS BLP CAL CHG CVQ CVR DEL FND FQY GCF "
	    "GTC IMS INF LSG LST MSG OUT PRP PUT QRY REA REG REM RMG "
	    "RML SBP SDC SDG SND SYN URL USR UUM UUN UUX VER XFR PAG "
	    "PGD VAS ";
	static const char server[] =
	    "ACK BPR BYE CHL FLN ILN IPG IRO JOI NAK NFY NLN NOT "
	    "QNG RNG SBS UBM UBN UBX 200 715 911 999 ";
	static const char neither[] = "GET HTT EHL QUI 199 000 A11 9A1 ZZZ AAA ";
	const char *p;
	uint32_t code;

	for (p = both; *p != '\0'; p += 4) {
		code = MSNP_VERB((uint8_t)p[0], (uint8_t)p[1], (uint8_t)p[2]);
		CU_ASSERT_TRUE(msnp_verb_known(SIDE_CLIENT, code));
		CU_ASSERT_TRUE(msnp_verb_known(SIDE_SERVER, code));
	}
	for (p = server; *p != '\0'; p += 4) {
		code = MSNP_VERB((uint8_t)p[0], (uint8_t)p[1], (uint8_t)p[2]);
		CU_ASSERT_FALSE(msnp_verb_known(SIDE_CLIENT, code));
		CU_ASSERT_TRUE(msnp_verb_known(SIDE_SERVER, code));
	}
	for (p = neither; *p != '\0'; p += 4) {
		code = MSNP_VERB((uint8_t)p[0], (uint8_t)p[1], (uint8_t)p[2]);
		CU_ASSERT_FALSE(msnp_verb_known(SIDE_CLIENT, code));
		CU_ASSERT_FALSE(msnp_verb_known(SIDE_SERVER, code));
	}
	CU_ASSERT_TRUE(msnp_verb_known(SIDE_CLIENT, MSNP_VERB('P', 'N', 'G')));
	CU_ASSERT_FALSE(msnp_verb_known(SIDE_SERVER, MSNP_VERB('P', 'N', 'G')));
	CU_ASSERT_FALSE(msnp_verb_known(SIDE_SERVER, 0));
}

void
suite_msnp_verbs(void)
{
	CU_pSuite s = suite_new("msnp_verbs");

	CASE(s, "payloads of the client", payloads_of_the_client);
	CASE(s, "payloads of the server", payloads_of_the_server);
	CASE(s, "payloads of error lines", payloads_of_error_lines);
	CASE(s, "chat that quotes a sign-in stays a payload",
	    chat_that_quotes_a_sign_in_stays_a_payload);
	CASE(s, "known verbs depend on the side", known_verbs_depend_on_the_side);
}
