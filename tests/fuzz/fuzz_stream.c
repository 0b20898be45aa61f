/* The input drives segments, acknowledgements, FINs and the reader of one stream. */
#include <stdlib.h>

#include "capture/stream.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cur c = cur_of(bytes_of(data, size));
	struct stream s = {.known = false};
	struct stream_pool *p = NULL;
	struct run run;

	if (stream_pool_open(&p, cur_u8(&c) % 2, &(struct err){""}) != 0)
		abort();
	while (cur_left(&c) > 0) {
		uint32_t how = cur_u8(&c), n = cur_be16(&c), eat = cur_be16(&c);
		uint32_t seq = s.next + (uint32_t)(int16_t)cur_be16(&c) * (how / 8 + 1);

		if (how % 8 > 2)
			(void)stream_push(&s, p, seq, bytes_take(cur_rest(&c), n), n);
		else if (how % 8 == 0)
			stream_acked(&s, p, seq);
		else if (how % 8 == 1)
			(void)stream_fin(&s, seq);
		else if (!stream_ended(&s, p))
			stream_flush(&s);
		for (; stream_next(&s, p, &run); stream_consume(&s, p, eat))
			if (bytes_find(run.data, (uint8_t)n) > STREAM_WINDOW)
				abort();
		if (s.high - s.next > UINT32_MAX / 2 || s.lent.n > 0 ||
		    s.shown != s.ready || (s.skip > 0 && s.window != 0))
			abort();
	}
	stream_drop(&s, p);
	stream_pool_close(p);
	return 0;
}
