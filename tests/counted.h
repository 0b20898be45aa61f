/* What one of many counters says. */
#ifndef TESTS_COUNTED_H
#define TESTS_COUNTED_H

#include <stdlib.h>
#include <string.h>

#include "base/counters.h"

/* There must be one of that name. */
static inline uint64_t
counter_of(const struct counters *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->c[i].name, name) == 0)
			return c->c[i].value;
	abort();
}

#endif
