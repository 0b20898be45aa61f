/*
 * Who `live` is once it has opened what takes privilege: an unprivileged user that can do
 * one thing others cannot, open an interface, for one that went away is opened again.
 */
#ifndef APP_PRIVILEGE_H
#define APP_PRIVILEGE_H

#include "base/err.h"

#define PRIVILEGE_USER    "msnwatch" /* whom root becomes when nobody is named */
#define PRIVILEGE_WHO_MAX 128

/*
 * Becomes user, with that user's groups.  NULL: root becomes PRIVILEGE_USER, or says on
 * standard error that there is none and stays; anyone else stays who they are.  Keeps
 * CAP_NET_RAW where it was there and no other capability, can never gain one again, and
 * verifies all of it.  who is then for messages about what this user may not do.
 *
 * Concerns the calling thread: to be called while it is the only one.
 */
int privilege_drop(const char *user, char who[PRIVILEGE_WHO_MAX], struct err *e);

#endif
