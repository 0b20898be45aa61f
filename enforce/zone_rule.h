/*
 * What a time zone does for ever after: the rule that ends a TZif file (RFC 8536 section
 * 3.3), in the notation of the variable TZ of POSIX: "CET-1CEST,M3.5.0,M10.5.0/3".
 */
#ifndef ENFORCE_ZONE_RULE_H
#define ENFORCE_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum zone_day_kind {
	ZONE_DAY_OF_MONTH, /* the week-th such weekday of the month, 5: the last */
	ZONE_DAY_COUNTED,  /* from 1, 29 February never counted */
	ZONE_DAY_ORDINAL,  /* from 0, 29 February counted */
};

/* When daylight saving begins or ends, by the clock that is in force until then. */
struct zone_day {
	enum zone_day_kind kind;
	int month, week; /* with ZONE_DAY_OF_MONTH */
	int day;         /* the weekday, 0 for Sunday; else the number */
	int32_t seconds; /* into that day; may lie outside it */
};

/* Offsets are seconds east of Greenwich. */
struct zone_rule {
	int32_t standard, daylight;
	bool changes; /* otherwise it is standard all year, and the rest means nothing */
	struct zone_day begins, ends;
};

/* The whole text is such a rule; daylight saving without its days is none. */
bool zone_rule_parse(struct bytes text, struct zone_rule *out);

/* At so many seconds since 1970 UTC, as far as nanoseconds in 64 bits reach. */
int32_t zone_rule_offset(const struct zone_rule *r, int64_t t);

#endif
