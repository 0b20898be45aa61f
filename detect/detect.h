/*
 * What a connection's bytes mean.  One detect serves all connections of a worker; a
 * connection holds a struct watch, zero to begin with, which says how far it has been
 * understood.  Facts come out through detect_next.
 *
 * 	n = detect_feed(d, &watch, &conn, &piece);
 * 	while (detect_next(d, &observation)) ...
 * 	if (watch.kind == WATCH_NEVER) forget the connection
 *
 * All memory is taken at open.  A connection that finds no room is given up, and
 * counted.
 */
#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counters.h"
#include "base/err.h"
#include "detect/observation.h"

enum watch_kind {
	WATCH_YOUNG, /* nothing known yet */
	WATCH_TALK,  /* an MSNP dialogue, perhaps */
	WATCH_HTTP,
	WATCH_SOCKS,
	WATCH_LOOKUPS, /* DNS over TCP */
	WATCH_NEVER,   /* nothing here for us: forget it */
};

struct watch {
	uint8_t kind;  /* enum watch_kind */
	uint32_t slot; /* in the pool of its kind */
	bool hint;     /* a SYN to 1863 that nothing supports, not answered yet */
	uint64_t try; /* number of a connection asked for and not answered yet; 0: none */
};

struct detect;

struct detect_opts {
	size_t talks;              /* direct dialogues at once, default 4096 */
	size_t exchanges;          /* HTTP connections at once, default 4096 */
	size_t sessions;           /* gateway sessions at once, default 4096 */
	size_t carries;            /* body buffers, default 32 */
	size_t lookups, addresses; /* as resolve_opts */
	uint64_t first_talk;       /* number of the first dialogue; 0: 1 */
	bool overhears; /* lookups are learnt from, but told and counted elsewhere */
	const char *const *names;     /* further names where MSNP begins; NULL ends */
	const char *const *sinkholes; /* addresses and networks that lead nowhere */
};

int detect_open(struct detect **out, const struct detect_opts *opts, struct err *e);
void detect_close(struct detect *d);

/*
 * Names and sinkholes, as detect_opts has them, made ready by any thread for detects that
 * are at work.  -1 when one is none.
 */
struct detect_tuning;
int detect_tuning_open(struct detect_tuning **out, const char *const *names,
    const char *const *sinkholes, struct err *e);
void detect_tuning_close(struct detect_tuning *t); /* NULL is accepted */

/* They hold from now on; t is d's then. */
void detect_tune(struct detect *d, struct detect_tuning *t);

/*
 * Takes one piece.  Returns how many bytes are done with: fewer than there are when
 * more are needed or the other side must speak first, more when a payload goes on
 * beyond them.
 */
uint64_t detect_feed(
    struct detect *d, struct watch *w, const struct conn *c, const struct piece *in);

/*
 * The client's first SYN, which is a try when its address is known to be messenger's;
 * and the first packet that shows it was answered.  An end before that, given to
 * detect_end, is a try turned away.
 */
void detect_asked(struct detect *d, struct watch *w, const struct conn *c);
void detect_answered(struct detect *d, struct watch *w, const struct conn *c);

/*
 * A DNS message over UDP, between a host, c's client, and a resolver.  True when it is
 * about a name where messenger begins.
 */
bool detect_lookup(struct detect *d, const struct conn *c, struct bytes message);

/*
 * The connection is over, or is followed no more; bytes is its payload by side.  With
 * CLOSING_CUT, so is the gateway session that it carried, unless another connection
 * carries it on.
 */
void detect_end(struct detect *d, struct watch *w, const struct conn *c,
    enum closing closing, const uint64_t bytes[2]);

/* Whether the connection has shown itself to carry messenger. */
bool detect_is_messenger(const struct detect *d, const struct watch *w);

/* What a connection carries now. */
struct carried {
	uint64_t
	    talk;    /* number of the dialogue, its own or a gateway session's; 0: none */
	bool shared; /* with a proxy: what others asked for may be on it, too */
	enum confidence confidence; /* in that dialogue, by now */
};

/*
 * For who must act at once: an opening that is valid is certain here, before the other
 * side has said a word.
 */
struct carried detect_carried(const struct detect *d, const struct watch *w);

/*
 * Time passes: gateway sessions that fell silent end, and so do lookups that wait.  A
 * few at a time, to be taken with detect_next; false when none is left.
 */
bool detect_expire(struct detect *d, int64_t now);

/* The capture ends: the same for all of them. */
bool detect_finish(struct detect *d);

bool detect_next(struct detect *d, struct observation *out);

/* detect.* and gateway.* counters */
void detect_counters(const struct detect *d, struct counters *to);

#endif
