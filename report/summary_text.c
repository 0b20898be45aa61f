#include "report/block_text.h"
#include "report/page.h"
#include "report/summary_coverage.h"
#include "report/summary_tables.h"
#include "report/summary_verdict.h"

#define WIDTH_LEAST  40
#define BLOCKS_SHOWN 4

static void
say(const struct page *p, const struct line *l, enum tint tint)
{
	page_para(p, p->style->utf8 ? "\xe2\x80\xa2 " : "- ", l->text, tint);
}

static enum tint
tint_of(enum holding h)
{
	switch (h) {
	case HOLDING_LEAKS:
		return TINT_RED;
	case HOLDING_HOLDS:
		return TINT_GREEN;
	case HOLDING_UNDECIDED:
		return TINT_YELLOW;
	case HOLDING_NONE:
		break;
	}
	return TINT_NONE;
}

/* What was beyond those shown, and beyond the table. */
static void
say_more(const struct page *p, const struct verdict *v)
{
	struct line l = {"", 0};

	if (v->n_blocks > BLOCKS_SHOWN) {
		line_add(&l, "and ");
		line_some(&l, v->n_blocks - BLOCKS_SHOWN, "more kind");
		line_add(&l, " of block");
		say(p, &l, TINT_NONE);
	}
	if (v->more_tries == 0)
		return;
	l = (struct line){"", 0};
	line_count(&l, v->more_tries);
	line_add(&l, v->more_tries == 1 ? " try was" : " tries were");
	line_add(&l, " turned away in still other ways");
	say(p, &l, TINT_NONE);
}

static void
say_blocks(const struct summary *s, const struct page *p)
{
	struct verdict v;
	struct line l = {"", 0};
	size_t i;

	summary_judge(s, &v);
	for (i = 0; i < v.n_blocks && i < BLOCKS_SHOWN; i++) {
		l = (struct line){"", 0};
		block_sentence(&v.blocks[i], &l);
		say(p, &l, tint_of(block_holding(v.blocks[i].fate)));
	}
	say_more(p, &v);
	l = (struct line){"", 0};
	if (v.n_blocks != 0)
		block_unmet(&v, &l);
	if (l.n != 0)
		say(p, &l, TINT_NONE);
}

int
summary_text(struct summary *s, const struct summary_span *span,
    const struct counters *now, const struct summary_style *style, FILE *to)
{
	struct summary_style sane = *style;
	struct page p = {to, &sane};
	enum when_scale scale = when_scale(s->first, s->last);
	struct line verdict = {"", 0};

	if (sane.width < WIDTH_LEAST)
		sane.width = WIDTH_LEAST;
	summary_verdict(s, span, s->blind != 0, &verdict);
	page_para(&p, "", verdict.text, TINT_BOLD);
	say_blocks(s, &p);
	summary_hosts(s, &p, scale);
	summary_listing(s, &p, scale);
	summary_coverage(s, span, now, &p);
	return fflush(to) != 0 || ferror(to) != 0 ? -1 : 0;
}
