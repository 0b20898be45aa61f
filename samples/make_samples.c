/* make_samples SCENARIO.scn OUT.pcap, or make_samples --all DIR OUTDIR. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/scenario.h"

static int
complain(const struct err *e)
{
	(void)fprintf(stderr, "make_samples: %s\n", e->text);
	return 1;
}

static int
is_scenario(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && strcmp(d->d_name + n - 4, ".scn") == 0;
}

static int
one_of(const char *dir, const char *name, const char *out, struct err *e)
{
	char from[4096], to[4096];

	if (snprintf(from, sizeof(from), "%s/%s", dir, name) >= (int)sizeof(from) ||
	    snprintf(to, sizeof(to), "%s/%.*s.pcap", out, (int)strlen(name) - 4, name) >=
		(int)sizeof(to))
		return err_set(e, "%s: path too long", dir);
	return scenario_write(from, to, e);
}

static int
all(const char *dir, const char *out)
{
	struct err e = {""};
	struct dirent **list;
	int i, n, failed = 0;

	n = scandir(dir, &list, is_scenario, alphasort);
	if (n < 0) {
		(void)err_set(&e, "%s: cannot be read", dir);
		return complain(&e);
	}
	for (i = 0; i < n; i++) {
		e.text[0] = '\0';
		if (one_of(dir, list[i]->d_name, out, &e) != 0)
			failed = complain(&e);
		free(list[i]);
	}
	free(list);
	return failed;
}

int
main(int argc, char **argv)
{
	struct err e = {""};

	if (argc == 4 && strcmp(argv[1], "--all") == 0)
		return all(argv[2], argv[3]);
	if (argc != 3 || argv[1][0] == '-') {
		(void)fprintf(stderr, "usage: make_samples SCENARIO.scn OUT.pcap\n"
				      "       make_samples --all DIR OUTDIR\n");
		return 2;
	}
	return scenario_write(argv[1], argv[2], &e) == 0 ? 0 : complain(&e);
}
