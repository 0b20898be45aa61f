#include "enforce/zone_rule.h"

#include "base/floor.h"

#define MINUTE     60
#define HOUR       3600
#define DAY        86400
#define HOURS_MOST 167 /* of an offset or a time, as RFC 8536 has it */
#define NAME_LEAST 3

#define FIRST_YEAR      1600 /* of a cycle of 400 years */
#define CYCLE_YEARS     400
#define CYCLE_DAYS      146097
#define DAYS_UNTIL_1970 135140 /* from the first day of FIRST_YEAR */

static bool
take(struct cur *c, char what)
{
	if (cur_left(c) == 0 || *c->p != (uint8_t)what)
		return false;
	c->p++;
	return true;
}

/* A number of at most three digits; -1 when there is none or it is too large. */
static int
number(struct cur *c, int most)
{
	size_t digits = 0;
	int n = 0;

	while (digits < 3 && cur_left(c) > 0 && byte_is_digit(*c->p)) {
		n = n * 10 + *c->p - '0';
		c->p++;
		digits++;
	}
	return digits == 0 || n > most ? -1 : n;
}

static bool
is_letter(uint8_t c)
{
	c = byte_fold(c);
	return c >= 'a' && c <= 'z';
}

/* Letters, or anything a name may be between < and >.  What it says is of no use here. */
static bool
name(struct cur *c)
{
	size_t n = 0;

	if (take(c, '<')) {
		while (cur_left(c) > 0 && *c->p != '>' && *c->p != '\0') {
			c->p++;
			n++;
		}
		return take(c, '>') && n >= NAME_LEAST;
	}
	while (cur_left(c) > 0 && is_letter(*c->p)) {
		c->p++;
		n++;
	}
	return n >= NAME_LEAST;
}

/* [+-]HH[:MM[:SS]] */
static bool
clock_time(struct cur *c, int32_t *out)
{
	bool minus = take(c, '-');
	int hours, minutes = 0, seconds = 0;

	if (!minus)
		(void)take(c, '+');
	hours = number(c, HOURS_MOST);
	if (hours >= 0 && take(c, ':')) {
		minutes = number(c, 59);
		if (minutes >= 0 && take(c, ':'))
			seconds = number(c, 59);
	}
	if (hours < 0 || minutes < 0 || seconds < 0)
		return false;
	*out = hours * HOUR + minutes * MINUTE + seconds;
	if (minus)
		*out = -*out;
	return true;
}

/* ",M3.5.0/2", ",J60" or ",59" */
static bool
change_day(struct cur *c, struct zone_day *d)
{
	if (!take(c, ','))
		return false;
	d->seconds = 2 * HOUR;
	if (take(c, 'M')) {
		d->kind = ZONE_DAY_OF_MONTH;
		d->month = number(c, 12);
		d->week = take(c, '.') ? number(c, 5) : -1;
		d->day = take(c, '.') ? number(c, 6) : -1;
		if (d->month < 1 || d->week < 1)
			return false;
	} else if (take(c, 'J')) {
		d->kind = ZONE_DAY_COUNTED;
		d->day = number(c, 365);
		if (d->day == 0)
			return false;
	} else {
		d->kind = ZONE_DAY_ORDINAL;
		d->day = number(c, 365);
	}
	return d->day >= 0 && (!take(c, '/') || clock_time(c, &d->seconds));
}

bool
zone_rule_parse(struct bytes text, struct zone_rule *out)
{
	struct cur c = cur_of(text);
	struct zone_rule r = {.changes = false};

	/* POSIX counts to the west. */
	if (!name(&c) || !clock_time(&c, &r.standard))
		return false;
	r.standard = -r.standard;
	r.daylight = r.standard + HOUR;
	if (cur_left(&c) > 0) {
		r.changes = true;
		if (!name(&c))
			return false;
		if (cur_left(&c) > 0 && *c.p != ',') {
			if (!clock_time(&c, &r.daylight))
				return false;
			r.daylight = -r.daylight;
		}
		if (!change_day(&c, &r.begins) || !change_day(&c, &r.ends))
			return false;
	}
	if (cur_left(&c) > 0)
		return false;
	*out = r;
	return true;
}

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Of the first of January, from 1970. */
static int64_t
year_begins(int64_t year)
{
	int64_t n = year - FIRST_YEAR;

	return 365 * n + (n + 3) / 4 - (n + 99) / 100 + (n + 399) / 400 - DAYS_UNTIL_1970;
}

static int64_t
year_of(int64_t day)
{
	int64_t year =
	    FIRST_YEAR + floor_div((day + DAYS_UNTIL_1970) * CYCLE_YEARS, CYCLE_DAYS);

	while (year_begins(year) > day)
		year--;
	while (year_begins(year + 1) <= day)
		year++;
	return year;
}

/* The number in its year, from 0, of the week-th such weekday of the month. */
static int
day_of_month_rule(const struct zone_day *d, int64_t year)
{
	static const int before[] = {
	    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	int first = before[d->month - 1], days = before[d->month] - first, day;

	if (is_leap(year)) {
		first += d->month > 2;
		days += d->month == 2;
	}
	/* The first day of 1970 was a Thursday. */
	day = (int)((d->day - (year_begins(year) + first + 4) % 7 + 14) % 7);
	day += 7 * (d->week - 1);
	return first + (day < days ? day : day - 7);
}

/* In seconds since 1970 UTC; offset is that in force until then. */
static int64_t
change_at(const struct zone_day *d, int64_t year, int32_t offset)
{
	int64_t day = d->day;

	if (d->kind == ZONE_DAY_OF_MONTH)
		day = day_of_month_rule(d, year);
	else if (d->kind == ZONE_DAY_COUNTED)
		day = d->day - 1 + (is_leap(year) && d->day > 59);
	return (year_begins(year) + day) * DAY + d->seconds - offset;
}

/*
 * What changed last holds.  Where one daylight saving ends as the next begins, there is
 * nothing in between: RFC 8536 writes a year of it so.
 */
int32_t
zone_rule_offset(const struct zone_rule *r, int64_t t)
{
	int64_t year = year_of(floor_div(t + r->standard, DAY)), begun, ended, y;
	int64_t last_begun = INT64_MIN, last_ended = INT64_MIN;

	if (!r->changes)
		return r->standard;
	for (y = year - 1; y <= year + 1; y++) {
		begun = change_at(&r->begins, y, r->standard);
		ended = change_at(&r->ends, y, r->daylight);
		if (begun <= t)
			last_begun = begun;
		if (ended <= t)
			last_ended = ended;
	}
	return last_begun >= last_ended ? r->daylight : r->standard;
}
