#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "enforce/policy.h"
#include "tests/starve.h"
#include "tests/suite.h"

static const char *const protect[] = {"10.1.0.0/16", NULL};
static const struct policy_opts plain = {
    .mode = POLICY_RESET, .protect = protect, .limits = {60, 600}};

static void
the_panic_file_is_seen_when_it_is_there(void)
{
	char folder[] = "/tmp/policy.XXXXXX", path[64], long_name[300] = "/tmp/";
	struct policy_opts po = plain;
	struct policy *p = NULL;
	struct err e = {{0}};
	FILE *f;

	if (mkdtemp(folder) == NULL)
		abort();
	(void)snprintf(path, sizeof(path), "%s/panic", folder);
	po.panic_path = path;
	CU_ASSERT_EQUAL_FATAL(policy_open(&p, &po, &e), 0);
	CU_ASSERT_FALSE(policy_panic(p));
	f = fopen(path, "w");
	if (f == NULL || fclose(f) != 0)
		abort();
	CU_ASSERT_TRUE(policy_panic(p));
	(void)unlink(path);
	CU_ASSERT_FALSE(policy_panic(p));
	if (symlink("nowhere", path) != 0)
		abort();
	CU_ASSERT_TRUE(policy_panic(p));
	(void)unlink(path);
	(void)rmdir(folder);
	CU_ASSERT_FALSE(policy_panic(p));
	policy_close(p);
	/* What cannot be told stops as well. */
	memset(long_name + 5, 'x', sizeof(long_name) - 6);
	po.panic_path = long_name;
	CU_ASSERT_EQUAL_FATAL(policy_open(&p, &po, &e), 0);
	CU_ASSERT_TRUE(policy_panic(p));
	policy_close(p);
	CU_ASSERT_EQUAL_FATAL(policy_open(&p, &plain, &e), 0);
	CU_ASSERT_FALSE(policy_panic(p));
	policy_close(p);
}

/* What is said of settings that cannot be. */
static void
cannot_be(const struct policy_opts *po, const char *said)
{
	struct policy *p = NULL;
	struct err e = {{0}};

	CU_ASSERT_EQUAL(policy_open(&p, po, &e), -1);
	CU_ASSERT_PTR_NULL(p);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, said));
}

static void
settings_that_cannot_be_are_refused(void)
{
	static const char *const no_net[] = {"10.0.0.0/33", NULL};
	static const char *const no_account[] = {"someone", NULL};
	static const char *const no_path[] = {"Direct", NULL};
	static const char *const no_hours[] = {"always", NULL};
	static char long_path[5000];
	const char *many[POLICY_LIST_MAX + 2];
	struct policy_opts po = {.mode = POLICY_DRY_RUN};
	size_t i;

	cannot_be(&po, "no networks to protect");
	po = plain;
	po.exempt = no_net;
	cannot_be(&po, "not '10.0.0.0/33'");
	po = plain;
	po.exempt_account = no_account;
	cannot_be(&po, "not 'someone'");
	po = plain;
	po.path = no_path;
	cannot_be(&po, "direct, gateway, connect or socks, not 'Direct'");
	po = plain;
	po.hours = no_hours;
	cannot_be(&po, "'always' is no day");
	po = plain;
	po.time_zone = "Nowhere";
	cannot_be(&po, "zone");
	po = plain;
	memset(long_path, 'x', sizeof(long_path) - 1);
	po.panic_path = long_path;
	cannot_be(&po, "too long");
	for (i = 0; i <= POLICY_LIST_MAX; i++)
		many[i] = "10.0.0.1";
	many[i] = NULL;
	po = plain;
	po.protect = many;
	cannot_be(&po, "more than 64 networks");
	for (i = 0; i <= POLICY_LIST_MAX; i++)
		many[i] = "a@b";
	po = plain;
	po.exempt_account = many;
	cannot_be(&po, "more than 64 accounts");
	po = plain;
	starve_after(0);
	cannot_be(&po, "out of memory");
	(void)starve_end();
}

static void
accounts_are_told_from_what_is_none(void)
{
	static const char *const good[] = {
	    "a@b", "*@b", "First.Last@Example.com", "\xc3\xa9@example.com"};
	static const char *const bad[] = {"", "a", "@", "a@", "@b", "*", "*a@b", "a*@b",
	    "*@*", "*@*.b", "a@b@c", "a\\@b", "a@b\x1b", "**@b"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err e = {{0}};

		CU_ASSERT_EQUAL(policy_check_account(good[i], &e), 0);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {{0}};

		CU_ASSERT_EQUAL(policy_check_account(bad[i], &e), -1);
		CU_ASSERT_PTR_EQUAL(e.text, strstr(e.text, "wants an account, such as "));
	}
}

static void
rules_have_words(void)
{
	unsigned a, b;

	for (a = 0; a < RULES; a++) {
		CU_ASSERT_NOT_EQUAL(rule_text((enum rule)a)[0], '\0');
		for (b = 0; b < a; b++)
			CU_ASSERT_STRING_NOT_EQUAL(
			    rule_word((enum rule)a), rule_word((enum rule)b));
	}
	CU_ASSERT_STRING_EQUAL(rule_word(RULE_CUT), "cut");
	CU_ASSERT_STRING_EQUAL(rule_word(RULE_WAIT), "wait");
	CU_ASSERT_STRING_EQUAL(rule_word(RULE_TOTAL_LIMIT), "total-limit");
}

void
suite_policy_settings(void)
{
	CU_pSuite s = suite_new("policy_settings");

	CASE(s, "the panic file is seen when it is there",
	    the_panic_file_is_seen_when_it_is_there);
	CASE(s, "settings that cannot be are refused",
	    settings_that_cannot_be_are_refused);
	CASE(s, "accounts are told from what is none",
	    accounts_are_told_from_what_is_none);
	CASE(s, "rules have words", rules_have_words);
}
