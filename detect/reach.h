/*
 * Tries that never get to speak: lookups answered with nowhere, connections to a
 * messenger address that nobody answers, that are refused or prohibited, and proxies
 * that say no.  They become observations like what dialogues say, each under a number
 * of its own.
 *
 * A connection counts only when something before it tells that its address is
 * messenger's: a lookup of the same host, a redirect, a gateway's word.  A SYN to port
 * 1863 on its own is counted as a hint and accuses nobody.
 */
#ifndef DETECT_REACH_H
#define DETECT_REACH_H

#include "detect/resolve.h"
#include "detect/telling.h"

struct reach {
	struct resolve *resolve;
	const struct names *names;
	struct telling *telling;
	uint64_t *next_talk;
	bool overhears; /* see detect_opts */
	uint64_t hints; /* SYNs to 1863 that nothing supports */
};

/*
 * A first SYN.  The number its try is told under, or 0 when the connection is none of
 * messenger's as far as is known.
 */
uint64_t reach_asked(struct reach *r, const struct conn *c);

/* The connection of that try is answered: what is said on it decides. */
void reach_answered(struct reach *r, uint64_t talk, const struct conn *c);

/* The connection of that try ended unanswered. */
void reach_ended(
    struct reach *r, uint64_t talk, const struct conn *c, enum closing closing);

/* A proxy said no to a client that asked it for a service. */
struct denial {
	enum path path;
	const char *name; /* the service asked for, safe text; "" when by address */
	struct endpoint to;
	unsigned status; /* of an HTTP proxy; 0: SOCKS */
};
void reach_denied(struct reach *r, const struct conn *c, const struct denial *d);

/* The connection ended before the proxy had said yes or no. */
void reach_unheard(
    struct reach *r, const struct conn *c, const struct denial *d, enum closing closing);

/* A DNS message between a host, c's client, and a resolver. */
void reach_lookup(struct reach *r, const struct conn *c, const struct dns_message *m);

/*
 * A TLS client has named its server: a sign-in host is a hint for the attempt under
 * way.
 */
void reach_hello(struct reach *r, const struct conn *c, const char *name);

/* Lookups that are due at now are settled, some at a time; true when any was. */
bool reach_expire(struct reach *r, int64_t now);

/* The messenger itself has sent the host to that address. */
void reach_learn(
    struct reach *r, const struct conn *c, const struct addr *to, enum path path);

/* reach.* and dns.* counters */
void reach_counters(const struct reach *r, struct counters *to);

#endif
