#include "tests/rows.h"

bool
row_next(struct bytes *in, struct row *out)
{
	size_t n = bytes_find(*in, '\n');

	if (in->n == 0)
		return false;
	*out = (struct row){'C', bytes_take(*in, n)};
	*in = bytes_skip(*in, n + 1);
	if (n != 0) {
		out->how = out->text.p[0];
		out->text = bytes_skip(out->text, 1);
	}
	return true;
}

static void
put(struct rows *to, const void *p, size_t n)
{
	memcpy(to->wire + to->n_wire, p, n);
	to->n_wire += n;
}

static struct turn *
turn_for(struct rows *to, const struct row *r, bool anew)
{
	struct turn *t = to->n != 0 ? &to->turn[to->n - 1] : NULL;

	if (t != NULL && !anew && t->side == row_side(r))
		return t;
	if (to->n == ROWS_MAX)
		return NULL;
	t = &to->turn[to->n++];
	*t = (struct turn){.side = row_side(r), .anew = anew};
	t->said.p = to->wire + to->n_wire;
	return t;
}

void
rows_read(struct rows *to, struct bytes in)
{
	bool anew = false;
	struct turn *t;
	struct row r;

	to->n = to->n_wire = 0;
	while (row_next(&in, &r) && row_size(&r) <= ROWS_WIRE_MAX - to->n_wire) {
		if (row_anew(&r)) {
			anew = to->n != 0;
			continue;
		}
		t = turn_for(to, &r, anew);
		if (t == NULL)
			return;
		anew = false;
		t->said.n += row_size(&r);
		if (r.text.n != 0)
			put(to, r.text.p, r.text.n);
		if ((r.how & ROW_RAW) == 0)
			put(to, "\r\n", 2);
	}
}

uint32_t
rows_draw(uint64_t *rng, uint32_t below)
{
	*rng = *rng * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return below != 0 ? (uint32_t)(*rng >> 33) % below : 0;
}

size_t
rows_cut(enum cutting how, uint64_t *rng, size_t left)
{
	size_t n = left;

	if (how == CUT_BYTES)
		n = 1;
	else if (how != CUT_NOT)
		n = 1 + rows_draw(rng, rows_draw(rng, 4) != 0 ? 24 : 400);
	return n < left ? n : left;
}
