#include <stdlib.h>

#include "tests/alike.h"

/* First byte: the link type; second: how much of the frame the snap length cut. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t links[16] = {
	    1, 113, 276, 12, 14, 101, 228, 229, 0, 108, 9, 50, 51, 104, 147, 1};
	static struct decode_stats st;
	struct frame f = {.data = bytes_skip(bytes_of(data, size), 2)};
	struct packet p, q;
	enum decode r;

	f.wire_len = (uint32_t)(f.data.n + (size > 1 ? data[1] : 0));
	f.linktype = links[size > 0 ? data[0] % 16 : 0];
	r = decode_frame(&f, &p, &st);
	if ((f.linktype == 1 && !alike(&f)) ||
	    (r <= DECODE_ICMP && (p.payload.p < f.data.p || p.payload.n > f.data.n)))
		abort();
	if (r == DECODE_FRAGMENT)
		(void)decode_datagram(&p, p.frag_bytes, &q, &st);
	return 0;
}
