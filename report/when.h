/* Packet times as people and machines read them.  UTC always. */
#ifndef REPORT_WHEN_H
#define REPORT_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#define WHEN_MAX 40

struct when {
	int year, month, day, hour, minute, second;
	int nano; /* 0 to 999999999, also before 1970 */
};

struct when when_of(int64_t ns);

/* Days since 1970, rounded down. */
int64_t when_day(int64_t ns);

/* "2026-11-23T08:01:02.123456+0000", the form of every time in an event. */
const char *when_stamp(int64_t ns, char buf[WHEN_MAX]);

/* Reads that form; false when text is anything else. */
bool when_read(const char *text, int64_t *ns);

/* "2026-11-23" and "08:01:02". */
const char *when_date(int64_t ns, char buf[WHEN_MAX]);
const char *when_clock(int64_t ns, char buf[WHEN_MAX]);

/* How much of a time must be written to tell all times between two apart. */
enum when_scale {
	WHEN_IN_DAY,  /* "08:01:02" */
	WHEN_IN_YEAR, /* "11-23 08:01:02" */
	WHEN_FULL,    /* "2026-11-23 08:01:02" */
};

enum when_scale when_scale(int64_t first, int64_t last);

/* The time in that form, and what its form leaves out: "2026-11-23", "2026" or "". */
const char *when_short(enum when_scale scale, int64_t ns, char buf[WHEN_MAX]);
const char *when_common(enum when_scale scale, int64_t ns, char buf[WHEN_MAX]);

/* "8.0 s", "12 min", "1 h 05 min", "3 days 4 h". */
const char *when_span(int64_t ns, char buf[WHEN_MAX]);

#endif
