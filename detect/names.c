#include "detect/names.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/text.h"

#define NAME_LENGTH_MAX  253
#define LABEL_LENGTH_MAX 63

/* A pattern ready to be compared: lengths first, so most need no look at the text. */
struct match {
	const char *text; /* what stands behind the "*.", or all of it */
	uint16_t n;
	bool below; /* fits the names below text, else text itself */
	uint8_t role;
};

struct names {
	struct match *rows;
	size_t n_rows;
	struct match extra[NAMES_EXTRA_MAX];
	size_t n_extra;
	char pattern[NAMES_EXTRA_MAX][NAME_LENGTH_MAX + 3];
};

static struct match
match_of(const char *pattern, enum name_role role)
{
	struct match m = {.text = pattern, .role = (uint8_t)role};

	m.below = bytes_starts_fold(bytes_str(pattern), "*.");
	if (m.below)
		m.text += 2;
	m.n = (uint16_t)strlen(m.text);
	return m;
}

int
names_open(struct names **out, struct err *e)
{
	struct names *ns = calloc(1, sizeof(*ns));
	const struct name_row *rows;
	size_t i, n;

	if (ns == NULL)
		return err_set(e, "out of memory for names");
	rows = names_rows(&n);
	ns->rows = calloc(n, sizeof(*ns->rows));
	if (ns->rows == NULL) {
		names_close(ns);
		return err_set(e, "out of memory for %zu names", n);
	}
	for (i = 0; i < n; i++)
		ns->rows[i] = match_of(rows[i].pattern, rows[i].role);
	ns->n_rows = n;
	*out = ns;
	return 0;
}

void
names_close(struct names *ns)
{
	if (ns == NULL)
		return;
	free(ns->rows);
	free(ns);
}

static bool
is_name_byte(uint8_t c)
{
	c = byte_fold(c);
	return (c >= 'a' && c <= 'z') || byte_is_digit(c) || c == '-' || c == '_';
}

static bool
is_name(struct bytes in)
{
	size_t i, label = 0;

	if (in.n == 0 || in.n > NAME_LENGTH_MAX)
		return false;
	for (i = 0; i < in.n; i++) {
		if (in.p[i] == '.' ? label == 0 : !is_name_byte(in.p[i]))
			return false;
		label = in.p[i] == '.' ? 0 : label + 1;
		if (label > LABEL_LENGTH_MAX)
			return false;
	}
	return label != 0;
}

int
names_add(struct names *ns, const char *pattern, enum name_role role, struct err *e)
{
	struct bytes in = bytes_str(pattern);
	char *copy;

	if (!is_name(bytes_starts_fold(in, "*.") ? bytes_skip(in, 2) : in))
		return err_set(e,
		    "%s: not a name, such as \"messenger.example.com\" or "
		    "\"*.example.com\"",
		    pattern);
	if (ns->n_extra == NAMES_EXTRA_MAX)
		return err_set(
		    e, "%s: more than %d names of your own", pattern, NAMES_EXTRA_MAX);
	copy = ns->pattern[ns->n_extra];
	(void)text_safe_fold(copy, sizeof(ns->pattern[0]), in);
	ns->extra[ns->n_extra++] = match_of(copy, role);
	return 0;
}

int
names_open_with(struct names **out, const char *const *dispatch, struct err *e)
{
	struct names *ns = NULL;

	if (names_open(&ns, e) != 0 || ns == NULL)
		return -1;
	for (; dispatch != NULL && *dispatch != NULL; dispatch++) {
		if (names_add(ns, *dispatch, NAME_DISPATCH, e) != 0) {
			names_close(ns);
			return -1;
		}
	}
	*out = ns;
	return 0;
}

static const struct match *
match_find(const struct match *m, size_t n, const char *name, size_t length)
{
	const struct match *end;

	for (end = m + n; m < end; m++) {
		if (m->below ? length <= m->n + 1U || name[length - m->n - 1] != '.'
			     : length != m->n)
			continue;
		if (memcmp(name + length - m->n, m->text, m->n) == 0)
			return m;
	}
	return NULL;
}

enum name_role
names_role(const struct names *ns, const char *name)
{
	size_t length = strlen(name);
	const struct match *m = match_find(ns->extra, ns->n_extra, name, length);

	if (m == NULL)
		m = match_find(ns->rows, ns->n_rows, name, length);
	return m == NULL ? NAME_NONE : (enum name_role)m->role;
}
