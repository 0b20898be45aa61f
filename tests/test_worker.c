/* A worker without interfaces: what it tells of what was lost on the way from it. */
#define _POSIX_C_SOURCE 200809L
#include "app/worker.h"

#include <stdio.h>
#include <time.h>

#include "app/told.h"
#include "base/clock.h"
#include "tests/scene_reach.h"
#include "tests/suite.h"

#define ENTRIES  4
#define LOOK_NS  (20 * NS_PER_MS)
#define BUSY_NS  (300 * NS_PER_MS)
#define LIMIT_NS (20 * NS_PER_S)

/* More has happened than there is room for, and nobody takes it. */
struct jam {
	struct worker worker;
	struct scene *scene;
	uint64_t lost;
	unsigned told; /* how often that was */
	struct coverage coverage;
};

static void
jam_open(struct jam *j)
{
	struct pipeline_opts opts = {.ring = NULL};
	struct err e = {{0}};
	struct line *l;

	*j = (struct jam){.worker.alone = true};
	CU_ASSERT_EQUAL_FATAL(
	    ring_open(&j->worker.ring, ENTRIES, sizeof(struct told), &e), 0);
	opts.ring = j->worker.ring;
	j->scene = scene_new();
	pipeline_close(j->scene->pipeline);
	CU_ASSERT_EQUAL_FATAL(pipeline_open(&j->scene->pipeline, &opts, &e), 0);
	j->worker.pipeline = j->scene->pipeline;
	l = scene_connect(j->scene, "10.0.0.7", "64.4.13.50", 1863);
	line_sign_in(l, "ann@example.com");
	line_close(l, SIDE_CLIENT);
	j->lost = scene_counted(j->scene, "worker.dropped");
	CU_ASSERT_TRUE(j->lost > 0);
}

static void
jam_close(struct jam *j)
{
	ring_close(j->worker.ring);
	scene_free(j->scene);
}

static void
take(struct jam *j)
{
	const struct told *t;

	while ((t = ring_see(j->worker.ring)) != NULL) {
		if (t->kind == TOLD_COVERAGE) {
			j->coverage = t->u.coverage;
			j->told++;
		}
		ring_drop(j->worker.ring);
	}
}

static void
look(int64_t ns)
{
	const struct timespec moment = {0, (long)ns};

	(void)nanosleep(&moment, NULL);
}

static void
facts_that_found_no_room_are_told_once_there_is_some(void)
{
	struct coverage none;
	struct err e = {{0}};
	char number[32];
	struct jam j;
	int64_t until;

	jam_open(&j);
	CU_ASSERT_EQUAL_FATAL(worker_start(&j.worker, &e), 0);
	look(BUSY_NS);
	until = clock_steady() + LIMIT_NS;
	for (; j.told == 0 && clock_steady() < until; look(LOOK_NS))
		take(&j);
	CU_ASSERT_EQUAL(j.told, 1);
	CU_ASSERT_EQUAL(j.coverage.kind, COVERAGE_DROPPED);
	CU_ASSERT_EQUAL(j.coverage.count, j.lost);
	(void)snprintf(number, sizeof(number), "%llu ", (unsigned long long)j.lost);
	CU_ASSERT_PTR_EQUAL(strstr(j.coverage.text, number), j.coverage.text);
	worker_stop(&j.worker);
	for (; !atomic_load(&j.worker.done); look(LOOK_NS))
		take(&j);
	take(&j);
	worker_join(&j.worker);
	CU_ASSERT_EQUAL(j.told, 1);
	CU_ASSERT_EQUAL(scene_counted(j.scene, "worker.dropped"), j.lost);
	CU_ASSERT_FALSE(pipeline_news(j.scene->pipeline, &none));
	jam_close(&j);
}

static void
each_loss_is_told_once_with_its_own_number(void)
{
	struct coverage c;
	struct line *l;
	struct jam j;

	jam_open(&j);
	CU_ASSERT_TRUE_FATAL(pipeline_news(j.scene->pipeline, &c));
	CU_ASSERT_EQUAL(c.count, j.lost);
	CU_ASSERT_FALSE(pipeline_news(j.scene->pipeline, &c));
	l = scene_connect(j.scene, "10.0.0.8", "64.4.13.50", 1863);
	line_sign_in(l, "bob@example.com");
	CU_ASSERT_TRUE_FATAL(pipeline_news(j.scene->pipeline, &c));
	CU_ASSERT_TRUE(c.count > 0);
	CU_ASSERT_EQUAL(j.lost + c.count, scene_counted(j.scene, "worker.dropped"));
	jam_close(&j);
}

void
suite_worker(void)
{
	CU_pSuite s = suite_new("worker");

	CASE(s, "facts that found no room are told once there is some",
	    facts_that_found_no_room_are_told_once_there_is_some);
	CASE(s, "each loss is told once, with its own number",
	    each_loss_is_told_once_with_its_own_number);
}
