/*
 * Between the rooms, when enforcement is on: what detect/ finds is put before the policy,
 * and what the policy wants cut is, with the numbers that capture/ knows.  One for each
 * worker.  Compiled only where the locked room is.
 */
#ifndef APP_ENFORCE_GUARD_H
#define APP_ENFORCE_GUARD_H

#include "base/counters.h"
#include "base/event.h"
#include "base/hash.h"
#include "capture/flow.h"
#include "capture/source.h"
#include "detect/detect.h"
#include "detect/observation.h"
#include "enforce/inject.h"
#include "enforce/policy.h"

struct guard;

/* All borrowed, but the key; common to the workers. */
struct guard_opts {
	const char *interface; /* resets leave by; NULL: that by which the packet came */
	struct inject *inject; /* NULL: nothing can be sent, whatever the policy says */
	struct quota *quota;
	struct hash_key key; /* by which resets of our own are known again */
};

int guard_open(struct guard **out, const struct guard_opts *opts, struct err *e);

/* NULL is accepted. */
void guard_close(struct guard *g);

/* From now on; p is the guard's then. */
void guard_obey(struct guard *g, struct policy *p);

/* A fact, before the packet that gave it is met. */
void guard_hear(struct guard *g, const struct observation *o);

/* Whether a packet is a reset of our own, seen again: it says nothing about anybody. */
bool guard_is_own(struct guard *g, const struct packet *p);

/* A TCP packet that is not: what it says of connections that got resets. */
void guard_watch(struct guard *g, const struct packet *p);

/* A connection with messenger traffic, and the packet that was just taken in. */
struct guard_sight {
	const struct flow *flow;
	struct carried carried;
	const struct packet *packet;
	const struct frame *frame;
	enum side sender;
};

/* True when the connection is to be cut: guard_next does it. */
bool guard_meet(struct guard *g, const struct guard_sight *s);

/* Frames were lost: silence proves nothing until now. */
void guard_blind(struct guard *g);

struct guard_news {
	struct reset reset;
	struct conn conn;
	bool closed;   /* the connection is: it need not be followed any longer */
	bool survived; /* it goes on */
};

/* What would have been done, in a dry run; to be taken after guard_meet. */
bool guard_dry(struct guard *g, struct guard_news *out);

/*
 * Sends what is due, and tells what has come of it; what was stamped before now has been
 * seen by then.  False when there is nothing more.  To be called as soon as all frames
 * at hand have been taken, for the numbers are the freshest then.
 */
bool guard_next(struct guard *g, int64_t now, struct guard_news *out);

/* At the end, what is not known yet. */
bool guard_finish(struct guard *g, struct guard_news *out);

/* enforce.* and reset.* counters */
void guard_counters(const struct guard *g, struct counters *to);

#endif
