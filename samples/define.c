/* The statements that say who there is. */
#include <stdio.h>

#include "samples/reader.h"

/* Days since 1970 of a date in the Gregorian calendar. */
static int64_t
days(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int
define_date(struct reader *r)
{
	const struct word *w = reader_take(r, "a date such as 2026-11-20");
	uint64_t y, m, d;

	if (w == NULL)
		return -1;
	if (w->n != 10 || w->s[4] != '-' || w->s[7] != '-' ||
	    !bytes_decimal(bytes_of(w->s, 4), 2100, &y) ||
	    !bytes_decimal(bytes_of(w->s + 5, 2), 12, &m) ||
	    !bytes_decimal(bytes_of(w->s + 8, 2), 31, &d) || y < 1971 || m == 0 || d == 0)
		return reader_fail(
		    r, "expected a date such as 2026-11-20, found '%s'", w->s);
	r->day = days((int64_t)y, (int64_t)m, (int64_t)d) * 86400 * NET_S;
	return 0;
}

static int
loses(struct reader *r, struct trace_view *v)
{
	const struct word *w = reader_take(r, "a share such as 3%");
	uint64_t percent;

	if (w == NULL)
		return -1;
	if (w->n < 2 || w->s[w->n - 1] != '%' ||
	    !bytes_decimal(bytes_of(w->s, w->n - 1), 100, &percent))
		return reader_fail(r, "expected a share such as 3%%, found '%s'", w->s);
	v->lose_permille = (unsigned)percent * 10;
	v->lose_from = v->from;
	return reader_accept(r, "from") ? reader_time(r, &v->lose_from) : 0;
}

static int
define_capture(struct reader *r)
{
	static const char *const sides[] = {"both", "client", "server"};
	struct trace_view *v = &r->w->view;
	int side;

	if (reader_times(r, &v->from, &v->until) != 0)
		return -1;
	while (reader_more(r)) {
		if (reader_accept(r, "loses")) {
			if (loses(r, v) != 0)
				return -1;
		} else if (reader_accept(r, "only")) {
			side = reader_choice(r, "a side", sides, 3);
			if (side < 0)
				return -1;
			v->only = (enum trace_side)side;
		} else {
			return reader_fail(
			    r, "expected loses or only, found '%s'", r->word[r->at].s);
		}
	}
	return 0;
}

static int
define_seed(struct reader *r)
{
	uint64_t seed;

	if (reader_number(r, UINT32_MAX, "a number", &seed) != 0)
		return -1;
	r->w->net.rng.state = seed;
	r->w->view.seed = seed + 1;
	return 0;
}

static int
define_resolver(struct reader *r)
{
	return reader_node(r, "a server", &r->w->net.resolver);
}

static int
define_router(struct reader *r)
{
	return reader_node(r, "a server", &r->w->net.router);
}

static int
define_passport(struct reader *r)
{
	return reader_node(r, "a server", &r->w->passport);
}

static int
define_switchboard(struct reader *r)
{
	return reader_node(r, "a server", &r->w->switchboard);
}

static int
define_include(struct reader *r)
{
	const struct word *w = reader_take(r, "a file");
	const char *here = r->source[r->depth - 1].path, *slash = strrchr(here, '/');
	char path[2 * READER_PATH];

	if (w == NULL || reader_end(r) != 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%.*s%s",
	    slash == NULL ? 0 : (int)(slash - here + 1), here, w->s);
	return reader_open(r, path);
}

bool
define_statement(struct reader *r, const char *name, int *result)
{
	static const struct {
		const char *name;
		int (*play)(struct reader *r);
	} rows[] = {{"date", define_date}, {"capture", define_capture},
	    {"seed", define_seed}, {"host", define_host}, {"hosts", define_hosts},
	    {"server", define_server}, {"resolver", define_resolver},
	    {"router", define_router}, {"passport", define_passport},
	    {"switchboard", define_switchboard}, {"client", define_client},
	    {"include", define_include}};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(name, rows[i].name) == 0) {
			*result = rows[i].play(r);
			/* An included file's lines come next; its include has looked. */
			if (*result == 0 && rows[i].play != define_include)
				*result = reader_end(r);
			return true;
		}
	return false;
}
