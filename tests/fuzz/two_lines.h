/* Two connections of one client, in pieces that a first byte describes. */
#ifndef TESTS_FUZZ_TWO_LINES_H
#define TESTS_FUZZ_TWO_LINES_H

#include <stdlib.h>

#include "detect/detect.h"

struct two_lines {
	struct detect *detect;
	struct watch watch[2];
	struct conn conn;
};

static inline struct two_lines *
two_lines_new(bool handshake)
{
	struct two_lines *t = calloc(1, sizeof(*t));
	struct detect_opts opts = {
	    .talks = 2, .exchanges = 2, .sessions = 2, .carries = 2};
	struct err e;

	if (t == NULL || detect_open(&t->detect, &opts, &e) != 0)
		abort();
	t->conn.handshake = handshake;
	t->conn.seen[SIDE_CLIENT] = t->conn.seen[SIDE_SERVER] = true;
	return t;
}

static inline void
two_lines_free(struct two_lines *t)
{
	struct observation o;

	while (detect_finish(t->detect))
		while (detect_next(t->detect, &o))
			;
	detect_close(t->detect);
	free(t);
}

/* Bits of how: 1 the server's, 2 bytes lost before it, 4 the other line, 8 it ends. */
static inline void
two_lines_feed(struct two_lines *t, uint8_t how, struct bytes piece)
{
	struct watch *w = &t->watch[how >> 2 & 1];
	struct piece in = {how & 1 ? SIDE_SERVER : SIDE_CLIENT, piece, how & 2};

	t->conn.ts += NS_PER_S;
	(void)detect_feed(t->detect, w, &t->conn, &in);
	if (how & 8)
		detect_end(
		    t->detect, w, &t->conn, CLOSING_CLIENT, (const uint64_t[2]){1, 1});
	while (detect_expire(t->detect, t->conn.ts))
		;
}

#endif
