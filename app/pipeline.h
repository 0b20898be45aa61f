/*
 * Where the rooms meet: frames in, events out.  One pipeline is one worker and has
 * tables of its own; nothing is shared.
 *
 *	if (pipeline_frame(p, frame))
 *		while (pipeline_next(p, &event)) ...
 *	...
 *	do { while (pipeline_next(p, &event)) ... } while (pipeline_finish(p));
 */
#ifndef APP_PIPELINE_H
#define APP_PIPELINE_H

#include <stdbool.h>

#include "base/counters.h"
#include "base/err.h"
#include "base/event.h"
#include "capture/source.h"

struct pipeline;

struct pipeline_opts {
	struct save *save; /* where frames of watched connections go; NULL: nowhere */
	int64_t window_ns; /* how long tries of a host belong together; 0: 120 s */
	const char *const *names;     /* further names of the service; NULL ends */
	const char *const *sinkholes; /* addresses and networks; NULL ends */
	size_t tables; /* entries of every table; 0: what each room finds right */
	bool steady;   /* for months: large buffers are resident from the start */

	/* One of several workers: facts go to the ring, as struct told, to be folded. */
	struct ring *ring;   /* NULL: events come out here */
	struct guard *guard; /* NULL: nothing is enforced; borrowed */
	uint64_t first_talk; /* number of its first dialogue; 0: 1 */
	bool overhears;      /* another worker tells what becomes of lookups */
};

int pipeline_open(struct pipeline **out, const struct pipeline_opts *opts, struct err *e);
void pipeline_close(struct pipeline *p);

/* Other names and sinkholes from the next frame on; t is the pipeline's then. */
struct detect_tuning;
void pipeline_tune(struct pipeline *p, struct detect_tuning *t);

/*
 * Takes a frame; true when there may be events to take.  After a jump of its time a few
 * are kept until it is clear whether the time has really moved.
 */
bool pipeline_frame(struct pipeline *p, const struct frame *f);

/*
 * Takes frames in turn, up to and with the first after which there may be events to
 * take; how many that were.
 */
size_t pipeline_frames(struct pipeline *p, const struct frame *f, size_t n);

/*
 * The same for a frame that another worker has, too, and counts: a lookup, which every
 * worker has to know about.
 */
bool pipeline_overhear(struct pipeline *p, const struct frame *f);

/*
 * Nothing has come for a while, and now is the time by a clock that frames are stamped
 * with: what waits for a frame waits no longer.
 */
void pipeline_idle(struct pipeline *p, int64_t now);

/*
 * The same for enforcement alone, which waits for less: frames come at once where there
 * is any.  Only with a guard.
 */
void pipeline_guard(struct pipeline *p, int64_t now);

/* Frames were lost, as far as enforcement minds. */
void pipeline_blind(struct pipeline *p);

/* Facts that found no room in the ring since this was last asked; false: none. */
bool pipeline_news(struct pipeline *p, struct coverage *out);

/* The next event that is ready; its seq is the caller's to stamp. */
bool pipeline_next(struct pipeline *p, struct event *out);

/*
 * The capture is over: ends what is still open, one thing at a time; false when all is
 * told.
 */
bool pipeline_finish(struct pipeline *p);

/* The capture's own times so far, those out of line left out; 0 before any frame. */
void pipeline_span(const struct pipeline *p, int64_t *first, int64_t *last);

/* Every room's counters. */
void pipeline_counters(const struct pipeline *p, struct counters *to);

/* Payload bytes of watched connections that the capture lost. */
uint64_t pipeline_lost(const struct pipeline *p);

/*
 * Frames by link type that is not decoded: the i-th such type, false when there is
 * none.
 */
bool pipeline_unknown_link(
    const struct pipeline *p, size_t i, int *linktype, uint64_t *frames);

#endif
