#define _POSIX_C_SOURCE 200809L
#include "app/sandbox_rules.h"

#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/suite.h"

#define MANUAL SOURCE_DIR "/doc/privileges.md"

static const char *
result_of(enum sandbox_act act)
{
	if (act == SANDBOX_KILL)
		return "killed";
	return act == SANDBOX_ABSENT ? "refused" : "allowed";
}

static void
row_of(const struct sandbox_rule *rule, char *out, size_t size)
{
	(void)snprintf(out, size, "| %s | `%s` | %s | %s |\n", result_of(rule->act),
	    rule->calls, rule->limit, rule->why);
}

/* The rows of the manual's table, one by one. */
static bool
next_row(FILE *manual, char *out, int size)
{
	while (fgets(out, size, manual) != NULL)
		if (strncmp(out, "| allowed |", 11) == 0 ||
		    strncmp(out, "| refused |", 11) == 0 ||
		    strncmp(out, "| killed |", 10) == 0)
			return true;
	return false;
}

static void
the_manual_lists_the_rules(void)
{
	const struct sandbox_rules all = sandbox_rules();
	char want[1024], got[1024];
	FILE *manual = fopen(MANUAL, "r");
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(manual);
	for (i = 0; i < all.n; i++) {
		row_of(&all.rule[i], want, sizeof(want));
		if (!next_row(manual, got, sizeof(got)) || strcmp(got, want) != 0)
			break;
	}
	if (i < all.n)
		(void)fprintf(
		    stderr, "%s: its row %zu should be\n%s", MANUAL, i + 1, want);
	CU_ASSERT_EQUAL(i, all.n);
	CU_ASSERT_FALSE(next_row(manual, got, sizeof(got)));
	(void)fclose(manual);
}

/* How often a call is named by the rules with that act, or by all with -1. */
static unsigned
times(const char *call, size_t n, int act)
{
	const struct sandbox_rules all = sandbox_rules();
	unsigned found = 0;
	const char *at;
	size_t i, len;

	for (i = 0; i < all.n; i++) {
		for (at = all.rule[i].calls; *at != '\0'; at += len + (at[len] == ' ')) {
			len = strcspn(at, " ");
			found += len == n && memcmp(at, call, n) == 0 &&
				 (act == -1 || all.rule[i].act == (enum sandbox_act)act);
		}
	}
	return found;
}

static void
every_call_exists_and_has_one_rule(void)
{
	const struct sandbox_rules all = sandbox_rules();
	char name[64];
	const char *at;
	size_t i, n;

	for (i = 0; i < all.n; i++) {
		for (at = all.rule[i].calls; *at != '\0'; at += n + (at[n] == ' ')) {
			n = strcspn(at, " ");
			CU_ASSERT_FATAL(n > 0 && n < sizeof(name));
			memcpy(name, at, n);
			name[n] = '\0';
			CU_ASSERT_EQUAL(times(name, n, -1), 1);
			CU_ASSERT_NOT_EQUAL(
			    seccomp_syscall_resolve_name(name), __NR_SCMP_ERROR);
		}
	}
}

static void
cases_are_of_calls_that_have_them(void)
{
	const struct sandbox_cases all = sandbox_cases();
	size_t i;

	for (i = 0; i < all.n; i++) {
		const char *call = all.c[i].call;

		CU_ASSERT_EQUAL(times(call, strlen(call), SANDBOX_CASES) +
				    times(call, strlen(call), SANDBOX_FENCE),
		    1);
		CU_ASSERT(all.c[i].n == 1 || all.c[i].n == 2);
	}
}

void
suite_sandbox_rules(void)
{
	CU_pSuite s = suite_new("sandbox_rules");

	CASE(s, "the manual lists the rules", the_manual_lists_the_rules);
	CASE(s, "every call exists and has one rule", every_call_exists_and_has_one_rule);
	CASE(s, "cases are of calls that have them", cases_are_of_calls_that_have_them);
}
