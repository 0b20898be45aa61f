#include "tests/row_mutator.h"

#include <ctype.h>
#include <stdlib.h>

#include "tests/row_edit.h"

static uint32_t
draw(struct edit *e, size_t below)
{
	return rows_draw(&e->rng, (uint32_t)below);
}

static struct row *
any_row(struct edit *e)
{
	return &e->row[draw(e, e->n)];
}

static void
swap_rows(struct edit *e)
{
	size_t i = draw(e, e->n), j = draw(e, 2) != 0 ? draw(e, e->n) : (i + 1) % e->n;
	struct row r = e->row[i];

	e->row[i] = e->row[j];
	e->row[j] = r;
}

static void
double_row(struct edit *e)
{
	struct row r = *any_row(e);

	edit_insert(e, draw(e, e->n + 1), r);
}

static void
drop_row(struct edit *e)
{
	(void)edit_take(e, draw(e, e->n));
}

static void
move_row(struct edit *e)
{
	struct row r = edit_take(e, draw(e, e->n));

	edit_insert(e, draw(e, e->n + 1), r);
}

static void
change_side(struct edit *e)
{
	any_row(e)->how ^= ROW_SERVER;
}

static void
change_end(struct edit *e)
{
	any_row(e)->how ^= ROW_RAW;
}

static void
reconnect(struct edit *e)
{
	edit_insert(e, draw(e, e->n + 1), (struct row){.how = ROW_ANEW});
}

static void
cut_row(struct edit *e)
{
	size_t i = draw(e, e->n), at = draw(e, e->row[i].text.n + 1);
	struct row first = e->row[i];

	first.how |= ROW_RAW;
	first.text = bytes_take(first.text, at);
	e->row[i].text = bytes_skip(e->row[i].text, at);
	edit_insert(e, i, first);
}

static void
join_rows(struct edit *e)
{
	size_t i = draw(e, e->n);
	struct row *r = &e->row[i];

	if (i + 1 == e->n)
		return;
	edit_replace(e, r, r->text.n, 0, e->row[i + 1].text);
	(void)edit_take(e, i + 1);
}

/* The end of one row after the beginning of another. */
static void
splice_rows(struct edit *e)
{
	struct row *r = any_row(e), *other = any_row(e);
	size_t at = draw(e, r->text.n + 1);

	edit_replace(e, r, at, r->text.n - at,
	    bytes_skip(other->text, draw(e, other->text.n + 1)));
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '&' || c == '=' || c == ';' || c == ':' ||
	       c == '?';
}

/* One of the row's tokens. */
static struct bytes
any_token(struct edit *e, const struct row *r)
{
	size_t at = draw(e, r->text.n + 1), end = at;

	while (at > 0 && !is_blank(r->text.p[at - 1]))
		at--;
	while (end < r->text.n && !is_blank(r->text.p[end]))
		end++;
	return bytes_of(r->text.p + at, end - at);
}

static void
change_token(struct edit *e)
{
	static const char *const words[] = {"", "OK", "I", "S", "TWN", "SSO", "MD5",
	    "VER", "CVR", "USR", "XFR", "MSG", "OUT", "PNG", "QNG", "ANS", "CAL", "SB",
	    "NS", "MSNP12", "MSNP8", "CVR0", "911", "a@example.com", "10.0.0.9:1863",
	    "close", "chunked", "gzip", "POST", "GET", "CONNECT", "HEAD", "HTTP/1.0",
	    "HTTP/1.1", "SessionID", "X-MSN-Messenger", "Transfer-Encoding",
	    "Content-Length", "100", "200", "302", "407", "Action", "open", "poll",
	    "Session", "GCF", "QRY", "UUX"};
	struct row *r = any_row(e);
	struct bytes old = any_token(e, r), fresh = any_token(e, any_row(e));

	if (draw(e, 2) != 0)
		fresh = bytes_str(words[draw(e, sizeof(words) / sizeof(words[0]))]);
	edit_replace(e, r, (size_t)(old.p - r->text.p), old.n, fresh);
}

static uint64_t
odd_number(struct edit *e, uint64_t v)
{
	const uint64_t odd[] = {0, 1, v + 1, v - 1, v * 2, v * 10, v / 2, draw(e, 64),
	    draw(e, 4096), 1048576, 1048577, UINT32_MAX, UINT64_C(1) << 32, INT64_MAX,
	    UINT64_MAX};

	return odd[draw(e, sizeof(odd) / sizeof(odd[0]))];
}

/* Digits of the row from a chance place on. */
static void
change_number(struct edit *e)
{
	struct row *r = any_row(e);
	size_t at = draw(e, r->text.n + 1), end;
	uint64_t v = 0;

	while (at < r->text.n && !isdigit(r->text.p[at]))
		at++;
	while (at > 0 && at < r->text.n && isdigit(r->text.p[at - 1]))
		at--;
	for (end = at; end < r->text.n && isdigit(r->text.p[end]); end++)
		v = v * 10 + (uint64_t)(r->text.p[end] - '0');
	if (end > at)
		edit_number(e, r, at, end - at, odd_number(e, v));
}

static void
change_byte(struct edit *e)
{
	struct row *r = any_row(e);
	uint8_t b = (uint8_t)draw(e, 256);
	size_t at = draw(e, r->text.n + 1);

	edit_replace(e, r, at, draw(e, 2), bytes_of(&b, b == '\n' ? 0 : draw(e, 2)));
}

static void
lengthen(struct edit *e)
{
	static const uint16_t sizes[] = {
	    2, 60, 1000, MSNP_LINE_MAX - 1, MSNP_LINE_MAX + 1};
	struct row *r = any_row(e);
	static uint8_t filler[MSNP_LINE_MAX + 1];

	memset(filler, "a 0;\r"[draw(e, 5)], sizeof(filler));
	edit_replace(
	    e, r, draw(e, r->text.n + 1), 0, bytes_of(filler, sizes[draw(e, 5)]));
}

static void (*const changes[])(struct edit *e) = {swap_rows, double_row, drop_row,
    move_row, change_side, change_end, reconnect, cut_row, join_rows, splice_rows,
    change_token, change_token, change_number, change_number, change_byte, lengthen,
    edit_mend};

size_t
row_mutate(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct edit *e = edit_new(seed);
	uint32_t more = 1 + draw(e, 4);

	edit_load(e, data, size);
	for (; more > 0; more--) {
		if (e->n == 0)
			edit_insert(e, 0, (struct row){'C', bytes_str("VER 1 MSNP12")});
		changes[draw(e, sizeof(changes) / sizeof(changes[0]))](e);
	}
	if (draw(e, 2) != 0)
		edit_mend(e);
	return edit_done(e, data, max);
}

size_t
row_cross(const struct row_parents *of, uint8_t *out, size_t max, unsigned seed)
{
	struct edit *e = edit_new(seed);
	struct edit *other = edit_new(seed);
	size_t at, n;

	edit_load(e, of->data[0], of->size[0]);
	edit_load(other, of->data[1], of->size[1]);
	if (other->n != 0) {
		at = draw(e, other->n);
		n = 1 + draw(e, other->n - at);
		for (; n > 0; n--, at++)
			edit_insert(e, draw(e, e->n + 1), other->row[at]);
	}
	n = edit_done(e, out, max);
	free(other);
	return n;
}

size_t
row_mend(uint8_t *data, size_t size, size_t max)
{
	struct edit *e = edit_new(0);

	edit_load(e, data, size);
	edit_mend(e);
	return edit_done(e, data, max);
}
