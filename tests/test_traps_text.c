/* Traps of the text: what a line may look like, and what it must not do to the output. */
#include <stdio.h>

#include "tests/expect.h"
#include "tests/suite.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"

static struct line *
connect_usual(struct scene **s)
{
	*s = scene_new();
	return scene_connect(*s, HOST, SERVER, 1863);
}

static void
any_case(void)
{
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_script(l,
	    "C ver 1 msnp12 cvr0\nS VER 1 MSNP12\n"
	    "C cvr 2 0x0409 winnt 5.1 i386 msnmsgr 7.5.0324 msmsgs a@example.com\n"
	    "S cvr 2 7.5 7.5 7.5 http://a http://b\nC usr 3 twn i a@example.com\n"
	    "S usr 3 twn s ct=1\nC usr 4 twn s t=1\nS usr 4 ok a@example.com 1 0\n");
	expect_usual(s, "lower case");

	l = connect_usual(&s);
	line_script(l,
	    "C vEr 1 MsNp12 CvR0\nS Ver 1 mSNP12\nC UsR 2 TwN I A@Example.Com\n"
	    "S uSR 2 Twn S ct=1\nC usR 3 twN S t=1\nS USr 3 Ok a@EXAMPLE.com 1\n");
	expect_usual(s, "mixed case");

	s = scene_new();
	l = scene_midstream(s, HOST, SERVER, 1863);
	line_script(l,
	    "C ver 1 msnp12 cvr0\nS ver 1 msnp12\nC usr 2 twn i a@example.com\n"
	    "S usr 2 ok a@example.com 1 0\n");
	expect_usual(s, "lower case in mid-stream");
}

/* A whole sign-in by MSNP12 that begins with this VER line. */
static void
sign_in_after(struct line *l, const char *ver)
{
	char script[512];

	(void)snprintf(script, sizeof(script),
	    "C %s\nS VER 1 MSNP12\nC USR 2 TWN I a@example.com\nS USR 2 TWN S ct=1\n"
	    "C USR 3 TWN S t=1\nS USR 3 OK a@example.com 1 0\n",
	    ver);
	line_script(l, script);
}

static void
cvr0_is_not_needed(void)
{
	static const char *const lines[] = {"VER 1 MSNP12", "VER 1 MSNP12 MSNP11",
	    "VER 1 CVR0 MSNP12", "VER 1 MSNP12 CVR0 MSNP8", "VER 1 MSNP12 CVR1",
	    "VER 1 MSNP99 MSNP12 CVR12", "VER 1 MYPROTOCOL MSNP12 CVR0"};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct scene *s;

		sign_in_after(connect_usual(&s), lines[i]);
		expect_usual(s, lines[i]);
	}
}

static void
any_transaction_number(void)
{
	static const char *const first[] = {"0", "4", "999", "4294967292", "0001"};
	static const char *const form =
	    "C VER %s MSNP12 CVR0\nS VER %s MSNP12\nC USR 7 TWN I a@example.com\n"
	    "S USR 7 TWN S ct=1\nC USR 8 TWN S t=1\nS USR 8 OK a@example.com 1 0\n";
	char script[512];
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);

		(void)snprintf(script, sizeof(script), form, first[i], first[i]);
		line_script(l, script);
		expect_usual(s, first[i]);
	}
}

static void
no_transaction_number(void)
{
	static const char *const lines[] = {"VER MSNP12 CVR0", "VER -1 MSNP12 CVR0",
	    "VER 1a MSNP12 CVR0", "VER x MSNP12 CVR0", "VER 12345678901 MSNP12 CVR0",
	    "VER 4294967296 MSNP12 CVR0", "VER 1.0 MSNP12 CVR0", "VER +1 MSNP12",
	    "VER 0x1 MSNP12 CVR0"};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);

		line_client(l, lines[i]);
		line_client(l, "\r\n");
		line_server(l, "VER 1 MSNP12\r\n");
		line_close(l, SIDE_SERVER);
		expect_nothing(s, lines[i]);
	}
}

static void
any_line_end_and_blank(void)
{
	static const char *const ends[] = {
	    "\r\n", "\n", "\r", "  \r\n", "\t\n", "\r\n\r\n"};
	static const char *const blanks[] = {" ", "  ", "\t", " \t \t"};
	static const char *const form =
	    "%sVER%s1%sMSNP12%sCVR0%sUSR%s2%sTWN%sI%sa@example.com%s";
	char text[256], what[32];
	size_t i, k;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		for (k = 0; k < sizeof(blanks) / sizeof(blanks[0]); k++) {
			const char *b = blanks[k], *e = ends[i];
			struct scene *s;
			struct line *l = connect_usual(&s);

			(void)snprintf(what, sizeof(what), "end %zu, blank %zu", i, k);
			(void)snprintf(
			    text, sizeof(text), form, "", b, b, b, e, b, b, b, b, e);
			line_client(l, text);
			line_server(l, "VER 1 MSNP12\r\nUSR 2 TWN S ct=1\r\n");
			(void)snprintf(
			    text, sizeof(text), "USR%s3%sTWN%sS%st=1%s", b, b, b, b, e);
			line_client(l, text);
			(void)snprintf(text, sizeof(text),
			    "USR%s3%sOK%sa@example.com%s1%s", b, b, b, b, e);
			line_server(l, text);
			/* A bare CR is an end once another byte has come. */
			line_server(l, "SBS 0 null\r\n");
			line_close(l, SIDE_CLIENT);
			expect_usual(s, what);
		}
}

struct named {
	const char *i, *ok; /* the handle as the client and as the service word it */
	const char *account;
};

static void
handles(void)
{
	static const struct named names[] = {
	    {"A@Example.COM", "a@example.com J\xc3\xb6rg%20%25 1 0", "a@example.com"},
	    {"1:a@example.com", "1:a@example.com 1 0", "a@example.com"},
	    {"a@example.com;{f26d1f07-95e2-403c-bc18-d4bfed493428}", "a@example.com 1 0",
		"a@example.com"},
	    {"1:a@example.com;epid={f26d1f07-95e2-403c-bc18-d4bfed493428}",
		"1:A@example.com;{x} 1 0", "a@example.com"},
	    {"a%40b@example.com", "a%40b@example.com 1 0", "a%40b@example.com"},
	    {"a+b_c.d-e@example.co.uk", "a+b_c.d-e@example.co.uk 1 0",
		"a+b_c.d-e@example.co.uk"}};
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);

		line_client(l, "VER 1 MSNP12 CVR0\r\n");
		line_server(l, "VER 1 MSNP12\r\n");
		(void)snprintf(text, sizeof(text), "USR 2 TWN I %s\r\n", names[i].i);
		line_client(l, text);
		(void)snprintf(text, sizeof(text), "USR 2 OK %s\r\n", names[i].ok);
		line_server(l, text);
		expect_attempt(s, names[i].i, OUTCOME_SIGNED_IN, names[i].account, 12);
	}
}

static void
long_handles(void)
{
	static const size_t sizes[] = {64, 128, 129, 150, 200, 1000, 5000, 12000};
	static char handle[12100], text[12200];
	char what[32];
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);
		const char *account;

		memset(handle, 'a', sizes[i]);
		(void)snprintf(handle + sizes[i], 20, "@example.com");
		(void)snprintf(text, sizeof(text), "USR 2 TWN I %s\r\n", handle);
		line_client(l, "VER 1 MSNP12 CVR0\r\n");
		line_server(l, "VER 1 MSNP12\r\n");
		line_client(l, text);
		line_server(l, "206 2\r\n");
		(void)snprintf(what, sizeof(what), "%zu bytes", sizes[i]);
		scene_end(s);
		CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
		CU_ASSERT_EQUAL(s->attempts[0].outcome, OUTCOME_REJECTED);
		account = s->attempts[0].account;
		if (strlen(handle) < ACCOUNT_MAX)
			CU_ASSERT_STRING_EQUAL(account, handle);
		if (sizes[i] >= ACCOUNT_MAX && sizes[i] < 8000) {
			CU_ASSERT(strlen(account) < ACCOUNT_MAX);
			CU_ASSERT_STRING_EQUAL(account + strlen(account) - 3, "...");
		}
		scene_free(s);
	}
}

static void
expect_safe(const char *text)
{
	for (; *text != '\0'; text++)
		CU_ASSERT((uint8_t)*text >= 0x20 && (uint8_t)*text != 0x7f);
}

/* Bytes that could forge a line of a log, colour a terminal or turn text around. */
static void
hostile_text(void)
{
	static const char *const evil[] = {"\x1b[31m", "%0d%0aFAKE", "\"',\\", "\xff\xfe",
	    "\xe2\x80\xae", "\xc2\x9b", "\x07\x08\x7f", "\xed\xa0\x80", "\x01\x02"};
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);
		const struct attempt *a;

		line_client(l, "VER 1 MSNP12 CVR0\r\n");
		line_server(l, "VER 1 MSNP12\r\n");
		(void)snprintf(text, sizeof(text),
		    "CVR 2 %s %s %s %s MSN%sMSGR 7.%s5 ms%smsgs a%s@example.com\r\n",
		    evil[i], evil[i], evil[i], evil[i], evil[i], evil[i], evil[i],
		    evil[i]);
		line_client(l, text);
		(void)snprintf(
		    text, sizeof(text), "USR 3 TWN I a%s@example.com\r\n", evil[i]);
		line_client(l, text);
		(void)snprintf(text, sizeof(text), "USR 3 OK a%s@example.com %s 1 0\r\n",
		    evil[i], evil[i]);
		line_server(l, text);
		scene_end(s);
		CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
		a = &s->attempts[0];
		CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
		CU_ASSERT(strstr(a->account, "@example.com") != NULL);
		CU_ASSERT(strstr(a->account, "\xe2\x80\xae") == NULL);
		CU_ASSERT(strstr(a->account, "\xc2\x9b") == NULL);
		expect_safe(a->account);
		expect_safe(a->client.name);
		expect_safe(a->client.version);
		expect_safe(a->client.brand);
		expect_safe(a->client.os);
		expect_safe(a->client.locale);
		expect_safe(a->client.arch);
		expect_safe(a->client.product);
		scene_free(s);
	}
}

static void
nul_in_a_name(void)
{
	static const char usr[] = "USR 2 TWN I a\0b@example.com\r\n";
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_client(l, "VER 1 MSNP12 CVR0\r\n");
	line_server(l, "VER 1 MSNP12\r\n");
	line_send(l, SIDE_CLIENT, usr, sizeof(usr) - 1);
	line_server(l, "911 2\r\n");
	expect_attempt(s, "NUL", OUTCOME_REJECTED, "a\\x00b@example.com", 12);
}

static void
no_second_attempt(void)
{
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_sign_in(l, USUAL_ACCOUNT);
	line_script(l, "C USR 5 SHA A dGlja2V0\nS USR 5 OK a@example.com 0 0\n"
		       "C USR 6 SHA A dGlja2V0\nS 911 6\n");
	expect_usual(s, "SHA");

	l = connect_usual(&s);
	line_sign_in(l, USUAL_ACCOUNT);
	line_script(l, "C XFR 5 SB\nS XFR 5 SB 64.4.13.60:1863 CKI 17.1.2\n");
	l = scene_connect(s, HOST, "64.4.13.60", 1863);
	line_script(l,
	    "C USR 1 a@example.com 17.1.2\nS USR 1 OK a@example.com A\n"
	    "C CAL 2 b@example.com\nS CAL 2 RINGING 99\nS JOI b@example.com B\n");
	l = scene_connect(s, HOST, "64.4.13.61", 1863);
	line_script(l, "C ANS 1 a@example.com 18.3 5\nS IRO 1 1 1 c@example.com C\n"
		       "S ANS 1 OK\n");
	scene_end(s);
	CU_ASSERT_EQUAL(s->attempts[0].conversations, 2);
	CU_ASSERT_EQUAL(s->attempts[0].tries, 1);
	expect_usual(s, "switchboards");
}

static void
no_handle_no_account(void)
{
	static const char *const tokens[] = {
	    "joe", "joe@", "@example.com", "@", "a(at)b", "1:"};
	char text[128];
	size_t i;

	for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);

		(void)snprintf(text, sizeof(text),
		    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\n"
		    "C USR 2 TWN I %s\nS 911 2\n",
		    tokens[i]);
		line_script(l, text);
		expect_attempt(s, tokens[i], OUTCOME_REJECTED, "", 12);
	}
}

void
suite_traps_text(void)
{
	CU_pSuite s = suite_new("traps_text");

	CASE(s, "trap 13: lower and mixed case", any_case);
	CASE(s, "trap 14: VER without CVR0, or not at its end", cvr0_is_not_needed);
	CASE(s, "trap 15: any transaction number", any_transaction_number);
	CASE(s, "trap 15: what is no transaction number", no_transaction_number);
	CASE(s, "trap 16: line ends and blanks of any kind", any_line_end_and_blank);
	CASE(s, "trap 17: handles however worded", handles);
	CASE(s, "trap 18: handles that are too long", long_handles);
	CASE(s, "trap 19: text that would forge a log", hostile_text);
	CASE(s, "trap 19: NUL in a name", nul_in_a_name);
	CASE(s, "trap 20: SHA and switchboards are no second sign-in", no_second_attempt);
	CASE(s, "trap 21: a token without @ is no account", no_handle_no_account);
}
