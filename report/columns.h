/*
 * A table for a page of limited width.  Every row is measured, the columns are made to
 * fit, every row is written: columns that stayed empty vanish, then those of the highest
 * rank are dropped until the others fit with their words whole.  A cell that is too long
 * wraps, to a few lines at most; words are broken only where nothing else helps.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include "report/page.h"

#define COLUMNS_MAX 10

struct column {
	const char *title;
	unsigned least; /* cells it may shrink to; 0: never shrinks */
	unsigned rank;  /* the highest is dropped first; 0: never dropped */
	bool right;     /* numbers stand at the right */
};

struct row {
	struct line cell[COLUMNS_MAX];
	enum tint tint[COLUMNS_MAX];
};

struct columns {
	const struct column *col;
	size_t n;
	size_t width[COLUMNS_MAX]; /* 0: not shown */
	size_t word[COLUMNS_MAX];  /* the longest one: a narrower column breaks it */
};

void columns_init(struct columns *c, const struct column *col, size_t n);
void row_clear(struct row *r);

/* Both also turn the cells into what the page can show. */
void columns_measure(struct columns *c, const struct page *p, struct row *r);
void columns_row(const struct columns *c, const struct page *p, struct row *r);

/* False when even the columns that must stay do not fit. */
bool columns_fit(struct columns *c, size_t width);

void columns_head(const struct columns *c, const struct page *p);

#endif
