#include "app/live_options.h"

#include <string.h>

#include "app/options.h"

#define MIB        ((size_t)1024 * 1024)
#define RING_MIB   32
#define RING_LEAST 1
#define RING_MOST  1024

enum { OPT_OUTPUT = 256, OPT_ACCOUNTS, OPT_KEY, OPT_SENSOR, OPT_RING };

void
live_usage(FILE *to)
{
	(void)fputs(
	    "usage: msnwatch live -i INTERFACE [-i INTERFACE...] [options] [FILTER]\n\n"
	    "Watches network interfaces and writes events as JSON lines.  It only\n"
	    "listens.  FILTER is a BPF expression.\n\n"
	    "  -i, --interface NAME       an interface; may be repeated\n"
	    "  --output FILE              where events are appended (default: standard\n"
	    "                             output); opened again on HUP\n"
	    "  --accounts show|hash|hide  how accounts appear (default hash)\n"
	    "  --account-key FILE         key of the pseudonyms, made when missing\n"
	    "  --sensor NAME              how events name this machine\n"
	    "  --ring MIB                 the kernel's ring for each interface (default "
	    "32)\n"
	    "  -h, --help                 this\n\n"
	    "Signals: TERM and INT tell what is known and end, HUP opens the output\n"
	    "again, USR1 prints the counters on standard error.\n\n"
	    "Exit status: 2 wrong usage, 1 an interface cannot be watched or events\n"
	    "cannot be written, 0 ended by a signal.\n",
	    to);
}

static bool
parse_ring(struct live_options *lo)
{
	uint64_t n;

	if (!options_number(RING_LEAST, RING_MOST, &n))
		return options_wants("--ring", "mebibytes, 1 to 1024");
	lo->ring = n * MIB;
	return true;
}

static bool
add_interface(struct live_options *lo)
{
	size_t i;

	for (i = 0; i < lo->n_interfaces; i++)
		if (strcmp(lo->interface[i], optarg) == 0)
			return true;
	if (lo->n_interfaces == LIVE_INTERFACES_MAX) {
		(void)fprintf(stderr, "msnwatch: -i can be given %d times at most\n",
		    LIVE_INTERFACES_MAX);
		return false;
	}
	lo->interface[lo->n_interfaces++] = optarg;
	return true;
}

static bool
take_option(int opt, void *to)
{
	struct live_options *lo = to;

	switch (opt) {
	case 'i':
		return add_interface(lo);
	case OPT_OUTPUT:
		lo->output_path = optarg;
		return true;
	case OPT_ACCOUNTS:
		return account_mode_parse(optarg, &lo->accounts) ||
		       options_wants("--accounts", "show, hash or hide");
	case OPT_KEY:
		lo->key_path = optarg;
		return true;
	case OPT_SENSOR:
		lo->sensor = optarg;
		return true;
	case OPT_RING:
		return parse_ring(lo);
	case 'h':
		lo->help = true;
		return true;
	default:
		return false;
	}
}

/* The words behind the options are one expression, as in other tools. */
static bool
join_filter(struct live_options *lo, char **words)
{
	size_t used = 0, n;

	for (; *words != NULL; words++) {
		n = strlen(*words);
		if (used + n + 2 > sizeof(lo->filter)) {
			(void)fputs("msnwatch: the filter is too long\n", stderr);
			return false;
		}
		if (used != 0)
			lo->filter[used++] = ' ';
		memcpy(lo->filter + used, *words, n + 1);
		used += n;
	}
	return true;
}

bool
live_options(int argc, char **argv, struct live_options *lo)
{
	static const struct option options[] = {
	    {"interface", required_argument, NULL, 'i'},
	    {"output", required_argument, NULL, OPT_OUTPUT},
	    {"accounts", required_argument, NULL, OPT_ACCOUNTS},
	    {"account-key", required_argument, NULL, OPT_KEY},
	    {"sensor", required_argument, NULL, OPT_SENSOR},
	    {"ring", required_argument, NULL, OPT_RING},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	const struct options o = {argc, argv, "+i:h", options};
	bool good;

	*lo = (struct live_options){.accounts = ACCOUNT_HASH, .ring = RING_MIB * MIB};
	good = options_walk(&o, take_option, lo);
	if (!good || lo->help)
		return good;
	if (lo->n_interfaces == 0) {
		(void)fputs(
		    "msnwatch: nothing to watch: name an interface with -i\n", stderr);
		return false;
	}
	return join_filter(lo, argv + optind);
}
