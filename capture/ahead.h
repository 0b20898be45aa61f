/*
 * Unpacking ahead: a thread of its own unpacks an input while what came out before is
 * audited.  It is as far ahead as its ring is large, and no further; what comes out is
 * the same, octet by octet, as without it.
 */
#ifndef CAPTURE_AHEAD_H
#define CAPTURE_AHEAD_H

#include "capture/octets.h"

struct ahead;

/* What is unpacked, or handed over, in one go. */
#define AHEAD_MIN ((size_t)64 * 1024)

/*
 * size: octets of the ring, at least AHEAD_MIN, all taken here.  One ring serves one
 * input at a time.
 */
int ahead_open(struct ahead **out, size_t size, struct err *e);

/* NULL is accepted. */
void ahead_close(struct ahead *a);

/*
 * From here on the thread reads o, a regular file, and nobody else may look at it, until
 * ahead_read has returned 0 or after ahead_stop.  -1 when there is no thread to be had:
 * then nothing has begun.
 */
int ahead_start(struct ahead *a, struct octets *o);
bool ahead_runs(const struct ahead *a);

/* As octets_read.  0, too, when the user's stop is set while nothing comes. */
size_t ahead_read(struct ahead *a, uint8_t *to, size_t n);

/* Octets read of the input, as stored, when what ahead_read gave was unpacked. */
uint64_t ahead_stored(const struct ahead *a);

/* Ends the thread, wherever it is. */
void ahead_stop(struct ahead *a);

#endif
