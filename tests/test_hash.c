#include "base/hash.h"
#include "base/table.h"
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

/* Keys that share one of 2^11 buckets under the fixed key, found by trying. */
#define CHOSEN  1000
#define BUCKETS 2048

struct chosen {
	uint8_t key[CHOSEN][12];
};

static const struct chosen *
choose(void)
{
	static struct chosen c;
	uint64_t tried = 0;
	size_t n = 0;

	memset(&c, 0, sizeof(c));
	for (; n < CHOSEN; tried++) {
		memcpy(c.key[n], &tried, sizeof(tried));
		n += hash_bytes(&fixed, c.key[n], 12) % BUCKETS == 7;
	}
	return &c;
}

static unsigned
most_in_a_bucket(const struct hash_key *key, const struct chosen *c)
{
	unsigned in[BUCKETS] = {0}, most = 0;
	size_t i, b;

	for (i = 0; i < CHOSEN; i++) {
		b = hash_bytes(key, c->key[i], 12) % BUCKETS;
		most = ++in[b] > most ? in[b] : most;
	}
	return most;
}

static void
keys_chosen_to_collide_do_not_under_another_key(void)
{
	const struct chosen *c = choose();
	struct hash_key key;
	unsigned i;

	CU_ASSERT_EQUAL(most_in_a_bucket(&fixed, c), CHOSEN);
	for (i = 0; i < 200; i++) {
		hash_key_draw(&key);
		CU_ASSERT_TRUE(most_in_a_bucket(&key, c) <= 12);
	}
}

/* Which buckets hold anything is seen from outside; who is in them is not. */
static size_t
buckets_taken(const struct table *t, bool taken[BUCKETS])
{
	size_t b, n = 0;

	for (b = 0; b < BUCKETS; b++) {
		taken[b] = table_may_hold(t, b);
		n += taken[b];
	}
	return n;
}

static void
every_table_has_a_key_of_its_own(void)
{
	const struct chosen *c = choose();
	struct table_opts opts = {CHOSEN, sizeof(c->key[0]), sizeof(c->key[0])};
	bool taken[2][BUCKETS];
	struct table *t[2];
	size_t i, k, same = 0;
	struct err e;

	for (k = 0; k < 2; k++) {
		CU_ASSERT_EQUAL_FATAL(table_open(&t[k], &opts, &e), 0);
		for (i = 0; i < CHOSEN; i++)
			CU_ASSERT_PTR_NOT_NULL(table_add(t[k], c->key[i]));
		/* 791 are expected; 650 is some ten deviations away. */
		CU_ASSERT_TRUE(buckets_taken(t[k], taken[k]) > 650);
	}
	for (i = 0; i < BUCKETS; i++)
		same += taken[0][i] == taken[1][i];
	CU_ASSERT_TRUE(same < BUCKETS * 3 / 4);
	table_close(t[0]);
	table_close(t[1]);
}

void
suite_hash(void)
{
	CU_pSuite s = suite_new("hash");

	CASE(s, "every length is read exactly", every_length_is_read_exactly);
	CASE(s, "every bit of the input counts", every_bit_of_the_input_counts);
	CASE(s, "drawn keys differ", drawn_keys_differ);
	CASE(s, "keys chosen to collide do not under another key",
	    keys_chosen_to_collide_do_not_under_another_key);
	CASE(s, "every table has a key of its own", every_table_has_a_key_of_its_own);
}
