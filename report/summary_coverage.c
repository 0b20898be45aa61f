#include "report/summary_coverage.h"

#include <string.h>

#include "report/when.h"

/*
 * Counters that lower the trust in the report when they are not zero, by a word in their
 * name; blind says that bytes which might have mattered were not read.
 */
static const struct {
	const char *word;
	bool blind;
} doubts[] = {
    {"lost", true},
    {"drop", true},
    {"cut", false},
    {"evict", false},
    {"refused", false},
    {"beyond", false},
    {"overlap", false},
    {"too_large", false},
    {"timeout", false},
    {"short", false},
};

/* Counters of other groups count choices, such as what a filter left out. */
static bool
group_is_input(const char *name)
{
	static const char *const groups[] = {
	    "source.", "decoder.", "defrag.", "stream.", "flow.", "gateway.", "capture."};
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (strncmp(name, groups[i], strlen(groups[i])) == 0)
			return true;
	return false;
}

static bool
doubtful(const struct counter *c, bool *blind)
{
	const char *leaf = strchr(c->name, '.');
	size_t i;

	if (c->value == 0 || leaf == NULL || !group_is_input(c->name))
		return false;
	for (i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
		if (strstr(leaf, doubts[i].word) != NULL) {
			*blind = doubts[i].blind;
			return true;
		}
	}
	return false;
}

bool
summary_partial(const struct summary *s, const struct counters *now)
{
	bool blind = false;
	size_t i;

	if (s->blind != 0)
		return true;
	for (i = 0; i < now->n; i++)
		if (doubtful(&now->c[i], &blind) && blind)
			return true;
	return false;
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

	if (c->origin[0] != '\0' && strstr(text, c->origin) == NULL)
		line_add(&l, "%s: ", c->origin);
	line_add(&l, "%s", text);
	add_amount(&l, c);
	say(p, &l, c->kind == COVERAGE_SKIPPED ? TINT_NONE : TINT_YELLOW);
}

static void
say_notes(const struct page *p, const struct summary *s)
{
	struct line l = {"", 0};
	size_t i;

	for (i = 0; i < s->n_coverage; i++)
		say_note(p, &s->coverage[i]);
	if (s->more_coverage == 0)
		return;
	line_some(&l, s->more_coverage, "further note");
	line_add(&l, " of this kind not shown");
	say(p, &l, TINT_YELLOW);
}

static void
say_doubts(const struct page *p, const struct counters *now)
{
	bool blind = false;
	size_t i;

	for (i = 0; i < now->n; i++) {
		const struct counter *c = &now->c[i];
		struct line l = {"", 0};

		if (!doubtful(c, &blind))
			continue;
		line_add(&l, "%s: ", c->help[0] != '\0' ? c->help : c->name);
		line_count(&l, c->value);
		say(p, &l, blind ? TINT_YELLOW : TINT_NONE);
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
	say_notes(p, s);
	say_doubts(p, now);
	say_hints(p, s->hints);
}
