/* The options of `msnwatch live`. */
#ifndef APP_LIVE_OPTIONS_H
#define APP_LIVE_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "report/account.h"

#define LIVE_INTERFACES_MAX 16

struct live_options {
	const char *interface[LIVE_INTERFACES_MAX];
	size_t n_interfaces;
	char filter[4096];       /* what follows the options, or empty */
	const char *output_path; /* NULL: standard output */
	const char *key_path;    /* NULL: the user's own */
	const char *sensor;      /* NULL: the machine's name */
	enum account_mode accounts;
	size_t ring; /* bytes */
	bool help;
};

void live_usage(FILE *to);

/* False after saying what is wrong. */
bool live_options(int argc, char **argv, struct live_options *lo);

#endif
