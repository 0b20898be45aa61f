#define _DEFAULT_SOURCE
#include "app/read_options.h"

#include <string.h>
#include <unistd.h>

#include "app/options.h"

enum {
	OPT_JSON = 256,
	OPT_FILTER,
	OPT_COUNT,
	OPT_ACCOUNTS,
	OPT_KEY,
	OPT_EXIT_CODE,
	OPT_WINDOW,
	OPT_NAME,
	OPT_SINKHOLE,
	OPT_THREADS,
};

void
read_usage(FILE *to)
{
	(void)fputs(
	    "usage: msnwatch read [options] FILE|DIR|-...\n\n"
	    "Audits captures: pcap or pcapng, plain, gzip or zstd, known by their\n"
	    "first bytes and merged in time order.  - is standard input.\n\n"
	    "  --json                     events as JSON lines, not the report\n"
	    "  --filter EXPR              only frames that pass this BPF expression\n"
	    "  --count N                  stop after N frames\n"
	    "  -w, --write FILE           save the frames of messenger connections\n"
	    "  --accounts show|hash|hide  how accounts appear (default show)\n"
	    "  --account-key FILE         key of the pseudonyms, made when missing\n"
	    "  --window SECONDS           how long tries belong together (default 120)\n"
	    "  --name NAME                a further name of a messenger service, or\n"
	    "                             *.NAME; may be repeated\n"
	    "  --sinkhole ADDR[/BITS]     an address that lookups are sent to instead;\n"
	    "                             may be repeated\n"
	    "  --threads N                threads that may unpack and audit side by "
	    "side\n"
	    "                             (default: one a processor)\n"
	    "  --exit-code                end with 10 when messenger use was found\n"
	    "  -q, --quiet                no progress and no report\n"
	    "  -h, --help                 this\n\n"
	    "Exit status, the first that fits: 2 wrong usage, 1 something could not be\n"
	    "read or written, 10 see --exit-code, 4 input was damaged or packets were\n"
	    "lost, 0 done.  The report is printed with 1 and 4, too.\n",
	    to);
}

static bool
parse_window(int64_t *out)
{
	uint64_t seconds;

	if (!options_number(1, 86400, &seconds))
		return false;
	*out = (int64_t)seconds * NS_PER_S;
	return true;
}

static bool
parse_threads(unsigned *out)
{
	uint64_t n;

	if (!options_number(1, 64, &n))
		return false;
	*out = (unsigned)n;
	return true;
}

static bool
add_word(struct word_list *list, const char *option)
{
	if (list->n == READ_WORDS_MAX) {
		(void)fprintf(stderr, "msnwatch: %s can be given %d times at most\n",
		    option, READ_WORDS_MAX);
		return false;
	}
	list->word[list->n++] = optarg;
	return true;
}

/* One option; false after saying what is wrong with it. */
static bool
take_option(int opt, void *to)
{
	struct read_opts *ro = to;

	switch (opt) {
	case OPT_JSON:
		ro->json = true;
		return true;
	case OPT_FILTER:
		ro->source.filter = optarg;
		return true;
	case OPT_COUNT:
		return options_number(1, UINT64_MAX, &ro->source.count) ||
		       options_wants("--count", "a whole number above 0");
	case OPT_ACCOUNTS:
		return account_mode_parse(optarg, &ro->accounts) ||
		       options_wants("--accounts", "show, hash or hide");
	case OPT_KEY:
		ro->key_path = optarg;
		return true;
	case OPT_EXIT_CODE:
		ro->exit_code = true;
		return true;
	case OPT_WINDOW:
		return parse_window(&ro->window_ns) ||
		       options_wants("--window", "seconds, 1 to 86400");
	case OPT_NAME:
		return add_word(&ro->names, "--name");
	case OPT_SINKHOLE:
		return add_word(&ro->sinkholes, "--sinkhole");
	case OPT_THREADS:
		return parse_threads(&ro->source.threads) ||
		       options_wants("--threads", "a number, 1 to 64");
	case 'w':
		ro->save_path = optarg;
		return true;
	case 'q':
		ro->quiet = true;
		return true;
	case 'h':
		ro->help = true;
		return true;
	default:
		return false;
	}
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
	static const struct option options[] = {
	    {"json", no_argument, NULL, OPT_JSON},
	    {"filter", required_argument, NULL, OPT_FILTER},
	    {"count", required_argument, NULL, OPT_COUNT},
	    {"write", required_argument, NULL, 'w'},
	    {"accounts", required_argument, NULL, OPT_ACCOUNTS},
	    {"account-key", required_argument, NULL, OPT_KEY},
	    {"threads", required_argument, NULL, OPT_THREADS},
	    {"exit-code", no_argument, NULL, OPT_EXIT_CODE},
	    {"window", required_argument, NULL, OPT_WINDOW},
	    {"name", required_argument, NULL, OPT_NAME},
	    {"sinkhole", required_argument, NULL, OPT_SINKHOLE},
	    {"quiet", no_argument, NULL, 'q'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	const struct options o = {argc, argv, "w:qh", options};
	bool good = options_walk(&o, take_option, ro);

	ro->source.paths = (const char *const *)(argv + optind);
	ro->source.n_paths = (size_t)(argc - optind);
	return good && (ro->help || agree(ro));
}
