/*
 * Changes dialogues of rows (tests/rows.h) as somebody hostile, or a broken network,
 * might: rows swapped, doubled, dropped, moved, said by the other side, cut, joined;
 * tokens and numbers changed; stated lengths made right again, so that what was changed
 * is also reached behind them.  Same seed, same change.
 */
#ifndef TESTS_ROW_MUTATOR_H
#define TESTS_ROW_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

#define ROW_MUTATOR_MAX 32768 /* bytes of a dialogue; what lies beyond is dropped */

/* Changes data in place; at most max bytes.  Returns how many there are. */
size_t row_mutate(uint8_t *data, size_t size, size_t max, unsigned seed);

/* Puts rows of two dialogues together. */
struct row_parents {
	const uint8_t *data[2];
	size_t size[2];
};
size_t row_cross(const struct row_parents *of, uint8_t *out, size_t max, unsigned seed);

/* Only makes every stated length right. */
size_t row_mend(uint8_t *data, size_t size, size_t max);

#endif
