#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "enforce/policy.h"
#include "tests/local_time.h"
#include "tests/suite.h"

static const char *const protect[] = {"10.1.0.0/16", "2001:db8:1::/48", NULL};
static const char *const exempt[] = {"10.1.9.0/24", "192.0.2.50", NULL};
static const char *const accounts[] = {"Head@Example.com", "*@staff.example.com", NULL};
static const char *const school[] = {"Mon-Fri 08:00-12:00", "Sat 09:00-10:00", NULL};
static const char *const two_paths[] = {"direct", "connect", NULL};
static const char *const everyone[] = {"0.0.0.0/0", NULL};
static const char *const everyone_v6[] = {"::/0", NULL};

static const struct policy_opts plain = {
    .mode = POLICY_RESET, .protect = protect, .time_zone = NULL, .limits = {60, 600}};

static int64_t
monday_at_ten(void)
{
	return local_time_utc("2026-11-23 10:00:00") * NS_PER_S;
}

static struct addr
address(const char *text)
{
	struct addr a;

	if (!addr_parse(text, &a))
		abort();
	return a;
}

/* What plain has cut. */
static struct suspect
suspect(void)
{
	return (struct suspect){.client = address("10.1.2.3"),
	    .server = address("192.0.2.1"),
	    .path = PATH_DIRECT,
	    .confidence = CONFIDENCE_CERTAIN,
	    .account = "a@example.com",
	    .seen = monday_at_ten(),
	    .now = monday_at_ten() + NS_PER_MS};
}

static enum rule
decide(const struct policy_opts *po, const struct suspect *s)
{
	struct policy *p = NULL;
	struct err e = {{0}};
	enum rule r;

	if (policy_open(&p, po, &e) != 0) {
		(void)printf("%s\n", e.text);
		abort();
	}
	r = policy_decide(p, s);
	CU_ASSERT_EQUAL(policy_decide(p, s), r);
	CU_ASSERT_EQUAL(policy_mode(p), po->mode);
	policy_close(p);
	return r;
}

/* Each row is a policy with something else about it. */
static void
each_rule_has_its_say(void)
{
	static const struct {
		enum policy_mode mode;
		const char *const *protect, *const *exempt, *const *account, *const *path;
		enum rule rule;
	} cases[] = {
	    {POLICY_RESET, protect, NULL, NULL, NULL, RULE_CUT},
	    {POLICY_DRY_RUN, protect, NULL, NULL, NULL, RULE_CUT},
	    {POLICY_OFF, protect, NULL, NULL, NULL, RULE_OFF},
	    {POLICY_OFF, NULL, NULL, NULL, NULL, RULE_OFF},
	    {POLICY_RESET, everyone, NULL, NULL, NULL, RULE_CUT},
	    {POLICY_RESET, everyone_v6, NULL, NULL, NULL, RULE_OUTSIDE},
	    {POLICY_RESET, exempt, NULL, NULL, NULL, RULE_OUTSIDE},
	    {POLICY_RESET, protect, exempt, NULL, NULL, RULE_CUT},
	    {POLICY_RESET, protect, everyone, NULL, NULL, RULE_EXEMPT_HOST},
	    {POLICY_RESET, protect, NULL, accounts, NULL, RULE_CUT},
	    {POLICY_RESET, protect, NULL, NULL, two_paths, RULE_CUT},
	    {POLICY_RESET, protect, NULL, NULL, two_paths + 1, RULE_PATH},
	};
	struct policy_opts po = plain;
	struct suspect s = suspect();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		po.mode = cases[i].mode;
		po.protect = cases[i].protect;
		po.exempt = cases[i].exempt;
		po.exempt_account = cases[i].account;
		po.path = cases[i].path;
		CU_ASSERT_EQUAL(decide(&po, &s), cases[i].rule);
	}
}

static enum rule
decide_for(const struct policy_opts *po, const char *client, const char *server)
{
	struct suspect s = suspect();

	s.client = address(client);
	s.server = address(server);
	return decide(po, &s);
}

static void
nothing_outside_or_exempt_is_touched(void)
{
	struct policy_opts po = plain;

	po.exempt = exempt;
	CU_ASSERT_EQUAL(decide_for(&po, "10.1.255.255", "192.0.2.1"), RULE_CUT);
	CU_ASSERT_EQUAL(decide_for(&po, "10.2.0.0", "192.0.2.1"), RULE_OUTSIDE);
	CU_ASSERT_EQUAL(decide_for(&po, "192.0.2.1", "10.1.2.3"), RULE_OUTSIDE);
	CU_ASSERT_EQUAL(decide_for(&po, "2001:db8:1::7", "2001:db8:9::1"), RULE_CUT);
	CU_ASSERT_EQUAL(decide_for(&po, "2001:db8:2::7", "2001:db8:9::1"), RULE_OUTSIDE);
	CU_ASSERT_EQUAL(decide_for(&po, "10.1.9.1", "192.0.2.1"), RULE_EXEMPT_HOST);
	CU_ASSERT_EQUAL(decide_for(&po, "10.1.2.3", "192.0.2.50"), RULE_EXEMPT_HOST);
	CU_ASSERT_EQUAL(decide_for(&po, "10.9.9.9", "192.0.2.50"), RULE_OUTSIDE);
	/* What is written in one family is of that family. */
	po.protect = everyone_v6;
	CU_ASSERT_EQUAL(decide_for(&po, "2001:db8:2::7", "2001:db8:9::1"), RULE_CUT);
	po.protect = everyone;
	CU_ASSERT_EQUAL(decide_for(&po, "2001:db8:1::7", "2001:db8:9::1"), RULE_OUTSIDE);
}

static void
only_fresh_and_certain_evidence_counts(void)
{
	static const struct {
		int64_t age;
		enum rule rule;
	} ages[] = {{0, RULE_CUT}, {NS_PER_S, RULE_CUT}, {NS_PER_S + 1, RULE_STALE},
	    {-NS_PER_S, RULE_CUT}, {-NS_PER_S - 1, RULE_STALE},
	    {3600 * NS_PER_S, RULE_STALE}};
	struct suspect s = suspect();
	size_t i;

	for (i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
		s.seen = s.now - ages[i].age;
		CU_ASSERT_EQUAL(decide(&plain, &s), ages[i].rule);
	}
	s.seen = INT64_MAX;
	CU_ASSERT_EQUAL(decide(&plain, &s), RULE_STALE);
	s.seen = INT64_MIN;
	CU_ASSERT_EQUAL(decide(&plain, &s), RULE_STALE);
	s = suspect();
	s.confidence = CONFIDENCE_LIKELY;
	CU_ASSERT_EQUAL(decide(&plain, &s), RULE_UNSURE);
	s.confidence = CONFIDENCE_HINT;
	CU_ASSERT_EQUAL(decide(&plain, &s), RULE_UNSURE);
}

static enum rule
decide_account(const char *account, enum path path)
{
	struct policy_opts po = plain;
	struct suspect s = suspect();

	po.exempt_account = accounts;
	s.account = account;
	s.path = path;
	return decide(&po, &s);
}

static void
exempt_accounts_are_waited_for(void)
{
	struct suspect s = suspect();

	CU_ASSERT_EQUAL(decide_account("", PATH_DIRECT), RULE_WAIT);
	CU_ASSERT_EQUAL(decide_account("", PATH_GATEWAY), RULE_WAIT);
	CU_ASSERT_EQUAL(
	    decide_account("head@example.com", PATH_DIRECT), RULE_EXEMPT_ACCOUNT);
	CU_ASSERT_EQUAL(
	    decide_account("HEAD@EXAMPLE.COM", PATH_SOCKS), RULE_EXEMPT_ACCOUNT);
	CU_ASSERT_EQUAL(
	    decide_account("any@Staff.Example.com", PATH_DIRECT), RULE_EXEMPT_ACCOUNT);
	CU_ASSERT_EQUAL(decide_account("any@example.com", PATH_DIRECT), RULE_CUT);
	CU_ASSERT_EQUAL(decide_account("head@example.com.org", PATH_DIRECT), RULE_CUT);
	CU_ASSERT_EQUAL(decide_account("ahead@example.com", PATH_DIRECT), RULE_CUT);
	CU_ASSERT_EQUAL(decide_account("a@not-staff.example.com", PATH_DIRECT), RULE_CUT);
	CU_ASSERT_EQUAL(decide_account("staff.example.com", PATH_DIRECT), RULE_CUT);
	s.account = "";
	CU_ASSERT_EQUAL(decide(&plain, &s), RULE_CUT);
}

static void
shared_connections_and_conversations_take_a_word(void)
{
	struct policy_opts po = plain;
	struct suspect s = suspect();

	s.path = PATH_GATEWAY;
	s.via_proxy = true;
	CU_ASSERT_EQUAL(decide(&po, &s), RULE_PROXY);
	po.proxy = true;
	CU_ASSERT_EQUAL(decide(&po, &s), RULE_CUT);
	s.conversation = true;
	CU_ASSERT_EQUAL(decide(&po, &s), RULE_CONVERSATION);
	po.conversations = true;
	CU_ASSERT_EQUAL(decide(&po, &s), RULE_CUT);
	s.panic = true;
	CU_ASSERT_EQUAL(decide(&po, &s), RULE_PANIC);
}

static void
each_path_is_chosen_by_its_word(void)
{
	struct suspect s = suspect();
	struct policy_opts po = plain;
	unsigned chosen, p;

	for (chosen = 0; chosen < PATH_KINDS; chosen++) {
		const char *const list[] = {path_word((enum path)chosen), NULL};

		po.path = list;
		for (p = 0; p < PATH_KINDS; p++) {
			s.path = (enum path)p;
			CU_ASSERT_EQUAL(
			    decide(&po, &s), p == chosen ? RULE_CUT : RULE_PATH);
		}
	}
}

static enum rule
decide_at(const char *zone, const char *at)
{
	struct policy_opts po = plain;
	struct suspect s = suspect();

	po.hours = school;
	po.time_zone = zone;
	s.now = s.seen = local_time_utc(at) * NS_PER_S;
	return decide(&po, &s);
}

static void
hours_are_kept_in_their_zone(void)
{
	struct policy *p = NULL;
	struct err e = {{0}};
	struct policy_opts po = plain;

	po.time_zone = "Europe/Berlin";
	if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0) {
		CU_ASSERT_EQUAL(policy_open(&p, &po, &e), -1);
		(void)printf("skipped: no time zones here\n");
		return;
	}
	CU_ASSERT_EQUAL(decide_at("Europe/Berlin", "2026-11-23 06:59:59"), RULE_HOURS);
	CU_ASSERT_EQUAL(decide_at("Europe/Berlin", "2026-11-23 07:00:00"), RULE_CUT);
	CU_ASSERT_EQUAL(decide_at("Europe/Berlin", "2026-06-22 06:00:00"), RULE_CUT);
	CU_ASSERT_EQUAL(decide_at("Europe/Berlin", "2026-06-22 10:00:00"), RULE_HOURS);
	CU_ASSERT_EQUAL(decide_at("Europe/Berlin", "2026-11-28 08:30:00"), RULE_CUT);
	CU_ASSERT_EQUAL(decide_at("Asia/Kolkata", "2026-11-23 02:30:00"), RULE_CUT);
	CU_ASSERT_EQUAL(decide_at("Asia/Kolkata", "2026-11-23 02:29:59"), RULE_HOURS);
}

/* Random suspects: cut are the certain, fresh and inside that are exempt by nothing. */
static void
all_that_may_be_cut_is_and_nothing_else(void)
{
	struct policy_opts po = plain;
	struct policy *p = NULL;
	struct err e = {{0}};
	unsigned seed = 1, round, cut = 0;

	po.exempt = exempt;
	po.exempt_account = accounts;
	po.path = two_paths;
	if (policy_open(&p, &po, &e) != 0)
		abort();
	for (round = 0; round < 200000; round++) {
		uint8_t v4[4] = {10, 1, 2, 3}, to[4] = {192, 0, 2, 1};
		struct suspect s = suspect();
		unsigned bits;
		bool may;

		seed = seed * 1103515245 + 12345;
		bits = seed >> 12;
		v4[1] = (uint8_t)(bits & 1 ? 1 : bits >> 1 & 3);
		v4[2] = (uint8_t)(bits >> 3 & 1 ? 9 : 2);
		to[3] = (uint8_t)(bits >> 4 & 1 ? 50 : 1);
		s.client = addr_v4(v4);
		s.server = addr_v4(to);
		s.path = (enum path)(bits >> 5 & 3);
		s.confidence = bits >> 7 & 1 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
		s.account = bits >> 8 & 1   ? "pupil@example.com"
			    : bits >> 9 & 1 ? "head@example.com"
					    : "";
		s.conversation = (bits >> 10 & 3) == 0;
		s.via_proxy = (bits >> 12 & 3) == 0;
		s.panic = (bits >> 14 & 3) == 0;
		s.seen = s.now - (bits >> 16 & 3) * (NS_PER_S / 2);
		may = v4[1] == 1 && v4[2] != 9 && to[3] != 50 && s.path % 2 == 0 &&
		      s.confidence == CONFIDENCE_CERTAIN && s.account[0] == 'p' &&
		      !s.conversation && !s.via_proxy && !s.panic &&
		      s.now - s.seen <= NS_PER_S;
		CU_ASSERT_EQUAL_FATAL(policy_decide(p, &s) == RULE_CUT, may);
		cut += may;
	}
	CU_ASSERT_TRUE(cut > 500);
	policy_close(p);
}

void
suite_policy(void)
{
	CU_pSuite s = suite_new("policy");

	CASE(s, "each rule has its say", each_rule_has_its_say);
	CASE(s, "nothing outside or exempt is touched",
	    nothing_outside_or_exempt_is_touched);
	CASE(s, "only fresh and certain evidence counts",
	    only_fresh_and_certain_evidence_counts);
	CASE(s, "exempt accounts are waited for", exempt_accounts_are_waited_for);
	CASE(s, "shared connections and conversations take a word",
	    shared_connections_and_conversations_take_a_word);
	CASE(s, "each path is chosen by its word", each_path_is_chosen_by_its_word);
	CASE(s, "hours are kept in their zone", hours_are_kept_in_their_zone);
	CASE(s, "all that may be cut is, and nothing else",
	    all_that_may_be_cut_is_and_nothing_else);
}
