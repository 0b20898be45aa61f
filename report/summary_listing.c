#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/columns.h"
#include "report/error_text.h"
#include "report/summary_tables.h"

#define CODES_MAX 16

enum {
	TRY_TIME,
	TRY_HOST,
	TRY_ACCOUNT,
	TRY_PATHS,
	TRY_OUTCOME,
	TRY_DIALECT,
	TRY_CLIENT,
	TRY_LASTED,
	TRY_CONVERSATIONS,
	TRY_COLUMNS
};

static const struct column columns[TRY_COLUMNS] = {
    [TRY_TIME] = {"Time", 0, 0, false},
    [TRY_HOST] = {"Host", 0, 0, false},
    [TRY_ACCOUNT] = {"Account", 16, 0, false},
    [TRY_PATHS] = {"Path and result", 22, 0, false},
    [TRY_OUTCOME] = {"Outcome", 0, 1, false},
    [TRY_DIALECT] = {"Dialect", 0, 4, false},
    [TRY_CLIENT] = {"Client", 17, 3, false},
    [TRY_LASTED] = {"Lasted", 0, 2, true},
    [TRY_CONVERSATIONS] = {"Conv.", 0, 5, true},
};

static int
compare(const void *va, const void *vb)
{
	const struct attempt_note *a = va, *b = vb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static bool
port_is_usual(const struct path_note *n)
{
	return n->port == 0 || (n->path == PATH_DIRECT && n->port == 1863) ||
	       (n->path == PATH_GATEWAY && n->port == 80) || n->path > PATH_GATEWAY;
}

/* "direct refused x2 > gateway signed-in" */
static void
put_paths(struct line *l, const struct attempt_note *a, bool utf8)
{
	size_t i;

	for (i = 0; i < a->n_paths; i++) {
		const struct path_note *n = &a->path[i];

		if (i != 0)
			line_add(l, utf8 ? " \xe2\x86\x92 " : " > ");
		line_add(l, "%s", path_word((enum path)n->path));
		if (!port_is_usual(n))
			line_add(l, ":%u", n->port);
		line_add(l, " %s",
		    result_word((enum outcome)n->outcome, (enum reason)n->reason));
		if (n->code != 0)
			line_add(l, " %u", n->code);
		if (n->count > 1)
			line_add(l, utf8 ? " \xc3\x97%u" : " x%u", n->count);
	}
	if (a->more_paths != 0)
		line_add(l, " +%u more", a->more_paths);
}

static enum tint
tint_of(enum outcome o)
{
	switch (o) {
	case OUTCOME_SIGNED_IN:
	case OUTCOME_IN_SESSION:
		return TINT_GREEN;
	case OUTCOME_REJECTED:
	case OUTCOME_BLOCKED:
	case OUTCOME_RESET:
		return TINT_RED;
	case OUTCOME_ABANDONED:
	case OUTCOME_UNFINISHED:
		return TINT_YELLOW;
	}
	return TINT_NONE;
}

static bool
was_in(const struct attempt_note *a)
{
	return a->outcome == OUTCOME_SIGNED_IN || a->outcome == OUTCOME_IN_SESSION;
}

static void
put_outcome(struct line *l, const struct attempt_note *a)
{
	line_add(l, "%s", outcome_word((enum outcome)a->outcome));
	if (a->error_code != 0)
		line_add(l, " %u", a->error_code);
}

static void
row_of(const struct attempt_note *a, const struct page *p, enum when_scale scale,
    struct row *r)
{
	char addr[ADDR_TEXT_MAX], when[WHEN_MAX];

	row_clear(r);
	if (a->start != 0)
		line_add(&r->cell[TRY_TIME], "%s", when_short(scale, a->start, when));
	line_add(&r->cell[TRY_HOST], "%s", addr_text(&a->host, addr));
	line_add(&r->cell[TRY_ACCOUNT], "%s", a->account);
	put_paths(&r->cell[TRY_PATHS], a, p->style->utf8);
	put_outcome(&r->cell[TRY_OUTCOME], a);
	if (a->dialect != 0)
		line_add(&r->cell[TRY_DIALECT], "MSNP%u", a->dialect);
	line_add(&r->cell[TRY_CLIENT], "%s", a->client);
	if (was_in(a) && a->session_ns > 0)
		line_add(&r->cell[TRY_LASTED], "%s", when_span(a->session_ns, when));
	if (was_in(a) || a->conversations != 0)
		line_count(&r->cell[TRY_CONVERSATIONS], a->conversations);
	r->tint[TRY_OUTCOME] = tint_of((enum outcome)a->outcome);
}

/* The outcome is coloured, and where it has no column, the paths in its place. */
static void
tint_row(const struct columns *c, struct row *r)
{
	if (c->width[TRY_OUTCOME] == 0)
		r->tint[TRY_PATHS] = r->tint[TRY_OUTCOME];
}

static bool
write_table(const struct summary *s, const struct page *p, enum when_scale scale)
{
	struct columns c;
	struct row r;
	size_t i;

	columns_init(&c, columns, TRY_COLUMNS);
	for (i = 0; i < s->n_attempts; i++) {
		row_of(&s->attempt[i], p, scale, &r);
		columns_measure(&c, p, &r);
	}
	if (p->style->width < TABLE_LEAST || !columns_fit(&c, p->style->width))
		return false;
	columns_head(&c, p);
	for (i = 0; i < s->n_attempts; i++) {
		row_of(&s->attempt[i], p, scale, &r);
		tint_row(&c, &r);
		columns_row(&c, p, &r);
	}
	return true;
}

static void
add_part(struct line *to, const struct line *part, const char *unit)
{
	if (part->n != 0)
		line_add(to, "%s%s%s", to->n != 0 ? ", " : "", part->text, unit);
}

/* Whether the last path's result already says how the attempt ended. */
static bool
paths_tell(const struct attempt_note *a)
{
	const struct path_note *last;

	if (a->n_paths == 0)
		return false;
	last = &a->path[a->n_paths - 1];
	return last->outcome == a->outcome && last->outcome != OUTCOME_BLOCKED &&
	       last->code == a->error_code;
}

static void
write_block(const struct attempt_note *a, const struct page *p, enum when_scale scale)
{
	struct line head = {"", 0}, rest = {"", 0};
	struct row r;

	row_of(a, p, scale, &r);
	line_add(&head, "%s%s%s", r.cell[TRY_TIME].text,
	    r.cell[TRY_TIME].n != 0 ? "  " : "", r.cell[TRY_HOST].text);
	page_para(p, "", head.text, TINT_BOLD);
	if (a->n_paths != 0)
		page_para(p, "  ", r.cell[TRY_PATHS].text, r.tint[TRY_OUTCOME]);
	if (!paths_tell(a))
		page_para(p, "  ", r.cell[TRY_OUTCOME].text, r.tint[TRY_OUTCOME]);
	if (a->account[0] != '\0')
		page_para(p, "  ", a->account, TINT_NONE);
	add_part(&rest, &r.cell[TRY_CLIENT], "");
	add_part(&rest, &r.cell[TRY_DIALECT], "");
	add_part(&rest, &r.cell[TRY_LASTED], "");
	if (a->conversations != 0)
		add_part(&rest, &r.cell[TRY_CONVERSATIONS],
		    a->conversations == 1 ? " conversation" : " conversations");
	if (rest.n != 0)
		page_para(p, "  ", rest.text, TINT_NONE);
}

static void
explain(const struct page *p, bool first, const char *lead, const char *text)
{
	if (first)
		(void)fputc('\n', p->to);
	page_para(p, lead, text, TINT_DIM);
}

/* Returns whether there was nothing to explain. */
static bool
explain_outcomes(const struct summary *s, const struct page *p)
{
	static const struct {
		enum outcome outcome;
		const char *lead, *text;
	} words[] = {
	    {OUTCOME_ABANDONED, "abandoned   ",
		"the client left before a yes or no; usually a wrong password, which "
		"fails out of sight, inside HTTPS"},
	    {OUTCOME_IN_SESSION, "in-session  ",
		"already signed in when the capture began"},
	    {OUTCOME_UNFINISHED, "unfinished  ",
		"the capture ends, or goes silent, before the outcome"},
	};
	bool first = true;
	size_t i, k;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (k = 0; k < s->n_attempts; k++)
			if (s->attempt[k].outcome == words[i].outcome)
				break;
		if (k == s->n_attempts)
			continue;
		explain(p, first, words[i].lead, words[i].text);
		first = false;
	}
	return first;
}

static size_t
codes_of(const struct summary *s, uint16_t codes[CODES_MAX])
{
	size_t i, k, n = 0;

	for (i = 0; i < s->n_attempts && n < CODES_MAX; i++) {
		uint16_t code = s->attempt[i].error_code;

		for (k = 0; k < n && codes[k] != code; k++)
			;
		if (k == n && code != 0 && error_text(code) != NULL)
			codes[n++] = code;
	}
	return n;
}

static void
explain_codes(const struct summary *s, const struct page *p, bool first)
{
	uint16_t codes[CODES_MAX];
	size_t i, n = codes_of(s, codes);
	char lead[16];

	for (i = 0; i < n; i++) {
		(void)snprintf(lead, sizeof(lead), "%-10u  ", codes[i]);
		explain(p, first && i == 0, lead, error_text(codes[i]));
	}
}

void
summary_listing(struct summary *s, const struct page *p, enum when_scale scale)
{
	struct line beyond = {"", 0};
	size_t i;

	if (s->n_attempts == 0)
		return;
	qsort(s->attempt, s->n_attempts, sizeof(s->attempt[0]), compare);
	page_heading(p, "Attempts", "");
	if (!write_table(s, p, scale))
		for (i = 0; i < s->n_attempts; i++)
			write_block(&s->attempt[i], p, scale);
	if (s->total > s->n_attempts) {
		line_some(&beyond, s->total - s->n_attempts, "further attempt");
		line_add(&beyond, ", counted and not listed");
		page_para(p, "+ ", beyond.text, TINT_NONE);
	}
	explain_codes(s, p, explain_outcomes(s, p));
}
