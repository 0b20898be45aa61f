/* Kinds of messenger clients. */
#include <stdio.h>

#include "samples/reader.h"

int
define_client(struct reader *r)
{
	const struct word *w = reader_take(r, "a client's name");
	struct kind *k = &r->w->kinds[r->w->n_kinds];

	if (w == NULL)
		return -1;
	if (r->w->n_kinds == WORLD_KINDS || w->n >= sizeof(k->name))
		return reader_fail(
		    r, "'%s': name too long, or over %d clients", w->s, WORLD_KINDS);
	(void)snprintf(k->name, sizeof(k->name), "%s", w->s);
	k->poll = 2 * NET_S;
	k->ping = 50 * NET_S;
	r->w->n_kinds++;
	r->kind = k;
	r->block = BLOCK_CLIENT;
	return 0;
}

/* The rest of the line as one text, its words one blank apart. */
static int
rest(struct reader *r, char *out, size_t size)
{
	size_t n = 0;

	for (out[0] = '\0'; reader_more(r); r->at++) {
		if (n + r->word[r->at].n + 2 > size)
			return reader_fail(r, "expected at most %zu bytes", size);
		n += (size_t)snprintf(
		    out + n, size - n, "%s%s", n > 0 ? " " : "", r->word[r->at].s);
	}
	return n > 0 ? 0 : reader_fail(r, "expected words after it");
}

/* How often: never so often that a day does not fit into memory. */
static int
pace(struct reader *r, int64_t *out)
{
	if (reader_span(r, out) != 0)
		return -1;
	if (*out < NET_S / 2)
		return reader_fail(r, "expected at least 500ms");
	return reader_end(r);
}

int
define_item(struct reader *r)
{
	static const char *const items[] = {
	    "offers", "cvr", "auth", "gateway", "poll", "ping", "pipelined"};
	static const char *const auths[] = {"md5", "twn", "sso"};
	static const char *const styles[] = {"official", "absolute", "amsn", "sharp"};
	struct kind *k = r->kind;
	int v;

	switch (reader_choice(r, "a client's property", items, 7)) {
	case 0:
		return rest(r, k->offers, sizeof(k->offers));
	case 1:
		return rest(r, k->cvr, sizeof(k->cvr));
	case 2:
		v = reader_choice(r, "a way to sign in", auths, 3);
		k->auth = v < 0 ? AUTH_MD5 : (enum auth)v;
		return v < 0 ? -1 : reader_end(r);
	case 3:
		v = reader_choice(r, "a style of gateway requests", styles, 4);
		k->style = v < 0 ? STYLE_OFFICIAL : (enum style)v;
		return v < 0 ? -1 : reader_end(r);
	case 4:
		return pace(r, &k->poll);
	case 5:
		return pace(r, &k->ping);
	case 6:
		k->pipelined = true;
		return reader_end(r);
	default:
		return -1;
	}
}
