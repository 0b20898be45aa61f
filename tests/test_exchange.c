#include <stdio.h>
#include <stdlib.h>

#include "tests/suite.h"
#include "tests/web.h"

#define C SIDE_CLIENT
#define S SIDE_SERVER

/* A sign-in through the gateway, each message as often cut as size says. */
static void
sign_in(struct web *w, size_t size)
{
	static const char *const says[] = {
	    "POST /gateway/gateway.dll?Action=open&Server=NS&IP=messenger.hotmail.com "
	    "HTTP/1.1\r\nHost: gateway.example.com\r\nContent-Length: 18\r\n\r\n"
	    "VER 1 MSNP8 CVR0\r\n",
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=95.1; GW-IP=10.9.9.9\r\n"
	    "Content-Length: 13\r\n\r\nVER 1 MSNP8\r\n",
	    "POST /gateway/gateway.dll?SessionID=95.1 HTTP/1.1\r\n"
	    "Content-Length: 28\r\n\r\nUSR 3 TWN I a@example.com\r\n\n",
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=95.2; GW-IP=10.9.9.9\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n5\r\nUSR 3\r\n9\r\n TWN S x\r\r\n1\r\n\n"
	    "\r\n0\r\n\r\n",
	    "POST /gateway/gateway.dll?SessionID=95.2 HTTP/1.1\r\n"
	    "Content-Length: 15\r\n\r\nUSR 4 TWN S y\r\n",
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=95.3; GW-IP=10.9.9.9\r\n"
	    "Content-Length: 30\r\n\r\nUSR 4 OK a@example.com A 1 0\r\n",
	};
	size_t i;

	for (i = 0; i < sizeof(says) / sizeof(says[0]); i++)
		web_say_cut(w, i % 2 == 0 ? C : S, says[i], size);
}

static void
a_sign_in_is_read_however_it_is_cut(void)
{
	size_t size;
	struct web *w;

	for (size = 1; size < 300; size += size < 40 ? 1 : 37) {
		w = web_new(4);
		sign_in(w, size);
		CU_ASSERT_TRUE(WEB_TOLD(w, SIGNED_IN));
		CU_ASSERT_EQUAL(w->signs, 1U << SIGN_OPENED | 1U << SIGN_NAMED |
					      1U << SIGN_CHALLENGED |
					      1U << SIGN_SIGNED_IN);
		CU_ASSERT_EQUAL(w->opened, 1);
		CU_ASSERT_STRING_EQUAL(w->account, "a@example.com");
		CU_ASSERT_STRING_EQUAL(w->host, "gateway.example.com");
		CU_ASSERT_EQUAL(w->dialect, 8);
		CU_ASSERT_EQUAL(w->n[C] + w->n[S], 0);
		CU_ASSERT_FALSE(w->x.hopeless);
		web_free(w);
	}
}

static void
an_open_may_be_empty(void)
{
	struct web *w = web_new(4);

	web_post(w, "Action=open&Server=NS&IP=m", "");
	web_answer(w, "7.1", "");
	web_post(w, "SessionID=7.1", "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.2", "VER 1 MSNP8\r\n");
	CU_ASSERT_EQUAL(w->opened, 1);
	CU_ASSERT_EQUAL(web_dialect(w, "7"), 8);
	web_free(w);
}

static void
a_session_goes_on_over_another_connection(void)
{
	struct web *w = web_new(4);

	web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	web_reconnect(w);
	web_post(w, "SessionID=7.99", "USR 3 TWN I a@example.com\r\n");
	web_answer(w, "7.100", "911 3\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED));
	CU_ASSERT_EQUAL(w->opened, 1);
	CU_ASSERT_STRING_EQUAL(w->account, "a@example.com");
	web_free(w);
}

static void
sessions_on_one_connection_are_kept_apart(void)
{
	struct web *w = web_new(4);

	web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	web_say(w, C, "GET http://www.example.com/ HTTP/1.1\r\nHost: www\r\n\r\n");
	web_say(w, S,
	    "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nVER 1 MSNP9 "
	    "MSNP8 x\n");
	web_post(w, "Action=open&Server=SB&IP=m", "USR 1 a@example.com 1.2\r\n");
	web_answer(w, "8.1", "USR 1 OK a@example.com A\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, CONVERSATION));
	web_post(w, "SessionID=7.1", "USR 3 TWN I b@example.com\r\n");
	web_answer(w, "7.2", "USR 3 TWN S x\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, CHALLENGED));
	CU_ASSERT_FALSE(WEB_TOLD(w, SIGNED_IN));
	CU_ASSERT_STRING_EQUAL(w->account, "b@example.com");
	CU_ASSERT_EQUAL(w->opened, 2);
	web_free(w);
}

static void
pipelined_requests_meet_their_answers_in_order(void)
{
	struct web *w = web_new(4);

	web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
	web_say(w, C, "HEAD /x HTTP/1.1\r\n\r\n");
	web_post(w, "Action=open&Server=SB&IP=m", "ANS 1 a@example.com 1.2 3\r\n");
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	web_say(w, S, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
	web_answer(w, "8.1", "ANS 1 OK\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, OPENED) && WEB_TOLD(w, CONVERSATION));
	CU_ASSERT_EQUAL(w->x.n_waiting, 0);
	web_free(w);
}

static void
more_requests_than_are_kept_do_no_harm(void)
{
	struct web *w = web_new(4);
	int i;

	web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	for (i = 0; i < 3 * EXCHANGE_WAITING_MAX; i++)
		web_post(w, "Action=poll&SessionID=7.1", "");
	for (i = 0; i < 3 * EXCHANGE_WAITING_MAX; i++)
		web_answer(w, "7.1", "");
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	web_answer(w, "7.1", "911 3\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED));
	web_free(w);
}

static void
an_interim_answer_is_passed_over(void)
{
	struct web *w = web_new(4);

	web_say(w, C,
	    "POST /gateway/gateway.dll?Action=open&Server=NS HTTP/1.1\r\n"
	    "Expect: 100-continue\r\nContent-Length: 18\r\n\r\n");
	web_say(w, S, "HTTP/1.1 100 Continue\r\n\r\n");
	web_say(w, C, "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	CU_ASSERT_EQUAL(w->opened, 1);
	CU_ASSERT_EQUAL(web_dialect(w, "7"), 8);
	web_free(w);
}

static void
an_answer_captured_first_waits_for_its_request(void)
{
	struct web *w = web_new(4);

	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	CU_ASSERT_TRUE(w->n[S] != 0);
	CU_ASSERT_FALSE(w->x.hopeless);
	web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
	CU_ASSERT_EQUAL(w->n[S], 0);
	CU_ASSERT_EQUAL(w->opened, 1);
	CU_ASSERT_EQUAL(web_dialect(w, "7"), 8);
	web_free(w);
}

static void
either_side_alone_is_read(void)
{
	struct web *w = web_new(4);

	w->c.seen[C] = false;
	web_answer(w, "7.1", "VER 1 MSNP8\r\n");
	web_answer(w, "7.2", "USR 3 TWN S x\r\n");
	web_answer(w, "7.3", "USR 4 OK a@example.com A 1 0\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, SIGNED_IN));
	CU_ASSERT_STRING_EQUAL(w->account, "a@example.com");
	web_free(w);
	w = web_new(4);
	w->c.seen[S] = false;
	web_post(w, "Action=open&Server=NS&IP=m",
	    "VER 1 MSNP8 CVR0\r\n"
	    "CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 5.0 MSMSGS a@example.com\r\n");
	web_post(w, "SessionID=7.1", "USR 3 TWN I a@example.com\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, OPENED));
	CU_ASSERT_FALSE(WEB_TOLD(w, SIGNED_IN));
	CU_ASSERT_STRING_EQUAL(w->account, "a@example.com");
	web_free(w);
}

static void
the_gateway_ends_a_session(void)
{
	struct web *w = web_new(4);

	web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
	web_answer(w, "7.1; Session=close", "VER 1 0\r\n");
	CU_ASSERT_TRUE(WEB_TOLD(w, REJECTED) && WEB_TOLD(w, CLOSED));
	CU_ASSERT_EQUAL(w->closing, CLOSING_SERVER);
	CU_ASSERT_EQUAL(w->status, 0);
	CU_ASSERT_TRUE(w->bytes[C] > 100 && w->bytes[S] > 60);
	CU_ASSERT_EQUAL(
	    sessions_find(w->room.sessions, &w->c.tuple.client.addr, "7").talk, 0);
	web_free(w);
}

static void
an_error_ends_the_session_it_answers(void)
{
	static const unsigned codes[] = {302, 307, 400, 403, 407, 500, 502};
	char text[128];
	struct web *w;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		w = web_new(4);
		web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
		(void)snprintf(text, sizeof(text),
		    "HTTP/1.0 %u No\r\nContent-Length: 5\r\n\r\nsorry", codes[i]);
		web_say(w, S, text);
		CU_ASSERT_TRUE(WEB_TOLD(w, OPENED));
		CU_ASSERT_EQUAL(w->closed, 1);
		CU_ASSERT_EQUAL(w->status, codes[i]);
		web_free(w);
	}
}

static void
the_oldest_session_makes_room(void)
{
	struct web *w = web_new(2);
	char id[16];
	int i;

	for (i = 0; i < 20; i++) {
		(void)snprintf(id, sizeof(id), "%d.1", i);
		web_post(w, "Action=open&Server=NS&IP=m", "VER 1 MSNP8 CVR0\r\n");
		web_answer(w, id, "VER 1 MSNP8\r\n");
	}
	CU_ASSERT_EQUAL(w->opened, 20);
	CU_ASSERT_EQUAL(w->closed, 18);
	CU_ASSERT_EQUAL(w->closing, CLOSING_STOPPED);
	web_free(w);
}

void
suite_exchange(void)
{
	CU_pSuite s = suite_new("exchange");

	CASE(s, "a sign-in is read however it is cut",
	    a_sign_in_is_read_however_it_is_cut);
	CASE(s, "an open may be empty", an_open_may_be_empty);
	CASE(s, "a session goes on over another connection",
	    a_session_goes_on_over_another_connection);
	CASE(s, "sessions on one connection are kept apart",
	    sessions_on_one_connection_are_kept_apart);
	CASE(s, "pipelined requests meet their answers in order",
	    pipelined_requests_meet_their_answers_in_order);
	CASE(s, "more requests than are kept do no harm",
	    more_requests_than_are_kept_do_no_harm);
	CASE(s, "an interim answer is passed over", an_interim_answer_is_passed_over);
	CASE(s, "an answer captured first waits for its request",
	    an_answer_captured_first_waits_for_its_request);
	CASE(s, "either side alone is read", either_side_alone_is_read);
	CASE(s, "the gateway ends a session", the_gateway_ends_a_session);
	CASE(s, "an error ends the session it answers",
	    an_error_ends_the_session_it_answers);
	CASE(s, "the oldest session makes room", the_oldest_session_makes_room);
}
