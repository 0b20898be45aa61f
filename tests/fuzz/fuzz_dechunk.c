#include <stdlib.h>

#include "detect/http.h"

/* The whole input at once, and byte by byte: the same data to the same end. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_chunks c[2] = {{0}};
	size_t at[2] = {0, 0}, sum[2] = {0, 0}, way, end;
	struct bytes out;
	bool done;

	for (way = 0; way < 2; way++)
		for (end = way ? 0 : size; end <= size; end++)
			for (ssize_t n = 1; n > 0; at[way] += n > 0 ? (size_t)n : 0) {
				out = bytes_of(data + at[way], end - at[way]);
				n = http_chunk(&c[way], out, &out, &done);
				for (; n > 0 && out.n; out = bytes_skip(out, 1))
					sum[way] = sum[way] * 31 + out.p[0];
			}
	if (at[0] != at[1] || sum[0] != sum[1] || c[0].state != c[1].state)
		abort();
	return 0;
}
