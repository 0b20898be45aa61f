#include "app/enforce_guard.h"
#include "base/text.h"
#include "tests/post.h"

static const char *const protect[] = {"10.1.0.0/16", NULL};

static void
a_dry_run_tells_once_and_cuts_nothing(void)
{
	struct policy_opts po = {.mode = POLICY_DRY_RUN, .protect = protect};
	struct guard_news n;
	struct post t;

	post_open(&t, &po);
	CU_ASSERT_FALSE(post_meets(&t));
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_TRUE_FATAL(guard_dry(t.g, &n));
	CU_ASSERT_STRING_EQUAL(n.reset.rule, "cut");
	CU_ASSERT_TRUE(n.reset.dry_run);
	CU_ASSERT_PTR_NULL(n.reset.effect);
	CU_ASSERT_EQUAL(n.reset.evidence, SIGN_OPENED);
	CU_ASSERT_EQUAL(n.conn.tuple.client.port, 1025);
	CU_ASSERT_STRING_EQUAL(n.conn.origin, "eth1");
	CU_ASSERT_FALSE(n.closed);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_FALSE(guard_dry(t.g, &n));
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.cut"), 1);
	post_close(&t);
}

static void
what_policy_leaves_alone_is_counted_by_its_reason(void)
{
	static const char *const elsewhere[] = {"10.9.0.0/16", NULL};
	struct policy_opts po = {.mode = POLICY_DRY_RUN, .protect = elsewhere};
	struct guard_news n;
	struct post t;

	post_open(&t, &po);
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.outside"), 1);
	t.o.confidence = CONFIDENCE_LIKELY;
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.unsure"), 1);
	CU_ASSERT_FALSE(guard_dry(t.g, &n));
	post_close(&t);
}

static void
with_exempt_accounts_it_waits_for_the_name(void)
{
	static const char *const boss[] = {"boss@example.com", NULL};
	struct policy_opts po = {
	    .mode = POLICY_DRY_RUN, .protect = protect, .exempt_account = boss};
	struct guard_news n;
	struct post t;

	post_open(&t, &po);
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.wait"), 1);
	CU_ASSERT_FALSE(guard_dry(t.g, &n));
	t.o.sign = SIGN_NAMED;
	text_put(t.who.account, sizeof(t.who.account), "Boss@example.com");
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.exempt_account"), 1);
	text_put(t.who.account, sizeof(t.who.account), "ann@example.com");
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_TRUE_FATAL(guard_dry(t.g, &n));
	CU_ASSERT_EQUAL(n.reset.evidence, SIGN_NAMED);
	CU_ASSERT_STRING_EQUAL(n.reset.account, "ann@example.com");
	post_close(&t);
}

static void
a_dialogue_that_is_over_is_forgotten(void)
{
	struct policy_opts po = {.mode = POLICY_DRY_RUN, .protect = protect};
	struct guard_news n;
	struct post t;

	post_open(&t, &po);
	guard_hear(t.g, &t.o);
	t.o.sign = SIGN_CLOSED;
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_FALSE(guard_dry(t.g, &n));
	post_close(&t);
}

static void
off_hears_nothing(void)
{
	struct policy_opts po = {.mode = POLICY_OFF};
	struct guard_news n;
	struct post t;

	post_open(&t, &po);
	guard_hear(t.g, &t.o);
	CU_ASSERT_FALSE(post_meets(&t));
	CU_ASSERT_FALSE(guard_dry(t.g, &n));
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.off"), 0);
	post_close(&t);
}

static void
a_limit_is_told_with_its_host(void)
{
	struct policy_opts po = {.mode = POLICY_RESET,
	    .protect = protect,
	    .limits = {.per_host = 1, .total = 100}};
	struct guard_news n;
	struct post t;
	unsigned port;

	post_open(&t, &po);
	for (port = 1025; port < 1028; port++) {
		t.flow.key.low_port = (uint16_t)port;
		t.o.talk = POST_TALK;
		guard_hear(t.g, &t.o);
		(void)post_meets(&t);
		t.o.sign = SIGN_CLOSED;
		guard_hear(t.g, &t.o);
		t.o.sign = SIGN_OPENED;
	}
	CU_ASSERT_EQUAL(post_counted(&t, "enforce.host_limit"), 2);
	CU_ASSERT_TRUE_FATAL(guard_next(t.g, t.packet.ts, &n));
	CU_ASSERT_STRING_EQUAL(n.reset.rule, "host-limit");
	CU_ASSERT_EQUAL(n.reset.limit, 1);
	CU_ASSERT_EQUAL(n.conn.tuple.client.addr.v[15], 7);
	post_close(&t);
}

void
suite_enforce_guard(void)
{
	CU_pSuite s = suite_new("enforce_guard");

	CASE(s, "a dry run tells once and cuts nothing",
	    a_dry_run_tells_once_and_cuts_nothing);
	CASE(s, "what policy leaves alone is counted by its reason",
	    what_policy_leaves_alone_is_counted_by_its_reason);
	CASE(s, "with exempt accounts it waits for the name",
	    with_exempt_accounts_it_waits_for_the_name);
	CASE(s, "a dialogue that is over is forgotten",
	    a_dialogue_that_is_over_is_forgotten);
	CASE(s, "off hears nothing", off_hears_nothing);
	CASE(s, "a limit is told with its host", a_limit_is_told_with_its_host);
}
