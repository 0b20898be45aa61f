#include "tests/fuzz/one_stream.h"

/* A byte of windows, then steps. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cur c = cur_of(bytes_of(data, size));
	struct one_stream t = one_stream_of(cur_u8(&c) % 2);
	struct run run;

	while (cur_left(&c) > 0) {
		one_stream_step(&t, &c);
		for (; stream_next(&t.s, t.pool, &run);
		     stream_consume(&t.s, t.pool, t.eat))
			if (bytes_find(run.data, t.looks) > STREAM_WINDOW)
				abort();
		if (t.s.high - t.s.next > UINT32_MAX / 2 || t.s.lent.n > 0 ||
		    t.s.shown != t.s.ready || (t.s.skip > 0 && t.s.window != 0))
			abort();
	}
	return one_stream_drop(&t), 0;
}
