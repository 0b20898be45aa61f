#define _DEFAULT_SOURCE
#include "tests/local_time.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void
local_time_in(const char *zone)
{
	static char before[256];
	static bool known, changed;
	const char *now = getenv("TZ");

	if (!changed && now != NULL) {
		known = true;
		(void)snprintf(before, sizeof(before), "%s", now);
	}
	changed = zone != NULL;
	if (zone == NULL)
		zone = known ? before : NULL;
	if ((zone != NULL ? setenv("TZ", zone, 1) : unsetenv("TZ")) != 0)
		abort();
	tzset();
}

int32_t
local_time_offset(int64_t t)
{
	time_t at = (time_t)t;
	struct tm tm;

	if (localtime_r(&at, &tm) == NULL)
		abort();
	return (int32_t)tm.tm_gmtoff;
}

int64_t
local_time_utc(const char *text)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	if (sscanf(text, "%d-%d-%d %d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		&tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		abort();
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)timegm(&tm);
}
