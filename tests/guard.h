/*
 * Input flush against a page that cannot be read: a parser that looks one byte too far
 * crashes, with or without a sanitizer.
 */
#ifndef TESTS_GUARD_H
#define TESTS_GUARD_H

#include "base/bytes.h"

/* A copy of data (at most 1 MiB) that ends at the guard page, until the next call. */
struct bytes guard_copy(const void *data, size_t n);

#endif
