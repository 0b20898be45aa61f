/*
 * Keyed hashing for tables that strangers can fill.  The key is drawn at
 * start, so nobody outside can choose colliding keys.  Results are never
 * printed and never decide an order.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct hash_key {
	uint64_t k[4];
};

/* Draws a key from the system's random source. */
void hash_key_draw(struct hash_key *key);

static inline uint64_t
hash_mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Hashes n bytes, n > 0. */
static inline uint64_t
hash_bytes(const struct hash_key *key, const void *data, size_t n)
{
	const uint8_t *p = data;
	uint64_t a = 0, b = 0, h = key->k[0] ^ n;
	size_t at;

	for (at = 0; n - at > 16; at += 16) {
		memcpy(&a, p + at, 8);
		memcpy(&b, p + at + 8, 8);
		h = hash_mix(a ^ key->k[1], b ^ h);
	}
	if (n >= 16) {
		/* The last 16 bytes, some for the second time: faster than a piece. */
		memcpy(&a, p + n - 16, 8);
		memcpy(&b, p + n - 8, 8);
	} else if (n >= 8) {
		memcpy(&a, p, 8);
		memcpy(&b, p + n - 8, 8);
	} else {
		memcpy(&a, p, n);
	}
	h = hash_mix(a ^ key->k[2], b ^ h);
	return hash_mix(h ^ key->k[3], key->k[1]);
}

#endif
