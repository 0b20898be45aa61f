#include "base/hash.h"

#include <sys/random.h>

void
hash_key_draw(struct hash_key *key)
{
	size_t i;

	if (getrandom(key->k, sizeof(key->k), 0) != (ssize_t)sizeof(key->k))
		memset(key->k, 0, sizeof(key->k));
	/* Odd words keep the multiplication from losing a factor of zero. */
	for (i = 0; i < 4; i++)
		key->k[i] |= 1;
}
