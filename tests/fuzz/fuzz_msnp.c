#include <stdlib.h>

#include "detect/msnp.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct endpoint e;
	struct msnp_line line;
	int64_t n, skip;

	while ((n = msnp_line(in, &line)) > 0) {
		skip = msnp_payload(size & 1 ? SIDE_CLIENT : SIDE_SERVER, &line);
		if ((size_t)n > in.n ||
		    (line.last.n && line.last.p + line.last.n > in.p + n))
			abort();
		(void)msnp_endpoint(line.last, &e);
		if (msnp_handle(line.last).n > line.last.n ||
		    msnp_dialect(line.last) > 99)
			abort();
		in = bytes_skip(in, (size_t)n + (size_t)(skip > 0 ? skip : 0));
	}
	return 0;
}
