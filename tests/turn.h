/* What one side says, in the dialogues of proxies. */
#ifndef TESTS_TURN_H
#define TESTS_TURN_H

#include <stddef.h>

#include "base/addr.h"

#define C SIDE_CLIENT
#define S SIDE_SERVER
#define TURN(side, text)                     \
	{                                    \
		side, text, sizeof(text) - 1 \
	}

struct turn {
	enum side side;
	const char *bytes;
	size_t n;
};

#endif
