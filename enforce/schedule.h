/*
 * Hours of the week, as a school has them: "Mon-Fri 08:00-12:00 13:30-17:00".  By local
 * time, so on the days that clocks change both passes of a repeated hour belong, and an
 * hour that is skipped never comes.
 */
#ifndef ENFORCE_SCHEDULE_H
#define ENFORCE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "enforce/zone.h"

#define SCHEDULE_MINUTES (7 * 24 * 60)

/* Without hours it is always. */
struct schedule {
	bool limited;
	uint64_t minute[(SCHEDULE_MINUTES + 63) / 64]; /* bits, from Monday 00:00 */
};

/*
 * Adds hours: days (Mon to Sun, in lists and ranges, or daily), then one or more times of
 * day.  The minute a time ends with is not in it; one that ends before it begins goes on
 * into the next day.  -1 with what is wrong, to go behind the setting's name; then the
 * schedule is as before.
 */
int schedule_add(struct schedule *s, const char *hours, struct err *e);

/* At ns, nanoseconds since 1970 UTC, in that zone. */
bool schedule_has(const struct schedule *s, const struct zone *z, int64_t ns);

#endif
