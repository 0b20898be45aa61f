/*
 * A dialogue of rows played over TCP through a whole pipeline, its bytes cut, shuffled,
 * doubled and overlapping as a cutting says.  Packet times are those of the turns, so what
 * is told must be the same to the letter.
 */
#ifndef TESTS_SEGMENTS_H
#define TESTS_SEGMENTS_H

#include "tests/rows.h"

#define SEGMENTS_TOLD_MAX 65536

/* Events as JSON lines, without the numbers of frames. */
struct told {
	char text[SEGMENTS_TOLD_MAX];
	size_t n;
};

void segments_play(struct told *told, const struct rows *d, enum cutting how);

#endif
