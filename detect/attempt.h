/*
 * Attempts: the observations of one host folded into tries by a person, each with one
 * outcome.  One attempt takes in redirects, further paths and repeated tries of the
 * same account within a window; a sign-in ends it, and what follows is a new one.
 *
 * The account decides who is who, so two people behind one address are two attempts.  A
 * try that ends before it names an account joins the one its host has under way.
 */
#ifndef DETECT_ATTEMPT_H
#define DETECT_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counters.h"
#include "base/err.h"
#include "base/event.h"
#include "detect/observation.h"

struct attempts;

struct attempt_opts {
	size_t entries;    /* attempts under way at once, default 4096 */
	int64_t window_ns; /* after the last sign of life, default 120 s */
};

int attempt_open(struct attempts **out, const struct attempt_opts *opts, struct err *e);
void attempt_close(struct attempts *a);

/* Another window from now on, for what is under way, too; 0: the default. */
void attempt_retune(struct attempts *a, int64_t window_ns);

void attempt_add(struct attempts *a, const struct observation *o);

/*
 * The next attempt that is complete at now: nothing of it is open and its window has
 * passed, or it had to make room.  With finish, every one.  Fills type, ts, tuple,
 * origin, vlan, MAC address, flow_id and the attempt; seq is the caller's.
 */
bool attempt_next(struct attempts *a, int64_t now, bool finish, struct event *out);

/* attempt.* counters */
void attempt_counters(const struct attempts *a, struct counters *to);

#endif
