#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/columns.h"
#include "report/summary_tables.h"

enum {
	TRY_TIME,
	TRY_HOST,
	TRY_ACCOUNT,
	TRY_OUTCOME,
	TRY_PATHS,
	TRY_DIALECT,
	TRY_CLIENT,
	TRY_LASTED,
	TRY_CONVERSATIONS,
	TRY_COLUMNS
};

static const struct column columns[TRY_COLUMNS] = {
    [TRY_TIME] = {"Time", 0, 0, false},
    [TRY_HOST] = {"Host", 0, 0, false},
    [TRY_ACCOUNT] = {"Account", 14, 0, false},
    [TRY_OUTCOME] = {"Outcome", 0, 0, false},
    [TRY_PATHS] = {"Path", 17, 0, false},
    [TRY_DIALECT] = {"Dialect", 0, 3, false},
    [TRY_CLIENT] = {"Client", 17, 2, false},
    [TRY_LASTED] = {"Lasted", 0, 1, true},
    [TRY_CONVERSATIONS] = {"Conv.", 0, 4, true},
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

/* Whether the path's result is how the attempt ended, which has a place of its own. */
static bool
decided(const struct attempt_note *a, const struct path_note *n)
{
	return n == &a->path[a->n_paths - 1] && n->outcome == a->outcome &&
	       n->outcome != OUTCOME_BLOCKED && n->code == a->error_code;
}

/* "refused 403 by 10.0.0.1" */
static void
put_result(struct line *l, const struct path_note *n)
{
	char addr[ADDR_TEXT_MAX];

	line_add(l, " %s", result_word((enum outcome)n->outcome, (enum reason)n->reason));
	if (n->code != 0)
		line_add(l, " %u", n->code);
	if (!addr_is_unset(&n->by))
		line_add(l, " by %s", addr_text(&n->by, addr));
	if (n->forged)
		line_add(l, " (forged)");
}

/* "direct refused x2 > gateway": what failed, and what decided. */
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
		if (!decided(a, n))
			put_result(l, n);
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

static void
write_block(const struct attempt_note *a, const struct page *p, enum when_scale scale)
{
	struct line head = {"", 0}, rest = {"", 0};
	struct row r;

	row_of(a, p, scale, &r);
	line_add(&head, "%s%s%s", r.cell[TRY_TIME].text,
	    r.cell[TRY_TIME].n != 0 ? "  " : "", r.cell[TRY_HOST].text);
	page_para(p, "", head.text, TINT_BOLD);
	if (r.cell[TRY_PATHS].n != 0)
		line_add(&r.cell[TRY_OUTCOME], ": %s", r.cell[TRY_PATHS].text);
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
	summary_legend(s, p);
}
