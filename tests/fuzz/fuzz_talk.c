#include <stdlib.h>

#include "detect/talk.h"

/* Pieces of a dialogue: side, loss and start in a byte, a byte of length, the bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), piece;
	struct talk t;
	uint64_t n;

	talk_begin(&t, 1, PATH_DIRECT, size != 0 && (data[0] & 4) != 0);
	for (; in.n > 2 && !t.hopeless; in = bytes_skip(in, 2 + piece.n)) {
		piece = bytes_take(bytes_skip(in, 2), in.p[1]);
		n = talk_feed(
		    &t, in.p[0] & 1 ? SIDE_SERVER : SIDE_CLIENT, piece, in.p[0] & 2);
		if (n > piece.n + MSNP_PAYLOAD_MAX)
			abort();
		if (talk_news(&t) != 0 &&
		    signin_proof(&t.said, &t.view) == CONFIDENCE_HINT)
			abort();
	}
	return 0;
}
