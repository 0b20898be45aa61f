/*
 * The frames of a scenario, gathered in any order and written in order of time as a
 * classic pcap file (microseconds, Ethernet, little end first on every machine).
 */
#ifndef SAMPLES_TRACE_H
#define SAMPLES_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct trace_frame {
	int64_t ts;
	size_t order; /* of arrival, decides between equal times */
	size_t at;
	uint32_t n;
	bool outbound; /* sent by an inside host */
};

/* Zero bytes to begin with. */
struct trace {
	uint8_t *data;
	size_t n, cap;
	struct trace_frame *frame;
	size_t n_frames, cap_frames;
	bool failed; /* memory ran out, or a message was too long */
};

enum trace_side { TRACE_BOTH, TRACE_CLIENT, TRACE_SERVER };

/* What of the traffic the capture holds. */
struct trace_view {
	int64_t from, until;
	unsigned lose_permille;
	int64_t lose_from;
	enum trace_side only;
	uint64_t seed;
};

void trace_add(struct trace *t, int64_t ts, bool outbound, struct bytes frame);
int trace_write(
    struct trace *t, const struct trace_view *view, const char *path, struct err *e);
void trace_free(struct trace *t);

#endif
