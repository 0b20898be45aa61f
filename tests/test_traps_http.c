/* Traps of HTTP and proxies: what is no gateway, what is broken, and what is relayed. */
#include <stdio.h>

#include "tests/suite.h"
#include "tests/trip.h"

#define VER     "VER 1 MSNP8 CVR0\r\n"
#define VICTIM  "USR 3 TWN I victim@example.com\r\n"
#define HEADERS "Host: gateway.messenger.hotmail.com\r\n"
#define PROXY   "10.0.0.3"
#define PAGE    "HTTP/1.1 200 OK\r\nContent-Length: 68\r\n\r\n" VER

/* Quotes MSNP in segments of its own, is shown them again, and nothing is told. */
static void
expect_stranger(const char *request)
{
	static const uint16_t ports[] = {80, 8080, 1863};
	size_t i;

	for (i = 0; i < 4 * sizeof(ports) / sizeof(ports[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = i % 2 == 0
				     ? scene_connect(s, TRIP_HOST, PROXY, ports[i / 4])
				     : scene_midstream(s, TRIP_HOST, PROXY, ports[i / 4]);

		line_client(l, request);
		line_server(l, PAGE);
		line_client(l, VER VICTIM);
		line_server(l, i % 4 < 2 ? VER : VER VICTIM);
		expect_nothing(s, request);
	}
}

static void
not_a_post_to_the_gateway(void)
{
	static const char *const requests[] = {
	    "GET /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n" HEADERS "\r\n",
	    "HEAD /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n\r\n",
	    "OPTIONS /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n\r\n",
	    "GET /search?q=/gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n\r\n",
	    "GET / HTTP/1.1\r\nReferer: http://x/gateway/gateway.dll?Action=open\r\n\r\n",
	    "POST /search?q=/gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
	    "Content-Length: 18\r\n\r\n" VER,
	    "POST /NXT/gateway.dll?f=templates&Action=open&Server=NS HTTP/1.1\r\n"
	    "Content-Length: 18\r\n\r\n" VER,
	    "POST /xgateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
	    "Content-Length: 18\r\n\r\n" VER,
	    "POST /gateway/gateway.dll.txt?Action=open&Server=NS HTTP/1.1\r\n"
	    "Content-Length: 18\r\n\r\n" VER,
	};
	size_t i;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		expect_stranger(requests[i]);
}

static void
probes(void)
{
	static const char *const bodies[] = {
	    "", "<html>gateway</html>", "{\"a\": 1}", VER, VER VICTIM};
	static const char *const targets[] = {"/gateway/gateway.dll",
	    "/gateway/gateway.dll?", "/gateway/gateway.dll?x=y",
	    "/gateway/gateway.dll?Action=close"};
	size_t i, k;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		for (k = 0; k < sizeof(targets) / sizeof(targets[0]); k++) {
			struct scene *s = scene_new();
			struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);

			line_post(l, targets[k], HEADERS, bodies[i]);
			line_answer(l, 404, "", "not here");
			expect_nothing(s, bodies[i]);
		}
}

/* A valid query with a body that holds no line of MSNP. */
static void
probes_with_a_query(void)
{
	static const char *const bodies[] = {"<html>gateway</html>", "{\"a\": 1}",
	    "user=victim@example.com&x=USR 3 TWN I victim@example.com\r\n", "\r\n\r\n",
	    "\x80\x81\x82"};
	size_t i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);

		line_post(
		    l, "/gateway/gateway.dll?Action=open&Server=NS", HEADERS, bodies[i]);
		line_answer(l, 200, "", "<html>ok</html>");
		expect_nothing(s, bodies[i]);
	}
}

static void
posted_text(void)
{
	expect_stranger("POST /forum/post.php HTTP/1.1\r\nHost: forum.example.com\r\n"
			"Content-Length: 50\r\n\r\n" VER VICTIM);
	expect_stranger("POST http://mail.example.com/send HTTP/1.1\r\n"
			"Content-Type: application/x-msn-messenger\r\n"
			"User-Agent: MSMSGS\r\nContent-Length: 50\r\n\r\n" VER VICTIM);
	expect_stranger("POST /upload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
			"32\r\n" VER VICTIM "\r\n0\r\n\r\n");
	expect_stranger("PUT /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
			"Content-Length: 50\r\n\r\n" VER VICTIM);
}

/* Whatever came before, the next sign-in of the host is found. */
static void
expect_still_there(struct scene *s, const char *what)
{
	struct trip t = {.session = "777"};
	size_t i, n = 0;

	trip_sign_in(scene_connect(s, "10.0.0.99", TRIP_SERVER, 80), &t);
	scene_end(s);
	for (i = 0; i < s->n_attempts; i++)
		n += s->attempts[i].outcome == OUTCOME_SIGNED_IN;
	if (n != 1)
		(void)fprintf(stderr, "%s\n", what);
	CU_ASSERT_EQUAL(n, 1);
	scene_free(s);
}

static void
endless_heads(void)
{
	static char long_line[60000];
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);
	int i;

	memset(long_line, 'a', sizeof(long_line) - 1);
	line_client(l, "POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n");
	for (i = 0; i < 20; i++)
		line_client(l, long_line);
	for (i = 0; i < 500; i++)
		line_client(l, "X-More: and more\r\n");
	line_server(l, "HTTP/1.1 200 OK\r\n");
	for (i = 0; i < 20; i++)
		line_server(l, long_line);
	expect_still_there(s, "endless heads");
}

static void
odd_lengths(void)
{
	static const char *const fields[] = {"Content-Length: 99999999999999999999",
	    "Content-Length: 18446744073709551615", "Content-Length: 999999999999",
	    "Content-Length: -1", "Content-Length: 18\r\nContent-Length: 19",
	    "Content-Length: 18\r\nTransfer-Encoding: chunked",
	    "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked",
	    "Content-Length: 0x12", "Content-Length:", "Transfer-Encoding: nonsense"};
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);

		(void)snprintf(text, sizeof(text),
		    "POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
		    "%s\r\n\r\n" VER "FFFFFFFFFFFFFFFFF\r\nx",
		    fields[i]);
		line_client(l, text);
		(void)snprintf(text, sizeof(text),
		    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=1.1\r\n%s\r\n\r\n"
		    "FFFFFFFFFFFFFFFFF\r\nVER 1 MSNP8\r\n",
		    fields[i]);
		line_server(l, text);
		line_client(l, VER VICTIM);
		expect_still_there(s, fields[i]);
	}
}

static void
upgrades(void)
{
	static const char *const requests[] = {
	    "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
	    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x01\x02\x03",
	    "POST / HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
	    "Content-Length: 0\r\n\r\n",
	    "POST /gateway/gateway.dll HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"};
	size_t i;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);

		line_client(l, requests[i]);
		line_server(l, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
		line_client(l, "\x81\x12" VER VICTIM);
		line_server(l, "\x81\x0d"
			       "VER 1 MSNP8\r\n");
		expect_nothing(s, requests[i]);
	}
}

static void
granted_by_connect(void)
{
	static const char *const asks[] = {
	    "CONNECT messenger.hotmail.com:1863 HTTP/1.0\r\n\r\n",
	    "CONNECT 64.4.13.50:1863 HTTP/1.1\r\nProxy-Connection: Keep-Alive\r\n"
	    "Pragma: no-cache\r\nUser-Agent: GNet/0.1\r\n\r\n",
	    "connect messenger.hotmail.com:1863 HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
	    "CONNECT [2001:db8::1]:1863 HTTP/1.1\r\n\r\n"};
	static const char *const grants[] = {
	    "HTTP/1.0 200 Connection established\r\n\r\n",
	    "HTTP/1.1  200 OK\r\nVia: 1.1 proxy\r\n\r\n"};
	size_t i, k;

	for (i = 0; i < sizeof(asks) / sizeof(asks[0]); i++)
		for (k = 0; k < sizeof(grants) / sizeof(grants[0]); k++) {
			struct scene *s = scene_new();
			struct line *l = scene_connect(s, TRIP_HOST, PROXY, 3128);

			line_client(l, asks[i]);
			line_server(l, grants[k]);
			line_sign_in(l, USUAL_ACCOUNT);
			expect_path(s, asks[i], PATH_CONNECT);
		}
}

static void
granted_after_a_password(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, PROXY, 3128);

	line_client(l, "CONNECT m:1863 HTTP/1.1\r\n\r\n");
	line_answer(l, 407, "Proxy-Authenticate: Basic\r\n", "who are you");
	line_client(l, "CONNECT m:1863 HTTP/1.1\r\nProxy-Authorization: x\r\n\r\n");
	line_server(l, "HTTP/1.1 200 OK\r\n\r\n");
	line_sign_in(l, USUAL_ACCOUNT);
	expect_path(s, "granted after a password", PATH_CONNECT);
}

/* Refusals become attempts of their own one day; signed in they never are. */
static void
refused_by_a_proxy(void)
{
	static const unsigned status[] = {403, 407, 502, 503};
	size_t i, k;

	for (i = 0; i < sizeof(status) / sizeof(status[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, TRIP_HOST, PROXY, 3128);

		line_client(l, "CONNECT messenger.hotmail.com:1863 HTTP/1.1\r\n\r\n");
		line_answer(l, status[i], "", VER VICTIM);
		line_close(l, SIDE_SERVER);
		scene_end(s);
		for (k = 0; k < s->n_attempts; k++)
			CU_ASSERT_EQUAL(s->attempts[k].outcome, OUTCOME_BLOCKED);
		scene_free(s);
	}
}

struct hop {
	enum side side;
	const char *bytes;
	size_t n;
};

#define HOP(side, text)                      \
	{                                    \
		side, text, sizeof(text) - 1 \
	}
#define C SIDE_CLIENT
#define S SIDE_SERVER

static void
relayed_by_socks(void)
{
	static const struct hop hops[][7] = {
	    {HOP(C, "\4\1\7\107\100\4\15\62user\0"), HOP(S, "\0\132\0\0\0\0\0\0")},
	    {HOP(C, "\4\1\7\107\100\4\15\62\0"), HOP(S, "\0\132\0\0\0\0\0\0")},
	    {HOP(C, "\4\1\7\107\0\0\0\1\0messenger.hotmail.com\0"),
		HOP(S, "\0\132\0\0\0\0\0\0")},
	    {HOP(C, "\5\1\0"), HOP(S, "\5\0"), HOP(C, "\5\1\0\1\100\4\15\62\7\107"),
		HOP(S, "\5\0\0\1\12\0\0\1\4\70")},
	    {HOP(C, "\5\2\0\2"), HOP(S, "\5\2"), HOP(C, "\1\4user\6secret"),
		HOP(S, "\1\0"), HOP(C, "\5\1\0\3\25messenger.hotmail.com\7\107"),
		HOP(S, "\5\0\0\3\3abc\4\70")},
	};
	size_t i, k, cut;

	for (i = 0; i < sizeof(hops) / sizeof(hops[0]); i++)
		for (cut = 0; cut < 2; cut++) {
			struct scene *s = scene_new();
			struct line *l = scene_connect(s, TRIP_HOST, PROXY, 1080);

			for (k = 0; hops[i][k].n != 0; k++) {
				size_t half = cut * hops[i][k].n / 2;

				line_send(l, hops[i][k].side, hops[i][k].bytes, half);
				line_send(l, hops[i][k].side, hops[i][k].bytes + half,
				    hops[i][k].n - half);
			}
			line_sign_in(l, USUAL_ACCOUNT);
			expect_path(s, "SOCKS", PATH_SOCKS);
		}
}

static void
refused_by_socks(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, PROXY, 1080);

	line_send(l, C, "\4\1\7\107\100\4\15\62\0", 9);
	line_send(l, S, "\0\133\0\0\0\0\0\0", 8);
	line_client(l, VER VICTIM);
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempts[0].outcome, OUTCOME_BLOCKED);
	CU_ASSERT_EQUAL(s->attempts[0].reason, REASON_PROXY_DENIED);
	CU_ASSERT_EQUAL(s->attempts[0].paths[0].path, PATH_SOCKS);
	CU_ASSERT_STRING_EQUAL(s->attempts[0].account, "");
	scene_free(s);
}

static void
tunnels_of_others(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, PROXY, 3128);

	line_client(l, "CONNECT messenger.hotmail.com:443 HTTP/1.1\r\n\r\n");
	line_server(l, "HTTP/1.1 200 OK\r\n\r\n");
	line_send(l, C, "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x01", 11);
	line_send(l, S, "\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01", 11);
	line_client(l, VER VICTIM);
	expect_nothing(s, "TLS in a tunnel");

	s = scene_new();
	l = scene_connect(s, TRIP_HOST, PROXY, 3128);
	line_client(l, "CONNECT messenger.hotmail.com:1863 HTTP/1.1\r\n\r\n");
	line_server(l, "HTTP/1.1 200 OK\r\n\r\n");
	line_client(l, "SSH-2.0-x\r\n");
	line_server(l, "SSH-2.0-y\r\n");
	line_client(l, VER VICTIM);
	expect_nothing(s, "SSH in a tunnel");
}

void
suite_traps_http(void)
{
	CU_pSuite s = suite_new("traps_http");

	CASE(s, "trap 41: requests that only look like the gateway's",
	    not_a_post_to_the_gateway);
	CASE(s, "trap 42: probes of the gateway's path", probes);
	CASE(s, "trap 42: bodies without a line of MSNP", probes_with_a_query);
	CASE(s, "trap 43: text posted elsewhere", posted_text);
	CASE(s, "trap 44: endless heads", endless_heads);
	CASE(s, "trap 44: odd lengths", odd_lengths);
	CASE(s, "trap 45: upgrades to other protocols", upgrades);
	CASE(s, "trap 46: CONNECT granted", granted_by_connect);
	CASE(s, "trap 46: CONNECT granted after a password", granted_after_a_password);
	CASE(s, "trap 46: CONNECT refused", refused_by_a_proxy);
	CASE(s, "trap 46: SOCKS before the dialogue", relayed_by_socks);
	CASE(s, "trap 46: SOCKS refused", refused_by_socks);
	CASE(s, "trap 47: tunnels that carry something else", tunnels_of_others);
}
