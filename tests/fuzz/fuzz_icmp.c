#include <stdlib.h>

#include "capture/icmp.h"

/* The first byte is the protocol, the rest the message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct packet p = {.payload = bytes_skip(in, 1)}, part;
	struct icmp_quote q, again;

	if (size == 0)
		return 0;
	p.proto = data[0];
	part = p;
	part.payload = bytes_take(p.payload, size / 2);
	if (icmp_unreachable(&part, &again) && !icmp_unreachable(&p, &q))
		abort();
	if (!icmp_unreachable(&p, &q))
		return 0;
	if (p.payload.n < 36 || (p.proto == 1 && !addr_is_v4(&q.src.addr)))
		abort();
	return 0;
}
