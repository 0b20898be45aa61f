#include "tests/try_story.h"

/* Fills ANN's list of paths with failures that cannot be folded. */
static void
fill(struct story *s, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		story_denied(s, HOST, i % 2 ? PATH_CONNECT : PATH_SOCKS, 403 + i);
}

static void
a_full_list_keeps_what_was_answered(void)
{
	struct story *s = story_new(8, 0);
	struct party *one_try, *other, *p;
	const struct attempt *a;

	fill(s, 7);
	one_try = story_try(s, HOST, PATH_DIRECT);
	other = story_try(s, HOST, PATH_GATEWAY);
	story_tell(s, other, SIGN_REACHED);
	p = story_party(s, HOST, PATH_GATEWAY);
	story_name(s, p, ANN);
	story_tell(s, one_try, SIGN_REACHED);
	one_try = story_try(s, HOST, PATH_DIRECT);
	story_yes(s, p, ANN);
	story_blocked(s, one_try, REASON_REFUSED);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	a = &s->told[0].u.attempt;
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(a->n_paths, ATTEMPT_PATHS_MAX);
	CU_ASSERT_EQUAL(a->paths[7].path, PATH_GATEWAY);
	CU_ASSERT_EQUAL(a->more_paths, 1);
	story_free(s);
}

static void
a_full_list_is_folded_no_further_than_it_can(void)
{
	struct story *s = story_new(8, 0);
	const struct attempt *a;

	fill(s, 12);
	a = (story_end(s), &s->told[0].u.attempt);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_BLOCKED);
	CU_ASSERT_EQUAL(a->n_paths, ATTEMPT_PATHS_MAX);
	CU_ASSERT_EQUAL(a->more_paths, 4);
	CU_ASSERT_EQUAL(a->tries, 12);
	CU_ASSERT_EQUAL(a->paths[0].code, 403);
	CU_ASSERT_EQUAL(a->paths[7].code, 414);
	story_free(s);
}

/* A try that belonged to an attempt which has gone into another one meanwhile. */
static void
a_merge_leaves_no_try_behind(void)
{
	static const char *const want[] = {"direct rejected, gateway signed-in",
	    "direct rejected, gateway signed-in, direct refused"};
	struct party *p, *try;
	struct story *s;
	size_t i;

	for (i = 0; i < 2; i++) {
		s = story_new(8, 0);
		story_refused(s, HOST, ANN, 928);
		p = story_party(s, HOST, PATH_GATEWAY);
		story_tell(s, p, SIGN_OPENED);
		try = story_try(s, HOST, PATH_DIRECT);
		story_name(s, p, ANN);
		if (i == 0)
			story_tell(s, try, SIGN_REACHED);
		else
			story_blocked(s, try, REASON_REFUSED);
		story_yes(s, p, ANN);
		(void)one(s, OUTCOME_SIGNED_IN, want[i]);
		story_free(s);
	}
}

static void
a_try_of_an_attempt_that_was_told_is_a_new_one(void)
{
	struct story *s = story_new(1, 0);
	struct party *try = story_try(s, HOST, PATH_GATEWAY);

	story_blocked(s, story_try(s, 8, PATH_DIRECT), REASON_REFUSED);
	story_blocked(s, try, REASON_NO_ANSWER);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_STRING_EQUAL(paths(s, 0), "direct refused");
	CU_ASSERT_STRING_EQUAL(paths(s, 1), "gateway no-answer");
	story_free(s);
}

static void
two_accounts_behind_one_address_are_two(void)
{
	struct story *s = story_new(8, 0);
	struct party *p, *q;

	p = story_party(s, HOST, PATH_DIRECT);
	story_name(s, p, ANN);
	story_blocked(s, story_try(s, HOST, PATH_DIRECT), REASON_REFUSED);
	q = story_party(s, HOST, PATH_GATEWAY);
	story_name(s, q, BOB);
	story_yes(s, q, BOB);
	story_yes(s, p, ANN);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_EQUAL(s->told[0].u.attempt.outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(s->told[1].u.attempt.outcome, OUTCOME_SIGNED_IN);
	story_free(s);
}

void
suite_attempt_bounds(void)
{
	CU_pSuite s = suite_new("attempt_bounds");

	CASE(s, "a full list keeps what was answered",
	    a_full_list_keeps_what_was_answered);
	CASE(s, "a full list is folded no further than it can",
	    a_full_list_is_folded_no_further_than_it_can);
	CASE(s, "a merge leaves no try behind", a_merge_leaves_no_try_behind);
	CASE(s, "a try of an attempt that was told is a new one",
	    a_try_of_an_attempt_that_was_told_is_a_new_one);
	CASE(s, "two accounts behind one address are two",
	    two_accounts_behind_one_address_are_two);
}
