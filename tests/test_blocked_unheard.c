/* Proxies asked for the service that never say a word about it. */
#include <stdio.h>

#include "tests/expect.h"
#include "tests/scene_reach.h"
#include "tests/suite.h"
#include "tests/turn.h"

#define HOST        "10.0.0.7"
#define PROXY       "10.0.0.8"
#define ASK         "CONNECT " DISPATCH_NAME ":1863 HTTP/1.0\r\n\r\n"
#define ASK_OTHER   "CONNECT www.example.com:443 HTTP/1.0\r\n\r\n"
#define SOCKS_ASK   "\5\1\0\3\25" DISPATCH_NAME "\7\107"
#define SOCKS_OTHER "\5\1\0\3\13example.com\1\273"
#define NO_ANSWER   HOST " blocked: connect no-answer"
#define REFUSED     HOST " blocked: connect refused"

static void
connect_without_an_answer(void)
{
	static const char *const asked[] = {ASK, ASK_OTHER, "CONNECT messenger.hotmail"};
	size_t i, how;

	for (i = 0; i < 3; i++)
		for (how = 0; how < 4; how++) {
			struct scene *s = scene_new();
			struct line *l = scene_connect(s, HOST, PROXY, 3128);

			line_client(l, asked[i]);
			if (how < 2)
				line_close(l, how == 0 ? SIDE_CLIENT : SIDE_SERVER);
			else
				line_reset(l, how == 2 ? SIDE_CLIENT : SIDE_SERVER);
			expect_told(s, asked[i],
			    i != 0         ? ""
			    : how % 2 == 0 ? NO_ANSWER
					   : REFUSED);
		}
}

static void
what_was_answered_is_no_silence(void)
{
	static const char *const answers[] = {"HTTP/1.0 200 OK\r\n\r\n",
	    "HTTP/1.0 404 Not Found\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
	    "HTTP/1.0 2"};
	static const char *const want[] = {
	    "", HOST " blocked: connect proxy-denied code 404 by " PROXY, "", ""};
	size_t i;

	for (i = 0; i < 4; i++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, HOST, PROXY, 3128);

		line_client(l, ASK);
		line_server(l, answers[i]);
		line_reset(l, SIDE_SERVER);
		expect_told(s, answers[i], want[i]);
	}
}

static void
the_end_of_the_capture_is_no_silence(void)
{
	struct scene *s = scene_new();

	line_client(scene_connect(s, HOST, PROXY, 3128), ASK);
	expect_told(s, "at once", "");
}

/* Of a client captured alone nobody knows what it was answered. */
static void
one_side_tells_nothing(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, PROXY, 3128);

	line_capture_only(l, SIDE_CLIENT);
	line_client(l, ASK);
	line_close(l, SIDE_CLIENT);
	expect_told(s, "the client alone", "");
}

static void
ask_socks(struct line *l, const char *target, size_t n)
{
	line_send(l, SIDE_CLIENT, "\5\1\0", 3);
	line_send(l, SIDE_SERVER, "\5\0", 2);
	line_send(l, SIDE_CLIENT, target, n);
}

static void
socks_without_an_answer(void)
{
	static const char *const want[] = {"no-answer", "refused"};
	char told[64];
	int by_server;

	for (by_server = 0; by_server < 2; by_server++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, HOST, PROXY, 1080);

		ask_socks(l, SOCKS_ASK, sizeof(SOCKS_ASK) - 1);
		line_reset(l, by_server != 0 ? SIDE_SERVER : SIDE_CLIENT);
		(void)snprintf(
		    told, sizeof(told), HOST " blocked: socks %s", want[by_server]);
		expect_told(s, want[by_server], told);
		s = scene_new();
		l = scene_connect(s, HOST, PROXY, 1080);
		ask_socks(l, SOCKS_OTHER, sizeof(SOCKS_OTHER) - 1);
		line_reset(l, by_server != 0 ? SIDE_SERVER : SIDE_CLIENT);
		expect_told(s, "somebody else", "");
	}
}

static void
unheard_then_another_way(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, PROXY, 3128);

	line_client(l, ASK);
	line_reset(l, SIDE_SERVER);
	line_sign_in(scene_connect(s, HOST, DISPATCH, 1863), USUAL_ACCOUNT);
	expect_told(s, "direct",
	    HOST " signed-in " USUAL_ACCOUNT
		 " fallback: connect refused, direct signed-in");
}

void
suite_blocked_unheard(void)
{
	CU_pSuite s = suite_new("blocked_unheard");

	CASE(s, "CONNECT without an answer", connect_without_an_answer);
	CASE(s, "what was answered is no silence", what_was_answered_is_no_silence);
	CASE(s, "the end of the capture is no silence",
	    the_end_of_the_capture_is_no_silence);
	CASE(s, "one side tells nothing", one_side_tells_nothing);
	CASE(s, "SOCKS without an answer", socks_without_an_answer);
	CASE(s, "unheard, then another way", unheard_then_another_way);
}
