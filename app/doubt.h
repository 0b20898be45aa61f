/*
 * Frames that wait because it is not known yet whether their times are to be believed.
 * Few and seldom: a quiet hour ends with some, and so does a clock that is set.
 */
#ifndef APP_DOUBT_H
#define APP_DOUBT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "capture/source.h"

#define DOUBT_FRAMES_MAX 16
#define DOUBT_BYTES_MAX  (1024 * 1024)

struct doubt {
	struct frame frame[DOUBT_FRAMES_MAX]; /* the oldest first */
	bool overheard[DOUBT_FRAMES_MAX];     /* see pipeline_overhear */
	size_t n;
	size_t used;
	uint8_t *room; /* their bytes, in the same order */
};

int doubt_open(struct doubt *d, struct err *e);
void doubt_close(struct doubt *d);

/* Keeps a copy; false when there is no room for it. */
bool doubt_put(struct doubt *d, const struct frame *f, bool overheard);

/* Lets go of the oldest. */
void doubt_drop(struct doubt *d);

#endif
