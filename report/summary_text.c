#include "report/page.h"
#include "report/summary_coverage.h"
#include "report/summary_tables.h"
#include "report/summary_verdict.h"

#define WIDTH_LEAST 40

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
	summary_hosts(s, &p, scale);
	summary_listing(s, &p, scale);
	summary_coverage(s, span, now, &p);
	return fflush(to) != 0 || ferror(to) != 0 ? -1 : 0;
}
