#include "samples/reader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX_BYTES (1 << 20)

int
reader_fail(struct reader *r, const char *fmt, ...)
{
	const struct source *s = &r->source[r->depth > 0 ? r->depth - 1 : 0];
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(r->e, "%s:%d: %s", s->path, s->line, text);
}

static char *
slurp(const char *path, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *text;
	size_t n;

	if (f == NULL) {
		(void)err_sys(e, errno, "%s", path);
		return NULL;
	}
	text = malloc(FILE_MAX_BYTES + 1);
	n = text == NULL ? 0 : fread(text, 1, FILE_MAX_BYTES + 1, f);
	if (text == NULL || ferror(f) || n > FILE_MAX_BYTES) {
		(void)err_set(e, "%s: cannot be read, or is over 1 MiB", path);
		free(text);
		text = NULL;
	} else {
		text[n] = '\0';
	}
	(void)fclose(f);
	return text;
}

int
reader_open(struct reader *r, const char *path)
{
	struct source *s;

	if (r->depth == READER_FILES)
		return reader_fail(r, "files include each other too deeply");
	if (strlen(path) >= READER_PATH)
		return err_set(r->e, "%s: path too long", path);
	s = &r->source[r->depth];
	(void)snprintf(s->path, sizeof(s->path), "%s", path);
	s->text = s->next = slurp(path, r->e);
	s->line = 0;
	if (s->text == NULL)
		return -1;
	r->depth++;
	return 0;
}

void
reader_close(struct reader *r)
{
	while (r->depth > 0)
		free(r->source[--r->depth].text);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* One escape after its backslash; the next place to read, or NULL. */
static char *
escape(char *p, char *out)
{
	static const char from[] = "rnt0\\\"", to[] = "\r\n\t\0\\\"";
	const char *k;
	int hi, lo;

	if (*p == 'x') {
		hi = hex_digit(p[1]);
		lo = hi < 0 ? -1 : hex_digit(p[2]);
		if (lo < 0)
			return NULL;
		*out = (char)(hi << 4 | lo);
		return p + 3;
	}
	k = *p == '\0' ? NULL : strchr(from, *p);
	if (k == NULL)
		return NULL;
	*out = to[k - from];
	return p + 1;
}

/* A word in quotes, decoded where it stands; what follows it, or NULL. */
static char *
quoted(struct word *w, char *p)
{
	char *out = p, c;

	w->s = p;
	while (*p != '"') {
		if (*p == '\0')
			return NULL;
		c = *p++;
		if (c == '\\' && (p = escape(p, &c)) == NULL)
			return NULL;
		*out++ = c;
	}
	w->n = (size_t)(out - w->s);
	*out = '\0';
	return p + 1;
}

static char *
plain(struct word *w, char *p)
{
	w->s = p;
	w->n = strcspn(p, " \t");
	p += w->n;
	if (*p == '\0')
		return p;
	*p = '\0';
	return p + 1;
}

static int
split(struct reader *r, char *p)
{
	r->n = r->at = 0;
	r->indented = *p == ' ' || *p == '\t';
	for (;;) {
		p += strspn(p, " \t");
		if (*p == '\0' || *p == '#')
			return 0;
		if (r->n == READER_WORDS)
			return reader_fail(r, "more than %d words", READER_WORDS);
		p = *p == '"' ? quoted(&r->word[r->n], p + 1) : plain(&r->word[r->n], p);
		if (p == NULL)
			return reader_fail(r, "expected \\r \\n \\t \\0 \\\\ \\\" or "
					      "\\xNN, and a closing quote");
		r->n++;
	}
}

int
reader_line(struct reader *r)
{
	while (r->depth > 0) {
		struct source *s = &r->source[r->depth - 1];
		char *line = s->next, *end = line + strcspn(line, "\r\n");

		if (*line == '\0') {
			free(s->text);
			r->depth--;
			continue;
		}
		s->next = end + (end[0] == '\r' && end[1] == '\n') + (*end != '\0');
		*end = '\0';
		s->line++;
		if (split(r, line) != 0)
			return -1;
		if (r->n > 0)
			return 1;
	}
	return 0;
}

bool
reader_more(const struct reader *r)
{
	return r->at < r->n;
}

const struct word *
reader_take(struct reader *r, const char *what)
{
	if (r->at < r->n)
		return &r->word[r->at++];
	(void)reader_fail(r, "expected %s at the end of the line", what);
	return NULL;
}

bool
reader_accept(struct reader *r, const char *word)
{
	if (r->at == r->n || strcmp(r->word[r->at].s, word) != 0)
		return false;
	r->at++;
	return true;
}

int
reader_end(struct reader *r)
{
	if (r->at == r->n)
		return 0;
	return reader_fail(
	    r, "expected the end of the line, found '%s'", r->word[r->at].s);
}

struct node *
reader_find(struct reader *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->w->n_nodes; i++)
		if (strcmp(r->w->nodes[i].name, name) == 0)
			return &r->w->nodes[i];
	return NULL;
}
