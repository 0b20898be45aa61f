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

/*
 * Bits of how: 1 the server's, 2 bytes lost before it, 4 the other line, 8 it ends, 16
 * a lookup over UDP instead, 32 after a first SYN, 64 to a resolver, 128 its end is a
 * reset.
 */
static inline void
two_lines_feed(struct two_lines *t, uint8_t how, struct bytes piece)
{
	struct watch *w = &t->watch[how >> 2 & 1];
	struct piece in = {how & 1 ? SIDE_SERVER : SIDE_CLIENT, piece, how & 2};

	t->conn.ts += NS_PER_S;
	t->conn.tuple.server.port = how & 64 ? 53 : 1863;
	if (how & 32)
		detect_asked(t->detect, w, &t->conn);
	if (how & 16)
		detect_lookup(t->detect, &t->conn, piece);
	else
		(void)detect_feed(t->detect, w, &t->conn, &in);
	if (how & 8)
		detect_end(t->detect, w, &t->conn,
		    how & 128 ? CLOSING_RESET_SERVER : CLOSING_CLIENT,
		    (const uint64_t[2]){1, 1});
	while (detect_expire(t->detect, t->conn.ts))
		;
}

#endif
