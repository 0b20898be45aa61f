#include "base/ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>

#include "tests/starve.h"
#include "tests/suite.h"

#define ENTRIES 8
#define MANY    200000

struct entry {
	uint64_t number, twice;
};

static struct ring *
open_ring(void)
{
	struct ring *r = NULL;
	struct err e = {{0}};

	CU_ASSERT_EQUAL_FATAL(ring_open(&r, ENTRIES, sizeof(struct entry), &e), 0);
	return r;
}

static bool
put(struct ring *r, uint64_t number)
{
	struct entry *e = ring_slot(r);

	if (e == NULL)
		return false;
	*e = (struct entry){number, 2 * number};
	ring_put(r);
	return true;
}

static void
a_slot_is_not_there_before_it_is_put(void)
{
	struct ring *r = open_ring();

	CU_ASSERT_PTR_NULL(ring_see(r));
	CU_ASSERT_PTR_NOT_NULL(ring_slot(r));
	CU_ASSERT_PTR_NULL(ring_see(r));
	ring_put(r);
	CU_ASSERT_PTR_NOT_NULL(ring_see(r));
	ring_drop(r);
	CU_ASSERT_PTR_NULL(ring_see(r));
	ring_close(r);
}

static void
holds_as_many_as_were_asked_for(void)
{
	struct ring *r = open_ring();
	const struct entry *e;
	uint64_t i;

	for (i = 0; i < ENTRIES; i++) {
		CU_ASSERT_EQUAL(ring_crowded(r), i > ENTRIES / 2 - 1);
		CU_ASSERT_TRUE(put(r, i));
	}
	CU_ASSERT_FALSE(put(r, i));
	for (i = 0; i < ENTRIES; i++) {
		e = ring_see(r);
		CU_ASSERT_PTR_NOT_NULL_FATAL(e);
		CU_ASSERT_EQUAL(e->number, i);
		ring_drop(r);
	}
	CU_ASSERT_PTR_NULL(ring_see(r));
	ring_close(r);
}

static void *
put_many(void *arg)
{
	uint64_t i;

	for (i = 0; i < MANY; i++)
		while (!put(arg, i))
			(void)sched_yield();
	return NULL;
}

static void
two_threads_lose_and_tear_nothing(void)
{
	struct ring *r = open_ring();
	const struct entry *e;
	uint64_t i, wrong = 0;
	pthread_t other;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&other, NULL, put_many, r), 0);
	for (i = 0; i < MANY; i++) {
		while ((e = ring_see(r)) == NULL)
			(void)sched_yield();
		wrong += e->number != i || e->twice != 2 * i;
		ring_drop(r);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(pthread_join(other, NULL), 0);
	CU_ASSERT_PTR_NULL(ring_see(r));
	ring_close(r);
}

static void
says_when_memory_is_short(void)
{
	struct ring *r = NULL;
	struct err e = {{0}};

	starve_after(0);
	CU_ASSERT_EQUAL(ring_open(&r, ENTRIES, sizeof(struct entry), &e), -1);
	CU_ASSERT_TRUE(starve_end());
	CU_ASSERT_PTR_NULL(r);
	CU_ASSERT_TRUE(e.text[0] != '\0');
}

void
suite_ring(void)
{
	CU_pSuite s = suite_new("ring");

	CASE(s, "a slot is not there before it is put",
	    a_slot_is_not_there_before_it_is_put);
	CASE(s, "as many as were asked for", holds_as_many_as_were_asked_for);
	CASE(s, "two threads lose and tear nothing", two_threads_lose_and_tear_nothing);
	CASE(s, "memory is short", says_when_memory_is_short);
}
