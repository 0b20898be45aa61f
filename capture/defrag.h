/*
 * IP fragments to datagrams (RFC 791 section 3.2, RFC 8200 section 4.5), in a
 * bounded table.  Fragments may come in any order, twice, and interleaved;
 * fragments that overlap with other content condemn their datagram (RFC 5722,
 * held for IPv4 too).  Packet time is the clock.
 */
#ifndef CAPTURE_DEFRAG_H
#define CAPTURE_DEFRAG_H

#include "base/counters.h"
#include "base/err.h"
#include "capture/decode.h"

struct defrag;

struct defrag_opts {
	size_t datagrams; /* under way at once, default 256 */
	size_t buffers;   /* datagram buffers of 64 KiB; default 64 */
	bool steady;      /* resident at once, not as more come to wait together */
};

int defrag_open(struct defrag **d, const struct defrag_opts *opts, struct err *e);
void defrag_close(struct defrag *d);

/*
 * Takes one piece.  True when it completes its datagram: *out is then the whole
 * IP payload, borrowed until the next call, for decode_datagram.
 * A first fragment and all others are kept at most 30 s of packet time.
 */
bool defrag_push(struct defrag *d, const struct packet *piece, struct bytes *out);

/*
 * A number that is the same for all pieces of one datagram under way and, for a
 * while, of no other.
 */
uint64_t defrag_key(const struct packet *piece);

/*
 * defrag.* counters: pieces, bad (cut off or of impossible length), datagrams, overlaps,
 * timeouts, evictions, too_large.
 */
void defrag_counters(const struct defrag *d, struct counters *to);

#endif
