#include "base/hash.h"
#include "tests/guard.h"
#include "tests/suite.h"

static const struct hash_key fixed = {
    {0x243f6a8885a308d3, 0x13198a2e03707345, 0xa4093822299f31d1, 0x082efa98ec4e6c89}};

static void
every_length_is_read_exactly(void)
{
	uint8_t data[64] = {0};
	uint64_t h[65];
	size_t n, k;

	for (n = 1; n <= 64; n++)
		h[n] = hash_bytes(&fixed, guard_copy(data, n).p, n);
	for (n = 1; n <= 64; n++)
		for (k = n + 1; k <= 64; k++)
			CU_ASSERT_NOT_EQUAL(h[n], h[k]);
}

static void
every_bit_of_the_input_counts(void)
{
	uint8_t data[36] = {0};
	uint64_t whole = hash_bytes(&fixed, data, 36);
	size_t bit;
	unsigned least = 64, changed;

	for (bit = 0; bit < 36 * 8; bit++) {
		data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		changed =
		    (unsigned)__builtin_popcountll(whole ^ hash_bytes(&fixed, data, 36));
		least = changed < least ? changed : least;
		data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	CU_ASSERT_TRUE(least >= 12);
}

static void
drawn_keys_differ(void)
{
	struct hash_key a, b;

	hash_key_draw(&a);
	hash_key_draw(&b);
	CU_ASSERT_NOT_EQUAL(memcmp(&a, &b, sizeof(a)), 0);
	CU_ASSERT_NOT_EQUAL(
	    hash_bytes(&a, "messenger", 9), hash_bytes(&b, "messenger", 9));
}

void
suite_hash(void)
{
	CU_pSuite s = suite_new("hash");

	CASE(s, "every length is read exactly", every_length_is_read_exactly);
	CASE(s, "every bit of the input counts", every_bit_of_the_input_counts);
	CASE(s, "drawn keys differ", drawn_keys_differ);
}
