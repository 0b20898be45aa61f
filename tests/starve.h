/*
 * Memory that runs out on demand: the linker leads malloc, calloc, realloc and
 * strdup of the project's own code here (libraries keep theirs).
 */
#ifndef TESTS_STARVE_H
#define TESTS_STARVE_H

#include <stdbool.h>
#include <stddef.h>

/* The allocation after so many others fails, once. */
void starve_after(size_t allocations);

/* Ends that; true when an allocation was refused. */
bool starve_end(void);

#endif
