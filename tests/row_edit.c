#include "tests/row_edit.h"

#include <stdio.h>
#include <stdlib.h>

static struct bytes
keep(struct edit *e, const void *p, size_t n)
{
	uint8_t *at = e->text + e->used;

	if (n > sizeof(e->text) - e->used)
		n = 0;
	if (n != 0)
		memcpy(at, p, n);
	e->used += n;
	return bytes_of(at, n);
}

void
edit_load(struct edit *e, const uint8_t *data, size_t size)
{
	struct bytes in = keep(e, data, size < ROW_MUTATOR_MAX ? size : ROW_MUTATOR_MAX);

	while (e->n < ROWS_MAX && row_next(&in, &e->row[e->n]))
		e->n++;
}

/* Rows that do not fit whole are left out. */
static size_t
edit_store(const struct edit *e, uint8_t *out, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < e->n; i++) {
		const struct row *r = &e->row[i];

		if (r->text.n + 2 > max - n)
			continue;
		out[n++] = r->how;
		if (r->text.n != 0)
			memcpy(out + n, r->text.p, r->text.n);
		n += r->text.n;
		out[n++] = '\n';
	}
	return n;
}

void
edit_insert(struct edit *e, size_t at, struct row r)
{
	if (e->n == ROWS_MAX)
		return;
	memmove(&e->row[at + 1], &e->row[at], (e->n - at) * sizeof(r));
	e->row[at] = r;
	e->n++;
}

struct row
edit_take(struct edit *e, size_t at)
{
	struct row r = e->row[at];

	e->n--;
	memmove(&e->row[at], &e->row[at + 1], (e->n - at) * sizeof(r));
	return r;
}

void
edit_replace(struct edit *e, struct row *r, size_t at, size_t n, struct bytes p)
{
	struct bytes tail = bytes_skip(r->text, at + n);
	struct bytes whole = keep(e, r->text.p, at);
	struct bytes middle = keep(e, p.p, p.n), last = keep(e, tail.p, tail.n);

	if (whole.n == at && middle.n == p.n && last.n == tail.n)
		r->text = bytes_of(whole.p, at + p.n + tail.n);
}

void
edit_number(struct edit *e, struct row *r, size_t at, size_t n, uint64_t v)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)v);

	edit_replace(e, r, at, n, bytes_of(text, (size_t)len));
}

/* Rows of the same side after i that belong to a message's body, in bytes. */
static size_t
body_of(const struct edit *e, size_t i, bool http)
{
	size_t n = 0, j;

	for (j = i + 1; j < e->n && !row_anew(&e->row[j]); j++) {
		const struct row *r = &e->row[j];
		bool head = bytes_find(r->text, ':') != r->text.n || r->text.n == 0;

		if (row_side(r) != row_side(&e->row[i]) ||
		    (http ? bytes_starts_fold(r->text, "POST ") ||
				bytes_starts_fold(r->text, "GET ") ||
				bytes_starts_fold(r->text, "HTTP/")
			  : (r->how & ROW_RAW) == 0 && !head))
			break;
		n += row_size(r);
	}
	return n;
}

/* The empty row that ends the fields after i, or the end. */
static size_t
blank_after(const struct edit *e, size_t i)
{
	while (++i < e->n)
		if (e->row[i].text.n == 0 || row_anew(&e->row[i]))
			break;
	return i;
}

static void
mend_row(struct edit *e, size_t i)
{
	static const char *const verbs[] = {
	    "MSG ", "QRY ", "UUX ", "UBX ", "GCF ", "NOT ", "UUN ", "ADL ", "RML "};
	struct row *r = &e->row[i];
	size_t v, at = r->text.n;

	if (bytes_starts_fold(r->text, "Content-Length: ")) {
		v = blank_after(e, i);
		edit_number(e, r, 16, at - 16, v < e->n ? body_of(e, v, true) : 0);
		return;
	}
	for (v = 0; v < sizeof(verbs) / sizeof(verbs[0]); v++)
		if (bytes_starts_fold(r->text, verbs[v]))
			break;
	if (v == sizeof(verbs) / sizeof(verbs[0]))
		return;
	while (at > 4 && r->text.p[at - 1] != ' ')
		at--;
	edit_number(e, r, at, r->text.n - at, body_of(e, i, false));
}

void
edit_mend(struct edit *e)
{
	size_t i;

	/* Backwards, so that lines inside a body have their final size. */
	for (i = e->n; i-- > 0;)
		mend_row(e, i);
}

struct edit *
edit_new(unsigned seed)
{
	struct edit *e = malloc(sizeof(*e));

	if (e == NULL)
		abort();
	e->n = e->used = 0;
	e->rng = seed;
	(void)rows_draw(&e->rng, 2);
	return e;
}

size_t
edit_done(struct edit *e, uint8_t *out, size_t max)
{
	size_t n = edit_store(e, out, max);

	free(e);
	return n;
}
