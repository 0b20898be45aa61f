#define _DEFAULT_SOURCE
#include "app/read_options.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "app/settings_shared.h"

/* clang-format off */
static const struct setting rows[] = {
    {.option = "json", .kind = SETTING_SWITCH,
        .help = "events as JSON lines, not the report", SETTING_FIELD(read_opts, json)},
    {.option = "filter", .kind = SETTING_TEXT, .value = "EXPR",
        .help = "only frames that pass this BPF expression",
        SETTING_FIELD(read_opts, source.filter)},
    {.option = "count", .kind = SETTING_NUMBER, .value = "N", .counts = "a number",
        .least = 1, .most = UINT64_MAX, .help = "stop after N frames",
        SETTING_FIELD(read_opts, source.count)},
    {.option = "write", .letter = 'w', .kind = SETTING_TEXT, .value = "FILE",
        .help = "save the frames of messenger connections",
        SETTING_FIELD(read_opts, save_path)},
    SETTING_ACCOUNTS(read_opts, ACCOUNT_SHOW),
    SETTING_ACCOUNT_KEY(read_opts),
    SETTING_WINDOW(read_opts),
    SETTING_NAME(read_opts),
    SETTING_SINKHOLE(read_opts),
    {.option = "threads", .kind = SETTING_NUMBER, .value = "N", .counts = "a number",
        .least = 1, .most = 64, .unset = "one a processor",
        .help = "threads that may unpack and audit side by side",
        SETTING_FIELD(read_opts, source.threads)},
    {.option = "exit-code", .kind = SETTING_SWITCH,
        .help = "end with 10 when messenger use was found",
        SETTING_FIELD(read_opts, exit_code)},
    {.option = "quiet", .letter = 'q', .kind = SETTING_SWITCH,
        .help = "no progress and no report", SETTING_FIELD(read_opts, quiet)},
    SETTING_HELP(read_opts),
};
/* clang-format on */

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(N_ROWS <= SETTINGS_MAX, "origins have room for every row");

const struct settings *
read_settings(void)
{
	static const struct settings table = {rows, N_ROWS, .words_last = false};

	return &table;
}

void
read_usage(FILE *to)
{
	(void)fputs(
	    "usage: msnwatch read [options] FILE|DIR|-...\n\n"
	    "Audits captures: pcap or pcapng, plain, gzip or zstd, known by their\n"
	    "first bytes and merged in time order.  - is standard input.\n\n",
	    to);
	settings_help(read_settings(), to);
	(void)fputs(
	    "\nExit status, the first that fits: 2 wrong usage, 1 something could not "
	    "be\n"
	    "read or written, 10 see --exit-code, 4 input was damaged or packets were\n"
	    "lost, 0 done.  The report is printed with 1 and 4, too.\n",
	    to);
}

/* What each option allows and all of them together do not. */
static bool
agree(const struct read_opts *ro)
{
	const char *wrong = NULL;

	if (ro->source.n_paths == 0)
		wrong = "nothing to read: name a file, a folder or -";
	else if (ro->key_path != NULL && ro->accounts != ACCOUNT_HASH)
		wrong = "--account-key is of use with --accounts hash only";
	else if (ro->save_path == NULL || strcmp(ro->save_path, "-") != 0)
		return wrong == NULL;
	else if (ro->json || !ro->quiet)
		wrong = "-w - puts the capture on standard output: add --quiet, and "
			"leave out --json";
	else if (isatty(STDOUT_FILENO) == 1)
		wrong = "-w - does not write a capture to a terminal: redirect it";
	if (wrong != NULL)
		(void)fprintf(stderr, "msnwatch: %s\n", wrong);
	return wrong == NULL;
}

bool
read_options(int argc, char **argv, struct read_opts *ro)
{
	struct origins o = {{0}};
	bool good;

	settings_default(read_settings(), ro);
	good = settings_argv(read_settings(), argc, argv, ro, &o);
	ro->source.paths = (const char *const *)(argv + optind);
	ro->source.n_paths = (size_t)(argc - optind);
	return good && (ro->help || agree(ro));
}
