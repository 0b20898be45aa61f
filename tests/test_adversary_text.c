/* Texts from the wire that mean harm, all the way to JSON and to the terminal. */
#define _POSIX_C_SOURCE 200809L
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/event_json.h"
#include "report/summary.h"
#include "tests/scene_reach.h"
#include "tests/suite.h"

#define BATCH 30

/* One text to try, somewhere inside a name. */
struct harm {
	char text[24];
	size_t n;
};

struct harms {
	struct harm h[1024];
	size_t n;
};

static void
add(struct harms *all, const void *text, size_t n)
{
	struct harm *h = &all->h[all->n++];

	if (all->n == sizeof(all->h) / sizeof(all->h[0]) || n >= sizeof(h->text))
		abort();
	memcpy(h->text, text, n);
	h->n = n;
}

static void
add_code(struct harms *all, uint32_t c)
{
	uint8_t v[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	for (i = n - 1; i > 0; i--, c >>= 6)
		v[i] = (uint8_t)(0x80 | (c & 0x3f));
	v[0] = (uint8_t)(n == 1 ? c : (0xf00U >> n & 0xff) | c);
	add(all, v, n);
}

/* All octets, code points that hide or turn text, and what programs take for orders. */
static struct harms *
make_harms(void)
{
	static const uint32_t ranges[][2] = {{0x80, 0xad}, {0x61c, 0x61c},
	    {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x2010},
	    {0x2028, 0x202f}, {0x205f, 0x206f}, {0x3164, 0x3164}, {0xd7ff, 0xd801},
	    {0xdbff, 0xdc01}, {0xdfff, 0xe001}, {0xfdd0, 0xfdd1}, {0xfe00, 0xfe0f},
	    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xffff}, {0x1d173, 0x1d17a},
	    {0x1f600, 0x1f601}, {0xe0000, 0xe0080}, {0xe0100, 0xe0101},
	    {0x10fffe, 0x110001}, {0x1fffff, 0x1fffff}};
	static const char *const words[] = {"\x1b[2J", "\x1b]0;x\x07", "\x1b[31m",
	    "\x9b[1m",
	    "\xc2\x9b"
	    "31m",
	    "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\"", "'", "\\", "\\u202e",
	    "\\x1b", "</script>", "<b>", "&lt;", "%00", "%1b[2J", "%s%n", "\xc0\xae",
	    "\xe0\x80\xae", "\xf0\x80\x80\xae", "\xed\xa0\x80\xed\xb0\x80",
	    "\xf8\x88\x80\x80\x80", "\xfe\xff", "e\xcc\x81\xcc\x81\xcc\x81", "\xe2\x80",
	    "\xf0\x9f\x98", "{}", "[]", ",", ";", "|"};
	static struct harms all;
	uint32_t c;
	size_t i;
	char octet;

	all.n = 0;
	for (c = 0; c < 256; c++) {
		octet = (char)c;
		add(&all, &octet, 1);
	}
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		for (c = ranges[i][0]; c <= ranges[i][1]; c++)
			add_code(&all, c);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		add(&all, words[i], strlen(words[i]));
	return &all;
}

/* The code point at the start of s, or -1 when that is no UTF-8; *n: its octets. */
static int32_t
decode(const uint8_t *s, size_t *n)
{
	static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t want = s[0] < 0x80   ? 1
		      : s[0] < 0xc0 ? 0
		      : s[0] < 0xe0 ? 2
		      : s[0] < 0xf0 ? 3
				    : 4;
	int32_t c = want < 2 ? s[0] : s[0] & (0x7f >> want);

	for (*n = 1; *n < want; ++*n) {
		if ((s[*n] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (s[*n] & 0x3f);
	}
	if (want == 0 || s[0] >= 0xf8 || c < least[want] || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return -1;
	return c;
}

static bool
turns_text(int32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 ||
	       c == 0xfeff || (c >= 0x200b && c <= 0x200d) ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* No octet that a terminal obeys, no mark that turns text, and nothing but UTF-8. */
static bool
is_harmless(const char *text, bool lines, bool ascii)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t n;
	int32_t c;

	for (; *s != '\0'; s += n) {
		c = decode(s, &n);
		if (c < 0 || (ascii && c > 0x7e) || turns_text(c) ||
		    (c < 0x20 && !(lines && c == '\n')) || (c >= 0x7f && c < 0xa0))
			return false;
	}
	return true;
}

static void
check(bool good, const struct harm *h, const char *text)
{
	char what[200];

	(void)snprintf(what, sizeof(what), "from %02x%02x%02x: %.100s", h->text[0] & 0xff,
	    h->text[1] & 0xff, h->text[2] & 0xff, good ? "" : text);
	(void)CU_assertImplementation(good, 0, what, "harm", "", CU_FALSE);
}

static void
says(struct line *l, enum side side, const char *format, const struct harm *h)
{
	char text[512];
	size_t n = 0;

	for (; *format != '\0'; format++) {
		if (*format == '$') {
			memcpy(text + n, h->text, h->n);
			n += h->n;
		} else {
			text[n++] = *format;
		}
	}
	line_send(l, side, text, n);
}

/* The harm is in every text that either side may choose. */
static void
sign_in(struct scene *s, const char *host, const struct harm *h)
{
	static const char *const dialogue[] = {"CCONNECT m$x.test:1863 HTTP/1.1\r\nHost: "
					       "m$x.test\r\nUser-Agent: a$b\r\n\r\n",
	    "SHTTP/1.1 200 O$K\r\nVia: $\r\n\r\n", "CVER 1 MSNP12 X$Y CVR0\r\n",
	    "SVER 1 MSNP12\r\n",
	    "CCVR 2 0x$9 o$s 5.$1 i3$6 N$AME 7.$5 br$and a$b@example.com\r\n",
	    "SCVR 2 7.$5 7.5 1.0 http://a$.test/ http://b$.test/\r\n",
	    "CUSR 3 TWN I a$b@example.com\r\n", "SUSR 3 TWN S c$t=1\r\n",
	    "CUSR 4 TWN S t$\r\n", "SUSR 4 OK a$b@example.com n$ick 1 0\r\n"};
	struct line *l = scene_connect(s, host, "10.0.0.99", 3128);
	size_t i;

	for (i = 0; i < sizeof(dialogue) / sizeof(dialogue[0]); i++)
		says(l, dialogue[i][0] == 'C' ? SIDE_CLIENT : SIDE_SERVER,
		    dialogue[i] + 1, h);
	line_close(l, SIDE_CLIENT);
	l = scene_connect(s, host, GATEWAY, 80);
	says(l, SIDE_CLIENT,
	    "POST /gateway/gateway.dll?Action=open&Server=NS&IP=i$p HTTP/1.1\r\n"
	    "Host: g$w.test\r\nContent-Length: 0\r\n\r\n",
	    h);
	says(l, SIDE_SERVER,
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=1$2.3; GW-IP=g$w\r\n"
	    "Content-Length: 14\r\n\r\nVER 1 MSNP12\r\n",
	    h);
	line_close(l, SIDE_SERVER);
}

static void
check_json(const struct event *ev, const struct harm *h)
{
	char *line = event_json_line(ev, "sen\"sor");

	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	check(is_harmless(line, false, false), h, line);
	free(line);
}

static void
check_text(struct scene *s, const struct summary_style *style, const struct harm *h)
{
	struct summary_span span = {.packets = s->frames, .first = 1, .last = s->now};
	struct counters now = {.n = 0};
	struct summary *sum = NULL;
	char *text = NULL;
	size_t i, n = 0;
	struct err e;
	FILE *f = open_memstream(&text, &n);

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL_FATAL(summary_open(&sum, &e), 0);
	for (i = 0; i < s->n_attempts; i++)
		summary_add(sum, &s->attempt_events[i]);
	pipeline_counters(s->pipeline, &now);
	CU_ASSERT_EQUAL(summary_text(sum, &span, &now, style, f), 0);
	CU_ASSERT_EQUAL(fclose(f), 0);
	CU_ASSERT_EQUAL(strlen(text), n);
	check(is_harmless(text, true, !style->utf8), h, text);
	free(text);
	summary_close(sum);
}

static void
check_scene(struct scene *s, const struct harm *h)
{
	static const struct summary_style styles[] = {
	    {.width = 80, .utf8 = true}, {.width = 41, .utf8 = true}, {.width = 100}};
	size_t i;

	for (i = 0; i < s->n_attempts; i++)
		check_json(&s->attempt_events[i], h);
	for (i = 0; i < s->n_signs; i++) {
		struct event ev = {.type = EVENT_MESSENGER};

		ev.u.messenger = s->signs[i];
		check_json(&ev, h);
	}
	for (i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		check_text(s, &styles[i], h);
}

static void
no_text_does_harm(void)
{
	struct harms *all = make_harms();
	size_t i, k, in = 0;
	struct scene *s;
	char host[32];

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	for (i = 0; i < all->n; i += BATCH) {
		s = scene_new();
		for (k = i; k < i + BATCH && k < all->n; k++) {
			(void)snprintf(host, sizeof(host), "10.0.1.%zu", k - i + 1);
			sign_in(s, host, &all->h[k]);
		}
		scene_end(s);
		for (k = 0; k < s->n_attempts; k++)
			in += s->attempts[k].outcome == OUTCOME_SIGNED_IN;
		check_scene(s, &all->h[i]);
		scene_free(s);
	}
	/* But for blanks, line ends and the semicolon, which is no part of an account. */
	CU_ASSERT(all->n > 500);
	CU_ASSERT_EQUAL(in, all->n - 9);
	(void)setlocale(LC_CTYPE, "C");
}

/* A text as long as any, of nothing but escapes, and cut in the middle of one. */
static void
no_length_breaks_an_escape(void)
{
	static const char *const pieces[] = {
	    "\x1b", "\xe2\x80\xae", "\\", "\xf0\x9f\x98\x80"};
	char text[1200], host[32];
	struct scene *s = scene_new();
	struct line *l;
	size_t i, k, n;
	int at;

	for (i = 0; i < 40; i++) {
		(void)snprintf(host, sizeof(host), "10.0.1.%zu", i + 1);
		l = scene_connect(s, host, DISPATCH, 1863);
		line_client(l, "VER 1 MSNP12 CVR0\r\n");
		line_server(l, "VER 1 MSNP12\r\n");
		at = snprintf(
		    text, sizeof(text), "USR 3 TWN I %.*s", (int)(i / 4), "aaaaaaaaaa");
		n = (size_t)at;
		for (k = 0; k < 80; k++, n += strlen(pieces[i % 4]))
			memcpy(text + n, pieces[i % 4], strlen(pieces[i % 4]));
		(void)snprintf(text + n, sizeof(text) - n, "@example.com\r\n");
		line_client(l, text);
		line_server(l, "911 3\r\n");
	}
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts, 40);
	check_scene(s, &(struct harm){.n = 0});
	scene_free(s);
}

void
suite_adversary_text(void)
{
	CU_pSuite s = suite_new("adversary: text");

	CASE(s, "no text does harm", no_text_does_harm);
	CASE(s, "no length breaks an escape", no_length_breaks_an_escape);
}
