/* What the options of every command have in common. */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Hands each option to take, with optarg set, until it says no; false then, or when an
 * option is unknown.  Afterwards optind is where the other words begin.
 */
struct options {
	int argc;
	char **argv;
	const char *letters; /* as getopt_long has them */
	const struct option *words;
};
bool options_walk(const struct options *o, bool (*take)(int opt, void *to), void *to);

/* Says what the option at hand is given for its value; false. */
bool options_wants(const char *option, const char *what);

/* The value of the option at hand as a whole number from least to most. */
bool options_number(uint64_t least, uint64_t most, uint64_t *out);

#endif
