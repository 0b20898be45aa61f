/*
 * Names of the messenger's hosts.  What a name is for is data with a source
 * (names_data.c), which a configuration can extend.  A name is a hint, never evidence.
 */
#ifndef DETECT_NAMES_H
#define DETECT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define NAMES_EXTRA_MAX 256

enum name_role {
	NAME_NONE,            /* not the messenger's, or another product's today */
	NAME_DISPATCH,        /* MSNP on 1863 begins here */
	NAME_GATEWAY,         /* MSNP inside HTTP */
	NAME_SIGNIN,          /* where the password goes: Passport, Live ID */
	NAME_OTHER_MESSENGER, /* configuration, contacts, pictures, offline messages */
};

/* Whether a name of that role is where sign-ins begin, rather than a hint. */
static inline bool
name_role_starts(enum name_role role)
{
	return role == NAME_DISPATCH || role == NAME_GATEWAY;
}

#define NAME_ROLES (NAME_OTHER_MESSENGER + 1)

struct name_row {
	const char *pattern; /* lower case: a name, or "*.": every name below the rest */
	enum name_role role;
	const char *source; /* a key of doc/protocol.md, Sources */
	const char *remark;
};

/* The rows that are built in, in the order they are tried. */
const struct name_row *names_rows(size_t *n);

struct names;

int names_open(struct names **out, struct err *e);
void names_close(struct names *ns);

/* The same with further names where MSNP begins; NULL ends, and NULL is none. */
int names_open_with(struct names **out, const char *const *dispatch, struct err *e);

/*
 * Adds a pattern, in any case; at most NAMES_EXTRA_MAX.  Those added come before the
 * rows, the first one first, so NAME_NONE takes a name off the list.
 */
int names_add(struct names *ns, const char *pattern, enum name_role role, struct err *e);

/* What a name is for: lower case, dots between the labels.  The first that fits wins. */
enum name_role names_role(const struct names *ns, const char *name);

#endif
