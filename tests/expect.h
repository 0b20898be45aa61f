/* What a scene must have come to.  Each of these ends the scene and frees it. */
#ifndef TESTS_EXPECT_H
#define TESTS_EXPECT_H

#include "tests/scene.h"

/* One attempt and no other.  what: the variant, for the message of a failure. */
void expect_attempt(struct scene *s, const char *what, enum outcome outcome,
    const char *account, unsigned dialect);

/* The same with the sign-in of the usual dialogue. */
void expect_usual(struct scene *s, const char *what);

/* Nothing at all, hints aside, is told. */
void expect_nothing(struct scene *s, const char *what);

/*
 * The attempts told, a line each, hints left out: "10.0.0.7 signed-in a@example.com
 * fallback: direct refused x2, gateway signed-in".  An account that is not known is left
 * out; a path adds "x2" for its tries, "of 3 SYNs", "code 407", "by 10.0.0.1", "forged".
 */
void expect_told(struct scene *s, const char *what, const char *want);

/* The account that line_sign_in is given by those who use expect_usual. */
#define USUAL_ACCOUNT "a@example.com"

#endif
