#include "report/columns.h"

#include <string.h>

#include "base/text.h"

#define GAP        2
#define WORD_USUAL 32 /* the widest word for which others make room */
#define CELL_LINES 6  /* of one cell that wraps */

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

/* From here on the cell is as the page can show it. */
static void
make_plain(const struct page *p, struct line *cell)
{
	char plain[sizeof(cell->text)];

	page_plain(p, cell->text, plain, sizeof(plain));
	cell->n = strlen(plain);
	memcpy(cell->text, plain, cell->n + 1);
}

/* The widest run without a blank. */
static size_t
longest_word(const char *text)
{
	size_t n, width, most = 0;

	for (; *text != '\0'; text += n + strspn(text + n, " ")) {
		n = strcspn(text, " ");
		width = text_width(bytes_of(text, n));
		if (width > most)
			most = width;
	}
	return most;
}

void
columns_measure(struct columns *c, const struct page *p, struct row *r)
{
	size_t i, w;

	for (i = 0; i < c->n; i++) {
		if (r->cell[i].n == 0)
			continue;
		make_plain(p, &r->cell[i]);
		w = text_width(bytes_str(r->cell[i].text));
		if (w < strlen(c->col[i].title))
			w = strlen(c->col[i].title);
		if (w > c->width[i])
			c->width[i] = w;
		w = longest_word(r->cell[i].text);
		if (w > c->word[i])
			c->word[i] = w;
	}
}

/* How narrow the column may become; words longer than is usual may always break. */
static size_t
narrowest(const struct columns *c, size_t i, bool words_whole)
{
	size_t least = c->col[i].least;

	if (words_whole && c->word[i] > least)
		least = c->word[i] < WORD_USUAL ? c->word[i] : WORD_USUAL;
	return least < c->width[i] ? least : c->width[i];
}

enum shrink { AS_WIDE_AS_WISHED, WORDS_WHOLE, AT_LEAST };

/* Width of the table when every column shrinks that far. */
static size_t
total(const struct columns *c, enum shrink how)
{
	size_t i, sum = 0, w;

	for (i = 0; i < c->n; i++) {
		w = c->width[i];
		if (w == 0)
			continue;
		if (how != AS_WIDE_AS_WISHED && c->col[i].least != 0)
			w = narrowest(c, i, how == WORDS_WHOLE);
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

/* Narrows the widest column that allows it; false when there is none. */
static bool
shrink_one(struct columns *c, bool words_whole)
{
	size_t i, widest = c->n, most = 0;

	for (i = 0; i < c->n; i++) {
		if (c->col[i].least == 0)
			continue;
		if (c->width[i] > most && c->width[i] > narrowest(c, i, words_whole)) {
			most = c->width[i];
			widest = i;
		}
	}
	if (widest == c->n)
		return false;
	c->width[widest]--;
	return true;
}

bool
columns_fit(struct columns *c, size_t width)
{
	while (total(c, WORDS_WHOLE) > width && drop_one(c))
		;
	if (total(c, AT_LEAST) > width)
		return false;
	while (total(c, AS_WIDE_AS_WISHED) > width)
		if (!shrink_one(c, true) && !shrink_one(c, false))
			return false;
	return true;
}

/* One line of a row under way: what of each cell is still to come, and the blanks due. */
struct writing {
	const char *rest[COLUMNS_MAX];
	size_t blanks;
	bool last; /* all that is left goes here, cut where it does not fit */
};

static void
put_piece(const struct columns *c, const struct page *p, const struct row *r, size_t i,
    struct writing *w)
{
	size_t width = c->width[i], used, n;
	struct line piece = {"", 0};

	n = w->last ? strlen(w->rest[i]) : page_wrap(w->rest[i], width);
	line_add(&piece, "%.*s", (int)n, w->rest[i]);
	w->rest[i] += n;
	w->rest[i] += strspn(w->rest[i], " ");
	if (piece.n == 0) {
		w->blanks += width;
		return;
	}
	used = text_width(bytes_str(piece.text));
	if (c->col[i].right && used < width)
		w->blanks += width - used;
	page_fill(p, ' ', w->blanks);
	used = page_cut(p, piece.text, width, r->tint[i]);
	w->blanks = c->col[i].right ? 0 : width - used;
}

/* Returns whether a further line is needed. */
static bool
put_line(
    const struct columns *c, const struct page *p, const struct row *r, struct writing *w)
{
	bool more = false;
	size_t i;

	w->blanks = 0;
	for (i = 0; i < c->n; i++) {
		if (c->width[i] == 0)
			continue;
		put_piece(c, p, r, i, w);
		w->blanks += GAP;
		more |= w->rest[i][0] != '\0';
	}
	(void)fputc('\n', p->to);
	return more;
}

void
columns_row(const struct columns *c, const struct page *p, struct row *r)
{
	struct writing w = {.last = false};
	size_t i, k;

	for (i = 0; i < c->n; i++) {
		make_plain(p, &r->cell[i]);
		w.rest[i] = r->cell[i].text;
	}
	for (k = 1; put_line(c, p, r, &w); k++)
		w.last = k + 1 == CELL_LINES;
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
	page_fill(p, '-', total(c, AS_WIDE_AS_WISHED));
	(void)fputc('\n', p->to);
}
