/*
 * What the workers share when enforcement is on: the sockets, the limits, and the key by
 * which resets of our own are known.  A build that cannot send has this header and
 * app/unenforced.c, which does nothing.
 */
#ifndef APP_ENFORCER_H
#define APP_ENFORCER_H

#include <stdbool.h>

#include "app/live_options.h"
#include "base/hash.h"

#define ENFORCER_SOCKETS 3

struct guard;
struct inject;
struct quota;
struct policy;

struct enforcer {
	struct inject *inject; /* NULL: nothing can be sent */
	struct quota *quota;   /* NULL: off, for good */
	const char *interface;
	struct hash_key key;
	bool hurried; /* the calling thread runs before all others */
};

/*
 * Off: nothing is opened.  To reset: the sockets are, and it is tried whether they can
 * send where they will have to; -1 when not.  With the privilege to open an interface.
 */
int enforcer_open(struct enforcer *en, const struct live_options *lo, struct err *e);
void enforcer_close(struct enforcer *en);

/*
 * To reset, enforcer_open has the calling thread run before all others, and so will those
 * that it starts: between a client's VER and its password there are some hundred
 * microseconds.  Once the workers are started, this thread goes back.
 */
void enforcer_calm(struct enforcer *en);

/* The sockets that may put something on the wire; how many. */
size_t enforcer_sockets(const struct enforcer *en, int fd[ENFORCER_SOCKETS]);

/* A worker's guard, in *out: NULL when enforcement is off for good. */
int enforcer_guard(const struct enforcer *en, const struct live_options *lo,
    struct guard **out, struct err *e);
void enforcer_guard_close(struct guard *g); /* NULL is accepted */

/* What lo asks for, for a guard that is at work; NULL with enforcement off for good. */
int enforcer_policy(const struct enforcer *en, const struct live_options *lo,
    struct policy **out, struct err *e);
void enforcer_policy_close(struct policy *p); /* NULL is accepted */

/* From now on; p is the guard's then. */
void enforcer_obey(struct guard *g, struct policy *p);

#endif
