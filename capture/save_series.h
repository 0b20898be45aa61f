/*
 * Saving to a series of capture files for months: a new one begins when one is full or
 * has lasted long enough, and the oldest are deleted.  save_frame and save_close of
 * capture/source.h do the rest.
 */
#ifndef CAPTURE_SAVE_SERIES_H
#define CAPTURE_SAVE_SERIES_H

#include "capture/source.h"

/* Link types that may be met; each has a file of its own at a time. */
#define SAVE_LINKTYPES_MAX 4

struct save_series {
	const char *prefix; /* of the names, capture/series.h */
	int worker;         /* part of the names; -1: none */
	uint64_t size;      /* octets of a file at most, 0: any; one frame always fits */
	int64_t ns;         /* packet time in a file at most, 0: any */
	unsigned keep;      /* files there may be, 0: any number */
};

/* Takes all memory; looks at nothing yet. */
int save_open_series(struct save **out, const struct save_series *opts, struct err *e);

/*
 * As the user who will save, before the first frame: -1 when no file could be made.
 * Deletes what earlier runs left beyond keep.  A file is made when there is a frame.
 */
int save_ready(const struct save *s, struct err *e);

/* About every second: what was saved so far can be read by others. */
void save_flush(struct save *s);

/*
 * What is to be told: that frames cannot be saved (a full disk, say), once until it is
 * over, and then that it is over.  Saving is tried again after SAVE_RETRY_NS of packet
 * time.  True with COVERAGE_OUTPUT in *out.
 */
#define SAVE_RETRY_NS (60 * NS_PER_S)
bool save_news(struct save *s, struct coverage *out);

/* saved.* counters */
void save_counters(const struct save *s, struct counters *to);

#endif
