/*
 * The one clock of a pipeline.  It follows the times of the frames and never goes back
 * by more than a second: where a capture's clock was set back, what
 * follows is shifted to go on from there, and a lone frame with a time out of line gets
 * the time of its neighbours.  All rooms measure spans by this clock; what is told is
 * turned back into the capture's own time.
 */
#ifndef APP_TIMELINE_H
#define APP_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/counters.h"
#include "base/event.h"
#include "detect/observation.h"

/* Longer steps are believed only when what follows agrees. */
#define TIMELINE_JUMP_NS  (10 * NS_PER_S) /* ahead */
#define TIMELINE_BACK_NS  NS_PER_S /* back: captures mix their frames up a little */
#define TIMELINE_SETS_MAX 32       /* clocks set back that are told apart */
#define TIMELINE_END      (INT64_C(1) << 62)

/* From that time on, this clock is ahead of the capture's. */
struct timeline_set {
	int64_t from;
	int64_t ahead;
};

/* Zero to begin with. */
struct timeline {
	bool running;
	int64_t plain_until; /* before it the capture's time is the clock's */
	int64_t newest;      /* the capture's time that the clock has come to */
	int64_t first, last; /* of the capture's times, but for newest */
	struct timeline_set now;
	struct timeline_set set[TIMELINE_SETS_MAX]; /* the last one is now's */
	size_t n_sets;
	uint64_t outliers, gaps, back;
};

/* Times before 1970 and beyond 2116 count as those: spans between them fit. */
static inline int64_t
timeline_sane(int64_t ts)
{
	if (ts < 1)
		return 1;
	return ts < TIMELINE_END ? ts : TIMELINE_END;
}

/* Whether a frame of that time is in line. */
static inline bool
timeline_near(const struct timeline *t, int64_t ts)
{
	uint64_t from = (uint64_t)timeline_sane(ts) - (uint64_t)t->newest;

	return t->running &&
	       from + TIMELINE_BACK_NS <= (uint64_t)(TIMELINE_JUMP_NS + TIMELINE_BACK_NS);
}

/* Whether a frame that came later shows that ts is out of line. */
bool timeline_refutes(const struct timeline *t, int64_t ts, int64_t later);

/* Clocks set forward and back often enough bring it to its end, where it stands still. */
static inline int64_t
timeline_ahead(int64_t ts, int64_t ahead)
{
	return ts < TIMELINE_END - ahead ? ts + ahead : TIMELINE_END;
}

/* The clock's time for a frame that is in line. */
static inline int64_t
timeline_go(struct timeline *t, int64_t ts)
{
	int64_t at;

	ts = timeline_sane(ts);
	if (ts > t->newest)
		t->newest = ts;
	else if (ts < t->first)
		t->first = ts;
	at = timeline_ahead(ts, t->now.ahead);
	return at > t->now.from ? at : t->now.from;
}

/* The same for the frame that nearly all are: in line, later, no clock set back. */
static inline bool
timeline_step(struct timeline *t, int64_t ts)
{
	if ((uint64_t)ts - (uint64_t)t->newest > TIMELINE_JUMP_NS || ts >= t->plain_until)
		return false;
	t->newest = ts;
	return true;
}

/* The same for one that may not be in line, but is believed. */
int64_t timeline_believe(struct timeline *t, int64_t ts);

/* The same for a frame whose time is out of line. */
int64_t timeline_outlier(struct timeline *t);

/* Puts the times of an event back into the capture's. */
void timeline_tell(const struct timeline *t, struct event *ev);

/* The same for the times of a connection. */
void timeline_turn_back(const struct timeline *t, struct conn *c);

/* time.* counters */
void timeline_counters(const struct timeline *t, struct counters *to);

#endif
