#include "app/live_options.h"

#include <getopt.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/settings_shared.h"

#define MIB        ((uint64_t)1024 * 1024)
#define WRITE_MOST ((uint64_t)1024 * 1024) /* MiB of a file, and such files */
#define YEAR       ((uint64_t)366 * 86400)

static const char *const sink_words[] = {"file", "syslog", NULL};

/* clang-format off */
static const struct setting rows[] = {
    {.option = "interface", .letter = 'i', .section = "capture", .kind = SETTING_LIST,
        .value = "NAME", .check = settings_check_text, .help = "an interface",
        .most_words = LIVE_INTERFACES_MAX,
        SETTING_FIELD(live_options, interfaces)},
    {.section = "capture", .key = "filter", .kind = SETTING_PHRASE, .value = "EXPR",
        .help = "only frames that pass this BPF expression", .unset = "every frame",
        SETTING_FIELD(live_options, filter)},
    {.option = "ring", .section = "capture", .kind = SETTING_NUMBER, .value = "MIB",
        .counts = "mebibytes", .least = 1, .most = 1024, .fallback = 32, .unit = MIB,
        .help = "the kernel's ring for each interface",
        SETTING_FIELD(live_options, ring)},
    {.option = "workers", .section = "capture", .kind = SETTING_NUMBER, .value = "N",
        .counts = "a number", .least = 1, .most = LIVE_WORKERS_MAX, .fallback = 1,
        .help = "threads that share the frames of each interface",
        SETTING_FIELD(live_options, workers)},
    SETTING_WINDOW(live_options),
    SETTING_NAME(live_options),
    SETTING_SINKHOLE(live_options),
    {.option = "sensor", .section = "output", .kind = SETTING_TEXT, .value = "NAME",
        .reloaded = true, .check = settings_check_text,
        .help = "how events name this machine", .unset = "its host name",
        SETTING_FIELD(live_options, sensor)},
    {.option = "sink", .section = "output", .kind = SETTING_CHOICE,
        .words = sink_words, .fallback = LIVE_TO_FILE, .help = "where events go",
        SETTING_FIELD(live_options, sink)},
    {.option = "output", .section = "output", .kind = SETTING_TEXT, .value = "FILE",
        .help = "where events are appended, opened again on HUP",
        .unset = "standard output", SETTING_FIELD(live_options, output_path)},
    SETTING_ACCOUNTS(live_options, ACCOUNT_HASH),
    SETTING_ACCOUNT_KEY(live_options),
    {.option = "status-file", .section = "output", .kind = SETTING_TEXT,
        .value = "FILE", .help = "where to keep how the sensor is doing, for --status",
        SETTING_FIELD(live_options, status_path)},
    {.option = "metrics-file", .section = "output", .kind = SETTING_TEXT,
        .value = "FILE", .help = "counters for the textfile collector of Prometheus",
        SETTING_FIELD(live_options, metrics_path)},
    {.option = "write", .letter = 'w', .section = "packets", .kind = SETTING_TEXT,
        .value = "PREFIX", .help = "save the frames of messenger connections in files "
        "whose names begin so", 
        SETTING_FIELD(live_options, write_path)},
    {.option = "write-size", .section = "packets", .kind = SETTING_NUMBER,
        .value = "MIB", .counts = "mebibytes", .least = 0, .most = WRITE_MOST,
        .fallback = 100, .unit = MIB, .help = "size of one such file, 0 for any",
        SETTING_FIELD(live_options, write_size)},
    {.option = "write-time", .section = "packets", .kind = SETTING_NUMBER,
        .value = "SECONDS", .counts = "seconds", .least = 0, .most = YEAR,
        .fallback = 86400, .unit = NS_PER_S,
        .help = "how long one such file is written, 0 for ever",
        SETTING_FIELD(live_options, write_ns)},
    {.option = "write-keep", .section = "packets", .kind = SETTING_NUMBER,
        .value = "N", .counts = "a number", .least = 0, .most = WRITE_MOST,
        .fallback = 10, .help = "such files there may be, 0 for any number",
        SETTING_FIELD(live_options, write_keep)},
    SETTINGS_ENFORCE(live_options)
    {.option = "user", .section = "privileges", .kind = SETTING_TEXT, .value = "NAME",
        .check = settings_check_text, .help = "the user to become when all is open",
        .unset = "msnwatch, when root starts it",
        SETTING_FIELD(live_options, user)},
    {.option = "no-sandbox", .section = "privileges", .key = "sandbox",
        .kind = SETTING_SWITCH, .fallback = true,
        .help = "allow system calls that watching does not take",
        SETTING_FIELD(live_options, sandbox)},
    {.option = "config", .kind = SETTING_TEXT, .value = "FILE",
        .help = "settings that no option gives; msnwatch.conf(5)", 
        SETTING_FIELD(live_options, config_path)},
    {.option = "status", .kind = SETTING_SWITCH,
        .help = "show what the status file of a running sensor says, and end",
        SETTING_FIELD(live_options, status)},
    SETTING_HELP(live_options),
};
/* clang-format on */

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(N_ROWS <= SETTINGS_MAX, "origins have room for every row");

const struct settings *
live_settings(void)
{
	static const struct settings table = {rows, N_ROWS, .words_last = true};

	return &table;
}

void
live_usage(FILE *to)
{
	(void)fputs("usage: msnwatch live -i INTERFACE [-i INTERFACE...] [options] "
		    "[FILTER]\n\n"
		    "Watches network interfaces and writes events as JSON lines.  It "
		    "only\n"
		    "listens" ENFORCE_UNLESS ".  FILTER is a BPF expression.\n\n",
	    to);
	settings_help(live_settings(), to);
	(void)fputs(
	    "\nSignals: TERM and INT tell what is known and end, HUP opens the output\n"
	    "again, USR1 prints the counters on standard error, USR2 reads the\n"
	    "configuration again.\n\n"
	    "Exit status: 2 wrong usage, 3 the configuration is invalid, 1 an interface\n"
	    "cannot be watched or events cannot be written, 0 ended by a signal.\n",
	    to);
}

static const struct setting *
filter_row(void)
{
	size_t i;

	for (i = 0; rows[i].option != NULL; i++)
		;
	return &rows[i];
}

/* The words behind the options are one expression, as in other tools. */
static bool
join_filter(struct live_options *lo, char **words)
{
	const struct setting *s = filter_row();
	struct err e = {{0}};

	for (; *words != NULL; words++) {
		lo->origins.from[s - rows] = FROM_COMMAND;
		if (setting_put(s, lo, *words, &e) != 0) {
			(void)fprintf(stderr, "msnwatch: the filter %s\n", e.text);
			return false;
		}
	}
	return true;
}

static bool
read_words(int argc, char **argv, struct live_options *lo)
{
	if (!settings_argv(live_settings(), argc, argv, lo, &lo->origins))
		return false;
	return lo->help || join_filter(lo, argv + optind);
}

bool
live_options_file(struct live_options *lo, const char *path)
{
	const struct config_target target = {.table = live_settings(),
	    .to = lo,
	    .origins = &lo->origins,
	    .name = path,
	    .complain = stderr};

	*lo = (struct live_options){.help = false};
	settings_default(live_settings(), lo);
	lo->config_path = path;
	return config_read(&lo->config, &target) == 0;
}

/* What the file says, where no argument says otherwise. */
static bool
settle_file(struct live_options *lo)
{
	struct live_options file;
	size_t i;
	bool good = live_options_file(&file, lo->config_path);

	lo->config = file.config;
	for (i = 0; good && i < N_ROWS; i++) {
		if (lo->origins.from[i] != FROM_DEFAULT ||
		    file.origins.from[i] != FROM_FILE)
			continue;
		setting_copy(&rows[i], lo, &file);
		lo->origins.from[i] = FROM_FILE;
	}
	return good;
}

static bool
is_mode(const struct setting *s)
{
	return s->at == offsetof(struct live_options, enforce.mode);
}

static bool
mode_is_of_file(const struct live_options *lo)
{
	size_t i;

	for (i = 0; i < N_ROWS && !is_mode(&rows[i]); i++)
		;
	return i < N_ROWS && lo->origins.from[i] == FROM_FILE;
}

/* Whoever gave the mode is told. */
static int
check_enforcement(const struct live_options *lo)
{
	bool of_a_file = mode_is_of_file(lo);
	struct err e = {{0}};

	if (enforce_options_check(&lo->enforce, of_a_file, &e) == 0)
		return STATUS_DONE;
	if (of_a_file)
		(void)fprintf(stderr, "%s: mode: %s\n", lo->config_path, e.text);
	else
		(void)fprintf(stderr,
		    "msnwatch: --enforce %s\nTry 'msnwatch live --help'.\n", e.text);
	return of_a_file ? STATUS_CONFIG : STATUS_USAGE;
}

static int
nothing_to_watch(const struct live_options *lo)
{
	if (lo->config_path == NULL)
		(void)fputs("msnwatch: nothing to watch: name an interface with -i\n"
			    "Try 'msnwatch live --help'.\n",
		    stderr);
	else
		(void)fprintf(stderr,
		    "%s: nothing to watch: name an interface in [capture], or with -i\n",
		    lo->config_path);
	return lo->config_path == NULL ? STATUS_USAGE : STATUS_CONFIG;
}

int
live_options(int argc, char **argv, struct live_options *lo)
{
	*lo = (struct live_options){.help = false};
	settings_default(live_settings(), lo);
	if (!read_words(argc, argv, lo)) {
		(void)fputs("Try 'msnwatch live --help'.\n", stderr);
		return STATUS_USAGE;
	}
	if (lo->help)
		return STATUS_DONE;
	if (lo->config_path != NULL && !settle_file(lo))
		return STATUS_CONFIG;
	lo->keyed = lo->accounts == ACCOUNT_HASH;
	lo->armed = lo->enforce.mode == POLICY_RESET;
	if (lo->interfaces.n == 0 && !lo->status)
		return nothing_to_watch(lo);
	return lo->status ? STATUS_DONE : check_enforcement(lo);
}

void
live_options_close(struct live_options *lo)
{
	config_close(&lo->config);
	free(lo->start);
	lo->start = NULL;
}

/* Without a key from the start there are no pseudonyms, without a socket no resets. */
static bool
holds_at_once(const struct live_options *lo, const struct live_options *file,
    const struct setting *s)
{
	bool pseudonyms =
	    s->words == account_mode_words && file->accounts == ACCOUNT_HASH;

	bool resets = is_mode(s) && file->enforce.mode == POLICY_RESET;

	return s->reloaded && (lo->keyed || !pseudonyms) && (lo->armed || !resets);
}

/* Whether a row is up to the file that was read again. */
static bool
is_of_file(const struct live_options *lo, size_t i)
{
	return rows[i].section != NULL && lo->origins.from[i] != FROM_COMMAND;
}

/* What holds from now on; false when it does not go together. */
static bool
renew(struct live_options *lo, const struct live_options *file)
{
	struct live_options next = *lo;
	size_t i;

	for (i = 0; i < N_ROWS; i++) {
		if (!is_of_file(lo, i) || !holds_at_once(lo, file, &rows[i]))
			continue;
		setting_copy(&rows[i], &next, file);
		next.origins.from[i] = file->origins.from[i];
	}
	if (check_enforcement(&next) != STATUS_DONE)
		return false;
	*lo = next;
	return true;
}

static void
tell_what_waits(const struct live_options *lo, const struct live_options *file)
{
	size_t i;

	for (i = 0; i < N_ROWS; i++)
		if (is_of_file(lo, i) && !holds_at_once(lo, file, &rows[i]) &&
		    !setting_same(&rows[i], lo, file))
			(void)fprintf(stderr,
			    "msnwatch: %s: %s in [%s] takes effect after a restart\n",
			    lo->config_path, setting_key(&rows[i]), rows[i].section);
}

bool
live_options_reload(struct live_options *lo)
{
	struct live_options file;

	if (lo->config_path == NULL) {
		(void)fputs("msnwatch: no configuration file to read again: it was "
			    "started without --config\n",
		    stderr);
		return false;
	}
	if (!live_options_file(&file, lo->config_path) || !renew(lo, &file)) {
		live_options_close(&file);
		(void)fprintf(
		    stderr, "msnwatch: %s: going on as before\n", lo->config_path);
		return false;
	}
	tell_what_waits(lo, &file);
	/* What waits for a restart goes on pointing into what was read first. */
	if (lo->start == NULL)
		lo->start = lo->config.text;
	else
		config_close(&lo->config);
	lo->config = file.config;
	return true;
}
