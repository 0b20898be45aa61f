#include <stdlib.h>

#include "base/gunzip.h"

/* The first octet sets the size of the output; what comes out stays within it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *out;
	size_t made, room = size ? data[0] + 1U : 1, turns = 0;
	struct bytes in = bytes_skip(bytes_of(data, size), 1);
	struct gunzip *g;
	struct err e = {{0}};

	if (gunzip_open(&g, &e) != 0 || (out = malloc(room)) == NULL)
		abort();
	while (gunzip_push(g, &in, out, room, &made) == GUNZIP_FULL)
		if (made > room || made == 0 || turns++ > 2000 * size)
			abort();
	free(out);
	gunzip_close(g);
	return 0;
}
