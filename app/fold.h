/*
 * The second half of the pipeline: observations become events, and fold into attempts.
 */
#ifndef APP_FOLD_H
#define APP_FOLD_H

#include "base/counters.h"
#include "base/event.h"
#include "detect/attempt.h"

#define FOLD_EVENTS_MAX 64

struct fold {
	struct attempts *attempts;
	struct event events[FOLD_EVENTS_MAX]; /* observations on their way out */
	size_t first, n;
	uint64_t dropped;
};

int fold_open(struct fold *f, const struct attempt_opts *opts, struct err *e);
void fold_close(struct fold *f);

/* Another window from now on; see attempt_retune. */
void fold_retune(struct fold *f, int64_t window_ns);

void fold_add(struct fold *f, const struct observation *o);

/* So many events wait that what can wait does. */
bool fold_crowded(const struct fold *f);

/* The next event that is ready at now; with finish, every one.  See attempt_next. */
bool fold_next(struct fold *f, int64_t now, bool finish, struct event *out);

/* attempt.* and output.* counters */
void fold_counters(const struct fold *f, struct counters *to);

#endif
