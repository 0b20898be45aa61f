#include "tests/expect.h"

#include <CUnit/CUnit.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void
check(bool holds, const char *what, const char *got)
{
	char text[1024], *end;

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

#define TOLD_MAX 4096

/* Text that grows; what does not fit ends the run. */
struct told {
	char text[TOLD_MAX];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void
put(struct told *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->text + t->n, TOLD_MAX - t->n, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= TOLD_MAX - t->n)
		abort();
	t->n += (size_t)n;
}

static void
put_path(struct told *t, const struct path_try *p)
{
	char by[ADDR_TEXT_MAX];

	put(t, " %s %s", path_word(p->path), result_word(p->outcome, p->reason));
	if (p->count != 1)
		put(t, " x%u", p->count);
	if (p->reason == REASON_NO_ANSWER && p->syns != 0)
		put(t, " of %u SYNs", p->syns);
	if (p->code != 0)
		put(t, " code %u", p->code);
	if (!addr_is_unset(&p->by))
		put(t, " by %s", addr_text(&p->by, by));
	if (p->forged)
		put(t, " forged");
}

static void
put_attempt(struct told *t, const struct event *ev)
{
	const struct attempt *a = &ev->u.attempt;
	char host[ADDR_TEXT_MAX];
	uint8_t i;

	put(t, "%s%s %s", t->n != 0 ? "\n" : "", addr_text(&ev->tuple.client.addr, host),
	    outcome_word(a->outcome));
	if (a->account[0] != '\0')
		put(t, " %s", a->account);
	put(t, "%s:", a->fallback ? " fallback" : "");
	for (i = 0; i < a->n_paths; i++) {
		put_path(t, &a->paths[i]);
		put(t, "%s", i + 1 < a->n_paths ? "," : "");
	}
}

void
expect_told(struct scene *s, const char *what, const char *want)
{
	static struct told t;
	size_t i;

	scene_end(s);
	t.n = 0;
	t.text[0] = '\0';
	for (i = 0; i < s->n_attempts; i++)
		put_attempt(&t, &s->attempt_events[i]);
	check(strcmp(t.text, want) == 0, what, t.text);
	scene_free(s);
}
