/* Lines, tokens and lengths beyond all measure, with a sign-in in the middle. */
#include <stdio.h>

#include "detect/msnp.h"
#include "tests/scene_reach.h"
#include "tests/siege.h"
#include "tests/suite.h"

#define MEGA   (1024 * 1024)
#define TOKENS 100000

/* n times the same token, between two ends. */
static struct bytes
endless(const char *head, const char *token, size_t n, const char *tail)
{
	static char text[MEGA + 100];
	size_t at = strlen(head), k = strlen(token);

	memcpy(text, head, at);
	for (; n > 0 && at + k + 10 < sizeof(text); n--, at += k)
		memcpy(text + at, token, k);
	memcpy(text + at, tail, strlen(tail));
	return bytes_of(text, at + strlen(tail));
}

static void
say(struct line *l, enum side side, struct bytes text)
{
	line_send(l, side, text.p, text.n);
}

static const char *const rest = "S VER 1 MSNP12\n"
				"C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5 msmsgs a@b.c\n"
				"S CVR 2 7.5 7.5 1.0 http://a.test/ http://b.test/\n"
				"C USR 3 TWN I " USUAL_ACCOUNT "\n"
				"S USR 3 TWN S ct=1\nC USR 4 TWN S t=1\n"
				"S USR 4 OK " USUAL_ACCOUNT " 1 0\n";

static void
flood_tokens(struct scene *s)
{
	struct siege_line l = siege_line(siege_next(), DISPATCH, 1863);

	siege_say(s, &l, SIDE_CLIENT, endless("VER 1", " MSNP9", TOKENS, "\r\n"));
	siege_say(s, &l, SIDE_SERVER, bytes_str("VER 1 MSNP9\r\n"));
}

/* The sign-in itself begins so, and so do others beside it. */
static void
a_hundred_thousand_dialects(void)
{
	struct scene *s = siege_new(NULL);
	struct line *l = scene_connect(s, SIEGE_HOST, DISPATCH, 1863);

	say(l, SIDE_CLIENT, endless("VER 1", " MSNP12", TOKENS, " CVR0\r\n"));
	s->between = flood_tokens;
	line_script(l, rest);
	siege_counted(s, "detect.lines_cut", 2, UINT64_MAX);
	s->between = NULL;
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempts[0].n_offered, DIALECTS_MAX);
	siege_over(s, "a hundred thousand dialects");
}

static void
flood_megabytes(struct scene *s)
{
	struct siege_line l = siege_line(siege_next(), DISPATCH, 1863);

	siege_say(s, &l, SIDE_CLIENT, bytes_str("VER 1 MSNP9\r\n"));
	siege_say(s, &l, SIDE_CLIENT, endless("PRP 2 MFN ", "x", MEGA, ""));
}

/* Megabytes without a line's end, of both sides, in the middle of the dialogue too. */
static void
lines_of_a_megabyte(void)
{
	static const char *const ends[] = {"\r\n", "\n", "\r"};
	struct scene *s;
	struct line *l;
	size_t i;

	for (i = 0; i < 3; i++) {
		s = siege_new(NULL);
		l = scene_connect(s, SIEGE_HOST, DISPATCH, 1863);
		line_client(l, "VER 1 MSNP12 CVR0\r\n");
		line_server(l, "VER 1 MSNP12\r\n");
		say(l, SIDE_CLIENT, endless("CVR 2 0x0409 ", "y", MEGA, ends[i]));
		say(l, SIDE_SERVER, endless("CVR 2 ", "z", MEGA, ends[i]));
		s->between = i == 0 ? flood_megabytes : NULL;
		line_script(l, "C USR 3 TWN I " USUAL_ACCOUNT
			       "\nS USR 3 TWN S ct=1\nC USR 4 TWN S t=1\n"
			       "S USR 4 OK " USUAL_ACCOUNT " 1 0\n");
		siege_counted(s, "detect.lines_cut", i == 0 ? 9 : 2, UINT64_MAX);
		siege_over(s, "lines of a megabyte");
	}
}

/* Payloads longer than any, and lengths that are none. */
static void
flood_lengths(struct scene *s)
{
	static const char *const lies[] = {"MSG 5 A 1048577\r\n",
	    "MSG 5 A 99999999999999\r\n", "MSG 5 A -1\r\n", "MSG 5 A\r\n",
	    "MSG 5 A 0x10\r\n", "MSG 5 A 1048576\r\n"};
	struct siege_line l;
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(lies[0]) * 20; i++) {
		l = siege_line(siege_next(), DISPATCH, 1863);
		siege_say(s, &l, SIDE_CLIENT, bytes_str("VER 1 MSNP12 CVR0\r\n"));
		siege_say(s, &l, SIDE_SERVER, bytes_str("VER 1 MSNP12\r\n"));
		siege_say(s, &l, SIDE_CLIENT,
		    bytes_str(lies[i % (sizeof(lies) / sizeof(lies[0]))]));
		siege_say(s, &l, SIDE_CLIENT,
		    bytes_str("USR 6 TWN I liar@example.com\r\nchat\r\n"));
	}
}

static void
payload_lengths_that_lie(void)
{
	struct scene *s = siege_new(NULL);
	struct line *l = scene_connect(s, SIEGE_HOST, DISPATCH, 1863);

	line_sign_in(l, USUAL_ACCOUNT);
	s->between = flood_lengths;
	line_client(l, "MSG 5 A 1048577\r\nMSG 6 A x\r\n");
	line_close(l, SIDE_CLIENT);
	siege_counted(s, "detect.stumbled", 400, UINT64_MAX);
	siege_over(s, "payload lengths that lie");
}

/* Redirects to a new place each, none of which anybody goes to. */
static void
flood_redirects(struct scene *s)
{
	char text[64], to[ADDR_TEXT_MAX];
	struct siege_line l;
	struct addr a;
	unsigned i;

	for (i = 0; i < 1000; i++) {
		l = siege_line(siege_next() % 500, DISPATCH, 1863);
		l.end[SIDE_CLIENT].port = (uint16_t)(1024 + siege_next() % 60000);
		a = siege_stranger(siege_next(), 0).addr;
		(void)snprintf(text, sizeof(text), "XFR 2 NS %s:1863 0 10.0.0.1:1863\r\n",
		    addr_text(&a, to));
		siege_say(s, &l, SIDE_CLIENT,
		    bytes_str("VER 1 MSNP12 CVR0\r\nUSR 2 TWN I n@example.com\r\n"));
		siege_say(s, &l, SIDE_SERVER, bytes_str("VER 1 MSNP12\r\n"));
		siege_say(s, &l, SIDE_SERVER, bytes_str(text));
		siege_hang_up(s, &l);
	}
}

static void
redirects_without_end(void)
{
	struct scene *s = siege_new(flood_redirects);
	struct line *l = scene_connect(s, SIEGE_HOST, DISPATCH, 1863);

	line_script(l, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\n"
		       "C USR 2 TWN I " USUAL_ACCOUNT "\n"
		       "S XFR 2 NS 207.46.106.20:1863 0 64.4.13.50:1863\n");
	line_close(l, SIDE_SERVER);
	l = scene_connect(s, SIEGE_HOST, "207.46.106.20", 1863);
	line_sign_in(l, USUAL_ACCOUNT);
	siege_counted(s, "dns.evicted", 20000, UINT64_MAX);
	s->between = NULL;
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempts[0].n_paths, 1);
	siege_over(s, "redirects without end");
}

void
suite_adversary_lines(void)
{
	CU_pSuite s = suite_new("adversary: lines");

	CASE(s, "a hundred thousand dialects", a_hundred_thousand_dialects);
	CASE(s, "lines of a megabyte", lines_of_a_megabyte);
	CASE(s, "payload lengths that lie", payload_lengths_that_lie);
	CASE(s, "redirects without end", redirects_without_end);
}
