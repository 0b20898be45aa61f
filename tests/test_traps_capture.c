/* Traps of what a capture holds of a stream: one side, pieces, other headers. */
#include <stdio.h>

#include "capture/decode.h"
#include "tests/expect.h"
#include "tests/suite.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"
#define URG    0x20
#define DATA   (TCP_PSH | TCP_ACK)

static struct line *
connect_usual(struct scene **s)
{
	*s = scene_new();
	return scene_connect(*s, HOST, SERVER, 1863);
}

static void
client_side_alone(void)
{
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_capture_only(l, SIDE_CLIENT);
	line_sign_in(l, USUAL_ACCOUNT);
	line_client(l, "SYN 5 0 0\r\n");
	line_client(l, "CHG 6 NLN 0\r\n");
	line_close(l, SIDE_CLIENT);
	expect_attempt(
	    s, "commands that follow a yes", OUTCOME_SIGNED_IN, USUAL_ACCOUNT, 0);

	l = connect_usual(&s);
	line_capture_only(l, SIDE_CLIENT);
	line_client(l, "VER 1 MSNP12 CVR0\r\n");
	line_client(l, "USR 2 TWN I " USUAL_ACCOUNT "\r\n");
	expect_attempt(s, "no more than a name", OUTCOME_UNFINISHED, USUAL_ACCOUNT, 0);
}

static void
server_side_alone(void)
{
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_capture_only(l, SIDE_SERVER);
	line_sign_in(l, USUAL_ACCOUNT);
	line_close(l, SIDE_CLIENT);
	expect_usual(s, "from SYN-ACK");

	l = connect_usual(&s);
	line_capture_only(l, SIDE_SERVER);
	line_script(l, "S VER 1 MSNP12\nS CVR 2 7.5 7.5 7.5 http://a http://b\n"
		       "S USR 3 TWN S ct=1,rver=1\nS 911 4\n");
	line_close(l, SIDE_SERVER);
	expect_attempt(s, "rejected", OUTCOME_REJECTED, "", 12);
}

/* Without the start and the other side, nobody could tell it from a quotation. */
static void
one_side_without_its_start(void)
{
	enum side side;

	for (side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		struct scene *s = scene_new();
		struct line *l = scene_midstream(s, HOST, SERVER, 1863);

		line_capture_only(l, side);
		line_sign_in(l, USUAL_ACCOUNT);
		expect_nothing(s, side == SIDE_CLIENT ? "client" : "server");
	}
}

/* The lines of the usual dialogue, one of them lost by the capture. */
static void
sign_in_without(struct line *l, size_t lost)
{
	static const char *const lines[] = {"CVER 1 MSNP12 CVR0\r\n", "SVER 1 MSNP12\r\n",
	    "CCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs a@example.com\r\n",
	    "SCVR 2 7.5.0324 7.5.0324 1.0 http://a.test/ http://b.test/\r\n",
	    "CUSR 3 TWN I a@example.com\r\n", "SUSR 3 TWN S ct=1,rver=1,lc=1,id=1\r\n",
	    "CUSR 4 TWN S t=ticket&p=profile\r\n", "SUSR 4 OK a@example.com 1 0\r\n",
	    "CSYN 5 0 0\r\n", "SSYN 5 0 0\r\n", "CCHG 6 NLN 0\r\n", "SCHG 6 NLN 0\r\n",
	    "SCHL 0 16631224584345626247\r\n", "SILN 6 NLN b@example.com B 0\r\n"};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		enum side side = lines[i][0] == 'C' ? SIDE_CLIENT : SIDE_SERVER;

		if (i == lost)
			line_lose(l, side, strlen(lines[i] + 1));
		else
			line_send(l, side, lines[i] + 1, strlen(lines[i] + 1));
	}
}

static void
one_line_lost(void)
{
	struct scene *s;
	char what[32];
	size_t lost;

	for (lost = 0; lost < 12; lost++) {
		(void)snprintf(what, sizeof(what), "line %zu lost", lost);
		sign_in_without(connect_usual(&s), lost);
		expect_attempt(
		    s, what, OUTCOME_SIGNED_IN, USUAL_ACCOUNT, lost == 1 ? 0 : 12);
	}
}

static void
data_in_syn(void)
{
	static const char first[] = "VER 1 MSNP12 MSNP11 CVR0\r\n";
	struct scene *s = scene_new();
	struct line *l = scene_midstream(s, HOST, SERVER, 1863);

	line_segment(l, SIDE_CLIENT, -1, first, strlen(first), TCP_SYN);
	line_segment(l, SIDE_SERVER, -1, NULL, 0, TCP_SYN | TCP_ACK);
	line_segment(l, SIDE_CLIENT, 0, first, strlen(first), DATA);
	line_lose(l, SIDE_CLIENT, strlen(first));
	line_script(l, "S VER 1 MSNP12\nC USR 3 TWN I a@example.com\n"
		       "S USR 3 TWN S ct=1\nC USR 4 TWN S t=1\n"
		       "S USR 4 OK a@example.com 1 0\n");
	expect_usual(s, "data in SYN, sent again");
}

static void
odd_flags(void)
{
	static const char ver[] = "VER 1 MSNP12 CVR0\r\n";
	static const char last[] = "USR 4 OK a@example.com 1 0\r\n";
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_segment(l, SIDE_CLIENT, 0, ver, strlen(ver), DATA | URG);
	line_lose(l, SIDE_CLIENT, strlen(ver));
	line_script(l, "S VER 1 MSNP12\n");
	/* A probe of a closed window carries the next byte. */
	line_segment(l, SIDE_CLIENT, line_sent(l, SIDE_CLIENT), "U", 1, TCP_ACK);
	line_script(l, "C USR 3 TWN I a@example.com\nS USR 3 TWN S ct=1\n"
		       "C USR 4 TWN S t=1\n");
	line_segment(l, SIDE_SERVER, line_sent(l, SIDE_SERVER), last, strlen(last),
	    DATA | TCP_FIN);
	line_lose(l, SIDE_SERVER, strlen(last) + 1);
	line_close(l, SIDE_CLIENT);
	expect_usual(s, "URG, window probe, FIN with data");
}

static void
cut_off_after_usr(void)
{
	static const char all[] = "VER 1 MSNP12 CVR0\r\nUSR 2 TWN I a@example.com\r\n";
	struct scene *s;
	struct line *l = connect_usual(&s);

	line_client(l, all);
	line_reset(l, SIDE_SERVER);
	expect_attempt(s, "RST of the server", OUTCOME_BLOCKED, USUAL_ACCOUNT, 0);

	l = connect_usual(&s);
	line_client(l, all);
	line_reset(l, SIDE_CLIENT);
	expect_attempt(s, "RST of the client", OUTCOME_BLOCKED, USUAL_ACCOUNT, 0);

	l = connect_usual(&s);
	line_segment(l, SIDE_CLIENT, 0, all, strlen(all), DATA | TCP_FIN);
	line_lose(l, SIDE_CLIENT, strlen(all) + 1);
	line_close(l, SIDE_SERVER);
	expect_attempt(s, "FIN with USR", OUTCOME_BLOCKED, USUAL_ACCOUNT, 0);
}

static void
ports_used_again(void)
{
	static const char *const ends[] = {"FIN", "RST", "OUT OTH", "nothing"};
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct scene *s;
		struct line *l = connect_usual(&s);

		line_sign_in(l, USUAL_ACCOUNT);
		if (i == 0)
			line_close(l, SIDE_CLIENT);
		else if (i == 1)
			line_reset(l, SIDE_SERVER);
		else if (i == 2)
			line_server(l, "OUT OTH\r\n");
		l = line_reuse(l);
		line_sign_in(l, USUAL_ACCOUNT);
		scene_end(s);
		CU_ASSERT_EQUAL(s->n_attempts, 2);
		CU_ASSERT_EQUAL(s->attempts[0].outcome, OUTCOME_SIGNED_IN);
		CU_ASSERT_EQUAL(s->attempts[1].outcome, OUTCOME_SIGNED_IN);
		scene_free(s);
	}
}

/* Bytes that are missing are no end of line: nobody is named by half his account. */
static void
snap_lengths(void)
{
	char what[32];
	size_t snap;

	for (snap = 40; snap < 160; snap++) {
		struct scene *s;
		struct line *l = connect_usual(&s);
		const char *account;

		s->snap = snap;
		line_sign_in(l, "a@example.com");
		line_close(l, SIDE_CLIENT);
		scene_end(s);
		(void)snprintf(what, sizeof(what), "snap length %zu", snap);
		account = s->n_attempts != 0 ? s->attempts[0].account : "";
		if (*account != '\0')
			CU_ASSERT_STRING_EQUAL(account, "a@example.com");
		CU_ASSERT(s->n_attempts <= 1);
		if (snap >= 96)
			expect_usual(s, what);
		else
			scene_free(s);
	}
}

static void
nothing_is_said(void)
{
	struct scene *s = scene_new();
	struct line *l;
	char host[32];
	int i;

	for (i = 0; i < 1000; i++) {
		(void)snprintf(host, sizeof(host), "10.1.%d.%d", i / 250, 1 + i % 250);
		l = scene_midstream(s, host, SERVER, 1863);
		line_segment(l, SIDE_CLIENT, -1, NULL, 0, TCP_SYN);
		if (i % 3 == 1)
			line_reset(l, SIDE_SERVER);
		else if (i % 3 == 2)
			line_segment(l, SIDE_SERVER, -1, NULL, 0, TCP_SYN | TCP_ACK);
	}
	scene_wait(s, 7200 * NS_PER_S);
	expect_nothing(s, "scan of 1000 hosts");

	s = scene_new();
	line_close(scene_connect(s, HOST, SERVER, 1863), SIDE_CLIENT);
	line_close(scene_connect(s, HOST, SERVER, 1863), SIDE_SERVER);
	line_reset(scene_connect(s, HOST, SERVER, 1863), SIDE_SERVER);
	(void)scene_connect(s, HOST, SERVER, 1863);
	expect_nothing(s, "connections without a byte");
}

void
suite_traps_capture(void)
{
	CU_pSuite s = suite_new("traps_capture");

	CASE(s, "trap 7: the client's side alone", client_side_alone);
	CASE(s, "trap 7: the server's side alone", server_side_alone);
	CASE(s, "trap 7: one side without its start", one_side_without_its_start);
	CASE(s, "trap 7: one line of either side lost", one_line_lost);
	CASE(s, "trap 8: data in SYN", data_in_syn);
	CASE(s, "trap 8: URG, window probe, FIN with data", odd_flags);
	CASE(s, "trap 8: RST and FIN after USR", cut_off_after_usr);
	CASE(s, "trap 10: the same ports used again", ports_used_again);
	CASE(s, "trap 11: packets cut by the snap length", snap_lengths);
	CASE(s, "trap 12: scans and empty connections", nothing_is_said);
}
