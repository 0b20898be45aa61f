/* Spans of packet time, which captures may make jump, run backwards or be absurd. */
#ifndef BASE_ELAPSED_H
#define BASE_ELAPSED_H

#include <stdint.h>

/* Nanoseconds from then to now; 0 when now is the earlier. */
static inline uint64_t
elapsed(int64_t now, int64_t then)
{
	return now > then ? (uint64_t)now - (uint64_t)then : 0;
}

/* The same as a time of packets; absurdly long ones are cut. */
static inline int64_t
span_of(int64_t then, int64_t now)
{
	uint64_t ns = elapsed(now, then);

	return ns < INT64_MAX ? (int64_t)ns : INT64_MAX;
}

#endif
