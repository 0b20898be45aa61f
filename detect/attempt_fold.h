/*
 * Inside attempts: one attempt under way, its paths, and the verdict drawn from them.
 */
#ifndef DETECT_ATTEMPT_FOLD_H
#define DETECT_ATTEMPT_FOLD_H

#include "base/event.h"
#include "detect/observation.h"

struct live {
	uint64_t id; /* first: the table's key */
	struct addr host;
	uint64_t next, prev; /* of the same host, newest first; 0: none */
	struct attempt a;
	struct conn deciding;
	uint32_t open;   /* dialogues still going */
	uint32_t trying; /* connections asked for and not answered yet */
	bool inside;     /* signed in, now or before the capture */
	uint8_t
	    redirected; /* index + 1 of the path that waits for its second connection */
	int64_t last;
};

/*
 * When the try began: with its connection, but a gateway's request goes out on one that
 * may have served before.
 */
int64_t fold_began(const struct observation *o);

/* Appends a path for the observation's dialogue; returns its index. */
uint8_t fold_path(struct live *l, const struct observation *o);

/* The path goes on over another connection: what a redirect asks for. */
void fold_continue(struct live *l, uint8_t path, const struct observation *o);

/* Takes over what the dialogue knows by now: dialects, client, confidence, times. */
void fold_facts(struct live *l, const struct observation *o);

/* The same for a try that nobody has spoken on. */
void fold_try(struct live *l, const struct observation *o);

/* The end of a dialogue decides its path, unless something before did. */
void fold_closed(struct live *l, uint8_t path, const struct observation *o);

/* Puts the paths of from, which came later, behind those of into. */
void fold_merge(struct live *into, const struct live *from);

/*
 * A try was turned away before any messenger answer: a path of its own, or part of the
 * one before it when that is the same.  In a full list it never takes the place of a
 * path that was answered.
 */
void fold_turned_away(struct live *l, const struct observation *o);

/* The second connection that a redirect asks for was turned away. */
void fold_redirect_lost(struct live *l, const struct observation *o);

/* Outcome, reason, error code, fallback and folded repeats: what is told in the end. */
void fold_verdict(struct attempt *a);

#endif
