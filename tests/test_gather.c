/* What several workers tell comes in the order of time. */
#include "app/gather.h"

#include "base/clock.h"
#include "tests/suite.h"

#define WORKERS 3
#define ENTRIES 64

struct office {
	struct worker worker[WORKERS];
	struct gather gather;
};

static void
begin(struct office *o)
{
	struct err e = {{0}};
	size_t i;

	*o = (struct office){.gather = {.worker = o->worker, .n = WORKERS}};
	for (i = 0; i < WORKERS; i++)
		CU_ASSERT_EQUAL_FATAL(
		    ring_open(&o->worker[i].ring, ENTRIES, sizeof(struct told), &e), 0);
}

static void
end(struct office *o)
{
	size_t i;

	for (i = 0; i < WORKERS; i++)
		ring_close(o->worker[i].ring);
}

/* since: as if it had been told so long ago. */
static void
tell(struct office *o, size_t worker, int64_t stamp, int64_t since)
{
	struct told *t = ring_slot(o->worker[worker].ring);

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	*t = (struct told){
	    .kind = TOLD_COVERAGE, .stamp = stamp, .since = clock_steady() - since};
	ring_put(o->worker[worker].ring);
}

static void
reach(struct office *o, size_t worker, int64_t stamp)
{
	atomic_store(&o->worker[worker].reached, stamp);
}

/* The stamp of the next entry, which is dropped; 0: none is due. */
static int64_t
next(struct office *o)
{
	const struct told *t = gather_see(&o->gather);
	int64_t stamp = t != NULL ? t->stamp : 0;

	if (t != NULL)
		gather_drop(&o->gather);
	return stamp;
}

static void
nothing_is_due_before_all_have_come_as_far(void)
{
	struct office o;

	begin(&o);
	tell(&o, 0, 100, 0);
	reach(&o, 0, 120);
	reach(&o, 1, 90);
	reach(&o, 2, 200);
	CU_ASSERT_EQUAL(gather_reached(&o.gather), 90);
	CU_ASSERT_EQUAL(next(&o), 0);
	reach(&o, 1, 100);
	CU_ASSERT_EQUAL(next(&o), 100);
	CU_ASSERT_EQUAL(next(&o), 0);
	end(&o);
}

static void
the_earliest_comes_first(void)
{
	static const int64_t want[] = {10, 20, 30, 35, 40, 50, 0};
	struct office o;
	size_t i;

	begin(&o);
	tell(&o, 0, 20, 0);
	tell(&o, 0, 50, 0);
	tell(&o, 1, 30, 0);
	tell(&o, 1, 40, 0);
	tell(&o, 2, 10, 0);
	tell(&o, 2, 35, 0);
	for (i = 0; i < WORKERS; i++)
		reach(&o, i, 50);
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		CU_ASSERT_EQUAL(next(&o), want[i]);
	end(&o);
}

static void
a_worker_that_lags_holds_up_nobody_for_long(void)
{
	struct office o;

	begin(&o);
	tell(&o, 0, 100, 2 * NS_PER_S);
	tell(&o, 0, 101, 0);
	reach(&o, 0, 150);
	reach(&o, 2, 150);
	CU_ASSERT_EQUAL(next(&o), 100);
	CU_ASSERT_EQUAL(next(&o), 0);
	end(&o);
}

static void
a_worker_that_is_done_holds_up_nobody(void)
{
	struct office o;

	begin(&o);
	tell(&o, 0, 100, 0);
	reach(&o, 0, 150);
	atomic_store(&o.worker[1].done, true);
	atomic_store(&o.worker[2].done, true);
	CU_ASSERT_FALSE(gather_over(&o.gather));
	CU_ASSERT_EQUAL(next(&o), 100);
	atomic_store(&o.worker[0].done, true);
	CU_ASSERT_TRUE(gather_over(&o.gather));
	tell(&o, 1, 7, 0);
	CU_ASSERT_FALSE(gather_over(&o.gather));
	CU_ASSERT_EQUAL(next(&o), 7);
	CU_ASSERT_TRUE(gather_over(&o.gather));
	end(&o);
}

void
suite_gather(void)
{
	CU_pSuite s = suite_new("gather");

	CASE(s, "not before all have come as far",
	    nothing_is_due_before_all_have_come_as_far);
	CASE(s, "the earliest first", the_earliest_comes_first);
	CASE(s, "one that lags", a_worker_that_lags_holds_up_nobody_for_long);
	CASE(s, "one that is done", a_worker_that_is_done_holds_up_nobody);
}
