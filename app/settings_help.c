#include "app/settings.h"

#include <inttypes.h>
#include <string.h>

#define COLUMN 29 /* where what is said about an option begins */
#define WIDTH  78

/* "-i, --interface NAME" */
static void
put_name(const struct setting *s, char *out, size_t size)
{
	size_t used = 0, i;

	if (s->letter != 0)
		used = (size_t)snprintf(out, size, "-%c, ", s->letter);
	used += (size_t)snprintf(out + used, size - used, "--%s", s->option);
	if (s->kind == SETTING_CHOICE)
		for (i = 0; s->words[i] != NULL; i++)
			used += (size_t)snprintf(out + used, size - used, "%c%s",
			    i == 0 ? ' ' : '|', s->words[i]);
	else if (s->kind != SETTING_SWITCH)
		(void)snprintf(out + used, size - used, " %s", s->value);
}

/* What it is, whether it may be repeated, and what holds without it. */
static void
put_text(const struct setting *s, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "%s", s->help);

	if (s->kind == SETTING_LIST)
		(void)snprintf(out + used, size - used, "; may be repeated");
	else if (s->unset != NULL)
		(void)snprintf(out + used, size - used, " (default: %s)", s->unset);
	else if (s->kind == SETTING_CHOICE)
		(void)snprintf(
		    out + used, size - used, " (default %s)", s->words[s->fallback]);
	else if (s->kind == SETTING_NUMBER && s->fallback != 0)
		(void)snprintf(
		    out + used, size - used, " (default %" PRIu64 ")", s->fallback);
}

/* Bytes of the longest start of text that fits the width and ends with a word. */
static size_t
line_of(const char *text)
{
	size_t n = strlen(text);

	if (n <= WIDTH - COLUMN)
		return n;
	for (n = WIDTH - COLUMN; n > 0 && text[n] != ' '; n--)
		;
	return n > 0 ? n : strlen(text);
}

static void
print_option(const struct setting *s, FILE *to)
{
	char name[80], text[320];
	const char *at = text;
	size_t n;

	put_name(s, name, sizeof(name));
	put_text(s, text, sizeof(text));
	if (strlen(name) > COLUMN - 3) {
		(void)fprintf(to, "  %s\n", name);
		name[0] = '\0';
	}
	while (*at != '\0') {
		n = line_of(at);
		(void)fprintf(to, "  %-*s%.*s\n", COLUMN - 2, name, (int)n, at);
		at += n;
		at += *at == ' ';
		name[0] = '\0';
	}
}

void
settings_help(const struct settings *table, FILE *to)
{
	size_t i;

	for (i = 0; i < table->n; i++)
		if (table->row[i].option != NULL)
			print_option(&table->row[i], to);
}
