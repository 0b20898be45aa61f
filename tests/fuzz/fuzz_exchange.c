#include <stdlib.h>

#include "tests/web.h"

/* Pieces of HTTP: a byte with side, loss and reconnect, a byte of length, the bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size < WEB_WINDOW ? size : 0), piece;
	struct web *w = web_new(2);

	for (; in.n > 2; in = bytes_skip(in, 2 + piece.n)) {
		piece = bytes_take(bytes_skip(in, 2), in.p[1]);
		if (in.p[0] & 4)
			web_reconnect(w);
		web_bytes(w, in.p[0] & 1 ? SIDE_SERVER : SIDE_CLIENT, piece.p, piece.n,
		    in.p[0] & 2);
		if (w->x.n_waiting > EXCHANGE_WAITING_MAX || w->closed > w->next_talk)
			abort();
	}
	web_free(w);
	return 0;
}
