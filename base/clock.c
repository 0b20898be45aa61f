#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"

#include <time.h>

static int64_t
now_of(clockid_t which)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t
clock_wall(void)
{
	return now_of(CLOCK_REALTIME);
}

int64_t
clock_steady(void)
{
	return now_of(CLOCK_MONOTONIC);
}
