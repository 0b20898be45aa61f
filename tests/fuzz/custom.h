/*
 * For a fuzz target of dialogues: the fuzzer changes rows, not bytes.  Included by the
 * target alone; onefile.c, which has no fuzzer, changes each input some times as well.
 */
#ifndef TESTS_FUZZ_CUSTOM_H
#define TESTS_FUZZ_CUSTOM_H

#include "tests/row_mutator.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b,
    size_t b_size, uint8_t *out, size_t max, unsigned seed);

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	return row_mutate(data, size, max, seed);
}

size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b,
    size_t b_size, uint8_t *out, size_t max, unsigned seed)
{
	const struct row_parents of = {{a, b}, {a_size, b_size}};

	return row_cross(&of, out, max, seed);
}

#endif
