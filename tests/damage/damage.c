#include "tests/damage/damage.h"

#include "tests/rows.h"

#define HEADER_SIZE 28 /* of a pcapng packet block; of pcap 16, and the frame's start */
#define BLOCK_MAX   4096

const char *
damage_word(enum damage d)
{
	static const char *const words[] = {"bits flipped", "a header changed",
	    "an odd length", "cut", "a hole", "a block twice", "blocks swapped",
	    "rubbish", "zeroes"};

	return words[d];
}

static size_t
draw(uint64_t *rng, size_t below)
{
	return rows_draw(rng, (uint32_t)below);
}

static void
flip_bits(struct victim *v, uint64_t *rng)
{
	size_t left, at;

	for (left = 1 + draw(rng, 8); left > 0; left--) {
		at = draw(rng, v->n);
		v->b[at] ^= (uint8_t)(1U << draw(rng, 8));
	}
}

static size_t
header_of(const struct victim *v, uint64_t *rng)
{
	return v->headers != 0 ? v->header[draw(rng, v->headers)] : 0;
}

static void
change_header(struct victim *v, uint64_t *rng)
{
	size_t at = header_of(v, rng) + draw(rng, HEADER_SIZE);

	at = at < v->n ? at : v->n - 1;
	v->b[at] = (uint8_t)(draw(rng, 2) != 0 ? draw(rng, 256) : 255 * draw(rng, 2));
}

static void
odd_length(struct victim *v, uint64_t *rng)
{
	static const uint32_t odd[] = {0, 1, 12, 13, 65536, 262144, 262145, 0x7fffffff,
	    0x80000000, 0xfffffff0, 0xffffffff};
	uint32_t value = odd[draw(rng, sizeof(odd) / sizeof(odd[0]))];
	size_t at = header_of(v, rng) + 4 * draw(rng, HEADER_SIZE / 4), i;
	bool big = draw(rng, 2) != 0;

	at = at + 4 <= v->n ? at : v->n - 4;
	for (i = 0; i < 4; i++)
		v->b[at + i] = (uint8_t)(value >> 8 * (big ? 3 - i : i));
}

/* Part of the victim: where, and of what length. */
static size_t
block_of(const struct victim *v, uint64_t *rng, size_t *n)
{
	size_t at = draw(rng, v->n);

	*n = 1 + draw(rng, BLOCK_MAX);
	*n = *n < v->n - at ? *n : v->n - at;
	return at;
}

static void
take_out(struct victim *v, uint64_t *rng)
{
	size_t n, at = block_of(v, rng, &n);

	memmove(v->b + at, v->b + at + n, v->n - at - n);
	v->n -= n;
}

static void
put_twice(struct victim *v, uint64_t *rng)
{
	size_t n, from = block_of(v, rng, &n), to = draw(rng, v->n + 1);
	uint8_t copy[BLOCK_MAX];

	n = n < v->max - v->n ? n : v->max - v->n;
	memcpy(copy, v->b + from, n);
	memmove(v->b + to + n, v->b + to, v->n - to);
	memcpy(v->b + to, copy, n);
	v->n += n;
}

static void
swap_blocks(struct victim *v, uint64_t *rng)
{
	size_t n, a = block_of(v, rng, &n), b = draw(rng, v->n - n + 1), i;
	uint8_t byte;

	for (i = 0; i < n; i++) {
		byte = v->b[a + i];
		v->b[a + i] = v->b[b + i];
		v->b[b + i] = byte;
	}
}

static void
overwrite(struct victim *v, uint64_t *rng, bool zeroes)
{
	size_t n, at = block_of(v, rng, &n), i;

	for (i = 0; i < n; i++)
		v->b[at + i] = (uint8_t)(zeroes ? 0 : draw(rng, 256));
}

void
damage_do(struct victim *v, enum damage d, uint64_t *rng)
{
	switch (d) {
	case DAMAGE_BITS:
		flip_bits(v, rng);
		break;
	case DAMAGE_HEADER:
		change_header(v, rng);
		break;
	case DAMAGE_LENGTH:
		odd_length(v, rng);
		break;
	case DAMAGE_CUT:
		v->n = draw(rng, v->n);
		break;
	case DAMAGE_HOLE:
		take_out(v, rng);
		break;
	case DAMAGE_TWICE:
		put_twice(v, rng);
		break;
	case DAMAGE_SWAP:
		swap_blocks(v, rng);
		break;
	case DAMAGE_RUBBISH:
		overwrite(v, rng, false);
		break;
	case DAMAGE_ZEROES:
		overwrite(v, rng, true);
		break;
	}
}
