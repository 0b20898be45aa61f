/* What becomes of files: each way is one that disks, transfers or people have. */
#ifndef TESTS_DAMAGE_DAMAGE_H
#define TESTS_DAMAGE_DAMAGE_H

#include "base/bytes.h"

enum damage {
	DAMAGE_BITS,    /* a few bits flipped anywhere */
	DAMAGE_HEADER,  /* a byte within the header of a record changed */
	DAMAGE_LENGTH,  /* four bytes of such a header say something odd */
	DAMAGE_CUT,     /* the end is missing */
	DAMAGE_HOLE,    /* a block is missing */
	DAMAGE_TWICE,   /* a block is there twice */
	DAMAGE_SWAP,    /* two blocks have changed places */
	DAMAGE_RUBBISH, /* a block is of something else */
	DAMAGE_ZEROES,  /* a block is empty */
};

#define DAMAGES (DAMAGE_ZEROES + 1)

const char *damage_word(enum damage d);

/* Bytes with room for as many more; where headers of records begin, if it is known. */
struct victim {
	uint8_t *b;
	size_t n;
	size_t max;
	const size_t *header;
	size_t headers;
};

void damage_do(struct victim *v, enum damage d, uint64_t *rng);

#endif
