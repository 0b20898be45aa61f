/* What capture/ knows of a connection, in the terms of enforce/. */
#ifndef APP_ENFORCE_SEAT_H
#define APP_ENFORCE_SEAT_H

#include "app/enforce_guard.h"
#include "enforce/policy.h"
#include "enforce/pursuit.h"

/*
 * Where the connection stands, and how its frames travel; a packet out of a tunnel, or on
 * anything but plain Ethernet, leaves the links unknown.
 */
void guard_seat(const struct guard_sight *s, struct reset_seat *out);

/* The connection between these ends, for events. */
struct conn guard_conn(const struct guard_sight *s, const struct tuple *ends);

/*
 * Puts a dialogue before the policy as it stands now, on a connection between these ends;
 * of who, it is given by what evidence: confidence, via_proxy and seen (0: now).
 */
enum rule guard_ask(const struct policy *p, const struct reset *facts,
    const struct tuple *ends, struct suspect who);

struct pursuit_segment guard_segment(const struct packet *p);

#endif
