#include "detect/judge.h"
#include "tests/suite.h"

static enum resolve_verdict
judged(const struct judge *j, const char *address)
{
	struct addr a;

	if (!addr_parse(address, &a))
		abort();
	return judge_address(j, &a);
}

static void
addresses_that_lead_nowhere_are_told_apart(void)
{
	const char *const own[] = {
	    "192.168.1.250", "198.51.100.0/24", "2001:db8:5::/48", NULL};
	struct err e = {""};
	struct judge j;

	CU_ASSERT_EQUAL_FATAL(judge_init(&j, own, &e), 0);
	CU_ASSERT_EQUAL(judged(&j, "127.0.0.1"), RESOLVE_LOOPBACK);
	CU_ASSERT_EQUAL(judged(&j, "127.255.0.9"), RESOLVE_LOOPBACK);
	CU_ASSERT_EQUAL(judged(&j, "::ffff:127.0.0.1"), RESOLVE_LOOPBACK);
	CU_ASSERT_EQUAL(judged(&j, "::1"), RESOLVE_LOOPBACK);
	CU_ASSERT_EQUAL(judged(&j, "0.0.0.0"), RESOLVE_UNSPECIFIED);
	CU_ASSERT_EQUAL(judged(&j, "::"), RESOLVE_UNSPECIFIED);
	CU_ASSERT_EQUAL(judged(&j, "192.168.1.250"), RESOLVE_SINKHOLE);
	CU_ASSERT_EQUAL(judged(&j, "198.51.100.77"), RESOLVE_SINKHOLE);
	CU_ASSERT_EQUAL(judged(&j, "2001:db8:5::9"), RESOLVE_SINKHOLE);
	CU_ASSERT_EQUAL(judged(&j, "192.168.1.251"), RESOLVE_GOOD);
	CU_ASSERT_EQUAL(judged(&j, "0.0.0.1"), RESOLVE_GOOD);
	CU_ASSERT_EQUAL(judged(&j, "2001:db8:6::9"), RESOLVE_GOOD);
	CU_ASSERT_EQUAL(judge_init(&j, NULL, &e), 0);
	CU_ASSERT_EQUAL(judged(&j, "192.168.1.250"), RESOLVE_GOOD);
}

static void
bad_sinkholes_are_named(void)
{
	const char *const wrong[] = {"192.0.2.0/24", "sinkhole.example", NULL};
	const char *many[JUDGE_SINKHOLES_MAX + 2];
	struct judge j;
	struct err e = {""};
	int i;

	CU_ASSERT_EQUAL(judge_init(&j, wrong, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "sinkhole.example: not an address"));
	for (i = 0; i < JUDGE_SINKHOLES_MAX + 1; i++)
		many[i] = wrong[0];
	many[i] = NULL;
	e.text[0] = '\0';
	CU_ASSERT_EQUAL(judge_init(&j, many, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "more than 64 sinkholes"));
	CU_ASSERT_EQUAL(judge_init(&j, many + 1, &e), 0);
}

void
suite_judge(void)
{
	CU_pSuite s = suite_new("judge");

	CASE(s, "addresses that lead nowhere are told apart",
	    addresses_that_lead_nowhere_are_told_apart);
	CASE(s, "bad sinkholes are named", bad_sinkholes_are_named);
}
