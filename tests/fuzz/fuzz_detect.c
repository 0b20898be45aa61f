#include <stdlib.h>

#include "tests/fuzz/two_lines.h"

/* Two connections at once: a byte of two_lines_feed, a byte of length, the bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct two_lines *t = two_lines_new(size % 2 != 0);
	struct bytes in = bytes_of(data, size), piece;
	struct observation o;

	for (; in.n > 2; in = bytes_skip(in, 2 + piece.n)) {
		piece = bytes_take(bytes_skip(in, 2), in.p[1]);
		two_lines_feed(t, in.p[0], piece);
		while (detect_next(t->detect, &o))
			if (o.confidence == CONFIDENCE_HINT && o.sign < SIGN_CLOSED)
				abort();
	}
	two_lines_free(t);
	return 0;
}
