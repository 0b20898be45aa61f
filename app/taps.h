/*
 * The interfaces that are watched.  One that is not there, or goes away, is looked for
 * again every second; what was missed meanwhile, and what was dropped, is told.
 */
#ifndef APP_TAPS_H
#define APP_TAPS_H

#include "app/live_options.h"
#include "base/counters.h"
#include "base/event.h"
#include "capture/source_live.h"
#include "report/vitals.h"

struct tap_counts {
	uint64_t seen, ring, adapter; /* as live_counts; what is common by one worker */
	uint64_t missed;              /* of what is common, dropped by another one */
};

struct tap {
	struct live_opts opts;
	struct live *live;        /* NULL while it is away */
	struct live *common;      /* apart from live, with more than one worker */
	const struct frame *next; /* of what is common; NULL: none yet */
	bool taken;               /* it was handed out */
	const struct frame *head; /* of what is not common; NULL: none yet */
	bool head_taken;          /* it was handed out */
	bool told_away;           /* it is not there, or down, and that was said */
	bool told_wrong;          /* it is there and cannot be watched: that was said */
	struct tap_counts now;    /* since it was opened */
	struct tap_counts before; /* of the times it was open before */
	struct tap_counts told;
	uint64_t away; /* times it went */
};

struct taps {
	bool first; /* of several workers: this one tells about the interfaces */
	bool shared;
	size_t common_ring; /* bytes, of what is common */
	struct tap tap[LIVE_INTERFACES_MAX];
	size_t n;
	struct coverage news[2 * LIVE_INTERFACES_MAX];
	size_t n_news;
};

/*
 * worker: of lo->workers, counted from 0; each has its share of every interface.
 * fanout: one for each interface, common to the workers.  -1 when an interface will never
 * be watched.  One that is only away does not hinder.
 */
int taps_open(struct taps *t, const struct live_options *lo, unsigned worker,
    struct fanout *fanout, struct err *e);
void taps_close(struct taps *t);

/* The i-th interface's next frame; NULL when it has none now. */
const struct frame *taps_next(struct taps *t, size_t i);

/*
 * The next frame of all interfaces in the order of time, for a client may be on one and
 * its server on another.  While one of them has none, those of others wait until they
 * are stamped before then.  NULL: none now.
 */
const struct frame *taps_turn(struct taps *t, int64_t until);

/*
 * The next frame of what every worker gets, in the order of time, if it is stamped until
 * then; NULL: none.  With one worker there is nothing of the kind.
 */
const struct frame *taps_common(struct taps *t, int64_t until);

/* After it had no more: the time of the next one, if that is known; else none. */
int64_t taps_common_next(const struct taps *t, int64_t none);

/* Waits until one of them has something, a signal comes, or for so long. */
void taps_wait(struct taps *t, int milliseconds);

/* Once a second: looks for those that are away, and at what was dropped. */
void taps_tick(struct taps *t);

/* What is to be told about them, one by one; false when there is no more. */
bool taps_news(struct taps *t, struct coverage *out);

/* How the interfaces are. */
void taps_vitals(struct taps *t, struct vitals *v);

/* live.* counters */
void taps_counters(struct taps *t, struct counters *to);

#endif
