#include <stdio.h>

#include "samples/reader.h"

int
reader_number(struct reader *r, uint64_t max, const char *what, uint64_t *out)
{
	const struct word *w = reader_take(r, what);

	if (w == NULL)
		return -1;
	if (!bytes_decimal(bytes_of(w->s, w->n), max, out))
		return reader_fail(r, "expected %s, found '%s'", what, w->s);
	return 0;
}

/* Decimal digits; how many were there. */
static size_t
digits(const char *s, int64_t *out)
{
	size_t n;

	*out = 0;
	for (n = 0; n < 9 && s[n] >= '0' && s[n] <= '9'; n++)
		*out = *out * 10 + (s[n] - '0');
	return n;
}

static bool
span(const char *s, int64_t *out)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = {
	    {"ms", NET_MS}, {"s", NET_S}, {"m", 60 * NET_S}, {"h", 3600 * NET_S}};
	size_t i, n = digits(s, out);

	for (i = 0; n > 0 && i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(s + n, units[i].unit) == 0) {
			*out *= units[i].ns;
			return *out <= 24 * 3600 * NET_S;
		}
	return false;
}

int
reader_span(struct reader *r, int64_t *out)
{
	const struct word *w =
	    reader_take(r, "a span of time such as 250ms, 2s, 5m or 1h");

	if (w == NULL)
		return -1;
	if (!span(w->s, out))
		return reader_fail(r,
		    "expected a span of time such as 250ms, 2s, 5m or 1h, found '%s'",
		    w->s);
	return 0;
}

static size_t
two(const char *s, int64_t below, int64_t *out)
{
	return digits(s, out) == 2 && *out < below ? 2 : 0;
}

/* HH:MM[:SS[.fraction]] as nanoseconds of the day; how much of s it took, 0 for none. */
static size_t
clock_time(const char *s, int64_t *out)
{
	int64_t h, m, sec = 0, frac = 0;
	size_t n, at = 5;

	if (two(s, 25, &h) == 0 || s[2] != ':' || two(s + 3, 60, &m) == 0)
		return 0;
	if (s[at] == ':') {
		if (two(s + at + 1, 60, &sec) == 0)
			return 0;
		at += 3;
		if (s[at] == '.') {
			n = digits(s + at + 1, &frac);
			if (n == 0)
				return 0;
			at += 1 + n;
			for (; n < 9; n++)
				frac *= 10;
		}
	}
	*out = ((h * 60 + m) * 60 + sec) * NET_S + frac;
	return at;
}

/* Times of a day that is not known yet would be those of 1970. */
static int
day_known(struct reader *r)
{
	return r->day != 0 ? 0 : reader_fail(r, "expected date above");
}

int
reader_time(struct reader *r, int64_t *out)
{
	const struct word *w = reader_take(r, "a time such as 08:01 or +30s");
	size_t n;

	if (w == NULL || day_known(r) != 0)
		return -1;
	if (w->s[0] == '+' && span(w->s + 1, out)) {
		*out += r->last;
		return 0;
	}
	n = clock_time(w->s, out);
	if (n == 0 || w->s[n] != '\0')
		return reader_fail(
		    r, "expected a time such as 08:01 or +30s, found '%s'", w->s);
	*out += r->day;
	return 0;
}

int
reader_times(struct reader *r, int64_t *from, int64_t *until)
{
	const struct word *w = reader_take(r, "two times such as 08:00-16:00");
	size_t n, m = 0;

	if (w == NULL || day_known(r) != 0)
		return -1;
	n = clock_time(w->s, from);
	if (n > 0 && w->s[n] == '-')
		m = clock_time(w->s + n + 1, until);
	if (m == 0 || w->s[n + 1 + m] != '\0' || *until <= *from)
		return reader_fail(
		    r, "expected two times such as 08:00-16:00, found '%s'", w->s);
	*from += r->day;
	*until += r->day;
	return 0;
}

int
reader_addr(struct reader *r, struct addr *out)
{
	const struct word *w = reader_take(r, "an address");

	if (w == NULL)
		return -1;
	if (!addr_parse(w->s, out))
		return reader_fail(r, "expected an address, found '%s'", w->s);
	return 0;
}

int
reader_node(struct reader *r, const char *what, struct node **out)
{
	const struct word *w = reader_take(r, what);

	if (w == NULL)
		return -1;
	*out = reader_find(r, w->s);
	if (*out == NULL)
		return reader_fail(
		    r, "expected %s, found '%s', which nothing above names", what, w->s);
	return 0;
}

int
reader_choice(struct reader *r, const char *what, const char *const *of, size_t n)
{
	const struct word *w = reader_take(r, what);
	char all[256] = "";
	size_t i, len = 0;

	if (w == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		if (strcmp(w->s, of[i]) == 0)
			return (int)i;
		len += (size_t)snprintf(
		    all + len, sizeof(all) - len, "%s%s", i > 0 ? ", " : "", of[i]);
		if (len >= sizeof(all))
			len = sizeof(all) - 1;
	}
	return reader_fail(r, "expected %s (%s), found '%s'", what, all, w->s);
}
