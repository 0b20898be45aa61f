/*
 * Dialogues as text that a mutator can edit: a row is a character that says how, text,
 * and a line feed.  "C" and "S" are a line of the client and the server, which gets its
 * CR LF; "c" and "s" are bytes without an end.  A "!" row closes the connection: what
 * follows is said on another one.  Any bytes are a dialogue: bit 0x10 of another
 * character is the side, bit 0x20 says that there is no end.
 */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/event.h"
#include "detect/msnp.h"

#define ROWS_MAX      128
#define ROWS_WIRE_MAX 16384

struct row {
	uint8_t how;
	struct bytes text; /* borrowed */
};

#define ROW_SERVER 0x10U
#define ROW_RAW    0x20U
#define ROW_ANEW   '!'

/* The next row of *in; false at the end. */
bool row_next(struct bytes *in, struct row *out);

static inline bool
row_anew(const struct row *r)
{
	return r->how == ROW_ANEW;
}

static inline enum side
row_side(const struct row *r)
{
	return r->how & ROW_SERVER ? SIDE_SERVER : SIDE_CLIENT;
}

/* Bytes of it on the wire. */
static inline size_t
row_size(const struct row *r)
{
	return row_anew(r) ? 0 : r->text.n + (r->how & ROW_RAW ? 0 : 2);
}

/* What one side says until the other does, or until the connection is another one. */
struct turn {
	enum side side;
	bool anew; /* on a connection of its own */
	struct bytes said;
};

struct rows {
	struct turn turn[ROWS_MAX];
	size_t n;
	uint8_t wire[ROWS_WIRE_MAX];
	size_t n_wire;
};

/* What does not fit is left out. */
void rows_read(struct rows *to, struct bytes in);

/* How turns are cut into pieces. */
enum cutting {
	CUT_NOT,
	CUT_BYTES,
	CUT_RANDOM,
	CUT_SHUFFLED, /* and pieces late, twice, overlapping: where there is a stream */
};

#define CUTTINGS (CUT_SHUFFLED + 1)

/* A number below, from a state that any value may start. */
uint32_t rows_draw(uint64_t *rng, uint32_t below);

/* Bytes of the next piece when so many are left. */
size_t rows_cut(enum cutting how, uint64_t *rng, size_t left);

#endif
