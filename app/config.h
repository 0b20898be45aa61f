/*
 * Configuration files: INI, a key for every row of a table that has a section.  What is
 * not understood is an error, never skipped, and all errors are told, not the first.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "app/settings.h"
#include "base/bytes.h"

#define CONFIG_BYTES_MAX  65536 /* of a file */
#define CONFIG_LINE_MAX   8192
#define CONFIG_VALUES_MAX (SETTINGS_MAX + 8 * WORDS_MAX)
#define CONFIG_ERRORS_MAX 50 /* told; the others are counted */

/* A value that was taken, in the order of the file. */
struct config_value {
	const struct setting *row;
	unsigned line;
};

struct config {
	char *text; /* what the settings of the file point into */
	size_t used, size;
	struct config_value value[CONFIG_VALUES_MAX];
	size_t n;
};

/* What a file is read into. */
struct config_target {
	const struct settings *table;
	void *to; /* as settings_default leaves it */
	struct origins *origins;
	const char *name; /* of the file, for messages */
	FILE *complain;   /* where they go, a line each: FILE:LINE: WHAT */
};

/*
 * Reads a file's text.  Returns the number of errors, after telling them; then the target
 * is to be given up.  config_close is the caller's in any case.
 */
unsigned config_parse(
    struct config *c, struct bytes in, const struct config_target *target);

/* As config_parse for the file target->name, which may be unreadable. */
unsigned config_read(struct config *c, const struct config_target *target);

void config_close(struct config *c);

/* The line that gave a row its i-th value; 0 when none did. */
unsigned config_line(const struct config *c, const struct setting *row, size_t i);

/*
 * A file that says the same, each value after where it comes from; what has no value is a
 * comment.  name is that of the file c was read from.
 */
void config_print(const struct config *c, const struct config_target *target, FILE *to);

#endif
