#include "report/summary_coverage.h"

#include <string.h>

#include "report/when.h"

#define SKIPPED_SHOWN 3

/*
 * Counters that say how far the report can be trusted, in an administrator's words;
 * several that mean the same to him are one row.
 */
#define DOUBT_COUNTERS 4

static const struct doubt {
	const char *thing, *what;
	const char *counter[DOUBT_COUNTERS];
} doubts[] = {
    {"packet", "cut short by the capture's snap length", {"decoder.cut"}},
    {"datagram", "in fragments that could not be put together",
	{"defrag.overlaps", "defrag.timeouts", "defrag.evictions", "defrag.too_large"}},
    {"connection", "given up because too many were open at once",
	{"flow.evicted", "stream.refused", "detect.refused", "gateway.evicted"}},
    {"frame", "with a time out of line, told with the time of its neighbours",
	{"time.outliers"}},
    {"HTTP body", "from a gateway that could not be unpacked",
	{"gateway.bodies_refused", "gateway.bodies_broken"}},
    {"connection",
	"to port 1863 asked for, unanswered and unexplained: no more than hints",
	{"detect.hints"}},
    {"observation", "lost because a table was full",
	{"detect.dropped", "output.dropped", "attempt.evicted"}},
};

static uint64_t
amount(const struct doubt *d, const struct counters *now)
{
	uint64_t sum = 0;
	size_t i, k;

	for (i = 0; i < now->n; i++)
		for (k = 0; k < DOUBT_COUNTERS && d->counter[k] != NULL; k++)
			if (strcmp(now->c[i].name, d->counter[k]) == 0)
				sum += now->c[i].value;
	return sum;
}

static void
say(const struct page *p, const struct line *l, enum tint tint)
{
	page_para(p, p->style->utf8 ? "\xe2\x80\xa2 " : "- ", l->text, tint);
}

static void
say_span(const struct page *p, const struct summary_span *span)
{
	char date[WHEN_MAX], clock[WHEN_MAX], length[WHEN_MAX];
	bool one_day = when_day(span->first) == when_day(span->last);
	int64_t length_ns;
	struct line l = {"", 0};

	if (__builtin_sub_overflow(span->last, span->first, &length_ns))
		length_ns = INT64_MAX;
	line_some(&l, span->packets, "packet");
	line_add(&l, ", ");
	line_size(&l, span->bytes);
	if (span->files != 0) {
		line_add(&l, ", ");
		line_some(&l, span->files, "file");
	}
	if (span->first != 0 || span->last != 0) {
		line_add(&l, ", %s %s to ", when_date(span->first, date),
		    when_clock(span->first, clock));
		line_add(&l, "%s%s%s UTC (%s)",
		    one_day ? "" : when_date(span->last, date), one_day ? "" : " ",
		    when_clock(span->last, clock), when_span(length_ns, length));
	}
	page_para(p, "", l.text, TINT_NONE);
	if (span->left_out == 0)
		return;
	l = (struct line){"", 0};
	line_some(&l, span->left_out, "packet");
	line_add(&l, " left out by the filter");
	say(p, &l, TINT_NONE);
}

/* " (12 frames)", unless the text says the number itself. */
static void
add_amount(struct line *l, const struct coverage *c)
{
	struct line bare = {"", 0}, grouped = {"", 0};

	line_add(&bare, "%llu", (unsigned long long)c->count);
	line_count(&grouped, c->count);
	if (c->count == 0 || strstr(c->text, bare.text) != NULL ||
	    strstr(c->text, grouped.text) != NULL)
		return;
	line_add(l, " (");
	line_some(l, c->count, c->kind == COVERAGE_LOST ? "byte" : "frame");
	line_add(l, ")");
}

static void
say_note(const struct page *p, const struct coverage *c)
{
	const char *text = c->text[0] != '\0' ? c->text : coverage_word(c->kind);
	struct line l = {"", 0};

	if (c->origin[0] != '\0' && strcmp(c->origin, "-") != 0 &&
	    strstr(text, c->origin) == NULL)
		line_add(&l, "%s: ", c->origin);
	line_add(&l, "%s", text);
	add_amount(&l, c);
	say(p, &l, c->kind == COVERAGE_SKIPPED ? TINT_NONE : TINT_YELLOW);
}

/* Some notes of a sort, and how many there are beyond. */
static void
say_sort(const struct page *p, const struct summary *s, bool skipped, size_t most)
{
	struct line l = {"", 0};
	uint64_t more = skipped ? s->more_skipped : s->more_coverage;
	size_t i, said = 0;

	for (i = 0; i < s->n_coverage; i++) {
		if ((s->coverage[i].kind == COVERAGE_SKIPPED) != skipped)
			continue;
		if (said++ < most)
			say_note(p, &s->coverage[i]);
		else
			more++;
	}
	if (more == 0)
		return;
	line_add(&l, "and ");
	line_some(&l, more, skipped ? "further file" : "further note");
	line_add(&l, skipped ? " skipped" : " of this kind");
	say(p, &l, skipped ? TINT_NONE : TINT_YELLOW);
}

static void
say_doubts(const struct page *p, const struct counters *now)
{
	uint64_t n;
	size_t i;

	for (i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
		struct line l = {"", 0};

		n = amount(&doubts[i], now);
		if (n == 0)
			continue;
		line_some(&l, n, doubts[i].thing);
		line_add(&l, " %s", doubts[i].what);
		say(p, &l, TINT_YELLOW);
	}
}

static void
say_hints(const struct page *p, uint64_t hints)
{
	struct line l = {"", 0};

	if (hints == 0)
		return;
	line_count(&l, hints);
	line_add(&l, hints == 1
			 ? " try only looked like Messenger (a name, a port or an "
			   "address, but no dialogue) and is not counted"
			 : " tries only looked like Messenger (a name, a port or an "
			   "address, but no dialogue) and are not counted");
	say(p, &l, TINT_NONE);
}

void
summary_coverage(const struct summary *s, const struct summary_span *span,
    const struct counters *now, const struct page *p)
{
	page_heading(p, "Coverage", "");
	say_span(p, span);
	say_sort(p, s, false, COVERAGE_NOTES);
	say_doubts(p, now);
	say_sort(p, s, true, SKIPPED_SHOWN);
	say_hints(p, s->hints);
}
