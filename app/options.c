#define _DEFAULT_SOURCE
#include "app/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

bool
options_walk(const struct options *o, bool (*take)(int opt, void *to), void *to)
{
	char name[] = "msnwatch", *command = o->argv[0];
	bool good = true;
	int opt;

	o->argv[0] = name; /* what getopt's own messages begin with */
	while (good &&
	       (opt = getopt_long(o->argc, o->argv, o->letters, o->words, NULL)) != -1)
		good = take(opt, to);
	o->argv[0] = command;
	return good;
}

bool
options_wants(const char *option, const char *what)
{
	(void)fprintf(stderr, "msnwatch: %s wants %s, not '%s'\n", option, what, optarg);
	return false;
}

bool
options_number(uint64_t least, uint64_t most, uint64_t *out)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(optarg, &end, 10);
	if (optarg[0] < '0' || optarg[0] > '9' || *end != '\0' || errno != 0 ||
	    n < least || n > most)
		return false;
	*out = n;
	return true;
}
