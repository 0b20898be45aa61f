/*
 * A capture in memory: frames in order, each with its time.  Frames live in
 * chunks the trace owns.  A test tool may run out of memory only by ending.
 */
#ifndef RESHAPE_TRACE_H
#define RESHAPE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Link types as files number them. */
#define LINK_NULL     0
#define LINK_ETHERNET 1
#define LINK_PPP      9
#define LINK_RAW      101
#define LINK_LOOP     108
#define LINK_SLL      113
#define LINK_IPV4     228
#define LINK_IPV6     229
#define LINK_SLL2     276

/* One frame.  Steps may write to the bytes of frames they added themselves. */
struct rec {
	int64_t ts; /* nanoseconds since 1970 */
	uint8_t *p;
	size_t n;
};

struct chunk;

struct trace {
	struct rec *r;
	size_t n;
	size_t cap;
	struct chunk *chunks;
	int linktype;       /* one of LINK_ */
	size_t not_carried; /* IP packets the shape has no way to carry */
};

/* Reads an Ethernet pcap file whole. */
int trace_load(struct trace *t, const char *path, struct err *e);
void trace_free(struct trace *t);

/* Appends a frame of n bytes, to be filled in by the caller. */
struct rec *trace_add(struct trace *t, int64_t ts, size_t n);

/* Appends a copy. */
struct rec *trace_copy(struct trace *t, const struct rec *r);

#endif
