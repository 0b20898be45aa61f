#include "report/columns.h"

#include <string.h>

#include "base/text.h"

#define GAP 2

void
columns_init(struct columns *c, const struct column *col, size_t n)
{
	*c = (struct columns){.col = col, .n = n};
}

void
row_clear(struct row *r)
{
	size_t i;

	for (i = 0; i < COLUMNS_MAX; i++) {
		r->cell[i].n = 0;
		r->cell[i].text[0] = '\0';
		r->tint[i] = TINT_NONE;
	}
}

void
columns_measure(struct columns *c, const struct page *p, const struct row *r)
{
	char plain[sizeof(r->cell[0].text) * 4];
	size_t i, w;

	for (i = 0; i < c->n; i++) {
		if (r->cell[i].n == 0)
			continue;
		page_plain(p, r->cell[i].text, plain, sizeof(plain));
		w = text_width(plain);
		if (w < strlen(c->col[i].title))
			w = strlen(c->col[i].title);
		if (w > c->width[i])
			c->width[i] = w;
	}
}

/* Width of the table; with least, of what remains when every column shrinks. */
static size_t
total(const struct columns *c, bool least)
{
	size_t i, sum = 0, w;

	for (i = 0; i < c->n; i++) {
		w = c->width[i];
		if (w == 0)
			continue;
		if (least && c->col[i].least != 0 && w > c->col[i].least)
			w = c->col[i].least;
		sum += w + (sum != 0 ? GAP : 0);
	}
	return sum;
}

static bool
drop_one(struct columns *c)
{
	size_t i, worst = c->n;

	for (i = 0; i < c->n; i++)
		if (c->width[i] != 0 && c->col[i].rank != 0 &&
		    (worst == c->n || c->col[i].rank > c->col[worst].rank))
			worst = i;
	if (worst == c->n)
		return false;
	c->width[worst] = 0;
	return true;
}

static void
shrink_one(struct columns *c)
{
	size_t i, widest = c->n, most = 0;

	for (i = 0; i < c->n; i++) {
		if (c->col[i].least == 0 || c->width[i] <= c->col[i].least)
			continue;
		if (c->width[i] > most) {
			most = c->width[i];
			widest = i;
		}
	}
	if (widest != c->n)
		c->width[widest]--;
}

bool
columns_fit(struct columns *c, size_t width)
{
	while (total(c, true) > width)
		if (!drop_one(c))
			return false;
	while (total(c, false) > width)
		shrink_one(c);
	return true;
}

static void
put_cell(const struct columns *c, const struct page *p, size_t i, const struct row *r)
{
	char plain[sizeof(r->cell[i].text) * 4];
	size_t used;

	if (!c->col[i].right) {
		used = page_cut(p, r->cell[i].text, c->width[i], r->tint[i]);
		page_fill(p, ' ', c->width[i] - used);
		return;
	}
	page_plain(p, r->cell[i].text, plain, sizeof(plain));
	used = text_width(plain);
	page_fill(p, ' ', used < c->width[i] ? c->width[i] - used : 0);
	(void)page_cut(p, r->cell[i].text, c->width[i], r->tint[i]);
}

/* Blanks at the end of a row are not written: it ends with its last cell that says something. */
static size_t
last_said(const struct columns *c, const struct row *r)
{
	size_t i, last = 0;

	for (i = 0; i < c->n; i++)
		if (c->width[i] != 0 && r->cell[i].n != 0)
			last = i;
	return last;
}

void
columns_row(const struct columns *c, const struct page *p, const struct row *r)
{
	size_t i, end = last_said(c, r);
	bool first = true;

	for (i = 0; i <= end; i++) {
		if (c->width[i] == 0)
			continue;
		if (!first)
			page_fill(p, ' ', GAP);
		put_cell(c, p, i, r);
		first = false;
	}
	(void)fputc('\n', p->to);
}

void
columns_head(const struct columns *c, const struct page *p)
{
	struct row r;
	size_t i;

	row_clear(&r);
	for (i = 0; i < c->n; i++) {
		line_add(&r.cell[i], "%s", c->col[i].title);
		r.tint[i] = TINT_DIM;
	}
	columns_row(c, p, &r);
	page_fill(p, '-', total(c, false));
	(void)fputc('\n', p->to);
}
