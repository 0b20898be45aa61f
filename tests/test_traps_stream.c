/* Traps of the stream's shape: a sign-in is found however its segments come. */
#include <stdio.h>

#include "capture/decode.h"
#include "tests/expect.h"
#include "tests/suite.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"
#define URG    0x20
#define DATA   (TCP_PSH | TCP_ACK)

/* The usual sign-in, its first three commands sent without waiting. */
#define VER "VER 1 MSNP12 MSNP11 CVR0\r\n"
#define CVR "CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs " USUAL_ACCOUNT "\r\n"
#define USR "USR 3 TWN I " USUAL_ACCOUNT "\r\n"
#define ALL VER CVR USR

static void
answer_all(struct line *l)
{
	line_script(l, "S VER 1 MSNP12\n"
		       "S CVR 2 7.5.0324 7.5.0324 1.0 http://a.test/ http://b.test/\n"
		       "S USR 3 TWN S ct=1,rver=1,lc=1,id=1\n"
		       "C USR 4 TWN S t=ticket&p=profile\n"
		       "S USR 4 OK " USUAL_ACCOUNT " 1 0\n");
}

static struct line *
connect_usual(struct scene **s)
{
	*s = scene_new();
	return scene_connect(*s, HOST, SERVER, 1863);
}

/* A piece of ALL by itself. */
static void
piece(struct line *l, size_t from, size_t to)
{
	line_segment(l, SIDE_CLIENT, (int64_t)from, ALL + from, to - from, DATA);
}

/* Its pieces have been sent. */
static void
sent_all(struct line *l)
{
	line_lose(l, SIDE_CLIENT, strlen(ALL));
	answer_all(l);
}

static void
first_line_split_anywhere(void)
{
	struct scene *s;
	struct line *l;
	size_t cut;
	char what[32];

	for (cut = 1; cut < strlen(VER) + 2; cut++) {
		l = connect_usual(&s);
		(void)snprintf(what, sizeof(what), "cut at %zu", cut);
		piece(l, 0, cut);
		piece(l, cut, strlen(ALL));
		sent_all(l);
		expect_usual(s, what);
	}
	l = connect_usual(&s);
	line_send_cut(l, SIDE_CLIENT, ALL, 1);
	answer_all(l);
	expect_usual(s, "byte by byte");
}

static void
first_line_repeated(void)
{
	struct scene *s;
	struct line *l = connect_usual(&s);

	piece(l, 0, strlen(VER));
	piece(l, 0, strlen(VER));
	piece(l, 0, strlen(VER) + 10);
	piece(l, 0, strlen(ALL));
	sent_all(l);
	expect_usual(s, "retransmitted and longer");

	l = connect_usual(&s);
	piece(l, 0, 9);
	piece(l, 4, 15);
	piece(l, 2, 7);
	piece(l, 10, strlen(ALL));
	sent_all(l);
	expect_usual(s, "overlapping");
}

static void
keep_alive_probes(void)
{
	static const char old[1] = {'\0'};
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_segment(l, SIDE_CLIENT, -1, old, 1, TCP_ACK);
	line_segment(l, SIDE_SERVER, -1, old, 1, TCP_ACK);
	piece(l, 0, 10);
	line_segment(l, SIDE_CLIENT, 9, old, 1, TCP_ACK);
	piece(l, 10, strlen(ALL));
	line_segment(l, SIDE_CLIENT, (int64_t)strlen(ALL) - 1, "x", 1, TCP_ACK);
	sent_all(l);
	expect_usual(s, "probes of one old byte");
}

static void
out_of_order(void)
{
	size_t a = strlen(VER), b = strlen(VER CVR), end = strlen(ALL);
	const size_t order[5][3] = {
	    {1, 0, 2}, {2, 1, 0}, {0, 2, 1}, {2, 0, 1}, {1, 2, 0}};
	const size_t from[3] = {0, a, b}, to[3] = {a, b, end};
	char what[32];
	size_t i, k;

	for (i = 0; i < 5; i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);

		(void)snprintf(what, sizeof(what), "order %zu", i);
		for (k = 0; k < 3; k++)
			piece(l, from[order[i][k]], to[order[i][k]]);
		sent_all(l);
		expect_usual(s, what);
	}
}

static void
out_of_order_without_syn(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_midstream(s, HOST, SERVER, 1863);

	piece(l, strlen(VER), strlen(VER CVR));
	piece(l, 0, strlen(VER));
	piece(l, strlen(VER CVR), strlen(ALL));
	sent_all(l);
	expect_usual(s, "VER after CVR");
}

static void
pipelined(void)
{
	static const char *const opening[] = {
	    "VER 1 MSNP18 CVR0\r\nCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 14.0.8050.1202 "
	    "msmsgs a@example.com\r\nUSR 3 SSO I a@example.com\r\n",
	    "VER 1 MSNP18 CVR0\r\nCVR 2 0x0409 mac 10.2.0 ppc macmsgs 3.5.1 macmsgs "
	    "a@example.com VmVyc2lvbjogMQ0K\r\nUSR 3 SSO I a@example.com\r\n",
	    "VER 1 MSNP18 CVR0\r\nCVR 2 0x040c winnt 6.1.1 i386 MSNMSGR 15.4.3538.0513 "
	    "MSNMSGR a@example.com 0\r\nUSR 3 SSO I a@example.com\r\n"};
	size_t i;

	for (i = 0; i < sizeof(opening) / sizeof(opening[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);

		line_client(l, opening[i]);
		line_server(l,
		    "VER 1 MSNP18\r\nCVR 2 14.0 14.0 14.0 http://a http://b\r\n"
		    "GCF 0 6\r\n<a/>\r\nUSR 3 SSO S MBI_KEY_OLD bm9uY2U=\r\n");
		line_client(l, "USR 4 SSO S t=ticket HAAAAAEAAAAD\r\n");
		line_server(l, "USR 4 OK a@example.com 1 0\r\n");
		expect_attempt(
		    s, opening[i] + 25, OUTCOME_SIGNED_IN, "a@example.com", 18);
	}
}

/* A VER line with about n bytes of words between its dialects. */
static void
send_long_ver(struct line *l, size_t n, const char *word)
{
	static char text[40000];
	size_t at = (size_t)snprintf(text, sizeof(text), "VER 1 MSNP12 MSNP11");

	while (at < n)
		at += (size_t)snprintf(text + at, sizeof(text) - at, " %s", word);
	(void)snprintf(text + at, sizeof(text) - at, " MSNP8 CVR0\r\n" CVR USR);
	line_client(l, text);
	answer_all(l);
}

static void
long_lists(void)
{
	static const size_t sizes[] = {100, 250, 1460, 3000, 9000, 20000, 39000};
	static const char *const words[] = {"MSNP13", "MYPROTOCOL", "MSNP", "x"};
	char what[64];
	size_t i, k;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			struct scene *s;
			struct line *l = connect_usual(&s);

			(void)snprintf(
			    what, sizeof(what), "%zu bytes of %s", sizes[i], words[k]);
			send_long_ver(l, sizes[i], words[k]);
			expect_usual(s, what);
		}
}

static void
without_the_start(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_midstream(s, HOST, SERVER, 1863);

	line_sign_in(l, USUAL_ACCOUNT);
	expect_usual(s, "at the first line");

	s = scene_new();
	l = scene_midstream(s, HOST, SERVER, 1863);
	line_client(l, "NP11 CVR0\r\n" CVR USR);
	answer_all(l);
	expect_usual(s, "within the first line");

	s = scene_new();
	l = scene_midstream(s, HOST, SERVER, 1863);
	line_client(l, USR);
	line_script(l, "S USR 3 TWN S ct=1,rver=1,lc=1,id=1\n"
		       "C USR 4 TWN S t=ticket&p=profile\n"
		       "S USR 4 OK " USUAL_ACCOUNT " 1 0\n");
	expect_attempt(s, "at USR", OUTCOME_SIGNED_IN, USUAL_ACCOUNT, 0);
}

static void
without_the_start_on_any_port(void)
{
	static const uint16_t ports[] = {1863, 1864, 443, 80, 5000};
	char what[32];
	size_t i;

	for (i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		struct scene *s = scene_new();

		/* Clients of that age begin at port 1025, below the service's. */
		(void)snprintf(what, sizeof(what), "port %u", ports[i]);
		line_sign_in(scene_midstream(s, HOST, SERVER, ports[i]), USUAL_ACCOUNT);
		expect_usual(s, what);
	}
}

void
suite_traps_stream(void)
{
	CU_pSuite s = suite_new("traps_stream");

	CASE(s, "trap 1: first line split byte by byte", first_line_split_anywhere);
	CASE(s, "trap 2: first line repeated and overlapping", first_line_repeated);
	CASE(s, "trap 2: keep-alive probes around the first line", keep_alive_probes);
	CASE(s, "trap 3: first segments out of order", out_of_order);
	CASE(s, "trap 3: out of order, SYN not seen", out_of_order_without_syn);
	CASE(s, "trap 4: VER, CVR and USR in one segment", pipelined);
	CASE(s, "trap 5: very long lists of dialects", long_lists);
	CASE(s, "trap 6: SYN not seen", without_the_start);
	CASE(s, "trap 6: SYN not seen, on any port", without_the_start_on_any_port);
}
