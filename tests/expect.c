#include "tests/expect.h"

#include <CUnit/CUnit.h>
#include <stdio.h>

static void
check(bool holds, const char *what, const char *got)
{
	char text[256], *end;

	(void)snprintf(text, sizeof(text), "%s: %s", what, got);
	for (end = text; *end != '\0'; end++)
		if (*end == '\n' || *end == '\r')
			*end = ' ';
	(void)CU_assertImplementation(holds, 0, text, "a scene", "", CU_FALSE);
}

static void
check_attempt(const struct attempt *a, const char *what, enum outcome outcome,
    const char *account, unsigned dialect)
{
	char got[224];

	(void)snprintf(got, sizeof(got), "%s (%s) of \"%s\" in MSNP%u",
	    outcome_word(a->outcome), reason_word(a->reason), a->account, a->dialect);
	check(a->outcome == outcome, what, got);
	check(strcmp(a->account, account) == 0, what, got);
	check(a->dialect == dialect, what, got);
}

static void
check_count(const struct scene *s, const char *what, size_t n)
{
	char got[64];

	(void)snprintf(got, sizeof(got), "%zu attempts, not %zu", s->n_attempts, n);
	check(s->n_attempts == n, what, got);
}

void
expect_attempt(struct scene *s, const char *what, enum outcome outcome,
    const char *account, unsigned dialect)
{
	scene_end(s);
	check_count(s, what, 1);
	if (s->n_attempts != 0)
		check_attempt(&s->attempts[0], what, outcome, account, dialect);
	scene_free(s);
}

void
expect_usual(struct scene *s, const char *what)
{
	expect_attempt(s, what, OUTCOME_SIGNED_IN, USUAL_ACCOUNT, 12);
}

void
expect_nothing(struct scene *s, const char *what)
{
	scene_end(s);
	check_count(s, what, 0);
	if (s->n_attempts != 0)
		check_attempt(&s->attempts[0], what, OUTCOME_UNFINISHED, "", 0);
	scene_free(s);
}
