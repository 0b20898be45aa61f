#include "enforce/schedule.h"

#include "base/bytes.h"
#include "base/event.h"
#include "base/floor.h"
#include "base/text.h"

#define DAYS        7
#define DAY_MINUTES (24 * 60)
#define THURSDAY    3 /* the first day of 1970, from Monday */
#define QUOTED      80

static const char *const day_names[DAYS] = {
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/* What is between here and the next c; the rest begins behind it. */
static struct bytes
split(struct bytes *rest, char c)
{
	struct bytes part = bytes_take(*rest, bytes_find(*rest, (uint8_t)c));

	*rest = bytes_skip(*rest, part.n + 1);
	return part;
}

static int
wrong(struct bytes part, const char *why, struct err *e)
{
	char safe[QUOTED];

	(void)text_safe(safe, sizeof(safe), part);
	return err_set(e,
	    "wants days and times, such as Mon-Fri 08:00-12:00 13:00-17:00: '%s' %s",
	    safe, why);
}

/* DAYS when it is none. */
static unsigned
day_of(struct bytes name)
{
	unsigned day;

	for (day = 0; day < DAYS; day++)
		if (bytes_eq_fold(name, day_names[day]))
			break;
	return day;
}

/* A day, or a range of them, which may go on into the next week. */
static int
add_days(struct bytes range, unsigned *days, struct err *e)
{
	struct bytes rest = range, first = split(&rest, '-'), last = first;
	unsigned from, to;

	if (first.n != range.n)
		last = rest;
	from = day_of(first);
	to = day_of(last);
	if (from == DAYS || to == DAYS)
		return wrong(from == DAYS ? first : last,
		    "is no day: Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily", e);
	for (*days |= 1U << from; from != to; *days |= 1U << from)
		from = (from + 1) % DAYS;
	return 0;
}

static int
read_days(struct bytes list, unsigned *days, struct err *e)
{
	bool more;

	*days = 0;
	if (bytes_eq_fold(list, "daily")) {
		*days = (1U << DAYS) - 1;
		return 0;
	}
	do {
		more = bytes_find(list, ',') < list.n;
		if (add_days(split(&list, ','), days, e) != 0)
			return -1;
	} while (more);
	return 0;
}

/* HH:MM in minutes, at most so many. */
static bool
read_time(struct bytes text, unsigned most, unsigned *out)
{
	struct bytes minutes = text, hours = split(&minutes, ':');
	uint64_t h = 0, m = 0;

	if (hours.n > 2 || minutes.n != 2 || !bytes_decimal(hours, 24, &h) ||
	    !bytes_decimal(minutes, 59, &m))
		return false;
	*out = (unsigned)(h * 60 + m);
	return *out <= most;
}

struct span {
	unsigned from, to; /* minutes into the day; to may be on the next one */
};

static int
read_span(struct bytes text, struct span *out, struct err *e)
{
	struct bytes to = text, from = split(&to, '-');

	if (from.n == text.n || !read_time(from, DAY_MINUTES - 1, &out->from) ||
	    !read_time(to, DAY_MINUTES, &out->to))
		return wrong(
		    text, "is no time of day as in 08:00-12:00 or 22:00-06:00", e);
	if (out->from == out->to)
		return wrong(text, "has no length; a whole day is 00:00-24:00", e);
	if (out->to < out->from)
		out->to += DAY_MINUTES;
	return 0;
}

static void
set_minutes(struct schedule *s, unsigned days, const struct span *span)
{
	unsigned day, at, minute;

	for (day = 0; day < DAYS; day++) {
		if ((days >> day & 1) == 0)
			continue;
		for (at = span->from; at < span->to; at++) {
			minute = (day * DAY_MINUTES + at) % SCHEDULE_MINUTES;
			s->minute[minute / 64] |= UINT64_C(1) << minute % 64;
		}
	}
}

int
schedule_add(struct schedule *s, const char *hours, struct err *e)
{
	struct bytes rest = bytes_trim(bytes_str(hours)), part = split(&rest, ' ');
	struct schedule next = *s;
	struct span span = {0, 0};
	unsigned days;

	if (read_days(part, &days, e) != 0)
		return -1;
	rest = bytes_trim(rest);
	if (rest.n == 0)
		return wrong(part, "has no times; a whole day is 00:00-24:00", e);
	while (rest.n > 0) {
		if (read_span(split(&rest, ' '), &span, e) != 0)
			return -1;
		set_minutes(&next, days, &span);
		rest = bytes_trim(rest);
	}
	next.limited = true;
	*s = next;
	return 0;
}

bool
schedule_has(const struct schedule *s, const struct zone *z, int64_t ns)
{
	int64_t t = floor_div(ns, NS_PER_S), minute;

	if (!s->limited)
		return true;
	minute = floor_div(t + zone_offset(z, t), 60) + THURSDAY * DAY_MINUTES;
	minute -= floor_div(minute, SCHEDULE_MINUTES) * SCHEDULE_MINUTES;
	return (s->minute[minute / 64] >> minute % 64 & 1) != 0;
}
