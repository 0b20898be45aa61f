#define _GNU_SOURCE
#include "report/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/event.h"
#include "base/floor.h"

#define DAY_S INT64_C(86400)

struct when
when_of(int64_t ns)
{
	int64_t nano = ns % NS_PER_S;
	time_t t = (time_t)floor_div(ns, NS_PER_S);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		memset(&tm, 0, sizeof(tm));
	return (struct when){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, (int)(nano < 0 ? nano + NS_PER_S : nano)};
}

int64_t
when_day(int64_t ns)
{
	return floor_div(ns, DAY_S * NS_PER_S);
}

const char *
when_stamp(int64_t ns, char buf[WHEN_MAX])
{
	struct when w = when_of(ns);

	(void)snprintf(buf, WHEN_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%06d+0000", w.year,
	    w.month, w.day, w.hour, w.minute, w.second, w.nano / 1000);
	return buf;
}

bool
when_read(const char *text, int64_t *ns)
{
	struct tm tm = {.tm_year = 0};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t nano = 0, unit = NS_PER_S / 10;

	if (rest == NULL || *rest++ != '.')
		return false;
	for (; *rest >= '0' && *rest <= '9'; unit /= 10)
		nano += unit * (*rest++ - '0');
	*ns = (int64_t)timegm(&tm) * NS_PER_S + nano;
	return unit == NS_PER_S / 10000000 && strcmp(rest, "+0000") == 0;
}

const char *
when_date(int64_t ns, char buf[WHEN_MAX])
{
	struct when w = when_of(ns);

	(void)snprintf(buf, WHEN_MAX, "%04d-%02d-%02d", w.year, w.month, w.day);
	return buf;
}

const char *
when_clock(int64_t ns, char buf[WHEN_MAX])
{
	struct when w = when_of(ns);

	(void)snprintf(buf, WHEN_MAX, "%02d:%02d:%02d", w.hour, w.minute, w.second);
	return buf;
}

enum when_scale
when_scale(int64_t first, int64_t last)
{
	if (when_day(first) == when_day(last))
		return WHEN_IN_DAY;
	return when_of(first).year == when_of(last).year ? WHEN_IN_YEAR : WHEN_FULL;
}

const char *
when_short(enum when_scale scale, int64_t ns, char buf[WHEN_MAX])
{
	char date[WHEN_MAX], clock[WHEN_MAX];

	if (scale == WHEN_IN_DAY)
		return when_clock(ns, buf);
	(void)when_clock(ns, clock);
	(void)when_date(ns, date);
	(void)snprintf(buf, WHEN_MAX, "%.10s %.8s",
	    scale == WHEN_IN_YEAR ? date + strlen("2026-") : date, clock);
	return buf;
}

const char *
when_common(enum when_scale scale, int64_t ns, char buf[WHEN_MAX])
{
	(void)when_date(ns, buf);
	if (scale == WHEN_IN_YEAR)
		buf[strlen("2026")] = '\0';
	if (scale == WHEN_FULL)
		buf[0] = '\0';
	return buf;
}

const char *
when_span(int64_t ns, char buf[WHEN_MAX])
{
	int64_t tenths = ns / (NS_PER_S / 10), s = ns / NS_PER_S;

	if (tenths < 0)
		tenths = s = 0;
	if (s < 60)
		(void)snprintf(buf, WHEN_MAX, "%d.%d s", (int)s, (int)(tenths % 10));
	else if (s < 3600)
		(void)snprintf(buf, WHEN_MAX, "%d min", (int)(s / 60));
	else if (s < DAY_S)
		(void)snprintf(
		    buf, WHEN_MAX, "%d h %02d min", (int)(s / 3600), (int)(s / 60 % 60));
	else
		(void)snprintf(buf, WHEN_MAX, "%d day%s %d h", (int)(s / DAY_S),
		    s < 2 * DAY_S ? "" : "s", (int)(s / 3600 % 24));
	return buf;
}
