/* Networks of addresses: an address and how many of its leading bits count. */
#ifndef BASE_ADDR_NET_H
#define BASE_ADDR_NET_H

#include <stdbool.h>

#include "base/addr.h"

struct addr_net {
	struct addr addr;
	unsigned bits; /* of the 128; an IPv4 network's stand behind the mapped prefix */
};

/*
 * Reads ADDRESS or ADDRESS/BITS, BITS counted in the address's own family.  Bits set
 * beyond the network's are ignored.  False when it is neither.
 */
bool addr_net_parse(const char *text, struct addr_net *out);

bool addr_net_has(const struct addr_net *net, const struct addr *a);

#endif
