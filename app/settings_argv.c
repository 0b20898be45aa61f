#include "app/settings.h"

#include <getopt.h>

#define CODE 256 /* of row 0; letters stand below */

struct reading {
	const struct settings *table;
	struct option words[SETTINGS_MAX + 1];
	char letters[2 * SETTINGS_MAX + 2]; /* as getopt_long has them */
};

/* What getopt_long is to know about each row. */
static void
describe(struct reading *r)
{
	const struct setting *s;
	size_t i, n = 0, used = 0;
	bool bare;

	if (r->table->words_last)
		r->letters[used++] = '+';
	for (i = 0; i < r->table->n; i++) {
		s = &r->table->row[i];
		if (s->option == NULL)
			continue;
		bare = s->kind == SETTING_SWITCH;
		r->words[n++] = (struct option){s->option,
		    bare ? no_argument : required_argument, NULL, CODE + (int)i};
		if (s->letter == 0)
			continue;
		r->letters[used++] = s->letter;
		if (!bare)
			r->letters[used++] = ':';
	}
}

static const struct setting *
row_of(const struct settings *table, int code)
{
	size_t i;

	if (code >= CODE)
		return &table->row[code - CODE];
	for (i = 0; i < table->n; i++)
		if (table->row[i].letter == (char)code)
			return &table->row[i];
	return NULL;
}

static bool
take(const struct setting *s, void *to)
{
	struct err e = {{0}};

	if (s->kind == SETTING_SWITCH)
		setting_turn(s, to);
	else if (setting_put(s, to, optarg, &e) != 0)
		(void)fprintf(stderr, "msnwatch: --%s %s\n", s->option, e.text);
	return e.text[0] == '\0';
}

bool
settings_argv(
    const struct settings *table, int argc, char **argv, void *to, struct origins *o)
{
	struct reading r = {.table = table};
	char name[] = "msnwatch", *command = argv[0];
	const struct setting *s;
	bool good = true;
	int code;

	describe(&r);
	argv[0] = name; /* what getopt's own messages begin with */
	while (good && (code = getopt_long(argc, argv, r.letters, r.words, NULL)) != -1) {
		s = code == '?' ? NULL : row_of(table, code);
		good = s != NULL && take(s, to);
		if (good)
			o->from[s - table->row] = FROM_COMMAND;
	}
	argv[0] = command;
	return good;
}
