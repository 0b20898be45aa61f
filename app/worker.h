/*
 * A worker watches its share of every interface and follows what it sees there, in a
 * thread of its own; what it finds goes through a ring to the thread that folds.
 * Workers share nothing.
 */
#ifndef APP_WORKER_H
#define APP_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/enforcer.h"
#include "app/pipeline.h"
#include "app/taps.h"
#include "base/ring.h"
#include "capture/save_series.h"
#include "detect/detect.h"

/* What may wait to be folded. */
#define WORKER_RING 4096

struct worker {
	struct taps taps;
	struct pipeline *pipeline;
	struct ring *ring;   /* of struct told */
	struct save *save;   /* where frames of watched connections go, or NULL */
	struct guard *guard; /* NULL: nothing is enforced */
	pthread_t thread;
	bool running;
	bool alone;
	bool first;  /* of several workers: it counts what is common to all */
	bool prompt; /* frames come at once, and may have to be answered as fast */

	/* Wall clock: everything stamped before it has been told. */
	_Atomic int64_t reached;
	atomic_bool stop;
	atomic_bool done;                       /* nothing more will be told */
	_Atomic(struct detect_tuning *) tuning; /* to be used from now on, or NULL */
	_Atomic(struct policy *) policy;        /* likewise */
	atomic_uint wanted;       /* counters were asked for so many times */
	atomic_uint answered;     /* and given */
	struct counters counters; /* the asker's once answered */
	struct vitals vitals;     /* likewise: its part of them */

	/* Where frames come at once, by a clock that nobody sets. */
	int64_t awake;  /* when it last looked */
	int64_t seen;   /* when there was something */
	int64_t credit; /* so long it may go on looking */

	int64_t looked;  /* wall clock: nothing common stamped before it is to come */
	int64_t tended;  /* steady clock: when the taps were last looked after */
	uint64_t frames; /* taken so far */
	uint64_t bytes;  /* of these on the wire */
};

struct worker_opts {
	const struct live_options *live; /* outlives the worker */
	unsigned number;                 /* from 0 to live->workers */
	struct fanout *fanout;           /* one for each interface */
	const struct enforcer *enforcer; /* outlives the worker */
};

/* Opens what it needs; the thread begins with worker_start. */
int worker_open(struct worker *w, const struct worker_opts *opts, struct err *e);
int worker_start(struct worker *w, struct err *e);

/* As who will run it, before: -1 when what it is to write cannot be written. */
int worker_ready(const struct worker *w, struct err *e);

/* Tells it to end: it takes what has come, tells what it knows, and is done. */
void worker_stop(struct worker *w);

/* Waits for the end of the thread, if it has begun. */
void worker_join(struct worker *w);
void worker_close(struct worker *w);

/* Other names and sinkholes from about now on; t is the worker's then. */
void worker_tune(struct worker *w, struct detect_tuning *t);

/* Another policy from about now on; p is the worker's then.  NULL changes nothing. */
void worker_obey(struct worker *w, struct policy *p);

/* Whether the counters that were asked for are there. */
bool worker_counted(const struct worker *w);

/*
 * Adds up the counters that were asked for, and asks for fresh ones; of a worker that
 * runs, only once worker_counted.
 */
void worker_counters(struct worker *w, struct counters *to);

/* Adds its part of what came with the counters; to be called before worker_counters. */
void worker_vitals(struct worker *w, struct vitals *to);

#endif
