/*
 * Named counters, gathered from every room for the report and for the stats
 * event.  Names are dotted, "group.name", and are part of the published
 * output; help is one phrase for people.
 */
#ifndef BASE_COUNTERS_H
#define BASE_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNTERS_MAX 160

struct counter {
	const char *name; /* static string */
	const char *help; /* static string */
	uint64_t value;
	bool level; /* it goes down as well; the others only ever grow */
};

struct counters {
	struct counter c[COUNTERS_MAX];
	size_t n;
};

/* Appends one; silently full at COUNTERS_MAX, which a test keeps out of reach. */
static inline void
counters_add(struct counters *to, const char *name, const char *help, uint64_t value)
{
	if (to->n < COUNTERS_MAX)
		to->c[to->n++] = (struct counter){name, help, value, false};
}

/* The same for how much there is of something now, and for the most there was at once. */
static inline void
counters_level(struct counters *to, const char *name, const char *help, uint64_t value)
{
	size_t i = to->n;

	counters_add(to, name, help, value);
	if (to->n != i)
		to->c[i].level = true;
}

#endif
