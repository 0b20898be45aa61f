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

static void
expect_text(struct bytes got, const char *want)
{
	CU_ASSERT_EQUAL(got.n, strlen(want));
	CU_ASSERT_TRUE(bytes_eq(got, bytes_str(want)));
}

static void
a_line_is_split_into_verb_and_arguments(void)
{
	struct msnp_line line = line_of("VER 4 MSNP12 \t MSNP11  CVR0 \r\n");

	expect_text(line.verb, "VER");
	CU_ASSERT_EQUAL(line.code, MSNP_VERB('V', 'E', 'R'));
	CU_ASSERT_EQUAL(line.n_args, 4);
	expect_text(line.arg[0], "4");
	expect_text(line.arg[1], "MSNP12");
	expect_text(line.arg[2], "MSNP11");
	expect_text(line.arg[3], "CVR0");
	expect_text(line.last, "CVR0");
	line = line_of("PNG\r\n");
	CU_ASSERT_EQUAL(line.n_args, 0);
	CU_ASSERT_EQUAL(line.last.n, 0);
}

static void
the_case_of_a_verb_is_folded_but_kept(void)
{
	struct msnp_line line = line_of("uSr 3 twn I a@example.com\n");

	CU_ASSERT_EQUAL(line.code, MSNP_VERB('U', 'S', 'R'));
	expect_text(line.verb, "uSr");
	expect_text(line.arg[1], "twn");
}

static void
every_line_end_is_taken(void)
{
	static const struct {
		const char *in;
		ssize_t n;
		bool empty;
	} cases[] = {
	    {"PNG\r\nPNG", 5, false},
	    {"PNG\nPNG", 4, false},
	    {"PNG\rPNG", 4, false},
	    {"PNG\r", 0, true},
	    {"PNG", 0, true},
	    {"PN", 0, true},
	    {"", 0, true},
	    {"\r\nPNG", 2, true},
	    {"\nPNG", 1, true},
	    {"\rPNG", 1, true},
	    {"\r", 0, true},
	    {"OUT \r\n", 6, false},
	};
	struct msnp_line line;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(
		    msnp_line(guard_copy(cases[i].in, strlen(cases[i].in)), &line),
		    cases[i].n);
		CU_ASSERT_EQUAL(line.code == 0, cases[i].empty);
	}
}

static void
what_is_no_verb_is_refused(void)
{
	static const char *const bad[] = {"VERS 1\r\n", "VE 1\r\n", "-", "A\r\n", "AB\n",
	    " VER 1\r\n", "V\xc3\x89R 1\r\n", "VER:1", "\x16\x03\x01", "VER1"};
	struct msnp_line line;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(msnp_line(guard_copy(bad[i], strlen(bad[i])), &line), -1);
}

static void
every_prefix_gives_more_or_the_final_answer(void)
{
	static const char *const texts[] = {"VER 1 MSNP8 CVR0\r\nCVR 2 0x0409",
	    "USR 6 OK a@example.com 1 0\nMSG", "PNG\rPNG", "\r\nPNG",
	    "GET / HTTP/1.0\r\n", "SSH-2.0-x\r\n", "AB\r\n", "911 4\r\n"};
	struct msnp_line line, whole;
	ssize_t want, got;
	size_t i, n;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		want = msnp_line(bytes_str(texts[i]), &whole);
		for (n = 0; n <= strlen(texts[i]); n++) {
			got = msnp_line(guard_copy(texts[i], n), &line);
			CU_ASSERT_TRUE(got == 0 || got == want);
			CU_ASSERT_TRUE(got <= 0 || line.n_args == whole.n_args);
		}
		CU_ASSERT_EQUAL(got, want);
	}
}

static void
surplus_arguments_are_dropped_but_the_last(void)
{
	struct msnp_line line =
	    line_of("VER 1 a b c d e f g h i j k l m n o p q r s t u v "
		    "w x y z MSNP9 CVR0\r\n");

	CU_ASSERT_EQUAL(line.n_args, MSNP_ARGS_MAX);
	expect_text(line.arg[MSNP_ARGS_MAX - 1], "w");
	expect_text(line.last, "CVR0");
}

static void
a_long_line_is_cut_and_its_rest_stepped_over(void)
{
	static char text[3 * MSNP_LINE_MAX];
	struct msnp_line line;
	bool over;

	memset(text, 'x', sizeof(text));
	memcpy(text, "ADL 3 ", 6);
	CU_ASSERT_EQUAL(msnp_line(guard_copy(text, MSNP_LINE_MAX - 1), &line), 0);
	CU_ASSERT_EQUAL(msnp_line(guard_copy(text, sizeof(text)), &line), MSNP_LINE_MAX);
	CU_ASSERT_TRUE(line.cut);
	CU_ASSERT_EQUAL(line.n_args, 2);
	CU_ASSERT_EQUAL(msnp_payload(SIDE_CLIENT, &line), -1);
	CU_ASSERT_EQUAL(msnp_rest(guard_copy("xxx", 3), &over), 3);
	CU_ASSERT_FALSE(over);
	CU_ASSERT_EQUAL(msnp_rest(guard_copy("xx\r", 3), &over), 2);
	CU_ASSERT_FALSE(over);
	CU_ASSERT_EQUAL(msnp_rest(guard_copy("\r", 1), &over), 0);
	CU_ASSERT_FALSE(over);
	CU_ASSERT_EQUAL(msnp_rest(guard_copy("xx\r\nPNG", 7), &over), 4);
	CU_ASSERT_TRUE(over);
	memcpy(text + MSNP_LINE_MAX - 1, "\r\n", 2);
	CU_ASSERT_EQUAL(
	    msnp_line(guard_copy(text, MSNP_LINE_MAX + 1), &line), MSNP_LINE_MAX + 1);
	CU_ASSERT_FALSE(line.cut);
}

static void
errors_are_three_digits_from_200(void)
{
	struct msnp_line line = line_of("911 4\r\n");

	CU_ASSERT_EQUAL(msnp_error(&line), 911);
	line = line_of("200 4\r\n");
	CU_ASSERT_EQUAL(msnp_error(&line), 200);
	line = line_of("199 4\r\n");
	CU_ASSERT_EQUAL(msnp_error(&line), 0);
	line = line_of("9A1 4\r\n");
	CU_ASSERT_EQUAL(msnp_error(&line), 0);
	line = line_of("\r\n");
	CU_ASSERT_EQUAL(msnp_error(&line), 0);
}

static void
transaction_ids_are_32_bit_decimals(void)
{
	static const struct {
		const char *line;
		bool ok;
		uint32_t trid;
	} cases[] = {
	    {"VER 0 MSNP8\r\n", true, 0},
	    {"VER 4294967295 MSNP8\r\n", true, UINT32_MAX},
	    {"VER 4294967296 MSNP8\r\n", false, 7},
	    {"VER 00000000001 MSNP8\r\n", false, 7},
	    {"VER -1 MSNP8\r\n", false, 7},
	    {"VER 1a MSNP8\r\n", false, 7},
	    {"VER\r\n", false, 7},
	};
	struct msnp_line line;
	uint32_t trid;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		trid = 7;
		line = line_of(cases[i].line);
		CU_ASSERT_EQUAL(msnp_trid(&line, &trid), cases[i].ok);
		CU_ASSERT_EQUAL(trid, cases[i].trid);
	}
}

static void
a_dialect_is_a_whole_token(void)
{
	static const struct {
		const char *token;
		unsigned n;
	} cases[] = {{"MSNP8", 8}, {"msnp21", 21}, {"MSNP99", 99}, {"MSNP100", 0},
	    {"MSNP", 0}, {"MSNP0", 0}, {"MSNP08", 0}, {"MSNP8x", 0}, {"MSNP-8", 0},
	    {"msnp24Equivalent", 0}, {"MSNFTP", 0}, {"CVR0", 0}, {"xMSNP8", 0}, {"", 0}};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(
		    msnp_dialect(guard_copy(cases[i].token, strlen(cases[i].token))),
		    cases[i].n);
}

static void
a_handle_loses_network_and_endpoint(void)
{
	static const struct {
		const char *token;
		const char *handle;
	} cases[] = {{"a@example.com", "a@example.com"},
	    {"1:a@example.com", "a@example.com"}, {"32:a@example.com", "a@example.com"},
	    {"a@example.com;{0-1-2}", "a@example.com"},
	    {"1:a@example.com;epid={0-1}", "a@example.com"},
	    {"tel:a@example.com", "tel:a@example.com"}, {"a@@b", "a@@b"},
	    {"@a@b", "@a@b"}, {"example.com", ""}, {"@example.com", ""}, {"a@", ""},
	    {"1:@b", ""}, {"@", ""}, {"1:", ""}, {"", ""}, {"OK", ""}, {";a@b", ""}};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_text(
		    msnp_handle(guard_copy(cases[i].token, strlen(cases[i].token))),
		    cases[i].handle);
}

static void
an_endpoint_is_an_address_with_a_port(void)
{
	static const struct {
		const char *token;
		const char *addr; /* NULL: refused */
		uint16_t port;
	} cases[] = {
	    {"64.4.13.50:1864", "64.4.13.50", 1864},
	    {"64.4.13.50", "64.4.13.50", 1863},
	    {"[2001:db8::1]:1864", "2001:db8::1", 1864},
	    {"[2001:db8::1]", "2001:db8::1", 1863},
	    {"2001:db8::1", "2001:db8::1", 1863},
	    {"64.4.13.50:", NULL, 0},
	    {"64.4.13.50:0", NULL, 0},
	    {"64.4.13.50:65536", NULL, 0},
	    {"64.4.13.50:x", NULL, 0},
	    {"[2001:db8::1", NULL, 0},
	    {"[2001:db8::1]1864", NULL, 0},
	    {"[2001:db8::1]:", NULL, 0},
	    {"[]:1", NULL, 0},
	    {"64.4.13:1863", NULL, 0},
	    {"64.4.13.50.1:1863", NULL, 0},
	    {"m1.example.net:1864", NULL, 0},
	    {"", NULL, 0},
	    {":1863", NULL, 0},
	    {"0", NULL, 0},
	    {"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111", NULL, 0},
	};
	struct endpoint e;
	char text[ADDR_TEXT_MAX];
	size_t i;
	bool ok;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok =
		    msnp_endpoint(guard_copy(cases[i].token, strlen(cases[i].token)), &e);
		CU_ASSERT_EQUAL(ok, cases[i].addr != NULL);
		if (!ok || cases[i].addr == NULL)
			continue;
		CU_ASSERT_STRING_EQUAL(addr_text(&e.addr, text), cases[i].addr);
		CU_ASSERT_EQUAL(e.port, cases[i].port);
	}
	CU_ASSERT_FALSE(msnp_endpoint(guard_copy("1.2.3.4\0x", 9), &e));
}

void
suite_msnp(void)
{
	CU_pSuite s = suite_new("msnp");

	CASE(s, "a line is split into verb and arguments",
	    a_line_is_split_into_verb_and_arguments);
	CASE(s, "the case of a verb is folded", the_case_of_a_verb_is_folded_but_kept);
	CASE(s, "every line end is taken", every_line_end_is_taken);
	CASE(s, "what is no verb is refused", what_is_no_verb_is_refused);
	CASE(s, "every prefix gives more or the final answer",
	    every_prefix_gives_more_or_the_final_answer);
	CASE(s, "surplus arguments are dropped but the last",
	    surplus_arguments_are_dropped_but_the_last);
	CASE(s, "a long line is cut", a_long_line_is_cut_and_its_rest_stepped_over);
	CASE(s, "errors are three digits from 200", errors_are_three_digits_from_200);
	CASE(s, "transaction ids are 32-bit decimals",
	    transaction_ids_are_32_bit_decimals);
	CASE(s, "a dialect is a whole token", a_dialect_is_a_whole_token);
	CASE(s, "a handle loses network and endpoint",
	    a_handle_loses_network_and_endpoint);
	CASE(s, "an endpoint is an address with a port",
	    an_endpoint_is_an_address_with_a_port);
}
