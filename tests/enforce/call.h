/*
 * What one client of the scene does, connection by connection, and what it met.
 */
#ifndef TESTS_ENFORCE_CALL_H
#define TESTS_ENFORCE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "talk.h"

#define CALL_TRIES 8

/* How one connection went. */
struct met {
	const char *kind;
	uint16_t port;
	enum end end;
	bool done;        /* signed in, or all that was asked for has come */
	const char *last; /* what it said last */
	int64_t us;       /* from the connect to the end */
};

struct call {
	char kinds[CALL_TRIES][16]; /* one connection each, until one is done */
	size_t n_kinds;
	char from[46], to[46], account[64];
	int64_t start_us;   /* after the signal to begin */
	int64_t between_us; /* lines are sent so far apart, without awaiting answers */
	struct met met[CALL_TRIES];
	size_t n_met;
	unsigned session; /* the gateway's, 0 before it named one */
	size_t heard;     /* answers that the session gave */
};

/* Whether there is a kind of that name. */
bool call_known(const char *kind);

/* All connections of a call. */
void call_make(struct call *);

#endif
