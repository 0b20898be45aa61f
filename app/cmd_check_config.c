#define _DEFAULT_SOURCE
#include <getopt.h>
#include <stdio.h>

#include "app/command.h"
#include "app/config_check.h"
#include "app/live_options.h"
#include "app/settings_shared.h"

struct check_opts {
	const char *path;
	bool help;
};

static const struct setting rows[] = {
    {.option = "config",
	.kind = SETTING_TEXT,
	.value = "FILE",
	.help = "the file, as live has it",
	SETTING_FIELD(check_opts, path)},
    SETTING_HELP(check_opts),
};

static const struct settings table = {rows, sizeof(rows) / sizeof(rows[0]), false};

static void
usage(FILE *to)
{
	(void)fputs("usage: msnwatch check-config [--config] FILE\n\n"
		    "Checks a configuration file of msnwatch live, and what it names as "
		    "far as\n"
		    "that can be told.  Prints every setting with its value and where it "
		    "comes\n"
		    "from, as a configuration file.\n\n",
	    to);
	settings_help(&table, to);
	(void)fputs("\nExit status: 2 wrong usage, 3 the configuration is invalid, 0 it "
		    "is valid.\n",
	    to);
}

static bool
read_arguments(int argc, char **argv, struct check_opts *co)
{
	struct origins o = {{0}};
	const char *wrong = NULL;

	settings_default(&table, co);
	if (!settings_argv(&table, argc, argv, co, &o))
		return false;
	if (co->help)
		return true;
	if (co->path == NULL && optind < argc)
		co->path = argv[optind++];
	if (co->path == NULL)
		wrong = "nothing to check: name a configuration file";
	else if (optind < argc)
		wrong = "check-config takes one file";
	if (wrong != NULL)
		(void)fprintf(stderr, "msnwatch: %s\n", wrong);
	return wrong == NULL;
}

static int
check(const char *path)
{
	struct live_options lo;
	const struct config_target target = {.table = live_settings(),
	    .to = &lo,
	    .name = path,
	    .origins = &lo.origins,
	    .complain = stderr};
	bool good = live_options_file(&lo, path);

	if (good)
		good = config_check(&lo, stderr) == 0;
	if (good)
		config_print(&lo.config, &target, stdout);
	live_options_close(&lo);
	if (!good)
		return STATUS_CONFIG;
	return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FAILED;
}

int
cmd_check_config(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	struct check_opts co;

	(void)stop;
	if (!read_arguments(argc, argv, &co)) {
		(void)fputs("Try 'msnwatch check-config --help'.\n", stderr);
		return STATUS_USAGE;
	}
	if (!co.help)
		return check(co.path);
	usage(stdout);
	return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FAILED;
}
