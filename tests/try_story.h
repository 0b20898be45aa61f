/* Stories of tries: what came of them, in words. */
#ifndef TESTS_TRY_STORY_H
#define TESTS_TRY_STORY_H

#include <stdio.h>

#include "tests/story.h"
#include "tests/suite.h"

#define HOST 7

#define ANN "ann@example.com"
#define BOB "bob@example.com"

/*
 * "direct refused x2, gateway signed-in": what the i-th attempt told says of its paths.
 */
static inline const char *
paths(const struct story *s, size_t i)
{
	static char text[512];
	const struct attempt *a;
	const struct path_try *p;
	size_t n = 0;

	CU_ASSERT_FATAL(i < s->n_told);
	a = &s->told[i].u.attempt;
	text[0] = '\0';
	for (p = a->paths; p < a->paths + a->n_paths; p++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s %s",
		    n != 0 ? ", " : "", path_word(p->path),
		    result_word(p->outcome, p->reason));
		if (p->count != 1)
			n += (size_t)snprintf(
			    text + n, sizeof(text) - n, " x%u", p->count);
	}
	return text;
}

/* The capture ends; one attempt came of it, of that outcome, with those paths. */
static inline const struct attempt *
one(struct story *s, enum outcome outcome, const char *want)
{
	story_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_told, 1);
	CU_ASSERT_EQUAL(s->told[0].u.attempt.outcome, outcome);
	CU_ASSERT_STRING_EQUAL(paths(s, 0), want);
	return &s->told[0].u.attempt;
}

/* A sign-in of its own connection, that of a try that was answered before. */
static inline struct party *
sign_in(struct story *s, uint8_t host, enum path path, const char *account)
{
	struct party *p = story_party(s, host, path);

	story_name(s, p, account);
	story_yes(s, p, account);
	return p;
}

#endif
