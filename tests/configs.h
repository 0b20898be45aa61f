/* A configuration in memory, and what was said of it. */
#ifndef TESTS_CONFIGS_H
#define TESTS_CONFIGS_H

#include "app/live_options.h"

struct configs {
	struct live_options lo;
	unsigned errors;
	char said[8192];
};

/* Reads text as the file "x.conf". */
void configs_read(struct configs *c, struct bytes text);

/* What config_print makes of it, in memory to be freed. */
char *configs_print(const struct configs *c);

/*
 * Any bytes are either told to be wrong, or a configuration that printed and read again
 * is the same.  Ends the program otherwise.
 */
void configs_hold(struct bytes text);

#endif
