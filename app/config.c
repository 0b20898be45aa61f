#include "app/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/config_key.h"
#include "base/text.h"

/* The library tells keys and values; which line it is at, only its reader knows. */
struct reading {
	const struct config_target *target;
	struct config *config;
	struct bytes left;
	unsigned line;
	unsigned errors;
	bool unanswered; /* the library has said nothing of the line */
	bool indented;   /* the line */
	bool after_key;  /* an indented line would go on with the value before */
	bool lost;       /* in a section that is not known */
};

static void complain(struct reading *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
complain(struct reading *r, const char *fmt, ...)
{
	FILE *to = r->target->complain;
	va_list ap;

	if (++r->errors > CONFIG_ERRORS_MAX)
		return;
	(void)fprintf(to, "%s:%u: ", r->target->name, r->line);
	va_start(ap, fmt);
	(void)vfprintf(to, fmt, ap);
	va_end(ap);
	(void)fputc('\n', to);
}

/* What the library left without an answer is nothing it knows. */
static void
settle(struct reading *r)
{
	if (r->unanswered)
		complain(r, "neither a [section] nor KEY = VALUE nor a comment");
	r->unanswered = false;
}

static struct bytes
skip_blank(struct bytes in)
{
	while (in.n != 0 && isspace(in.p[0]))
		in = bytes_skip(in, 1);
	return in;
}

/* Nothing but a comment. */
static bool
is_empty(struct bytes in)
{
	in = skip_blank(in);
	return in.n == 0 || in.p[0] == '#' || in.p[0] == ';';
}

static void
enter_section(struct reading *r, struct bytes line)
{
	const uint8_t *end = memchr(line.p, ']', line.n);
	char name[CONFIG_LINE_MAX];
	struct err e = {{0}};
	size_t n;

	r->lost = true;
	r->after_key = false;
	if (end == NULL) {
		complain(r, "a section's name ends with ]");
		return;
	}
	n = (size_t)(end - line.p) - 1;
	memcpy(name, line.p + 1, n);
	name[n] = '\0';
	r->lost = !config_section_known(r->target->table, name);
	if (r->lost)
		config_no_section(r->target->table, name, &e);
	else if (!is_empty(bytes_skip(line, n + 2)))
		(void)err_set(&e, "[%s] is to stand on a line of its own", name);
	if (e.text[0] != '\0')
		complain(r, "%s", e.text);
}

/* What to expect of a line. */
static void
look_at(struct reading *r, struct bytes line)
{
	struct bytes text = skip_blank(line);

	if (is_empty(text))
		return;
	r->indented = text.n != line.n;
	if (text.p[0] == '[' && !(r->indented && r->after_key))
		enter_section(r, text);
	else
		r->unanswered = true;
}

/* For the library: the next line, as fgets would give it. */
static char *
next_line(char *to, int size, void *stream)
{
	struct reading *r = stream;
	const uint8_t *end;
	struct bytes line;

	settle(r);
	if (r->left.n == 0)
		return NULL;
	end = memchr(r->left.p, '\n', r->left.n);
	line =
	    bytes_take(r->left, end != NULL ? (size_t)(end - r->left.p) + 1 : r->left.n);
	r->left = bytes_skip(r->left, line.n);
	r->line++;
	if (line.n >= (size_t)size || line.n >= CONFIG_LINE_MAX ||
	    memchr(line.p, 0, line.n) != NULL) {
		complain(r, line.n >= (size_t)size || line.n >= CONFIG_LINE_MAX
				? "the line is too long"
				: "the line has a NUL byte: this is no text");
		line = bytes_of("\n", 1);
	}
	look_at(r, line);
	memcpy(to, line.p, line.n);
	to[line.n] = '\0';
	return to;
}

/* The value in memory that stays. */
static const char *
keep(struct config *c, const char *value)
{
	size_t n = strlen(value) + 1;
	char *to = c->text + c->used;

	if (n > c->size - c->used)
		return NULL;
	memcpy(to, value, n);
	c->used += n;
	return to;
}

/* The line where this value stands already, or any of what may stand once; 0: none. */
static unsigned
given(const struct reading *r, const struct setting *s, const char *value)
{
	char buf[32];
	const char *other;
	size_t i;

	if (s->kind != SETTING_LIST)
		return config_line(r->config, s, 0);
	for (i = 0; (other = setting_text(s, r->target->to, i, buf)) != NULL; i++)
		if (strcmp(other, value) == 0)
			return config_line(r->config, s, i);
	return 0;
}

static void
take(struct reading *r, const struct setting *s, const char *value, bool goes_on)
{
	struct config *c = r->config;
	const char *kept;
	struct err e = {{0}};
	unsigned before = goes_on ? 0 : given(r, s, value);

	if (before != 0) {
		complain(r, "%s%s%s is given on line %u already", setting_key(s),
		    s->kind == SETTING_LIST ? " = " : "",
		    s->kind == SETTING_LIST ? value : "", before);
		return;
	}
	kept = keep(c, value);
	if (kept == NULL || c->n == CONFIG_VALUES_MAX) {
		complain(r, "there is no room for more settings");
	} else if (setting_put(s, r->target->to, kept, &e) != 0) {
		complain(r, "%s %s", setting_key(s), e.text);
	} else if (!goes_on) {
		c->value[c->n++] = (struct config_value){s, r->line};
		r->target->origins->from[s - r->target->table->row] = FROM_FILE;
	}
}

/* From the library: a key and its value, or a line that goes on with the last one. */
static int
on_value(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;
	const struct setting *s;
	struct err e = {{0}};
	bool goes_on = r->indented && r->after_key;

	r->unanswered = false;
	if (!goes_on)
		r->after_key = key[0] != '\0';
	if (r->lost)
		return 1;
	s = config_row(r->target->table, section, key);
	if (s == NULL && !goes_on) {
		config_no_key(r->target->table, section, key, &e);
		complain(r, "%s", e.text);
	} else if (s != NULL && goes_on && s->kind != SETTING_PHRASE) {
		complain(r,
		    "an indented line goes on with the one before, which %s "
		    "cannot: begin it at the margin",
		    setting_key(s));
	} else if (s != NULL) {
		take(r, s, value, goes_on);
	}
	return 1;
}

unsigned
config_parse(struct config *c, struct bytes in, const struct config_target *target)
{
	struct reading r = {.target = target, .config = c, .left = in};
	int line;

	*c = (struct config){.text = malloc(in.n + 1), .size = in.n + 1};
	if (bytes_starts_fold(r.left, "\xef\xbb\xbf"))
		r.left = bytes_skip(r.left, 3);
	if (c->text == NULL) {
		complain(&r, "out of memory");
		return r.errors;
	}
#ifdef CONFIG_LINES_SETTABLE
	ini_max_line = CONFIG_LINE_MAX;
#endif
	line = ini_parse_stream(next_line, &r, on_value, &r);
	if (line != 0 && r.errors == 0) {
		r.line = line > 0 ? (unsigned)line : r.line;
		complain(&r, "cannot be understood");
	}
	if (r.errors > CONFIG_ERRORS_MAX)
		(void)fprintf(target->complain, "%s: %u errors more\n", target->name,
		    r.errors - CONFIG_ERRORS_MAX);
	return r.errors;
}

unsigned
config_read(struct config *c, const struct config_target *target)
{
	FILE *f = fopen(target->name, "re");
	char *text = malloc(CONFIG_BYTES_MAX + 1);
	struct err e = {{0}};
	unsigned errors = 1;
	size_t n = 0;

	*c = (struct config){.n = 0};
	if (f != NULL && text != NULL)
		n = fread(text, 1, CONFIG_BYTES_MAX + 1, f);
	if (f == NULL || ferror(f) != 0)
		(void)err_sys(&e, errno, "cannot be read");
	else if (text == NULL)
		(void)err_set(&e, "out of memory");
	else if (n > CONFIG_BYTES_MAX)
		(void)err_set(&e, "longer than %d bytes", CONFIG_BYTES_MAX);
	if (e.text[0] == '\0')
		errors = config_parse(c, bytes_of(text, n), target);
	else
		(void)fprintf(target->complain, "%s: %s\n", target->name, e.text);
	if (f != NULL)
		(void)fclose(f);
	free(text);
	return errors;
}

void
config_close(struct config *c)
{
	free(c->text);
	c->text = NULL;
}

unsigned
config_line(const struct config *c, const struct setting *row, size_t i)
{
	size_t at;

	for (at = 0; at < c->n; at++)
		if (c->value[at].row == row && i-- == 0)
			return c->value[at].line;
	return 0;
}
