/* What the C library says of local time, for comparison. */
#ifndef TESTS_LOCAL_TIME_H
#define TESTS_LOCAL_TIME_H

#include <stdint.h>

/* From now on zone is that of the process, in the notation of TZ; NULL: as before. */
void local_time_in(const char *zone);

/* Seconds east of Greenwich there at so many seconds since 1970. */
int32_t local_time_offset(int64_t t);

/* Seconds since 1970 of a moment in UTC, as "2026-03-29 01:00:00". */
int64_t local_time_utc(const char *text);

#endif
