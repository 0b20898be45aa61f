/* Scenarios played in a test, and the captures they give taken apart. */
#ifndef TESTS_PLAYED_H
#define TESTS_PLAYED_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "tests/suite.h"

#define PLAYED_WORLD                                     \
	"date 2026-11-20\ncapture 09:00-09:10\nseed 5\n" \
	"server srv 192.0.2.1 port 7777 name srv.example.org\n"

/* A capture as its file has it; p is the caller's to free. */
struct played {
	uint8_t *p;
	size_t n;
};

struct played played_of(const char *scenario);

/* What is wrong with a scenario that must not be played. */
void played_refused(const char *scenario, struct err *e);

/* The frames of a capture of ours, one after the other; false at the end. */
struct cur played_frames(const struct played *f);
struct played_frame {
	struct bytes bytes;
	int64_t us; /* since 1970 */
};
bool played_next(struct cur *c, struct played_frame *frame);

struct played_ip {
	uint8_t proto;
	uint8_t ttl;
	struct bytes head, addresses, rest; /* head: of IPv4 */
};
struct played_ip played_ip(struct bytes frame);

/* What one side said on connections to that port, its segments in their order. */
size_t played_stream(
    const struct played *f, uint16_t port, bool client, uint8_t *out, size_t size);

#endif
