#include "tests/story.h"
#include "tests/suite.h"

/* Which tries belong together, and what is told when there are too many. */

static const char ann[] = "ann@example.com";
static const char bob[] = "bob@example.com";

static const struct attempt *
told(const struct story *s, size_t i)
{
	CU_ASSERT_FATAL(i < s->n_told);
	return &s->told[i].u.attempt;
}

/* An opening that the host's firewall cuts before the account is named. */
static void
cut_off(struct story *s, uint8_t host, enum path path)
{
	struct party *p = story_party(s, host, path);

	story_tell(s, p, SIGN_OPENED);
	story_closed(s, p, CLOSING_RESET_SERVER);
}

static void
a_nameless_failure_belongs_to_the_try_that_follows(void)
{
	struct story *s = story_new(8, 0);
	struct party *p;
	const struct attempt *a;

	cut_off(s, 7, PATH_DIRECT);
	p = story_party(s, 7, PATH_GATEWAY);
	story_name(s, p, ann);
	story_yes(s, p, ann);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	a = told(s, 0);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_TRUE(a->fallback);
	CU_ASSERT_STRING_EQUAL(a->account, ann);
	CU_ASSERT_EQUAL(a->n_paths, 2);
	CU_ASSERT_EQUAL(a->tries, 2);
	CU_ASSERT_EQUAL(a->paths[0].path, PATH_DIRECT);
	CU_ASSERT_EQUAL(a->paths[0].reason, REASON_REFUSED);
	CU_ASSERT_EQUAL(a->paths[1].path, PATH_GATEWAY);
	CU_ASSERT_EQUAL(s->told[0].tuple.server.port, 80);
	story_free(s);
}

static void
nameless_failures_in_a_row_are_one_attempt(void)
{
	struct story *s = story_new(8, 0);
	int i;

	for (i = 0; i < 3; i++)
		cut_off(s, 7, PATH_DIRECT);
	cut_off(s, 8, PATH_DIRECT);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_EQUAL(told(s, 0)->n_paths, 1);
	CU_ASSERT_EQUAL(told(s, 0)->paths[0].count, 3);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_BLOCKED);
	CU_ASSERT_FALSE(told(s, 0)->fallback);
	CU_ASSERT_EQUAL(told(s, 1)->paths[0].count, 1);
	story_free(s);
}

static void
a_nameless_failure_of_another_host_stays_its_own(void)
{
	struct story *s = story_new(8, 0);
	struct party *p;

	cut_off(s, 7, PATH_DIRECT);
	p = story_party(s, 8, PATH_GATEWAY);
	story_name(s, p, ann);
	story_yes(s, p, ann);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	story_free(s);
}

static void
blocked_on_every_path_gives_the_first_reason(void)
{
	struct story *s = story_new(8, 0);
	struct party *p;

	cut_off(s, 7, PATH_DIRECT);
	p = story_party(s, 7, PATH_GATEWAY);
	p->status = 403;
	story_name(s, p, ann);
	story_closed(s, p, CLOSING_SERVER);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_BLOCKED);
	CU_ASSERT_EQUAL(told(s, 0)->reason, REASON_REFUSED);
	CU_ASSERT_EQUAL(told(s, 0)->paths[1].reason, REASON_PROXY_DENIED);
	CU_ASSERT_TRUE(told(s, 0)->fallback);
	story_free(s);
}

static void
a_block_says_nothing_over_an_answer(void)
{
	struct story *s = story_new(8, 0);

	story_refused(s, 7, ann, 911);
	cut_off(s, 7, PATH_DIRECT);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_REJECTED);
	CU_ASSERT_EQUAL(told(s, 0)->error_code, 911);
	story_free(s);
}

static void
beyond_the_window_a_new_attempt_begins(void)
{
	struct story *s = story_new(8, 60 * NS_PER_S);

	story_refused(s, 7, ann, 911);
	story_wait(s, 30 * NS_PER_S);
	story_so_far(s);
	CU_ASSERT_EQUAL(s->n_told, 0);
	story_refused(s, 7, ann, 911);
	story_wait(s, 70 * NS_PER_S);
	story_refused(s, 7, ann, 911);
	story_so_far(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->tries, 2);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_EQUAL(told(s, 1)->tries, 1);
	story_free(s);
}

static void
an_open_dialogue_keeps_its_attempt(void)
{
	struct story *s = story_new(8, 60 * NS_PER_S);
	struct party *p = story_party(s, 7, PATH_DIRECT);

	story_name(s, p, ann);
	story_yes(s, p, ann);
	story_wait(s, 3600 * NS_PER_S);
	story_so_far(s);
	CU_ASSERT_EQUAL(s->n_told, 0);
	story_closed(s, p, CLOSING_CLIENT);
	story_wait(s, 61 * NS_PER_S);
	story_so_far(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_TRUE(told(s, 0)->signed_in_ns >= 3600 * NS_PER_S);
	story_free(s);
}

static void
repeats_are_folded_however_many(void)
{
	struct story *s = story_new(8, 0);
	const struct attempt *a;
	int i;

	for (i = 0; i < 50; i++)
		story_refused(s, 7, ann, 911);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	a = told(s, 0);
	CU_ASSERT_EQUAL(a->n_paths, 1);
	CU_ASSERT_EQUAL(a->tries, 50);
	CU_ASSERT_EQUAL(a->paths[0].count, 50);
	CU_ASSERT_EQUAL(a->more_paths, 0);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_REJECTED);
	story_free(s);
}

static void
other_codes_are_no_repeats(void)
{
	struct story *s = story_new(8, 0);

	story_refused(s, 7, ann, 601);
	story_refused(s, 7, ann, 911);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->n_paths, 2);
	CU_ASSERT_EQUAL(told(s, 0)->paths[0].code, 601);
	CU_ASSERT_EQUAL(told(s, 0)->error_code, 911);
	story_free(s);
}

static void
paths_beyond_the_list_are_counted_and_the_last_kept(void)
{
	struct story *s = story_new(8, 0);
	struct party *p;
	const struct attempt *a;
	uint32_t counted;
	int i;

	for (i = 0; i < 10; i++) {
		cut_off(s, 7, PATH_DIRECT);
		story_refused(s, 7, ann, 911);
	}
	p = story_party(s, 7, PATH_GATEWAY);
	story_name(s, p, ann);
	story_yes(s, p, ann);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	a = told(s, 0);
	CU_ASSERT_EQUAL(a->n_paths, ATTEMPT_PATHS_MAX);
	CU_ASSERT_EQUAL(a->tries, 21);
	CU_ASSERT_TRUE(a->more_paths > 0);
	for (i = 0, counted = a->more_paths; i < ATTEMPT_PATHS_MAX; i++)
		counted += a->paths[i].count;
	CU_ASSERT_EQUAL(counted, 21);
	CU_ASSERT_EQUAL(a->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(a->paths[ATTEMPT_PATHS_MAX - 1].path, PATH_GATEWAY);
	story_free(s);
}

static void
a_full_table_tells_the_idle_ones_first(void)
{
	struct story *s = story_new(2, 0);
	struct party *open = story_party(s, 1, PATH_DIRECT);
	struct counters c = {.n = 0};

	story_name(s, open, ann);
	story_refused(s, 2, bob, 911);
	story_refused(s, 3, bob, 928);
	story_so_far(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->error_code, 911);
	story_refused(s, 4, bob, 910);
	story_so_far(s);
	CU_ASSERT_EQUAL(s->n_told, 2);
	CU_ASSERT_EQUAL(told(s, 1)->error_code, 928);
	story_yes(s, open, ann);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 4);
	attempt_counters(s->attempts, &c);
	CU_ASSERT_EQUAL(c.c[0].value, 4);
	CU_ASSERT_EQUAL(c.c[2].value, 2);
	story_free(s);
}

static void
what_is_told_early_is_told_once(void)
{
	struct story *s = story_new(1, 0);
	struct party *p[6];
	size_t i;

	for (i = 0; i < 6; i++) {
		p[i] = story_party(s, (uint8_t)i, PATH_DIRECT);
		story_name(s, p[i], ann);
		story_so_far(s);
	}
	for (i = 0; i < 6; i++) {
		story_yes(s, p[i], ann);
		story_closed(s, p[i], CLOSING_CLIENT);
		story_so_far(s);
	}
	story_end(s);
	CU_ASSERT_TRUE(s->n_told >= 6);
	for (i = 0; i < 5; i++)
		CU_ASSERT_EQUAL(told(s, i)->outcome, OUTCOME_UNFINISHED);
	story_free(s);
}

static void
conversations_are_counted_with_their_session(void)
{
	struct story *s = story_new(8, 0);
	struct party *p = story_party(s, 7, PATH_DIRECT), *chat;
	int i;

	story_name(s, p, ann);
	story_yes(s, p, ann);
	for (i = 0; i < 3; i++) {
		chat = story_party(s, 7, PATH_DIRECT);
		chat->who.switchboard = true;
		story_tell(s, chat, SIGN_OPENED);
		story_name(s, chat, ann);
		story_tell(s, chat, SIGN_CONVERSATION);
		story_closed(s, chat, CLOSING_SERVER);
	}
	story_closed(s, p, CLOSING_CLIENT);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->conversations, 3);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_EQUAL(told(s, 0)->n_paths, 1);
	CU_ASSERT_EQUAL(told(s, 0)->tries, 1);
	story_free(s);
}

static void
a_conversation_alone_shows_a_session_under_way(void)
{
	struct story *s = story_new(8, 0);
	struct party *ping = story_party(s, 7, PATH_DIRECT), *chat;

	story_tell(s, ping, SIGN_IN_SESSION);
	chat = story_party(s, 7, PATH_DIRECT);
	chat->who.switchboard = true;
	story_name(s, chat, ann);
	story_tell(s, chat, SIGN_CONVERSATION);
	story_closed(s, chat, CLOSING_CLIENT);
	story_closed(s, ping, CLOSING_CLIENT);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	CU_ASSERT_EQUAL(told(s, 0)->outcome, OUTCOME_IN_SESSION);
	CU_ASSERT_STRING_EQUAL(told(s, 0)->account, ann);
	CU_ASSERT_EQUAL(told(s, 0)->conversations, 1);
	CU_ASSERT_EQUAL(told(s, 0)->tries, 0);
	story_free(s);
}

static void
a_switchboard_that_was_never_joined_is_nothing(void)
{
	struct story *s = story_new(8, 0);
	struct party *chat = story_party(s, 7, PATH_DIRECT);

	chat->who.switchboard = true;
	story_name(s, chat, ann);
	story_closed(s, chat, CLOSING_SERVER);
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 0);
	story_free(s);
}

void
suite_attempt_merge(void)
{
	CU_pSuite s = suite_new("attempt_merge");

	CASE(s, "a nameless failure belongs to the try that follows",
	    a_nameless_failure_belongs_to_the_try_that_follows);
	CASE(s, "nameless failures in a row are one attempt",
	    nameless_failures_in_a_row_are_one_attempt);
	CASE(s, "a nameless failure of another host stays its own",
	    a_nameless_failure_of_another_host_stays_its_own);
	CASE(s, "blocked on every path gives the first reason",
	    blocked_on_every_path_gives_the_first_reason);
	CASE(s, "a block says nothing over an answer",
	    a_block_says_nothing_over_an_answer);
	CASE(s, "beyond the window a new attempt begins",
	    beyond_the_window_a_new_attempt_begins);
	CASE(s, "an open dialogue keeps its attempt", an_open_dialogue_keeps_its_attempt);
	CASE(s, "repeats are folded however many", repeats_are_folded_however_many);
	CASE(s, "other codes are no repeats", other_codes_are_no_repeats);
	CASE(s, "paths beyond the list are counted and the last kept",
	    paths_beyond_the_list_are_counted_and_the_last_kept);
	CASE(s, "a full table tells the idle ones first",
	    a_full_table_tells_the_idle_ones_first);
	CASE(s, "what is told early is told once", what_is_told_early_is_told_once);
	CASE(s, "conversations are counted with their session",
	    conversations_are_counted_with_their_session);
	CASE(s, "a conversation alone shows a session under way",
	    a_conversation_alone_shows_a_session_under_way);
	CASE(s, "a switchboard that was never joined is nothing",
	    a_switchboard_that_was_never_joined_is_nothing);
}
