#include <stdio.h>
#include <stdlib.h>

#include "tests/suite.h"
#include "tests/web.h"

/* HTTP that is bent, broken, lost or somebody else's. */

#define C SIDE_CLIENT
#define S SIDE_SERVER

static void
strangers_are_given_up_at_once(void)
{
	static const char *const cases[] = {"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	    "POST /upload HTTP/1.1\r\nContent-Length: 18\r\n\r\nVER 1 MSNP8 CVR0\r\n",
	    "GET /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n\r\n",
	    "POST /search?q=/gateway/gateway.dll?Action=open HTTP/1.1\r\n\r\n",
	    "POST /gateway/gateway.dll HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
	    "nonsense\r\n\r\n", "POST / FTP/1.1\r\n\r\n"};
	struct web *w;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		w = web_new(2);
		web_say(w, C, cases[i]);
		CU_ASSERT_TRUE(w->x.hopeless);
		CU_ASSERT_EQUAL(w->signs, 0);
		web_free(w);
	}
}

static void
probes_are_counted(void)
{
	struct web *w = web_new(2);

	web_say(w, C, "POST /gateway/gateway.dll HTTP/1.1\r\n\r\n");
	CU_ASSERT_EQUAL(w->room.probes, 1);
	web_free(w);
}

static void
an_upgrade_is_followed_no_further(void)
{
	struct web *w = web_new(2);

	web_post(w, "Action=open&Server=NS", "VER 1 MSNP8 CVR0\r\n");
	web_say(w, S, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81\x05");
	CU_ASSERT_TRUE(w->x.hopeless);
	web_free(w);
}

static void
connect_is_a_tunnel_once_it_is_granted(void)
{
	static const char ask[] = "CONNECT messenger.hotmail.com:1863 HTTP/1.1\r\n\r\n";
	static const char *const yes[] = {"HTTP/1.0 200 Connection established\r\n\r\n",
	    "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
	    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"};
	struct web *w;
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		w = web_new(2);
		web_say(w, C, ask);
		web_say(w, C, "VER 1 MSNP8 CVR0\r\n");
		CU_ASSERT_FALSE(w->x.tunnel);
		CU_ASSERT_EQUAL(w->n[C], 18);
		web_say(w, S, yes[i]);
		CU_ASSERT_TRUE(w->x.tunnel);
		CU_ASSERT_EQUAL(w->n[C], 18);
		CU_ASSERT_STRING_EQUAL(w->x.target, "messenger.hotmail.com:1863");
		web_free(w);
	}
}

static void
connect_may_be_asked_again_with_a_password(void)
{
	struct web *w = web_new(2);

	web_say(w, C, "CONNECT m:1863 HTTP/1.1\r\n\r\n");
	web_say(w, S, "HTTP/1.1 407 Who\r\nContent-Length: 4\r\n\r\nbody");
	CU_ASSERT_FALSE(w->x.tunnel || w->x.hopeless);
	web_say(w, C, "CONNECT m:1863 HTTP/1.1\r\nProxy-Authorization: x\r\n\r\n");
	web_say(w, S, "HTTP/1.1 200 OK\r\n\r\n");
	CU_ASSERT_TRUE(w->x.tunnel);
	web_free(w);
}

/* The grant was not captured, but the client went on as if it had come. */
static void
connect_of_a_client_alone_is_a_tunnel_when_it_goes_on(void)
{
	struct web *w = web_new(2);

	w->c.seen[S] = false;
	web_say(w, C, "CONNECT m:1863 HTTP/1.1\r\n\r\n");
	CU_ASSERT_FALSE(w->x.tunnel);
	web_say(w, C, "CONNECT m:1863 HTTP/1.1\r\nProxy-Authorization: x\r\n\r\n");
	CU_ASSERT_FALSE(w->x.tunnel);
	web_say(w, C, "VER 1 MSNP8 CVR0\r\n");
	CU_ASSERT_TRUE(w->x.tunnel);
	CU_ASSERT_EQUAL(w->n[C], 18);
	web_free(w);
}

static void
folded_fields_are_read(void)
{
	struct web *w = web_new(2);

	web_say(w, C,
	    "POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
	    "Host:\r\n gate.example.com\r\nContent-Length:\r\n\t 18\r\n\r\n"
	    "VER 1 MSNP8 CVR0\r\n");
	web_say(w, S,
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger:\r\n "
	    "SessionID=7.1;\r\n\tGW-IP=1.2.3.4\r\n"
	    "Content-Length: 13\r\n\r\nVER 1 MSNP8\r\n");
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	web_answer(w, "7.2", "911 3\r\n");
	CU_ASSERT_EQUAL(w->opened, 1);
	CU_ASSERT_STRING_EQUAL(w->host, "gate.example.com");
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED));
	web_free(w);
}

static void
line_feeds_alone_end_lines(void)
{
	struct web *w = web_new(2);

	web_say(w, C,
	    "POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.0\n"
	    "content-length: 18\n\nVER 1 MSNP8 CVR0\r\n");
	web_say(w, S,
	    "HTTP/1.0 200\nx-msn-messenger:SessionID=7.1;GW-IP=x\n"
	    "content-length:13\n\nVER 1 MSNP8\r\n");
	CU_ASSERT_EQUAL(w->opened, 1);
	CU_ASSERT_EQUAL(web_dialect(w, "7"), 8);
	web_free(w);
}

static void
a_body_without_a_length_goes_on_to_the_end(void)
{
	struct web *w = web_new(2);

	web_post(w, "Action=open&Server=NS", "VER 1 MSNP8 CVR0\r\n");
	web_say(
	    w, S, "HTTP/1.0 200 OK\r\nX-MSN-Messenger: SessionID=7.1\r\n\r\nVER 1 MS");
	web_say(w, S, "NP8\r\n");
	CU_ASSERT_EQUAL(web_dialect(w, "7"), 8);
	web_free(w);
}

static void
bytes_lost_in_a_body_of_known_length_are_stepped_over(void)
{
	struct web *w = web_new(2);

	web_post(w, "Action=open&Server=NS", "VER 1 MSNP8 CVR0\r\n");
	web_say(w, S,
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=7.1\r\n"
	    "Content-Length: 100\r\n\r\nVER 1 MSNP8\r\n");
	web_after_loss(w, S, "tail of something\r\n", 68);
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	web_answer(w, "7.2", "911 3\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED));
	web_free(w);
}

static void
after_a_loss_the_next_message_is_found(void)
{
	struct web *w = web_new(2);

	web_post(w, "Action=open&Server=NS", "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	web_after_loss(w, C, "lf of a head\r\nContent-Length: 5\r\n\r\n", 10);
	web_bytes(
	    w, S, "X-Rest: of a head\r\n\r\nUSR 3 OK v@example.com V 1 0\r\n", 51, 10);
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	web_answer(w, "7.2", "911 3\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED));
	CU_ASSERT_STRING_EQUAL(w->account, "a@example.com");
	web_free(w);
}

static void
a_loss_inside_a_payload_leaves_what_follows_in_place(void)
{
	static char payload[201];
	struct web *w = web_new(2);
	char text[512];

	memset(payload, 'x', 200);
	web_post(w, "Action=open&Server=NS", "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	(void)snprintf(text, sizeof(text),
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=7.2\r\n"
	    "Content-Length: 332\r\n\r\nMSG Hotmail Hotmail 300\r\n%.60s",
	    payload);
	web_say(w, S, text);
	(void)snprintf(text, sizeof(text), "%.140s911 3\r\n", payload);
	web_after_loss(w, S, text, 100);
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED));
	web_free(w);
}

/* A chunk's length may hide in the hole: nothing more of that body is believed. */
static void
a_loss_in_a_chunked_body_ends_it(void)
{
	struct web *w = web_new(2);

	web_post(w, "Action=open&Server=NS", "VER 1 MSNP8 CVR0\r\n");
	web_say(w, S,
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=7.1\r\n"
	    "Transfer-Encoding: chunked\r\n\r\nd\r\nVER 1 MSNP8\r\n\r\n");
	CU_ASSERT_EQUAL(web_dialect(w, "7"), 8);
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	web_after_loss(w, S, "911 3\r\n\r\n0\r\n\r\n", 20);
	CU_ASSERT_FALSE(WEB_TOLD(w, REJECTED));
	web_free(w);
}

static void
endless_heads_and_bodies_cost_nothing(void)
{
	static const char *const lengths[] = {
	    "99999999999999999", "-5", "18, 18", "18\r\nContent-Length: 99", "x", ""};
	char text[256];
	struct web *w;
	size_t i;
	int k;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		w = web_new(2);
		(void)snprintf(text, sizeof(text),
		    "POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
		    "Content-Length: %s\r\n\r\nVER 1 MSNP8 CVR0\r\n",
		    lengths[i]);
		web_say(w, C, text);
		web_answer(w, "7.1", "VER 1 MSNP8\r\n");
		web_free(w);
	}
	w = web_new(2);
	web_say(w, C, "POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n");
	for (k = 0; k < 10000; k++)
		web_say(w, C, "X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
	for (k = 0; k < 1000; k++)
		web_say(w, C, "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
	CU_ASSERT_TRUE(w->n[C] <= HTTP_LINE_MAX);
	web_free(w);
}

static void
a_buffer_taken_away_costs_the_body_alone(void)
{
	struct web *w = web_new(2);

	web_post(w, "Action=open&Server=NS", "VER 1 MSNP8 CVR0\r\n");
	web_say(w, S,
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=7.1\r\n"
	    "Transfer-Encoding: chunked\r\n\r\nd\r\nVER 1 MS");
	(void)carry_take(w->room.carries, false);
	(void)carry_take(w->room.carries, false);
	web_say(w, S, "NP8\r\n\r\n0\r\n\r\n");
	CU_ASSERT_EQUAL(web_dialect(w, "7"), 0);
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	web_answer(w, "7.2", "911 3\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED));
	web_free(w);
}

void
suite_exchange_odd(void)
{
	CU_pSuite s = suite_new("exchange_odd");

	CASE(s, "strangers are given up at once", strangers_are_given_up_at_once);
	CASE(s, "probes are counted", probes_are_counted);
	CASE(s, "an upgrade is followed no further", an_upgrade_is_followed_no_further);
	CASE(s, "CONNECT is a tunnel once it is granted",
	    connect_is_a_tunnel_once_it_is_granted);
	CASE(s, "CONNECT may be asked again with a password",
	    connect_may_be_asked_again_with_a_password);
	CASE(s, "CONNECT of a client alone is a tunnel when it goes on",
	    connect_of_a_client_alone_is_a_tunnel_when_it_goes_on);
	CASE(s, "folded fields are read", folded_fields_are_read);
	CASE(s, "line feeds alone end lines", line_feeds_alone_end_lines);
	CASE(s, "a body without a length goes on to the end",
	    a_body_without_a_length_goes_on_to_the_end);
	CASE(s, "a loss inside a payload leaves what follows in place",
	    a_loss_inside_a_payload_leaves_what_follows_in_place);
	CASE(s, "a loss in a chunked body ends it", a_loss_in_a_chunked_body_ends_it);
	CASE(s, "bytes lost in a body of known length are stepped over",
	    bytes_lost_in_a_body_of_known_length_are_stepped_over);
	CASE(s, "after a loss the next message is found",
	    after_a_loss_the_next_message_is_found);
	CASE(s, "endless heads and bodies cost nothing",
	    endless_heads_and_bodies_cost_nothing);
	CASE(s, "a buffer taken away costs the body alone",
	    a_buffer_taken_away_costs_the_body_alone);
}
