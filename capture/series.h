/*
 * The names of capture files that follow each other:
 * PREFIX[-wN]-YYYYMMDDTHHMMSSZ-NNN.pcap, by the UTC time of what the file begins with,
 * and counted within a second.  Sorted by name they are sorted by time.
 */
#ifndef CAPTURE_SERIES_H
#define CAPTURE_SERIES_H

#include <stdint.h>

#include "base/err.h"

#define SERIES_PATH_MAX 4096

struct series;

/* worker: -1 for none.  keep: how many files there may be, 0: any number. */
int series_open(
    struct series **out, const char *prefix, int worker, unsigned keep, struct err *e);

/*
 * As who will make the files: -1 when the folder is not there, or none could be made in
 * it.  What earlier runs left beyond keep goes now.
 */
int series_ready(const struct series *s, struct err *e);

/* NULL is accepted. */
void series_close(struct series *s);

/*
 * Makes the file for what begins at ts, after deleting the oldest ones to make room for
 * it; but none of those in use, which are paths it gave before and end in NULL.  The
 * descriptor, with path, or -1.
 */
int series_next(struct series *s, int64_t ts, const char *const *in_use,
    char path[SERIES_PATH_MAX], struct err *e);

#endif
