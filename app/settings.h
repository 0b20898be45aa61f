/*
 * What can be set, as a table: one row a setting.  The options of a command, its help,
 * the configuration file and what check-config prints are all made from it, so what is
 * known in one place is known in all.
 */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

#define SETTINGS_MAX 48 /* rows of a table */
#define WORDS_MAX    64 /* in a list */

/* What a setting that may be repeated has collected; NULL ends. */
struct word_list {
	const char *word[WORDS_MAX + 1];
	size_t n;
};

enum setting_kind {
	SETTING_TEXT,   /* const char *, borrowed; NULL when not set */
	SETTING_LIST,   /* struct word_list, borrowed */
	SETTING_NUMBER, /* an integer of 4 or 8 bytes, in units */
	SETTING_CHOICE, /* an enum; words has its names */
	SETTING_SWITCH, /* bool; as an option it takes no value and turns the default */
	SETTING_PHRASE, /* char[]; what comes in turn is joined by a space */
};

struct setting {
	const char *option;  /* without the dashes; NULL: the words behind the options */
	const char *section; /* in a configuration file; NULL: not there */
	const char *key;     /* there; NULL: as the option */
	const char *value;   /* what manuals call the value: FILE */
	const char *counts;  /* of a number: "seconds" */
	const char *help;    /* "how events name this machine" */
	const char *unset; /* what holds when it is not set, for people; NULL: nothing */
	enum setting_kind kind;
	char letter;   /* 0: none */
	bool reloaded; /* a change holds without a restart */
	uint8_t most_words;
	uint16_t at, size; /* the field */
	uint64_t least, most, fallback, unit;
	const char *const *words;                       /* NULL ends */
	int (*check)(const char *value, struct err *e); /* may be NULL */
};

#define SETTING_FIELD(type, field)                    \
	.at = (uint16_t)offsetof(struct type, field), \
	.size = (uint16_t)sizeof(((struct type *)0)->field)

struct settings {
	const struct setting *row;
	size_t n;
	bool words_last; /* the first word that is no option ends the options */
};

enum setting_from { FROM_DEFAULT, FROM_FILE, FROM_COMMAND };

/* Where each row's value comes from. */
struct origins {
	uint8_t from[SETTINGS_MAX]; /* enum setting_from */
};

/* Its name in a configuration file. */
const char *setting_key(const struct setting *s);

/* Every field of `to` that has a row gets its default. */
void settings_default(const struct settings *table, void *to);

/*
 * Reads one value into its field.  The text is borrowed.  -1 with what is wrong, to go
 * behind the setting's name: "wants seconds, 1 to 86400, not 'x'".
 */
int setting_put(const struct setting *s, void *to, const char *value, struct err *e);

/* As setting_put for a switch that is named without a value. */
void setting_turn(const struct setting *s, void *to);

void setting_copy(const struct setting *s, void *to, const void *from);
bool setting_same(const struct setting *s, const void *a, const void *b);

/* The i-th value as setting_put reads it; NULL when there is none (any more). */
const char *setting_text(const struct setting *s, const void *of, size_t i, char buf[32]);

/* What it may be, for people: "seconds, 1 to 86400". */
const char *setting_wants(const struct setting *s, char buf[160]);

/*
 * Reads the arguments, argv[0] aside, into `to`, whose other fields stay, and notes in o
 * what they set; `to` must be as settings_default leaves it.  False after saying what is
 * wrong with one.  Afterwards optind is where the other words begin.
 */
bool settings_argv(
    const struct settings *table, int argc, char **argv, void *to, struct origins *o);

/* A line or more for each option, as --help has them. */
void settings_help(const struct settings *table, FILE *to);

#endif
