/* Wire integers, of numbers that are known to fit. */
#ifndef TESTS_PUT_H
#define TESTS_PUT_H

#include "base/bytes.h"

static inline void
put16(uint8_t *p, size_t v)
{
	store_be16(p, (uint16_t)v);
}

#endif
