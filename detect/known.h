/*
 * Which messenger names addresses go by, for each host, for a while.  Bounded: what
 * is stale, a hint, or said by a stray answer goes first; where sign-ins begin is counted
 * when it must go.
 */
#ifndef DETECT_KNOWN_H
#define DETECT_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/event.h"
#include "detect/names.h"

/* A name an address goes by. */
struct resolved {
	char name[HOST_NAME_MAX_TEXT];
	enum name_role role;
	bool asked; /* somebody asked and was told so, or the messenger itself said it */
	bool own;   /* the host was told so itself; not another, nor by a stray answer */
	int64_t at;
};

struct known;

int known_open(struct known **out, size_t entries, int64_t keep_ns, struct err *e);
void known_close(struct known *k);

/*
 * Notes what an address is to a host; an unset host is any.  What is there yields,
 * unless it is fresh and surer, or as sure and of more weight.
 */
void known_note(struct known *k, const struct addr *host, const struct addr *a,
    const struct resolved *is);

/*
 * What an address is to the host, or else to any; NULL when nothing is known of late.
 * Valid until the next call.
 */
const struct resolved *known_find(
    struct known *k, const struct addr *host, const struct addr *a, int64_t now);

uint64_t known_evicted(const struct known *k);

#endif
