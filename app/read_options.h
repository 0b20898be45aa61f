/* What the user asks of `msnwatch read`, from its arguments. */
#ifndef APP_READ_OPTIONS_H
#define APP_READ_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "app/pipeline.h"
#include "app/settings.h"
#include "capture/source.h"
#include "report/account.h"

struct read_opts {
	struct source_opts source;
	int64_t window_ns;
	struct word_list names, sinkholes;
	const char *save_path; /* NULL: nothing is saved; "-": standard output */
	const char *key_path;  /* NULL: the user's own key file */
	enum account_mode accounts;
	bool json;
	bool quiet;
	bool exit_code;
	bool help; /* asked for: nothing else matters */
};

/*
 * Reads all arguments, argv[0] aside; false after saying what is wrong with them.  Fields
 * of ro without an option stay.
 */
bool read_options(int argc, char **argv, struct read_opts *ro);

/* What can be asked, as a table of struct read_opts. */
const struct settings *read_settings(void);

void read_usage(FILE *to);

#endif
