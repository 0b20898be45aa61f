/*
 * A dialogue of rows played over TCP through a whole pipeline, its bytes cut, shuffled,
 * doubled and overlapping as a cutting says.  Packet times are those of the turns, so
 * what is told must be the same to the letter.
 */
#ifndef TESTS_SEGMENTS_H
#define TESTS_SEGMENTS_H

#include "tests/rows.h"

#define SEGMENTS_TOLD_MAX 65536

struct told {
	char
	    text[SEGMENTS_TOLD_MAX]; /* events as JSON lines, without numbers of frames */
	size_t n;
	/*
	 * Where segments begin may matter: HTTP with a gateway went astray, whose next
	 * message is looked for there; or a connection that was forgotten was picked up
	 * again there.  Or a queue was full for one segment.
	 */
	bool astray;
};

void segments_play(struct told *told, const struct rows *d, enum cutting how);

#endif
