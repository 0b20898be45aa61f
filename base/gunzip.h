/*
 * Inflate (zlib, gzip and raw deflate) over memory, without an allocation of its own
 * after open.  The one file that knows zlib; capture/ uses it for .gz files
 * and detect/ for gzip answers of the gateway.
 */
#ifndef BASE_GUNZIP_H
#define BASE_GUNZIP_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct gunzip;

/* About 48 KiB each, all taken here. */
int gunzip_open(struct gunzip **g, struct err *e);
void gunzip_close(struct gunzip *g);

/* Forgets everything and expects the start of a new stream. */
void gunzip_reset(struct gunzip *g);

enum gunzip_result {
	GUNZIP_MORE, /* all input eaten; give more */
	GUNZIP_FULL, /* output is full; call again with what is left of the input */
	GUNZIP_END,  /* the stream ended; input may be left (a further gzip member) */
	GUNZIP_BAD,  /* not a gzip, zlib or deflate stream, or damaged */
};

/*
 * Inflates from *in, which is advanced past what was eaten, to out of size
 * bytes; *made says how many were written.  gzip and zlib headers are recognised
 * (RFC 1950, 1952); anything else is tried as raw deflate (RFC 1951), which some
 * servers send for "deflate".
 */
enum gunzip_result gunzip_push(
    struct gunzip *g, struct bytes *in, uint8_t *out, size_t size, size_t *made);

#endif
