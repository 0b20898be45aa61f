#include <stdio.h>
#include <stdlib.h>

#include "tests/reading.h"

/* A whole capture file, from its bytes to the report. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading *r;

	if (r == NULL)
		r = reading_new(8);
	if (!reading_of(r, bytes_of(data, size))) {
		(void)fprintf(stderr, "%s\n", r->fault);
		abort();
	}
	return 0;
}
