/*
 * What hosts asked a resolver and were told, of the messenger's names only: whether a
 * lookup led somewhere, and which addresses belong to which name for a while after.
 * Packet time is the clock.  Bounded tables; the oldest goes, counted.
 *
 * A lookup is one host's interest in one name: questions for A and AAAA, asked again
 * and at other servers, judged together.  A good answer in one family settles it at
 * once and outweighs whatever the other one says.  Bad answers alone make it sinkholed:
 * when both families have been answered, or RESOLVE_SETTLE_NS after the first bad
 * answer, for clients ask the families one after the other and ask again when refused.
 */
#ifndef DETECT_RESOLVE_H
#define DETECT_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counters.h"
#include "base/err.h"
#include "base/event.h"
#include "detect/dns.h"
#include "detect/judge.h"
#include "detect/known.h"
#include "detect/names.h"

#define RESOLVE_SETTLE_NS   (2 * NS_PER_S)
#define RESOLVE_PATIENCE_NS (30 * NS_PER_S) /* a question without an answer is over */
#define RESOLVE_KEEP_NS     (3600 * NS_PER_S)
#define RESOLVE_LOOKUPS     2048
#define RESOLVE_ADDRESSES   4096

enum resolve_told { RESOLVE_ASKED, RESOLVE_ANSWERED, RESOLVE_SINKHOLED };

/* News of a lookup of a NAME_DISPATCH or NAME_GATEWAY name. */
struct resolve_news {
	enum resolve_told told;
	enum name_role role;
	struct endpoint host;   /* of the latest question */
	struct endpoint server; /* the resolver asked then */
	char name[HOST_NAME_MAX_TEXT];
	enum resolve_verdict verdict; /* with RESOLVE_SINKHOLED: how */
	struct addr addr; /* the first good one, or the sinkhole's; unset: none given */
	int64_t began;    /* first question */
	int64_t ts;       /* the question, or the answer that decided */
	uint32_t asked;   /* questions so far, both families */
};

struct resolve_opts {
	const struct names *names;    /* outlives the resolve */
	const char *const *sinkholes; /* addresses and networks as text; NULL ends */
	int64_t keep_ns;              /* 0: RESOLVE_KEEP_NS */
	size_t lookups;               /* 0: RESOLVE_LOOKUPS */
	size_t addresses;             /* 0: RESOLVE_ADDRESSES */
};

struct resolve;

int resolve_open(struct resolve **out, const struct resolve_opts *opts, struct err *e);
void resolve_close(struct resolve *r);

/* Other names, which outlive it, and another judgement of addresses from now on. */
void resolve_tune(
    struct resolve *r, const struct names *names, const struct judge *judge);

/*
 * Takes one message between t->client, who asks, and t->server; true when there is
 * news.  Names of HOST_NAME_MAX_TEXT and more, and questions of resolvers among
 * themselves (no recursion desired) are passed over.  Call resolve_expire first, so that
 * what is due comes before.  An answer counts when it fits a question seen: same host,
 * port, server, id, name and type.  One without teaches addresses at most (see
 * resolved.own), and only while no question of that host for that name was seen.
 */
bool resolve_message(struct resolve *r, const struct tuple *t,
    const struct dns_message *m, int64_t now, struct resolve_news *out);

/*
 * Time passes: lookups with bad answers alone are settled, one at a time; false when
 * none is left.  INT64_MAX settles all, at the end of a capture.
 */
bool resolve_expire(struct resolve *r, int64_t now, struct resolve_news *out);

/* What an address was to a host of late; NULL: nothing.  Valid until the next call. */
const struct resolved *resolve_address(
    struct resolve *r, const struct addr *host, const struct addr *a, int64_t now);

/* Whether the address leads nowhere: loopback, unspecified or a configured sinkhole. */
bool resolve_is_sinkhole(const struct resolve *r, const struct addr *a);

/* Whether the host asked for a name of that role of late. */
bool resolve_asked(
    struct resolve *r, const struct addr *host, enum name_role role, int64_t now);

struct resolve_name {
	const char *name; /* safe text */
	enum name_role role;
};

/* The messenger itself gave the host an address: a redirect, or a gateway's own. */
void resolve_learn(struct resolve *r, const struct addr *host, const struct addr *a,
    const struct resolve_name *name, int64_t now);

/* dns.* counters */
void resolve_counters(const struct resolve *r, struct counters *to);

#endif
