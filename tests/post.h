/* One connection before the guard of enforcement, which sends nothing. */
#ifndef TESTS_POST_H
#define TESTS_POST_H

#include "app/enforce_guard.h"
#include "base/clock.h"
#include "tests/caught.h"
#include "tests/counted.h"
#include "tests/suite.h"

#define POST_TALK 42

/* One connection that 10.1.2.7 has said VER on, and who guards it. */
struct post {
	struct guard *g;
	struct quota *quota;
	struct flow flow;
	struct packet packet;
	struct frame frame;
	struct observation o;
	struct signin who;
	bool shared; /* others' requests may travel on it */
};

static inline struct addr
post_addr(const char *text)
{
	struct addr a;

	CU_ASSERT_TRUE_FATAL(addr_parse(text, &a));
	return a;
}

static inline void
post_open(struct post *t, const struct policy_opts *po)
{
	struct guard_opts go = {.inject = caught_begin()};
	struct policy *p;
	struct err e;

	*t = (struct post){.g = NULL};
	CU_ASSERT_EQUAL_FATAL(quota_open(&t->quota, &e), 0);
	go.quota = t->quota;
	CU_ASSERT_EQUAL_FATAL(guard_open(&t->g, &go, &e), 0);
	CU_ASSERT_EQUAL_FATAL(policy_open(&p, po, &e), 0);
	guard_obey(t->g, p);
	t->flow.key =
	    (struct flow_key){post_addr("10.1.2.7"), post_addr("64.4.13.50"), 1025, 1863};
	t->flow.client_low = true;
	t->flow.id = 7;
	t->flow.seen[SIDE_CLIENT] = t->flow.seen[SIDE_SERVER] = true;
	t->flow.stream[SIDE_CLIENT] =
	    (struct stream){.known = true, .high = 1020, .acks = true, .acked = 1001};
	t->flow.stream[SIDE_SERVER] =
	    (struct stream){.known = true, .high = 5001, .acks = true, .acked = 5001};
	t->packet = (struct packet){.ts = clock_wall()};
	t->frame = (struct frame){.origin = "eth1", .number = 3};
	t->o = (struct observation){.sign = SIGN_OPENED,
	    .path = PATH_DIRECT,
	    .confidence = CONFIDENCE_CERTAIN,
	    .talk = POST_TALK,
	    .who = &t->who};
}

static inline void
post_close(struct post *t)
{
	guard_close(t->g);
	quota_close(t->quota);
}

static inline bool
post_meets(struct post *t)
{
	struct guard_sight s = {.flow = &t->flow,
	    .carried = {POST_TALK, t->shared, t->o.confidence},
	    .packet = &t->packet,
	    .frame = &t->frame,
	    .sender = SIDE_CLIENT};

	return guard_meet(t->g, &s);
}

static inline uint64_t
post_counted(const struct post *t, const char *name)
{
	struct counters c = {.n = 0};

	guard_counters(t->g, &c);
	return counter_of(&c, name);
}

static inline void
post_obey(struct post *t, const struct policy_opts *po)
{
	struct policy *p;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(policy_open(&p, po, &e), 0);
	guard_obey(t->g, p);
}

#endif
