/*
 * A time zone of the tz database, for telling the local time of an instant.  The C
 * library knows one zone a process, by the environment; this reads the database's files
 * (TZif, RFC 8536, version 2 or later) itself.  Once open it never changes.
 */
#ifndef ENFORCE_ZONE_H
#define ENFORCE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "enforce/zone_rule.h"

#define ZONE_FILE_MAX 65536 /* bytes of a zone's file */
#define ZONE_FOLDER   "/usr/share/zoneinfo"
#define ZONE_SYSTEM   "/etc/localtime"

struct zone {
	struct bytes at;    /* changes: 8 bytes each, ascending */
	struct bytes after; /* what holds after each: the number of a type, a byte each */
	struct bytes type;  /* 6 bytes each; none at all: UTC */
	bool has_rule;      /* for what follows the last change */
	struct zone_rule rule;
	uint8_t *file; /* zone_open's: what the slices are of */
};

/* The bytes of such a file, which out goes on pointing into; false when they are none. */
bool zone_parse(struct bytes file, struct zone *out);

/*
 * By its name, as Europe/Berlin; UTC takes no file.  NULL is that of this machine, which
 * is UTC when it does not say.  zone_close is the caller's in any case.
 */
int zone_open(struct zone *z, const char *name, struct err *e);
void zone_close(struct zone *z);

/* Seconds east of Greenwich at so many seconds since 1970 UTC. */
int32_t zone_offset(const struct zone *z, int64_t t);

#endif
