#include "detect/sessions.h"
#include "tests/suite.h"

static struct addr
host(uint8_t last)
{
	return addr_v4((uint8_t[4]){10, 0, 0, last});
}

static struct sessions *
room_for(size_t entries)
{
	struct sessions *s = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(sessions_open(&s, entries, &e), 0);
	return s;
}

static void
a_session_is_found_by_client_and_name(void)
{
	struct sessions *s = room_for(4);
	struct addr a = host(1), b = host(2);
	struct session_ref one = sessions_add(s, &a, "954547325", 7), found;

	CU_ASSERT_EQUAL(one.talk, 7);
	found = sessions_find(s, &a, "954547325");
	CU_ASSERT_EQUAL(found.talk, 7);
	CU_ASSERT_PTR_EQUAL(sessions_at(s, found), sessions_at(s, one));
	CU_ASSERT_EQUAL(sessions_find(s, &b, "954547325").talk, 0);
	CU_ASSERT_EQUAL(sessions_find(s, &a, "954547326").talk, 0);
	CU_ASSERT_EQUAL(sessions_find(s, &a, "").talk, 0);
	CU_ASSERT_EQUAL(sessions_at(s, one)->talk.path, PATH_GATEWAY);
	sessions_close(s);
}

static void
a_nameless_session_is_known_by_its_handle_until_it_is_named(void)
{
	struct sessions *s = room_for(4);
	struct addr a = host(1);
	struct session_ref one = sessions_add(s, &a, NULL, 1);
	struct session_ref two = sessions_add(s, &a, NULL, 2);

	CU_ASSERT_EQUAL(sessions_at(s, one)->talk.id, 1);
	CU_ASSERT_EQUAL(sessions_at(s, two)->talk.id, 2);
	CU_ASSERT_FALSE(sessions_at(s, two)->named);
	sessions_rename(s, two, "x");
	CU_ASSERT_TRUE(sessions_at(s, two)->named);
	CU_ASSERT_EQUAL(sessions_find(s, &a, "x").talk, 2);
	sessions_rename(s, two, "x");
	CU_ASSERT_EQUAL(sessions_find(s, &a, "x").talk, 2);
	sessions_close(s);
}

static void
a_name_goes_to_who_got_it_last(void)
{
	struct sessions *s = room_for(4);
	struct addr a = host(1);
	struct session_ref one = sessions_add(s, &a, "x", 1);
	struct session_ref two = sessions_add(s, &a, NULL, 2);

	sessions_rename(s, two, "x");
	CU_ASSERT_EQUAL(sessions_find(s, &a, "x").talk, 2);
	CU_ASSERT_EQUAL(sessions_at(s, one)->talk.id, 1);
	sessions_forget(s, one);
	CU_ASSERT_PTR_NULL(sessions_at(s, one));
	CU_ASSERT_EQUAL(sessions_find(s, &a, "x").talk, 2);
	sessions_close(s);
}

static void
a_handle_is_stale_once_its_session_is_over(void)
{
	struct sessions *s = room_for(1);
	struct addr a = host(1);
	struct session_ref one = sessions_add(s, &a, "x", 1), two;

	CU_ASSERT_TRUE(sessions_full(s));
	CU_ASSERT_EQUAL(sessions_add(s, &a, "y", 2).talk, 0);
	sessions_forget(s, one);
	CU_ASSERT_FALSE(sessions_full(s));
	CU_ASSERT_PTR_NULL(sessions_at(s, one));
	two = sessions_add(s, &a, "x", 3);
	CU_ASSERT_EQUAL(two.slot, one.slot);
	CU_ASSERT_PTR_NULL(sessions_at(s, one));
	CU_ASSERT_PTR_NOT_NULL(sessions_at(s, two));
	CU_ASSERT_PTR_NULL(sessions_at(s, (struct session_ref){0}));
	sessions_close(s);
}

static void
the_one_silent_longest_goes_first(void)
{
	struct sessions *s = room_for(2);
	struct addr a = host(1);
	struct session_ref one = sessions_add(s, &a, "x", 1);
	struct session_ref two = sessions_add(s, &a, "y", 2);
	struct counters c = {.n = 0};

	sessions_at(s, one)->last = 10;
	sessions_at(s, two)->last = 10;
	CU_ASSERT_EQUAL(sessions_expired(s, 10 + SESSION_SILENT_NS - 1, false).talk, 0);
	CU_ASSERT_EQUAL(sessions_expired(s, 10 + SESSION_SILENT_NS, false).talk, 1);
	(void)sessions_find(s, &a, "x");
	sessions_at(s, one)->last = 20;
	CU_ASSERT_EQUAL(sessions_expired(s, 10 + SESSION_SILENT_NS, false).talk, 2);
	sessions_forget(s, two);
	CU_ASSERT_EQUAL(sessions_expired(s, 10 + SESSION_SILENT_NS, false).talk, 0);
	CU_ASSERT_EQUAL(sessions_expired(s, 21, true).talk, 1);
	sessions_forget(s, one);
	CU_ASSERT_EQUAL(sessions_expired(s, INT64_MAX, true).talk, 0);
	sessions_counters(s, &c);
	CU_ASSERT_EQUAL(c.c[0].value, 2);
	CU_ASSERT_EQUAL(c.c[1].value, 1);
	sessions_close(s);
}

void
suite_sessions(void)
{
	CU_pSuite s = suite_new("sessions");

	CASE(s, "a session is found by client and name",
	    a_session_is_found_by_client_and_name);
	CASE(s, "a nameless session is known by its handle until it is named",
	    a_nameless_session_is_known_by_its_handle_until_it_is_named);
	CASE(s, "a name goes to who got it last", a_name_goes_to_who_got_it_last);
	CASE(s, "a handle is stale once its session is over",
	    a_handle_is_stale_once_its_session_is_over);
	CASE(s, "the one silent longest goes first", the_one_silent_longest_goes_first);
}
