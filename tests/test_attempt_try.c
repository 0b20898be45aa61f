#include "tests/try_story.h"

static void
a_try_turned_away_is_an_attempt(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_try(s, HOST, PATH_DIRECT);
	const struct attempt *a;

	p->host = "messenger.hotmail.com";
	p->by = "10.0.0.1";
	p->syns = 4;
	p->conn.forged = true;
	story_blocked(s, p, REASON_PROHIBITED);
	a = one(s, OUTCOME_BLOCKED, "direct prohibited");
	CU_ASSERT_EQUAL(a->reason, REASON_PROHIBITED);
	CU_ASSERT_EQUAL(a->confidence, CONFIDENCE_LIKELY);
	CU_ASSERT_EQUAL(a->tries, 1);
	CU_ASSERT_EQUAL(a->paths[0].by.v[15], 1);
	CU_ASSERT_EQUAL(a->paths[0].syns, 4);
	CU_ASSERT_TRUE(a->paths[0].forged);
	CU_ASSERT_STRING_EQUAL(a->paths[0].host, "messenger.hotmail.com");
	CU_ASSERT_EQUAL(a->paths[0].first, p->conn.began);
	CU_ASSERT_EQUAL(a->start, p->conn.began);
	CU_ASSERT_FALSE(a->fallback);
	story_free(s);
}

static void
a_try_that_was_answered_or_never_ended_says_nothing(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_try(s, HOST, PATH_DIRECT);

	story_tell(s, p, SIGN_REACHED);
	(void)story_try(s, HOST, PATH_DIRECT);
	(void)story_try(s, 8, PATH_GATEWAY);
	story_tell(s, story_party(s, 9, PATH_DIRECT), SIGN_REACHED);
	story_wait(s, 1000 * NS_PER_S);
	story_so_far(s);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 0);
	story_free(s);
}

static void
repeats_are_counted(void)
{
	struct story *s = story_new(8, 0);
	const struct attempt *a;
	struct party *p;
	unsigned i;

	for (i = 0; i < 20; i++) {
		p = story_try(s, HOST, PATH_DIRECT);
		p->syns = 3;
		p->conn.tuple.server.addr.v[15] = (uint8_t)i;
		story_wait(s, 50 * NS_PER_S);
		story_blocked(s, p, REASON_NO_ANSWER);
	}
	a = one(s, OUTCOME_BLOCKED, "direct no-answer x20");
	CU_ASSERT_EQUAL(a->tries, 20);
	CU_ASSERT_EQUAL(a->paths[0].syns, 60);
	CU_ASSERT_EQUAL(a->paths[0].server.addr.v[15], 19);
	CU_ASSERT_EQUAL(a->paths[0].last, s->now);
	story_free(s);
}

static void
tries_under_way_at_once_are_folded_in_whatever_order_they_end(void)
{
	static const unsigned orders[][4] = {
	    {0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}};
	struct party *p[4];
	struct story *s;
	size_t i, k;

	for (i = 0; i < 4; i++) {
		s = story_new(8, 0);
		for (k = 0; k < 4; k++)
			p[k] = story_try(s, HOST, PATH_DIRECT);
		for (k = 0; k < 4; k++)
			story_blocked(s, p[orders[i][k]], REASON_REFUSED);
		CU_ASSERT_EQUAL(one(s, OUTCOME_BLOCKED, "direct refused x4")->start,
		    p[0]->conn.began);
		story_free(s);
	}
}

static void
another_way_taken_is_a_fallback(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_try(s, HOST, PATH_DIRECT);
	const struct attempt *a;

	story_blocked(s, p, REASON_REFUSED);
	p = story_try(s, HOST, PATH_GATEWAY);
	story_tell(s, p, SIGN_REACHED);
	(void)sign_in(s, HOST, PATH_GATEWAY, ANN);
	a = one(s, OUTCOME_SIGNED_IN, "direct refused, gateway signed-in");
	CU_ASSERT_TRUE(a->fallback);
	CU_ASSERT_EQUAL(a->reason, REASON_NONE);
	CU_ASSERT_STRING_EQUAL(a->account, ANN);
	story_free(s);

	s = story_new(8, 0);
	story_blocked(s, story_try(s, HOST, PATH_DIRECT), REASON_NO_ANSWER);
	story_blocked(s, story_try(s, HOST, PATH_GATEWAY), REASON_REFUSED);
	a = one(s, OUTCOME_BLOCKED, "direct no-answer, gateway refused");
	CU_ASSERT_TRUE(a->fallback);
	CU_ASSERT_EQUAL(a->reason, REASON_NO_ANSWER);
	story_free(s);
}

static void
a_block_known_after_the_sign_in_still_comes_first(void)
{
	struct story *s = story_new(8, 0);
	struct party *try = story_try(s, HOST, PATH_DIRECT), *p;

	story_wait(s, 5 * NS_PER_S);
	p = sign_in(s, HOST, PATH_GATEWAY, ANN);
	story_wait(s, 25 * NS_PER_S);
	story_blocked(s, try, REASON_NO_ANSWER);
	story_closed(s, p, CLOSING_CLIENT);
	CU_ASSERT_TRUE(
	    one(s, OUTCOME_SIGNED_IN, "direct no-answer, gateway signed-in")->fallback);
	story_free(s);
}

static void
beyond_the_window_it_is_another_attempt(void)
{
	const int64_t waits[] = {119 * NS_PER_S, 121 * NS_PER_S};
	struct story *s;
	size_t i;

	for (i = 0; i < 2; i++) {
		s = story_new(8, 0);
		story_blocked(s, story_try(s, HOST, PATH_DIRECT), REASON_REFUSED);
		story_wait(s, waits[i]);
		(void)sign_in(s, HOST, PATH_GATEWAY, ANN);
		story_end(s);
		CU_ASSERT_EQUAL(s->n_told, i + 1);
		story_free(s);
	}
}

static void
a_redirect_goes_on_with_its_path(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, HOST, PATH_DIRECT), *second;
	const struct attempt *a;

	story_name(s, p, ANN);
	story_tell(s, p, SIGN_REDIRECTED);
	second = story_try(s, HOST, PATH_DIRECT);
	second->conn.tuple.server.addr.v[15] = 99;
	story_closed(s, p, CLOSING_SERVER);
	story_blocked(s, second, REASON_REFUSED);
	a = one(s, OUTCOME_BLOCKED, "direct refused");
	CU_ASSERT_STRING_EQUAL(a->account, ANN);
	CU_ASSERT_EQUAL(a->tries, 1);
	CU_ASSERT_EQUAL(a->paths[0].server.addr.v[15], 99);
	story_free(s);

	s = story_new(8, 0);
	p = story_party(s, HOST, PATH_DIRECT);
	story_name(s, p, ANN);
	story_tell(s, p, SIGN_REDIRECTED);
	story_tell(s, story_try(s, HOST, PATH_DIRECT), SIGN_REACHED);
	story_closed(s, p, CLOSING_SERVER);
	(void)sign_in(s, HOST, PATH_DIRECT, ANN);
	(void)one(s, OUTCOME_SIGNED_IN, "direct signed-in");
	story_free(s);
}

/*
 * As when names that led nowhere are judged when no other answer has come for long
 * enough.
 */
static void
a_verdict_that_had_to_wait_belongs_before_the_sign_in(void)
{
	struct story *s = story_new(8, 0);
	struct party *lookup = story_party(s, HOST, PATH_DIRECT), *p;

	p = sign_in(s, HOST, PATH_GATEWAY, ANN);
	story_wait(s, 2 * NS_PER_S);
	story_blocked(s, lookup, REASON_SINKHOLED);
	story_blocked(s, story_party(s, HOST, PATH_DIRECT), REASON_SINKHOLED);
	story_closed(s, p, CLOSING_CLIENT);
	(void)one(s, OUTCOME_SIGNED_IN, "direct sinkholed, gateway signed-in");
	story_free(s);
}

static void
a_host_that_is_signed_in_tries_for_its_conversations(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = sign_in(s, HOST, PATH_DIRECT, ANN), *try;

	try = story_try(s, HOST, PATH_DIRECT);
	story_blocked(s, try, REASON_REFUSED);
	story_tell(s, story_try(s, HOST, PATH_DIRECT), SIGN_REACHED);
	story_closed(s, p, CLOSING_CLIENT);
	(void)one(s, OUTCOME_SIGNED_IN, "direct signed-in");
	story_free(s);

	/* signed out, and turned away: that is another attempt */
	s = story_new(8, 0);
	p = sign_in(s, HOST, PATH_DIRECT, ANN);
	story_closed(s, p, CLOSING_CLIENT);
	story_blocked(s, story_try(s, HOST, PATH_DIRECT), REASON_REFUSED);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_STRING_EQUAL(paths(s, 0), "direct signed-in");
	CU_ASSERT_STRING_EQUAL(paths(s, 1), "direct refused");
	story_free(s);
}

static void
a_proxy_that_asks_who_is_there_has_not_refused(void)
{
	struct story *s = story_new(8, 0);
	const struct attempt *a;

	story_denied(s, HOST, PATH_CONNECT, 407);
	(void)sign_in(s, HOST, PATH_CONNECT, ANN);
	a = one(s, OUTCOME_SIGNED_IN, "connect signed-in");
	CU_ASSERT_EQUAL(a->tries, 1);
	CU_ASSERT_FALSE(a->fallback);
	story_free(s);

	s = story_new(8, 0);
	story_denied(s, HOST, PATH_CONNECT, 407);
	story_denied(s, HOST, PATH_CONNECT, 407);
	story_denied(s, HOST, PATH_CONNECT, 403);
	a = one(s, OUTCOME_BLOCKED, "connect proxy-denied x2, connect proxy-denied");
	CU_ASSERT_EQUAL(a->paths[0].code, 407);
	CU_ASSERT_EQUAL(a->paths[1].code, 403);
	CU_ASSERT_FALSE(a->fallback);
	story_free(s);

	s = story_new(8, 0);
	story_denied(s, HOST, PATH_CONNECT, 407);
	(void)sign_in(s, HOST, PATH_GATEWAY, ANN);
	(void)one(s, OUTCOME_SIGNED_IN, "connect proxy-denied, gateway signed-in");
	story_free(s);
}

static void
where_the_password_went_is_noted_and_no_more(void)
{
	struct story *s = story_new(8, 0);
	struct party *tls = story_party(s, HOST, PATH_DIRECT), *p;

	tls->host = "login.live.com";
	story_tell(s, tls, SIGN_HINTED);
	p = story_party(s, HOST, PATH_DIRECT);
	story_name(s, p, ANN);
	story_tell(s, tls, SIGN_HINTED);
	tls->host = "loginnet.passport.com";
	story_tell(s, tls, SIGN_HINTED);
	story_yes(s, p, ANN);
	CU_ASSERT_STRING_EQUAL(
	    one(s, OUTCOME_SIGNED_IN, "direct signed-in")->signin_host, "login.live.com");
	story_free(s);
}

void
suite_attempt_try(void)
{
	CU_pSuite s = suite_new("attempt_try");

	CASE(s, "a try turned away is an attempt", a_try_turned_away_is_an_attempt);
	CASE(s, "a try that was answered or never ended says nothing",
	    a_try_that_was_answered_or_never_ended_says_nothing);
	CASE(s, "repeats are counted", repeats_are_counted);
	CASE(s, "tries under way at once are folded in whatever order they end",
	    tries_under_way_at_once_are_folded_in_whatever_order_they_end);
	CASE(s, "another way taken is a fallback", another_way_taken_is_a_fallback);
	CASE(s, "a block known after the sign-in still comes first",
	    a_block_known_after_the_sign_in_still_comes_first);
	CASE(s, "beyond the window it is another attempt",
	    beyond_the_window_it_is_another_attempt);
	CASE(s, "a redirect goes on with its path", a_redirect_goes_on_with_its_path);
	CASE(s, "a verdict that had to wait belongs before the sign-in",
	    a_verdict_that_had_to_wait_belongs_before_the_sign_in);
	CASE(s, "a host that is signed in tries for its conversations",
	    a_host_that_is_signed_in_tries_for_its_conversations);
	CASE(s, "a proxy that asks who is there has not refused",
	    a_proxy_that_asks_who_is_there_has_not_refused);
	CASE(s, "where the password went is noted and no more",
	    where_the_password_went_is_noted_and_no_more);
}
