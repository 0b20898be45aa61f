#include "base/text.h"
#include "tests/story.h"
#include "tests/suite.h"

static const char ann[] = "ann@example.com";
static const char bob[] = "bob@example.com";

static const struct attempt *
told(const struct story *s, size_t i)
{
	CU_ASSERT_FATAL(i < s->n_told);
	return &s->told[i].u.attempt;
}

static void
a_sign_in_is_one_attempt(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, 7, PATH_DIRECT);
	const struct attempt *a;

	p->who.dialect = 12;
	p->bytes[0] = 100;
	p->bytes[1] = 200;
	story_name(s, p, ann);
	story_tell(s, p, SIGN_CHALLENGED);
	story_yes(s, p, ann);
	story_wait(s, 8 * NS_PER_S);
	story_closed(s, p, CLOSING_CLIENT);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	a = told(s, 0);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(a->confidence, CONFIDENCE_CERTAIN);
	CU_ASSERT_STRING_EQUAL(a->account, ann);
	CU_ASSERT_EQUAL(a->dialect, 12);
	CU_ASSERT_EQUAL(a->n_paths, 1);
	CU_ASSERT_EQUAL(a->tries, 1);
	CU_ASSERT_EQUAL(a->bytes_client, 100);
	CU_ASSERT_EQUAL(a->bytes_server, 200);
	CU_ASSERT_TRUE(a->signed_in_ns >= 8 * NS_PER_S);
	CU_ASSERT_FALSE(a->fallback);
	CU_ASSERT_EQUAL(s->told[0].type, EVENT_ATTEMPT);
	CU_ASSERT_EQUAL(s->told[0].flow_id, 1);
	CU_ASSERT_EQUAL(s->told[0].tuple.server.port, 1863);
	story_free(s);
}

struct end {
	enum closing closing;
	bool answered, left;
	int64_t after_ns;
	unsigned status;
	enum outcome outcome;
	enum reason reason;
};

/* Every way a dialogue can end before a yes or no, answered and not. */
static const struct end ends[] = {
    {CLOSING_CLIENT, false, false, 0, 0, OUTCOME_BLOCKED, REASON_NO_ANSWER},
    {CLOSING_SERVER, false, false, 0, 0, OUTCOME_BLOCKED, REASON_REFUSED},
    {CLOSING_RESET_CLIENT, false, false, 0, 0, OUTCOME_BLOCKED, REASON_REFUSED},
    {CLOSING_RESET_CLIENT, false, false, 30 * NS_PER_S, 0, OUTCOME_BLOCKED,
	REASON_NO_ANSWER},
    {CLOSING_RESET_SERVER, false, false, 30 * NS_PER_S, 0, OUTCOME_BLOCKED,
	REASON_REFUSED},
    {CLOSING_SILENT, false, false, 0, 0, OUTCOME_BLOCKED, REASON_NO_ANSWER},
    {CLOSING_CUT, false, false, 0, 0, OUTCOME_RESET, REASON_NONE},
    {CLOSING_CUT, true, false, 0, 0, OUTCOME_RESET, REASON_NONE},
    {CLOSING_STOPPED, false, false, 0, 0, OUTCOME_UNFINISHED, REASON_NONE},
    {CLOSING_NOT, false, false, 0, 0, OUTCOME_UNFINISHED, REASON_NONE},
    {CLOSING_CLIENT, true, false, 0, 0, OUTCOME_ABANDONED, REASON_NONE},
    {CLOSING_RESET_CLIENT, true, false, 0, 0, OUTCOME_ABANDONED, REASON_NONE},
    {CLOSING_SERVER, true, false, 0, 0, OUTCOME_REJECTED, REASON_NONE},
    {CLOSING_SERVER, true, true, 0, 0, OUTCOME_ABANDONED, REASON_NONE},
    {CLOSING_RESET_SERVER, true, false, 0, 0, OUTCOME_REJECTED, REASON_NONE},
    {CLOSING_SILENT, true, false, 0, 0, OUTCOME_UNFINISHED, REASON_NONE},
    {CLOSING_STOPPED, true, false, 0, 0, OUTCOME_UNFINISHED, REASON_NONE},
    {CLOSING_NOT, true, false, 0, 0, OUTCOME_UNFINISHED, REASON_NONE},
    {CLOSING_SERVER, false, false, 0, 403, OUTCOME_BLOCKED, REASON_PROXY_DENIED},
    {CLOSING_SERVER, false, false, 0, 407, OUTCOME_BLOCKED, REASON_PROXY_DENIED},
    {CLOSING_SERVER, false, false, 0, 302, OUTCOME_BLOCKED, REASON_PROXY_DENIED},
    {CLOSING_SERVER, false, false, 0, 503, OUTCOME_BLOCKED, REASON_PROXY_DENIED},
    {CLOSING_SERVER, false, false, 0, 404, OUTCOME_BLOCKED, REASON_REFUSED},
};

static void
the_end_of_a_dialogue_decides_when_nothing_else_did(void)
{
	const struct attempt *a;
	struct story *s;
	struct party *p;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		s = story_new(8, 0);
		p = story_party(s, 7, PATH_DIRECT);
		p->who.answered = ends[i].answered;
		p->who.left = ends[i].left;
		p->status = ends[i].status;
		story_name(s, p, ann);
		story_wait(s, ends[i].after_ns);
		story_closed(s, p, ends[i].closing);
		story_end(s);
		a = told(s, 0);
		CU_ASSERT_EQUAL(a->outcome, ends[i].outcome);
		CU_ASSERT_EQUAL(a->reason, ends[i].reason);
		CU_ASSERT_EQUAL(a->paths[0].reason, ends[i].reason);
		CU_ASSERT_EQUAL(a->paths[0].code,
		    ends[i].reason == REASON_PROXY_DENIED ? ends[i].status : 0);
		story_free(s);
	}
}

static void
the_end_changes_no_decision(void)
{
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct story *s = story_new(8, 0);
		struct party *p = story_party(s, 7, PATH_DIRECT);

		story_name(s, p, ann);
		story_yes(s, p, ann);
		story_closed(s, p, ends[i].closing);
		p = story_party(s, 8, PATH_DIRECT);
		story_name(s, p, bob);
		story_no(s, p, 911);
		story_closed(s, p, ends[i].closing);
		story_end(s);
		CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_SIGNED_IN);
		CU_ASSERT_EQUAL(told(s, 1)->outcome, OUTCOME_REJECTED);
		CU_ASSERT_EQUAL(told(s, 1)->error_code, 911);
		story_free(s);
	}
}

static void
an_out_before_the_yes_is_leaving(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, 7, PATH_DIRECT);

	story_name(s, p, ann);
	p->who.answered = p->who.left = true;
	story_tell(s, p, SIGN_SIGNED_OUT);
	story_closed(s, p, CLOSING_SERVER);
	story_end(s);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_ABANDONED);
	story_free(s);
}

static void
a_redirect_and_its_second_connection_are_one_try(void)
{
	struct story *s = story_new(8, 0);
	struct party *ds = story_party(s, 7, PATH_DIRECT), *ns;
	const struct attempt *a;

	story_name(s, ds, ann);
	ds->who.answered = true;
	story_tell(s, ds, SIGN_REDIRECTED);
	story_closed(s, ds, CLOSING_CLIENT);
	ns = story_party(s, 7, PATH_DIRECT);
	ns->conn.tuple.server.port = 1864;
	story_name(s, ns, ann);
	story_yes(s, ns, ann);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	a = told(s, 0);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(a->n_paths, 1);
	CU_ASSERT_EQUAL(a->tries, 1);
	CU_ASSERT_EQUAL(a->paths[0].count, 1);
	CU_ASSERT_EQUAL(a->paths[0].server.port, 1864);
	CU_ASSERT_FALSE(a->fallback);
	story_free(s);
}

/* The second connection may open before the first has closed. */
static void
a_redirect_may_overlap_its_second_connection(void)
{
	struct story *s = story_new(8, 0);
	struct party *ds = story_party(s, 7, PATH_DIRECT), *ns;

	story_name(s, ds, ann);
	ds->who.answered = true;
	story_tell(s, ds, SIGN_REDIRECTED);
	ns = story_party(s, 7, PATH_DIRECT);
	story_name(s, ns, ann);
	story_closed(s, ds, CLOSING_CLIENT);
	story_no(s, ns, 911);
	story_closed(s, ns, CLOSING_SERVER);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_REJECTED);
	CU_ASSERT_EQUAL(told(s, 0)->n_paths, 1);
	CU_ASSERT_EQUAL(told(s, 0)->tries, 1);
	story_free(s);
}

static void
two_accounts_of_a_host_are_two_attempts(void)
{
	struct story *s = story_new(8, 0);
	struct party *one = story_party(s, 7, PATH_DIRECT);
	struct party *two = story_party(s, 7, PATH_DIRECT);

	story_name(s, one, ann);
	story_name(s, two, bob);
	story_no(s, two, 928);
	story_yes(s, one, ann);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_STRING_EQUAL(told(s, 0)->account, ann);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_STRING_EQUAL(told(s, 1)->account, bob);
	CU_ASSERT_EQUAL(told(s, 1)->outcome, OUTCOME_REJECTED);
	story_free(s);
}

static void
one_account_on_two_hosts_is_two_attempts(void)
{
	struct story *s = story_new(8, 0);
	struct party *one = story_party(s, 7, PATH_DIRECT);
	struct party *two = story_party(s, 8, PATH_DIRECT);

	story_name(s, one, ann);
	story_name(s, two, ann);
	story_yes(s, one, ann);
	story_yes(s, two, ann);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(told(s, 1)->outcome, OUTCOME_SIGNED_IN);
	story_free(s);
}

static void
the_service_has_the_last_word_on_the_account(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, 7, PATH_DIRECT);

	story_name(s, p, "typed@example.com");
	story_yes(s, p, ann);
	story_end(s);
	CU_ASSERT_STRING_EQUAL(told(s, 0)->account, ann);
	story_free(s);
}

static void
a_sign_in_ends_the_attempt(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, 7, PATH_DIRECT);

	story_refused(s, 7, ann, 911);
	story_name(s, p, ann);
	story_yes(s, p, ann);
	story_closed(s, p, CLOSING_CLIENT);
	p = story_party(s, 7, PATH_DIRECT);
	story_name(s, p, ann);
	story_yes(s, p, ann);
	story_closed(s, p, CLOSING_CLIENT);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_EQUAL(told(s, 0)->tries, 2);
	CU_ASSERT_EQUAL(told(s, 0)->n_paths, 2);
	CU_ASSERT_EQUAL(told(s, 1)->tries, 1);
	story_free(s);
}

void
suite_attempt(void)
{
	CU_pSuite s = suite_new("attempt");

	CASE(s, "a sign-in is one attempt", a_sign_in_is_one_attempt);
	CASE(s, "the end of a dialogue decides when nothing else did",
	    the_end_of_a_dialogue_decides_when_nothing_else_did);
	CASE(s, "the end changes no decision", the_end_changes_no_decision);
	CASE(s, "an OUT before the yes is leaving", an_out_before_the_yes_is_leaving);
	CASE(s, "a redirect and its second connection are one try",
	    a_redirect_and_its_second_connection_are_one_try);
	CASE(s, "a redirect may overlap its second connection",
	    a_redirect_may_overlap_its_second_connection);
	CASE(s, "two accounts of a host are two attempts",
	    two_accounts_of_a_host_are_two_attempts);
	CASE(s, "one account on two hosts is two attempts",
	    one_account_on_two_hosts_is_two_attempts);
	CASE(s, "the service has the last word on the account",
	    the_service_has_the_last_word_on_the_account);
	CASE(s, "a sign-in ends the attempt", a_sign_in_ends_the_attempt);
}
