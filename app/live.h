/*
 * A sensor while it runs: workers that watch, and what they tell folded into events by
 * the thread that calls these functions.
 */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/fold.h"
#include "app/gather.h"
#include "app/notify.h"
#include "app/output.h"
#include "app/timeline.h"

struct live_run {
	const struct live_options *opts;
	struct fanout fanout[LIVE_INTERFACES_MAX];
	struct enforcer enforcer;
	struct worker worker[LIVE_WORKERS_MAX];
	struct gather gather;
	struct fold fold;
	struct timeline time; /* of what all workers tell, in the order it is folded */
	int64_t now;
	struct output *output;
	struct notify *notify;    /* the caller's, open before the run */
	struct counters counters; /* of a second ago or so */
	struct vitals vitals;     /* of the same moment: what the workers know of them */
};

/* Opens the interfaces and all memory; output is open and outlives the run. */
int live_run_open(struct live_run *r, const struct live_options *opts,
    struct output *output, struct err *e);

/* As who will run it, before: -1 when what it is to write cannot be written. */
int live_run_ready(const struct live_run *r, struct err *e);

/* The workers begin. */
int live_run_start(struct live_run *r, struct err *e);

/* The window, names and sinkholes of opts have changed; -1: one of them is none. */
int live_run_retune(struct live_run *r, struct err *e);

/* Folds and writes what has been told by now. */
void live_run_fold(struct live_run *r);

/* Whether every worker has answered since it was last asked to count. */
bool live_run_answered(const struct live_run *r);

/* Brings the counters up to date, as far as the workers have answered. */
void live_run_count(struct live_run *r);

/* The same, as of now: waits a moment for them. */
void live_run_count_now(struct live_run *r);

/* The workers end; all that is known is told, and counted. */
void live_run_finish(struct live_run *r);
void live_run_close(struct live_run *r);

#endif
