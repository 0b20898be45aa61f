/* Between the first volley and the second (of two frames): settings, time, the facts. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "app/enforce_guard.h"
#include "tests/post.h"

#define PLENTY                               \
	{                                    \
		.per_host = 60, .total = 600 \
	}

static const char *const protect[] = {"10.1.0.0/16", NULL};

/* What is due is sent, and told. */
static void
look(struct post *t)
{
	struct guard_news n;

	while (guard_next(t->g, clock_wall(), &n))
		;
}

static void
hear(struct post *t, bool client, uint32_t n, uint32_t seq, uint32_t ack)
{
	struct packet p = {.ts = clock_wall(),
	    .tcp_flags = TCP_ACK,
	    .seq = seq,
	    .ack = ack,
	    .wire_payload = n};
	struct tuple ends;

	flow_tuple(&t->flow, &ends);
	p.src = client ? ends.client : ends.server;
	p.dst = client ? ends.server : ends.client;
	guard_watch(t->g, &p);
}

/* Both ends go on, as if they had taken no reset. */
static void
live_on(struct post *t)
{
	hear(t, false, 19, 5001, 1020);
	hear(t, true, 30, 1020, 5020);
	hear(t, false, 40, 5020, 1050);
}

static void
pass(int64_t ns)
{
	const struct timespec moment = {0, (long)ns};

	(void)nanosleep(&moment, NULL);
}

/* Resets sent after other settings came between the first volley and the second. */
static unsigned
seconds_under(const struct policy_opts *po, const char *counter)
{
	struct policy_opts before = {
	    .mode = POLICY_RESET, .protect = protect, .limits = PLENTY};
	struct post t;
	unsigned n;

	post_open(&t, &before);
	guard_hear(t.g, &t.o);
	CU_ASSERT_TRUE(post_meets(&t));
	look(&t);
	CU_ASSERT_EQUAL(caught(), 3);
	post_obey(&t, po);
	live_on(&t);
	look(&t);
	n = caught() - 3;
	if (counter != NULL)
		CU_ASSERT_EQUAL(post_counted(&t, counter), 1);
	post_close(&t);
	return n;
}

static void
a_second_volley_goes_by_the_settings_of_then(void)
{
	static const char *const host[] = {"10.1.2.7", NULL};
	static const char *const server[] = {"64.4.13.50", NULL};
	static const char *const elsewhere[] = {"10.9.0.0/16", NULL};
	static const char *const gateway[] = {"gateway", NULL};
	static const char *const boss[] = {"boss@example.com", NULL};
	const struct {
		struct policy_opts opts;
		const char *counter;
		unsigned frames;
	} cases[] = {
	    {{.mode = POLICY_RESET, .protect = protect, .limits = PLENTY}, NULL, 2},
	    {{.mode = POLICY_OFF}, NULL, 0},
	    {{.mode = POLICY_DRY_RUN, .protect = protect}, NULL, 0},
	    {{.mode = POLICY_RESET,
		 .protect = protect,
		 .limits = PLENTY,
		 .panic_path = "/"},
		"enforce.panic", 0},
	    {{.mode = POLICY_RESET, .protect = elsewhere}, "enforce.outside", 0},
	    {{.mode = POLICY_RESET, .protect = protect, .limits = PLENTY, .exempt = host},
		"enforce.exempt_host", 0},
	    {{.mode = POLICY_RESET,
		 .protect = protect,
		 .limits = PLENTY,
		 .exempt = server},
		"enforce.exempt_host", 0},
	    {{.mode = POLICY_RESET,
		 .protect = protect,
		 .limits = PLENTY,
		 .path = gateway},
		"enforce.path", 0},
	    {{.mode = POLICY_RESET,
		 .protect = protect,
		 .limits = PLENTY,
		 .exempt_account = boss},
		"enforce.wait", 0},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(
		    seconds_under(&cases[i].opts, cases[i].counter), cases[i].frames);
}

/* What is shared, and a conversation, may be cut first and no longer then. */
static void
a_second_volley_knows_what_the_connection_was(void)
{
	struct policy_opts po = {.mode = POLICY_RESET,
	    .protect = protect,
	    .limits = PLENTY,
	    .proxy = true,
	    .conversations = true};
	struct post t;
	bool shared;
	int i;

	for (i = 0; i < 2; i++) {
		shared = i == 1;
		po.proxy = po.conversations = true;
		post_open(&t, &po);
		t.shared = shared;
		t.who.switchboard = !shared;
		guard_hear(t.g, &t.o);
		CU_ASSERT_TRUE(post_meets(&t));
		look(&t);
		CU_ASSERT_EQUAL(caught(), 3);
		po.proxy = po.conversations = false;
		post_obey(&t, &po);
		live_on(&t);
		look(&t);
		CU_ASSERT_EQUAL(caught(), 3);
		CU_ASSERT_EQUAL(
		    post_counted(&t, shared ? "enforce.proxy" : "enforce.conversation"),
		    1);
		post_close(&t);
	}
}

static void
evidence_may_age_between_the_volleys_but_not_before_the_first(void)
{
	struct policy_opts po = {
	    .mode = POLICY_RESET, .protect = protect, .limits = PLENTY};
	struct post t;

	post_open(&t, &po);
	t.packet.ts = clock_wall() - POLICY_AGE_NS / 2;
	guard_hear(t.g, &t.o);
	CU_ASSERT_TRUE(post_meets(&t));
	look(&t);
	CU_ASSERT_EQUAL(caught(), 3);
	pass(POLICY_AGE_NS / 2 + NS_PER_MS);
	live_on(&t);
	look(&t);
	CU_ASSERT_EQUAL(caught(), 5);
	post_close(&t);

	post_open(&t, &po);
	t.packet.ts = clock_wall() - POLICY_AGE_NS / 2;
	guard_hear(t.g, &t.o);
	CU_ASSERT_TRUE(post_meets(&t));
	pass(POLICY_AGE_NS / 2 + NS_PER_MS);
	look(&t);
	CU_ASSERT_EQUAL(caught(), 0);
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.stale"), 1);
	post_close(&t);
}

void
suite_enforce_volley(void)
{
	CU_pSuite s = suite_new("enforce_volley");

	CASE(s, "a second volley goes by the settings of then",
	    a_second_volley_goes_by_the_settings_of_then);
	CASE(s, "a second volley knows what the connection was",
	    a_second_volley_knows_what_the_connection_was);
	CASE(s, "evidence may age between the volleys, but not before the first",
	    evidence_may_age_between_the_volleys_but_not_before_the_first);
}
