/* What later evidence makes of a dialogue that the capture holds only in part. */
#include "base/text.h"
#include "tests/try_story.h"

static const struct attempt *
only_attempt(struct story *s)
{
	story_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_told, 1);
	return &s->told[0].u.attempt;
}

static struct party *
switchboard(struct story *s, const char *account)
{
	struct party *p = story_party(s, HOST, PATH_DIRECT);

	p->who.switchboard = true;
	text_put(p->who.account, sizeof(p->who.account), account);
	return p;
}

static void
who_talks_has_signed_in_though_the_yes_was_lost(void)
{
	struct story *s = story_new(8, 0);
	const struct attempt *a;

	story_name(s, story_party(s, HOST, PATH_DIRECT), ANN);
	story_tell(s, switchboard(s, ANN), SIGN_CONVERSATION);
	a = only_attempt(s);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(a->conversations, 1);
	story_free(s);
}

static void
somebody_else_talking_is_no_witness(void)
{
	struct story *s = story_new(8, 0);

	story_name(s, story_party(s, HOST, PATH_DIRECT), ANN);
	story_tell(s, switchboard(s, BOB), SIGN_CONVERSATION);
	story_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_told, 2);
	CU_ASSERT_NOT_EQUAL(s->told[0].u.attempt.outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_NOT_EQUAL(s->told[1].u.attempt.outcome, OUTCOME_SIGNED_IN);
	story_free(s);
}

static void
an_old_session_that_opens_after_all_is_a_try(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, HOST, PATH_DIRECT);
	const struct attempt *a;

	story_tell(s, p, SIGN_IN_SESSION);
	story_name(s, p, ANN);
	story_no(s, p, 911);
	a = only_attempt(s);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_REJECTED);
	CU_ASSERT_EQUAL(a->tries, 1);
	story_free(s);
}

static void
a_dialogue_that_becomes_prohibited_is_blocked_so(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, HOST, PATH_DIRECT);
	const struct attempt *a;

	story_tell(s, p, SIGN_OPENED);
	story_closed(s, p, CLOSING_PROHIBITED);
	a = only_attempt(s);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_BLOCKED);
	CU_ASSERT_EQUAL(a->reason, REASON_PROHIBITED);
	story_free(s);
}

static void
what_comes_after_a_cut_is_a_fallback(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, HOST, PATH_DIRECT);
	const struct attempt *a;

	story_tell(s, p, SIGN_OPENED);
	story_closed(s, p, CLOSING_CUT);
	p = story_party(s, HOST, PATH_GATEWAY);
	story_yes(s, p, ANN);
	a = only_attempt(s);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_TRUE(a->fallback);
	CU_ASSERT_STRING_EQUAL(paths(s, 0), "direct reset, gateway signed-in");
	story_free(s);
}

static void
a_cut_that_is_certain_late_is_what_came_before(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, HOST, PATH_DIRECT), *q;
	const struct attempt *a;

	story_tell(s, p, SIGN_OPENED);
	q = story_party(s, HOST, PATH_GATEWAY);
	story_yes(s, q, ANN);
	story_wait(s, 3 * NS_PER_S);
	story_closed(s, p, CLOSING_CUT);
	a = only_attempt(s);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_TRUE(a->fallback);
	CU_ASSERT_STRING_EQUAL(a->account, ANN);
	CU_ASSERT_STRING_EQUAL(paths(s, 0), "direct reset, gateway signed-in");
	story_free(s);
}

void
suite_attempt_seen(void)
{
	CU_pSuite s = suite_new("attempt_seen");

	CASE(s, "who talks has signed in, though the yes was lost",
	    who_talks_has_signed_in_though_the_yes_was_lost);
	CASE(s, "somebody else talking is no witness",
	    somebody_else_talking_is_no_witness);
	CASE(s, "an old session that opens after all is a try",
	    an_old_session_that_opens_after_all_is_a_try);
	CASE(s, "a dialogue that becomes prohibited is blocked so",
	    a_dialogue_that_becomes_prohibited_is_blocked_so);
	CASE(s, "what comes after a cut is a fallback",
	    what_comes_after_a_cut_is_a_fallback);
	CASE(s, "a cut that is certain late is what came before",
	    a_cut_that_is_certain_late_is_what_came_before);
}
