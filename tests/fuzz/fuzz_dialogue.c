#include <stdlib.h>

#include "tests/fuzz/custom.h"
#include "tests/fuzz/hear.h"

/* However an MSNP dialogue (tests/rows.h) is cut, the same is understood. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rows d;
	static struct hearing whole, cut;
	enum cutting how;

	rows_read(&d, bytes_of(data, size));
	hear(&whole, &d, CUT_NOT);
	for (how = CUT_BYTES; how <= CUT_RANDOM; how++) {
		hear(&cut, &d, how);
		if (!heard_the_same(&whole, &cut))
			abort();
	}
	return 0;
}
