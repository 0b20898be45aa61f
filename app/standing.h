/*
 * How a running sensor stands, for others to read: its status file, written every second,
 * and its metrics for Prometheus, every 15 seconds.  Both are written whole and renamed.
 */
#ifndef APP_STANDING_H
#define APP_STANDING_H

#include "app/live_options.h"
#include "report/vitals.h"

struct standing {
	const char *status_path;  /* NULL: none */
	const char *metrics_path; /* NULL: none */
	struct vitals told;       /* the last time */
	int64_t at, metrics_at;   /* then, by a clock nobody sets; 0: never */
	bool failing[2];          /* that was said: the status, the metrics */
};

/*
 * Writes both for the first time: -1 when one cannot be, with e naming it and the cure.
 * To be called as the user who will go on writing.
 */
int standing_open(
    struct standing *s, const struct live_options *lo, const char *sensor, struct err *e);

/* The sensor is called something else from now on. */
void standing_rename(struct standing *s, const char *sensor);

/*
 * The figures now, every second: of v what moves is the caller's to fill in (newest,
 * packets, bytes, events, tally, interfaces, and ended for the last time), the rest is
 * filled in here.  True with e when something to be said went wrong; a file that cannot
 * be written is said once until it can.
 */
bool standing_tell(
    struct standing *s, struct vitals *v, const struct counters *now, struct err *e);

#endif
