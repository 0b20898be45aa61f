/*
 * How a running sensor fares: what its status file and its metrics tell.  Nothing in here
 * comes from the wire but numbers.
 */
#ifndef REPORT_VITALS_H
#define REPORT_VITALS_H

#include "base/counters.h"
#include "report/tally.h"

#define VITALS_INTERFACES_MAX 16

enum vitals_state { VITALS_WATCHED, VITALS_DOWN, VITALS_AWAY };

#define VITALS_STATES (VITALS_AWAY + 1)

struct vitals_interface {
	char name[64];
	enum vitals_state state;
	uint64_t frames;          /* the kernel saw pass */
	uint64_t dropped_ring;    /* for want of room in the ring */
	uint64_t dropped_adapter; /* by the adapter or its driver */
};

struct vitals {
	char version[32];
	char sensor[256];
	int64_t pid;
	uint64_t pid_mark; /* when the process began, as its system counts: pids recur */
	bool ended;
	int64_t started; /* wall clock, as the next one */
	int64_t updated;
	int64_t newest; /* time of the newest packet; 0: none yet */
	uint64_t packets, bytes, events;
	uint64_t packets_per_s, bits_per_s; /* since the time before */
	struct tally tally; /* a status file holds its sums by outcome only */
	struct vitals_interface interface[VITALS_INTERFACES_MAX];
	size_t n_interfaces;
};

/* "watched", "down", "away" */
const char *vitals_state_word(enum vitals_state s);

#endif
