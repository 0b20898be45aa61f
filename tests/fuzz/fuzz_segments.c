#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/custom.h"
#include "tests/segments.h"

/* However a dialogue (tests/rows.h) is put into segments, the same is told. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct told whole, cut;
	static struct rows d;
	enum cutting how;

	rows_read(&d, bytes_of(data, size));
	segments_play(&whole, &d, CUT_NOT);
	for (how = d.n_wire < 1024 ? CUT_BYTES : CUT_RANDOM; how < CUTTINGS; how++) {
		segments_play(&cut, &d, how);
		if (!whole.astray && !cut.astray && strcmp(whole.text, cut.text) != 0) {
			(void)fprintf(stderr, "%s\n%s\n", whole.text, cut.text);
			abort();
		}
	}
	return 0;
}
