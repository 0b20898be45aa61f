/* Inside the sign-in machine: the steps its two readers of lines share. */
#ifndef DETECT_SIGNIN_STATE_H
#define DETECT_SIGNIN_STATE_H

#include "detect/signin.h"

/* The newest line of side with that transaction id, or NULL. */
const struct pending *signin_pending(
    const struct signin *s, enum side side, uint32_t trid);

/* Takes the account from a handle token, unless a better source named it before. */
void signin_account(struct signin *s, struct bytes token, enum account_from from);

/* The service has said yes, or something that it says to nobody else. */
void signin_yes(struct signin *s);
void signin_no(struct signin *s, unsigned code);

/* The switchboard has let the client in. */
void signin_join(struct signin *s);

/* Whether the client is in: what looks like a sign-in from now on is none. */
bool signin_settled(const struct signin *s);

#endif
