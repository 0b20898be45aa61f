/*
 * How far the reading is, on a terminal's standard error: share of bytes, rate and time
 * left; for standard input, packets and rate.  Silent anywhere else.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source.h"

struct progress {
	bool on;
	bool shown;
	int64_t began, last; /* nanoseconds of the monotonic clock */
};

/* Shows nothing unless wanted and standard error is a terminal. */
void progress_begin(struct progress *p, bool wanted);

/* Cheap enough to be called every few thousand frames. */
void progress_show(struct progress *p, const struct source *s);

/* Clears the line, so that what follows stands alone. */
void progress_end(struct progress *p);

#endif
