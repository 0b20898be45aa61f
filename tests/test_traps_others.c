/* Traps of other protocols: what looks like a sign-in and is none. */
#include <stdio.h>

#include "tests/expect.h"
#include "tests/suite.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"

static const uint16_t ports[] = {1863, 80, 25, 6667, 50000};
#define PORTS (sizeof(ports) / sizeof(ports[0]))

/* How a connection is met. */
enum meet { WHOLE, MIDSTREAM, CLIENT_ALONE, SERVER_ALONE, MEETS };

static struct line *
meet(struct scene *s, unsigned how, uint16_t port)
{
	struct line *l = how == WHOLE || how == CLIENT_ALONE
			     ? scene_connect(s, HOST, SERVER, port)
			     : scene_midstream(s, HOST, SERVER, port);

	if (how == CLIENT_ALONE)
		line_capture_only(l, SIDE_CLIENT);
	if (how == SERVER_ALONE)
		line_capture_only(l, SIDE_SERVER);
	return l;
}

/* Nothing is told of the dialogue, wherever and however it is met. */
static void
nowhere(const char *script)
{
	char what[160];
	unsigned how;
	size_t i;

	for (how = 0; how < MEETS; how++)
		for (i = 0; i < PORTS; i++) {
			struct scene *s = scene_new();
			struct line *l = meet(s, how, ports[i]);

			(void)snprintf(what, sizeof(what), "port %u, met %u, %.60s",
			    ports[i], how, script);
			line_script(l, script);
			line_close(l, SIDE_CLIENT);
			expect_nothing(s, what);
		}
}

static void
file_transfer(void)
{
	nowhere("C VER MSNFTP\nS VER MSNFTP\nC USR b@example.com 123456\n"
		"S FIL 4096\nC TFR\nS data\nC BYE 16777989\n");
	nowhere("S VER MSNFTP\nC VER MSNFTP\nS USR b@example.com 123456\n"
		"C FIL 4096\nS TFR\nC data\nS BYE 16777989\n");
	nowhere("C VER 5 MSNFTP\nS VER 5 MSNFTP\nC USR b@example.com 123456\nS FIL 1\n");
	nowhere("C VER 1 MSN_SECURE_FTP MSNFTP\nS VER MSNFTP\n"
		"C USR b@example.com 123456\nS FIL 1\nC CCL\n");
}

static void
text_protocols(void)
{
	nowhere("S 220 mail ESMTP\nC EHLO x\nS 250 ok\nC VRFY a@example.com\n"
		"S 252 maybe\nC QUIT\nS 221 bye\n");
	nowhere("S 200 news\nC MODE READER\nS 200 ok\nC GROUP alt.msn\nS 211 1 1 1 x\n");
	nowhere("S +OK pop3\nC USER a@example.com\nS +OK\nC PASS x\nS -ERR no\n");
	nowhere("S 220 ftp\nC USER a\nS 331 password\nC PASS x\nS 230 in\nC SYST\n");
	nowhere("C NICK a\nC USER a 0 * :A\nS :irc 001 a :hi\nC JOIN #msn\n");
	nowhere("C USR joe secret\nS USR OK\nC MSG all hello\nS MSG joe hello\n");
	nowhere("C USR 1 joe secret\nS USR 1 OK joe\nC CHG 2 room\nS CHG 2 room\n");
	nowhere("C ANS 1\nS ANS OK\nC ANS1\nS CONNECT 2400\n");
	nowhere("C CVR 1 2\nS CVR 1 2\nC CVS pserver\nS I LOVE YOU\n");
	nowhere("C OUT 1\nS OUT 1\nC SYN 1\nS ACK 1\nC SYN 2\nS ACK 2\n");
}

static void
other_versions(void)
{
	nowhere("C VER 1.0\nS VER 1.0\nC USR a\nS 200 ok\n");
	nowhere("C VER 2\nS VER 2\nC USR 1 a b\nS USR 1 OK\n");
	nowhere("C VER x\nS 200 VER x\n");
	nowhere(
	    "C VER 1 2 3\nS VER 1 2\nC CVR 2 0x0409 a b c d e f\nS CVR 2 1 1 1 a b\n");
	nowhere("C VER 1 MSNP CVR0\nS VER 1 MSNP\n");
	nowhere("C VER 1 MSNP0 CVR0\nS VER 1 MSNP0\n");
	nowhere("C VER 1 MSNP123 CVR0\nS VER 1 MSNP123\n");
	nowhere("C VER 1 MSNP8x CVR0\nS VER 1 MSNP8x\n");
	nowhere("C VER 1 XMSNP8 CVR0\nS VER 1 XMSNP8\n");
	nowhere("C VER 1 MSNP-8 CVR0\nS VER 1 MSNP-8\n");
	nowhere(
	    "C VER 1 CVR0\nS VER 1 CVR0\nC CVQ 2 0x0409 win 4.10\nS CVQ 2 1 1 1 a b\n");
	nowhere("C VERSION 1 MSNP8 CVR0\nS VERSION 1 MSNP8\n");
	nowhere("C VER:1 MSNP8 CVR0\nS VER:1 MSNP8\n");
}

static void
skype(void)
{
	nowhere("C GET /v1/users/ME/endpoints?x=msnp24Equivalent HTTP/1.1\n"
		"C Host: db3.gateway.messenger.live.com\nC \nS HTTP/1.1 200 OK\n"
		"S Content-Length: 0\nS \n");
	nowhere("C POST /v1/users/ME/presence?view=msnp24Equivalent HTTP/1.1\n"
		"C Host: db3.gateway.messenger.live.com\nC Content-Length: 2\nC \nC {}\n"
		"S HTTP/1.1 201 Created\nS Content-Length: 0\nS \n");
	nowhere("C CONNECT db3.gateway.messenger.live.com:443 HTTP/1.1\nC \n"
		"S HTTP/1.1 200 OK\nS \nC \x16\x03\x01\x02\nS \x16\x03\x03\n");
}

/* Lines of a sign-in as others quote them. */
#define QUOTE                                                                \
	"VER 1 MSNP12 CVR0\r\nCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 " \
	"msmsgs victim@example.com\r\nUSR 3 TWN I victim@example.com\r\n"    \
	"USR 4 TWN S t=1\r\nSYN 5 0 0\r\n"
#define QUOTED_ANSWERS                                            \
	"VER 1 MSNP12\r\nCVR 2 7.5 7.5 7.5 http://a http://b\r\n" \
	"USR 3 TWN S ct=1\r\nUSR 4 OK victim@example.com 1 0\r\nSYN 5 0 0\r\n"

/* A connection of another kind, in the middle of which a segment begins to quote. */
static void
quoting(const char *opening, const char *answer, const char *quote, enum side side)
{
	char what[160];
	unsigned how;
	size_t i;

	for (how = 0; how < MEETS; how++)
		for (i = 0; i < PORTS; i++) {
			struct scene *s = scene_new();
			struct line *l = meet(s, how, ports[i]);

			(void)snprintf(what, sizeof(what),
			    "port %u, met %u, side %u, %.60s", ports[i], how, side,
			    opening);
			line_client(l, opening);
			line_server(l, answer);
			line_send(l, side, quote, strlen(quote));
			line_server(l, "thanks\r\n");
			line_close(l, SIDE_CLIENT);
			expect_nothing(s, what);
		}
}

static void
quotations(void)
{
	static const char *const openings[][2] = {
	    {"GET /msnp.html HTTP/1.1\r\nHost: a\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
		"90000\r\n\r\n"},
	    {"DATA\r\n", "354 go on\r\n"}, {"PRIVMSG #msn :look\r\n", ":a JOIN #msn\r\n"},
	    {"ARTICLE 5\r\n", "220 5 <x@y> article\r\n"},
	    {"POST /paste HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n"},
	    {"0032git-upload-pack /msnp\r\n", "00000001\r\n"}};
	size_t i;

	for (i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		quoting(openings[i][0], openings[i][1], QUOTE, SIDE_CLIENT);
		quoting(openings[i][0], openings[i][1], QUOTE, SIDE_SERVER);
		quoting(
		    openings[i][0], openings[i][1], QUOTE QUOTED_ANSWERS, SIDE_SERVER);
	}
}

/* The whole dialogue quoted by one side, as a page or a paste would. */
static void
quoted_whole(void)
{
	static const char page[] =
	    "C: VER 1 MSNP12 CVR0\r\nS: VER 1 MSNP12\r\n" QUOTE QUOTED_ANSWERS;

	quoting("GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n", page, SIDE_SERVER);
	quoting("cat msnp.txt\r\n", "hello\r\n", page, SIDE_SERVER);
	quoting("cat > msnp.txt\r\n", "hello\r\n", page, SIDE_CLIENT);
}

static void
echoed(const char *opening, unsigned how)
{
	struct scene *s = scene_new();
	struct line *l = meet(s, how, 1863);
	struct bytes rest = bytes_str(opening), one;

	while (rest.n != 0) {
		one = bytes_take(rest, bytes_find(rest, '\n') + 1);
		rest = bytes_skip(rest, one.n);
		line_send(l, SIDE_CLIENT, one.p, one.n);
		line_send(l, SIDE_SERVER, one.p, one.n);
	}
	line_close(l, SIDE_CLIENT);
	expect_nothing(s, opening);
}

static void
echo_servers(void)
{
	static const char lower[] =
	    "ver 1 msnp12 cvr0\r\ncvr 2 0x0409 winnt 5.1 i386 msnmsgr 7.5 msmsgs "
	    "a@example.com\r\nusr 3 twn i a@example.com\r\npng\r\n";

	echoed(QUOTE, WHOLE);
	echoed(QUOTE, MIDSTREAM);
	echoed(lower, WHOLE);
	echoed(lower, MIDSTREAM);
	echoed("USR 3 TWN I a@example.com\r\nUSR 4 TWN S t=1\r\nSYN 5 0 0\r\n"
	       "CHG 6 NLN 0\r\nPNG\r\n",
	    MIDSTREAM);
	echoed("CHG 6 NLN 0\r\nPNG\r\nUUX 7 0\r\nXFR 8 SB\r\nPNG\r\n", MIDSTREAM);
	echoed("USR 1 a@example.com 17.1.2\r\nCAL 2 b@example.com\r\nOUT\r\n", WHOLE);
	echoed("ANS 1 a@example.com 17.1.2 5\r\nOUT\r\n", WHOLE);
}

static void
other_chat(void)
{
	nowhere("C <stream:stream to='msn.example.com' xmlns='jabber:client'>\n"
		"S <stream:stream><register>USR 3 TWN I a@example.com</register>\n");
	nowhere("C IRCX\nS :cs.chat.msn.com 800 * 0 0 GateKeeper 512 *\n"
		"C AUTH GateKeeper I :GKSSP\nC NICK >x\nS :cs 001 x :hi\n");
	nowhere("C \x03\nS \x03\nC NetMeeting\nS MCS\n");
}

/* Bytes that a generator with this seed makes. */
static void
send_noise(struct line *l, enum side side, uint32_t seed, size_t n)
{
	uint8_t noise[512];
	size_t i;

	for (i = 0; i < n; i++) {
		seed = seed * 1664525U + 1013904223U;
		noise[i] = (uint8_t)(seed >> 24);
	}
	line_send(l, side, noise, n);
}

static void
binary(void)
{
	static const uint8_t hello[] = {0x16, 3, 1, 0, 60, 1, 0, 0, 56, 3, 3, 1, 2, 3, 4};
	static const uint8_t stun[] = {
	    0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6};
	static const uint8_t turn[] = {0x40, 0, 0, 4, 0, 0, 0, 0};
	static const uint8_t msnc[] = {4, 0, 0, 0, 'f', 'o', 'o', 0, 0x30, 0, 0, 0};
	const struct bytes first[] = {bytes_of(hello, sizeof(hello)),
	    bytes_of(stun, sizeof(stun)), bytes_of(turn, sizeof(turn)),
	    bytes_of(msnc, sizeof(msnc)), bytes_of("\0", 1), bytes_of("\5", 1)};
	struct scene *s = scene_new();
	uint32_t seed;

	for (seed = 0; seed < 600; seed++) {
		struct line *l = meet(s, seed % MEETS, 1863);
		struct bytes b = first[seed % (sizeof(first) / sizeof(first[0]))];

		if (seed < 60)
			line_send(l, SIDE_CLIENT, b.p, b.n);
		send_noise(l, SIDE_CLIENT, seed, 1 + seed % 500);
		send_noise(l, SIDE_SERVER, ~seed, 1 + seed % 300);
		line_close(l, SIDE_SERVER);
	}
	expect_nothing(s, "TLS, STUN, MSNC and noise");
}

static void
xbox(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, SERVER, 1863);
	const struct attempt *a = &s->attempts[0];

	line_script(l, "C VER 1 MSNP9\nS VER 1 MSNP9\nC USR 2 TWN I gamer@xbox.com\n"
		       "S USR 2 TWN S ct=1\nC USR 3 TWN S t=1\n"
		       "S USR 3 OK gamer@xbox.com 1 0\n");
	scene_end(s);
	CU_ASSERT_STRING_EQUAL(a->client.product, "");
	CU_ASSERT_STRING_EQUAL(a->client.name, "");
	expect_attempt(s, "no CVR", OUTCOME_SIGNED_IN, "gamer@xbox.com", 9);
}

void
suite_traps_others(void)
{
	CU_pSuite s = suite_new("traps_others");

	CASE(s, "trap 22: MSNFTP", file_transfer);
	CASE(s, "trap 23: SMTP, NNTP, POP3, FTP, IRC, modems, games", text_protocols);
	CASE(s, "trap 24: VER of other protocols", other_versions);
	CASE(s, "trap 25: Skype", skype);
	CASE(s, "trap 26: pages, mail and chat that quote a sign-in", quotations);
	CASE(s, "trap 26: the whole dialogue quoted by one side", quoted_whole);
	CASE(s, "trap 28: echo servers", echo_servers);
	CASE(s, "trap 29: XMPP, IRCX, NetMeeting", other_chat);
	CASE(s, "trap 30: TLS, STUN and noise", binary);
	CASE(s, "trap 31: Xbox is reported without a product", xbox);
}
