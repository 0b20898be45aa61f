/*
 * Dialogues as scripts: one line of MSNP a row, "C " or "S " before it says who speaks,
 * CR LF follows it on the wire.
 */
#ifndef TESTS_DIALOGUE_H
#define TESTS_DIALOGUE_H

#include <stdio.h>

#include "detect/signin.h"

#define DIALOGUE_LINE_MAX 1024

/* The next row of *script as wire bytes in line; false at the end. */
static inline bool
dialogue_next(const char **script, enum side *side, char line[DIALOGUE_LINE_MAX])
{
	size_t n = bytes_find(bytes_str(*script), '\n');

	if (**script == '\0' || n < 2 || n > DIALOGUE_LINE_MAX - 3)
		return false;
	*side = **script == 'C' ? SIDE_CLIENT : SIDE_SERVER;
	(void)snprintf(line, DIALOGUE_LINE_MAX, "%.*s\r\n", (int)n - 2, *script + 2);
	*script += (*script)[n] == '\n' ? n + 1 : n;
	return true;
}

/* What the sign-in machine knows after a script. */
static inline struct signin
dialogue_hear(const struct signin_view *view, const char *script)
{
	struct signin s = {0};
	char text[DIALOGUE_LINE_MAX];
	struct msnp_line line;
	enum side side;

	while (dialogue_next(&script, &side, text))
		if (msnp_line(bytes_str(text), &line) > 0)
			signin_line(&s, view, side, &line);
	return s;
}

#endif
