/*
 * Where a run's events go: JSON lines, or the report for people at the end.  Accounts are
 * rewritten here, before anything else sees the event.
 */
#ifndef APP_OUTPUT_H
#define APP_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/counters.h"
#include "base/err.h"
#include "base/event.h"
#include "report/account.h"
#include "report/summary.h"
#include "report/syslog.h"
#include "report/tally.h"

struct output {
	FILE *to;           /* NULL: standard output; stays the caller's */
	struct syslog *log; /* instead of it, when not NULL; the caller's as well */
	bool json;
	bool quiet;
	bool live;          /* origins are interfaces */
	const char *sensor; /* NULL: not named */
	enum account_mode accounts;
	struct account_key *key; /* for ACCOUNT_HASH */
	struct summary *summary;
	uint64_t seq;
	struct tally tally; /* of all events so far */
	uint64_t lost_told; /* lines that the system log did not take */
	bool losing;        /* it takes none, and that was said */
	bool broken;        /* it cannot be written */
	int code;           /* the errno of that */
};

/* key_path: NULL for the user's own key file.  The fields above are the caller's. */
int output_open(struct output *o, const char *key_path, struct err *e);
void output_close(struct output *o);

/* Stamps, redacts and writes or folds one event. */
void output_event(struct output *o, struct event *ev);

/* Sees to it that what was written is where others can read it. */
void output_flush(struct output *o);

/* What is to be told of the system log: that it takes no events, or does again. */
bool output_news(struct output *o, struct coverage *out);

/* output.* counters, in addition to those of a pipeline */
void output_counters(const struct output *o, struct counters *to);

/*
 * The end: the verdict and the counters as events, or the report.  -1 when anything could
 * not be written since output_open.
 */
int output_end(struct output *o, const struct summary_span *span,
    const struct counters *now, struct err *e);

#endif
