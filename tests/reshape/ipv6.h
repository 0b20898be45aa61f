/* Where an IPv4 address stands in the captures that step_ipv6 makes. */
#ifndef RESHAPE_IPV6_H
#define RESHAPE_IPV6_H

#include "base/addr.h"

/* a.b.c.d as 2001:db8::a.b.c.d; an IPv6 address as it is. */
struct addr ipv6_map(const struct addr *a);

#endif
