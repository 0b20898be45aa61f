/*
 * How many resets a minute may be sent, for one host and in all.  Shared by all workers:
 * asked only when something is about to be sent, so a lock does.  In no sixty seconds are
 * there more than the limits; what is used up comes back after sixty to seventy.
 */
#ifndef ENFORCE_QUOTA_H
#define ENFORCE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "enforce/rule.h"

/* The most a limit in all may be; no host is forgotten while it counts. */
#define QUOTA_TOTAL_MAX 10000
#define QUOTA_NEWS_MAX  64 /* that wait to be told */

struct quota_limits {
	unsigned per_host, total; /* resets a minute, at least 1 */
};

/* A limit was reached: told once a minute, for each host and for all. */
struct quota_news {
	enum rule rule;   /* RULE_HOST_LIMIT or RULE_TOTAL_LIMIT */
	struct addr host; /* with RULE_HOST_LIMIT; else the last one refused */
	unsigned limit;
	uint64_t refused; /* since it was last told, this one included */
};

struct quota;

int quota_open(struct quota **out, struct err *e);
void quota_close(struct quota *q);

/*
 * RULE_CUT, and then it is counted, or the limit that is reached.  now is of a clock that
 * nobody sets, in nanoseconds; limits may differ from call to call, and a total beyond
 * QUOTA_TOTAL_MAX is that.
 */
enum rule quota_take(struct quota *q, const struct quota_limits *limits,
    const struct addr *host, int64_t now);

/* The next news, once; false when there is none. */
bool quota_news(struct quota *q, struct quota_news *out);

#endif
