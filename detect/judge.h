/*
 * What an answer amounts to: a way to the messenger, or one of the dead ends that DNS
 * blocks are made of.
 */
#ifndef DETECT_JUDGE_H
#define DETECT_JUDGE_H

#include "base/addr_net.h"
#include "base/err.h"
#include "detect/dns.h"

#define JUDGE_SINKHOLES_MAX 64 /* of the configuration */
#define JUDGE_NETS_MAX      (JUDGE_SINKHOLES_MAX + 4)

/* Of two bad ones the first in this order is told. */
enum resolve_verdict {
	RESOLVE_NONE, /* none yet, or one that says nothing */
	RESOLVE_GOOD,
	RESOLVE_SINKHOLE, /* an address of the configured sinkholes */
	RESOLVE_LOOPBACK,
	RESOLVE_UNSPECIFIED,
	RESOLVE_NXDOMAIN,
	RESOLVE_REFUSED,
	RESOLVE_NODATA,
};

/* The addresses that lead nowhere. */
struct judge {
	struct {
		struct addr_net net;
		enum resolve_verdict verdict;
	} dead[JUDGE_NETS_MAX];
	size_t n;
};

/* With addresses and networks as text, ended by NULL; NULL: none of your own. */
int judge_init(struct judge *j, const char *const *sinkholes, struct err *e);

enum resolve_verdict judge_address(const struct judge *j, const struct addr *a);

/* With *addr the address that decided, or unset.  One good address is enough. */
enum resolve_verdict judge_answer(
    const struct judge *j, const struct dns_message *m, struct addr *addr);

#endif
