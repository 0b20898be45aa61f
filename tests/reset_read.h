/* A reset as decode sees it. */
#ifndef TESTS_RESET_READ_H
#define TESTS_RESET_READ_H

#include "capture/decode.h"
#include "enforce/reset.h"

/* False when anything about it is odd, but that it means to end a connection. */
static inline bool
reset_read(const struct reset_frame *f, enum reset_layer layer, struct packet *out)
{
	struct frame in = {.data = bytes_of(f->octets, f->n),
	    .wire_len = (uint32_t)f->n,
	    .linktype = layer == RESET_ETHERNET ? 1 : 101};
	struct decode_stats stats;
	uint64_t odd = 0;
	size_t i;

	memset(&stats, 0, sizeof(stats));
	if (f->n > RESET_FRAME_MAX || decode_frame(&in, out, &stats) != DECODE_TCP)
		return false;
	for (i = 0; i < ODD_COUNT; i++)
		odd += stats.odd[i];
	return odd == 0 && decode_tcp_checksum_ok(out) && out->wire_payload == 0 &&
	       out->tcp_header == 20 && out->payload.p == f->octets + f->n;
}

#endif
