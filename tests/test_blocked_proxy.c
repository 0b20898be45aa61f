/* Proxies that say no, or that look as if they did. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/expect.h"
#include "tests/scene_reach.h"
#include "tests/suite.h"
#include "tests/turn.h"

#define HOST   "10.0.0.7"
#define PROXY  "10.0.0.8"
#define SECRET "c2VjcmV0OnBhc3N3b3Jk"
#define OPEN                                                       \
	"http://" GATEWAY_NAME "/gateway/gateway.dll?Action=open&" \
	"Server=NS&IP=messenger.hotmail.com"

static struct line *
ask_connect(struct scene *s, const char *target)
{
	struct line *l = scene_connect(s, HOST, PROXY, 3128);
	char request[256];

	(void)snprintf(request, sizeof(request),
	    "CONNECT %s HTTP/1.0\r\nProxy-Authorization: Basic " SECRET "\r\n\r\n",
	    target);
	line_client(l, request);
	return l;
}

static void
connect_denied(void)
{
	static const unsigned statuses[] = {302, 403, 404, 407, 500, 502, 503};
	char want[128];
	struct scene *s;
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		s = scene_new();
		line_answer(ask_connect(s, DISPATCH_NAME ":1863"), statuses[i],
		    "Proxy-Agent: x\r\n", "<html>no</html>");
		(void)snprintf(want, sizeof(want),
		    HOST " blocked: connect proxy-denied code %u by " PROXY, statuses[i]);
		expect_told(s, "CONNECT", want);
	}
}

static void
what_connect_asked_for_decides(void)
{
	static const char *const service[] = {
	    "64.4.13.50:1863", "[2001:db8::50]:1863", "baym-cs118.msgr.hotmail.com:443"};
	static const char *const other[] = {"www.example.com:443", "mail.example.com:25",
	    "login.live.com:443", "64.4.13.50", "64.4.13.50:", ":1863x",
	    "db3.gateway.messenger.live.com:443"};
	size_t i;

	for (i = 0; i < sizeof(service) / sizeof(service[0]); i++) {
		struct scene *s = scene_new();

		line_answer(ask_connect(s, service[i]), 403, "", "");
		expect_told(s, service[i],
		    HOST " blocked: connect proxy-denied code 403 by " PROXY);
	}
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct scene *s = scene_new();

		line_answer(ask_connect(s, other[i]), 403, "", "");
		expect_told(s, other[i], "");
	}
}

static void
connect_granted_in_many_words(void)
{
	static const char *const grants[] = {
	    "HTTP/1.0 200 Connection established\r\n\r\n", "HTTP/1.1  200  OK\r\n\r\n",
	    "HTTP/1.0 200\r\n\r\n", "HTTP/1.1 200 403 Forbidden\r\nX: 407\r\n\r\n",
	    "HTTP/1.0 200 Blocked\r\nVia: a\r\nProxy-Agent: b\r\n\r\n"};
	size_t i, cut;

	for (i = 0; i < sizeof(grants) / sizeof(grants[0]); i++)
		for (cut = 1; cut < 64; cut = cut * 2 + 1) {
			struct scene *s = scene_new();
			struct line *l = ask_connect(s, DISPATCH_NAME ":1863");

			line_send_cut(l, SIDE_SERVER, grants[i], cut);
			line_sign_in(l, USUAL_ACCOUNT);
			expect_told(s, grants[i],
			    HOST " signed-in " USUAL_ACCOUNT ": connect signed-in");
		}
}

static void
granted_names_stand_without_port(void)
{
	static const char *const asked[][2] = {{DISPATCH_NAME ":1863", DISPATCH_NAME},
	    {"203.0.113.9:1863", ""}, {"[2001:db8::9]:1863", ""}};
	size_t i;

	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = ask_connect(s, asked[i][0]);

		line_server(l, "HTTP/1.0 200 OK\r\n\r\n");
		line_sign_in(l, USUAL_ACCOUNT);
		scene_end(s);
		CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
		CU_ASSERT_STRING_EQUAL(s->attempts[0].paths[0].host, asked[i][1]);
		scene_free(s);
	}
}

static void
header_lines_one_a_segment(void)
{
	static const char *const lines[] = {
	    "CONNECT messenger.hotmail.com:1863 HTTP/1.1\r\n",
	    "Host: messenger.hotmail.com\r\n",
	    "Proxy-Authorization: Basic " SECRET "\r\n", "\r\n"};
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, PROXY, 80);
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		line_client(l, lines[i]);
	line_server(l, "HTTP/1.1 403 Forbidden\r\n");
	line_server(l, "Content-Length: 2\r\n");
	line_server(l, "\r\n");
	line_server(l, "no");
	expect_told(s, "segments of one line",
	    HOST " blocked: connect proxy-denied code 403 by " PROXY);
}

static void
who_is_asked_for_a_name_is_not_denied(void)
{
	struct scene *s = scene_new();
	struct line *l = ask_connect(s, DISPATCH_NAME ":1863");

	line_answer(l, 407, "Proxy-Authenticate: NTLM\r\n", "");
	line_client(l, "CONNECT messenger.hotmail.com:1863 HTTP/1.0\r\n\r\n");
	line_answer(l, 407, "Proxy-Authenticate: NTLM abc\r\n", "");
	line_client(l, "CONNECT messenger.hotmail.com:1863 HTTP/1.0\r\n\r\n");
	line_server(l, "HTTP/1.0 200 OK\r\n\r\n");
	line_sign_in(l, USUAL_ACCOUNT);
	expect_told(s, "on the same connection",
	    HOST " signed-in " USUAL_ACCOUNT ": connect signed-in");

	s = scene_new();
	l = ask_connect(s, DISPATCH_NAME ":1863");
	line_answer(l, 407, "", "");
	line_close(l, SIDE_SERVER);
	l = ask_connect(s, DISPATCH_NAME ":1863");
	line_server(l, "HTTP/1.0 200 OK\r\n\r\n");
	line_sign_in(l, USUAL_ACCOUNT);
	expect_told(
	    s, "on another", HOST " signed-in " USUAL_ACCOUNT ": connect signed-in");
}

static void
gateway_requests_denied(void)
{
	static const unsigned statuses[] = {301, 302, 303, 307, 401, 403, 407, 502, 503};
	char want[128];
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, HOST, PROXY, 3128);

		line_post(l, OPEN, "Proxy-Authorization: Basic " SECRET "\r\n",
		    i % 2 != 0 ? "" : "VER 1 MSNP12 CVR0\r\n");
		line_answer(l, statuses[i], "Location: http://block.example.com/\r\n",
		    "<html>no</html>");
		line_close(l, SIDE_SERVER);
		(void)snprintf(want, sizeof(want),
		    HOST " blocked: gateway proxy-denied code %u by " PROXY, statuses[i]);
		expect_told(s, "gateway", want);
	}
}

/* A page in the place of the answer is no word of the service. */
static void
a_page_instead_of_the_gateway(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, PROXY, 3128);

	line_post(l, OPEN, "", "VER 1 MSNP12 CVR0\r\n");
	line_answer(
	    l, 200, "Content-Type: text/html\r\n", "<html>VER 1 MSNP12 blocked</html>");
	line_close(l, SIDE_SERVER);
	scene_end(s);
	CU_ASSERT_TRUE(s->n_attempts <= 1);
	CU_ASSERT_TRUE(s->n_attempts == 0 || s->attempts[0].outcome != OUTCOME_SIGNED_IN);
	scene_free(s);
}

#define TO_DISPATCH   "\5\1\0\3\25" DISPATCH_NAME "\7\107"
#define TO_OTHER      "\5\1\0\3\13example.com\1\273"
#define PASSWORD_TURN "\1\4user\24" SECRET

struct socks_story {
	struct turn turn[6];
	const char *what, *want;
};

#define DENIED HOST " blocked: socks proxy-denied by " PROXY

static const struct socks_story refused[] = {
    {{TURN(C, "\4\1\7\107\100\4\15\62" SECRET "\0"), TURN(S, "\0\133\0\0\0\0\0\0")},
	"SOCKS4", DENIED},
    {{TURN(C, "\4\1\7\107\0\0\0\1" SECRET "\0" DISPATCH_NAME "\0"),
	 TURN(S, "\0\134\0\0\0\0\0\0")},
	"SOCKS4a", DENIED},
    {{TURN(C, "\5\1\0"), TURN(S, "\5\0"), TURN(C, TO_DISPATCH),
	 TURN(S, "\5\2\0\1\0\0\0\0\0\0")},
	"SOCKS5", DENIED},
    {{TURN(C, "\5\2\0\2"), TURN(S, "\5\2"), TURN(C, PASSWORD_TURN), TURN(S, "\1\0"),
	 TURN(C, TO_DISPATCH), TURN(S, "\5\5\0\1\0\0\0\0\0\0")},
	"SOCKS5 after a password", DENIED},
    {{TURN(C, "\5\1\2"), TURN(S, "\5\2"), TURN(C, PASSWORD_TURN), TURN(S, "\1\1")},
	"SOCKS5, wrong password: nobody knows for what", ""},
    {{TURN(C, "\5\1\0"), TURN(S, "\5\377")}, "SOCKS5, no method", ""},
    {{TURN(C, "\5\1\0"), TURN(S, "\5\0"), TURN(C, TO_OTHER),
	 TURN(S, "\5\2\0\1\0\0\0\0\0\0")},
	"SOCKS5 to somebody else", ""},
    {{TURN(C, "\5\1\0"), TURN(S, "\5\0"), TURN(C, TO_DISPATCH), TURN(S, "no way")},
	"no answer that SOCKS5 has", ""},
};

static void
play(struct line *l, const struct turn *t, size_t cut)
{
	size_t at, n;

	for (; t->n != 0; t++)
		for (at = 0; at < t->n; at += n) {
			n = t->n - at < cut ? t->n - at : cut;
			line_send(l, t->side, t->bytes + at, n);
		}
}

static void
socks_refused(void)
{
	static const size_t cuts[] = {1, 3, 1000};
	size_t i, k;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		for (k = 0; k < 3; k++) {
			struct scene *s = scene_new();
			struct line *l = scene_connect(s, HOST, PROXY, 1080);

			play(l, refused[i].turn, cuts[k]);
			line_close(l, SIDE_SERVER);
			expect_told(s, refused[i].what, refused[i].want);
		}
}

static void
socks_refused_then_another_way(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, PROXY, 1080);

	play(l, refused[3].turn, 1000);
	line_close(l, SIDE_SERVER);
	line_sign_in(scene_connect(s, HOST, DISPATCH, 1863), USUAL_ACCOUNT);
	expect_told(s, "direct",
	    HOST " signed-in " USUAL_ACCOUNT " fallback: socks proxy-denied by " PROXY
		 ", direct signed-in");
}

static bool
holds(const void *where, size_t n, const char *text)
{
	const uint8_t *p = where;
	size_t i, len = strlen(text);

	for (i = 0; i + len <= n; i++)
		if (memcmp(p + i, text, len) == 0)
			return true;
	return false;
}

/* In no byte of anything that is told. */
static void
nothing_secret(struct scene *s)
{
	static const char *const secrets[] = {SECRET, "user"};
	size_t i;

	scene_end(s);
	CU_ASSERT_TRUE(s->n_attempts > 0 && s->n_signs > 0);
	for (i = 0; i < 2; i++) {
		CU_ASSERT_FALSE(
		    holds(s->attempt_events, sizeof(s->attempt_events), secrets[i]));
		CU_ASSERT_FALSE(holds(s->signs, sizeof(s->signs), secrets[i]));
	}
	scene_free(s);
}

static void
credentials_are_never_told(void)
{
	struct scene *s;
	struct line *l;
	size_t i;

	for (i = 0; i < 4; i++) {
		s = scene_new();
		l = scene_connect(s, HOST, PROXY, 1080);
		play(l, refused[i].turn, 1000);
		if (i == 2)
			scene_free(s);
		else
			nothing_secret(s);
	}
	s = scene_new();
	line_answer(
	    ask_connect(s, "user:" SECRET "@" DISPATCH_NAME ":1863"), 403, "", "");
	nothing_secret(s);
	s = scene_new();
	l = scene_connect(s, HOST, PROXY, 3128);
	line_post(
	    l, OPEN, "Proxy-Authorization: Basic " SECRET "\r\nCookie: user=1\r\n", "");
	line_answer(l, 407, "Proxy-Authenticate: user " SECRET "\r\n", SECRET);
	nothing_secret(s);
}

void
suite_blocked_proxy(void)
{
	CU_pSuite s = suite_new("blocked_proxy");

	CASE(s, "CONNECT denied", connect_denied);
	CASE(s, "what CONNECT asked for decides", what_connect_asked_for_decides);
	CASE(s, "CONNECT granted in many words", connect_granted_in_many_words);
	CASE(s, "granted names stand without port", granted_names_stand_without_port);
	CASE(s, "header lines one a segment", header_lines_one_a_segment);
	CASE(s, "who is asked for a name is not denied",
	    who_is_asked_for_a_name_is_not_denied);
	CASE(s, "gateway requests denied", gateway_requests_denied);
	CASE(s, "a page instead of the gateway", a_page_instead_of_the_gateway);
	CASE(s, "SOCKS refused", socks_refused);
	CASE(s, "SOCKS refused, then another way", socks_refused_then_another_way);
	CASE(s, "credentials are never told", credentials_are_never_told);
}
