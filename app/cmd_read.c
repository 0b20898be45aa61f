#define _DEFAULT_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "base/text.h"
#include "capture/source.h"

#define PROGRESS_EVERY 4096

struct read_opts {
	struct source_opts source;
	const char *save_path;
	const char *key_path;
	bool exit_code;
	bool help;
};

struct reading {
	struct source *source;
	struct pipeline *pipeline;
	struct save *save;
	struct output output;
	struct summary_span span;
	struct progress progress;
	bool failed, damaged;
};

static void
help(FILE *to)
{
	(void)fputs(
	    "usage: msnwatch read [options] FILE|DIR|-...\n\n"
	    "Audits captures: pcap or pcapng, plain, gzip or zstd, merged in time "
	    "order.\n\n"
	    "  --json                     events as JSON lines instead of the report\n"
	    "  --filter EXPR              only frames that pass this BPF expression\n"
	    "  --count N                  stop after N frames\n"
	    "  -w, --write FILE           save the frames of messenger connections\n"
	    "  --accounts show|hash|hide  how accounts appear (default show)\n"
	    "  --account-key FILE         key of the pseudonyms, made when it is "
	    "missing\n"
	    "  --exit-code                end with status 10 when messenger use was "
	    "found\n"
	    "  -q, --quiet                no progress and no report\n"
	    "  -h, --help                 this\n\n"
	    "Exit status: 0 done, 1 something could not be read or written, 2 usage,\n"
	    "4 done but input was damaged or packets were lost, 10 see --exit-code.\n",
	    to);
}

static bool
parse_count(const char *text, uint64_t *out)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || n == 0)
		return false;
	*out = n;
	return true;
}

enum {
	OPT_JSON = 256,
	OPT_FILTER,
	OPT_COUNT,
	OPT_ACCOUNTS,
	OPT_KEY,
	OPT_EXIT_CODE,
};

/* One option; false after saying what is wrong with it. */
static bool
take_option(int opt, struct read_opts *ro, struct output *out)
{
	switch (opt) {
	case OPT_JSON:
		out->json = true;
		return true;
	case OPT_FILTER:
		ro->source.filter = optarg;
		return true;
	case OPT_COUNT:
		if (parse_count(optarg, &ro->source.count))
			return true;
		(void)fprintf(stderr,
		    "msnwatch: --count wants a number above 0, not '%s'\n", optarg);
		return false;
	case OPT_ACCOUNTS:
		if (account_mode_parse(optarg, &out->accounts))
			return true;
		(void)fprintf(stderr,
		    "msnwatch: --accounts wants show, hash or hide, not '%s'\n", optarg);
		return false;
	case OPT_KEY:
		ro->key_path = optarg;
		return true;
	case OPT_EXIT_CODE:
		ro->exit_code = true;
		return true;
	case 'w':
		ro->save_path = optarg;
		return true;
	case 'q':
		out->quiet = true;
		return true;
	case 'h':
		ro->help = true;
		return true;
	default:
		return false;
	}
}

static bool
take_options(int argc, char **argv, struct read_opts *ro, struct output *out)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, OPT_JSON},
	    {"filter", required_argument, NULL, OPT_FILTER},
	    {"count", required_argument, NULL, OPT_COUNT},
	    {"write", required_argument, NULL, 'w'},
	    {"accounts", required_argument, NULL, OPT_ACCOUNTS},
	    {"account-key", required_argument, NULL, OPT_KEY},
	    {"exit-code", no_argument, NULL, OPT_EXIT_CODE},
	    {"quiet", no_argument, NULL, 'q'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "w:qh", options, NULL)) != -1)
		if (!take_option(opt, ro, out))
			return false;
	if (optind == argc && !ro->help) {
		(void)fputs(
		    "msnwatch: nothing to read: name a file, a folder or -\n", stderr);
		return false;
	}
	ro->source.paths = (const char *const *)(argv + optind);
	ro->source.n_paths = (size_t)(argc - optind);
	return true;
}

static int
open_all(struct reading *r, const struct read_opts *ro, struct err *e)
{
	struct pipeline_opts opts = {0};

	if (source_open(&r->source, &ro->source, e) != 0)
		return -1;
	if (ro->save_path != NULL && save_open(&r->save, ro->save_path, e) != 0)
		return -1;
	opts.save = r->save;
	if (pipeline_open(&r->pipeline, &opts, e) != 0)
		return -1;
	return output_open(&r->output, ro->key_path, e);
}

static void
drain(struct reading *r)
{
	struct event ev;

	while (pipeline_next(r->pipeline, &ev))
		output_event(&r->output, &ev);
}

/* What went wrong with an input, as an event and as a line for people. */
static void
take_troubles(struct reading *r)
{
	struct event ev = {.type = EVENT_COVERAGE};

	while (source_trouble(r->source, &ev.u.coverage)) {
		ev.ts = r->span.last;
		if (ev.u.coverage.kind == COVERAGE_UNREADABLE)
			r->failed = true;
		if (ev.u.coverage.kind == COVERAGE_DAMAGED)
			r->damaged = true;
		progress_end(&r->progress);
		if (ev.u.coverage.kind != COVERAGE_SKIPPED)
			(void)fprintf(stderr, "msnwatch: %s\n", ev.u.coverage.text);
		output_event(&r->output, &ev);
	}
}

static void
read_frames(struct reading *r, const volatile sig_atomic_t *stop)
{
	struct summary_span *span = &r->span;
	struct frame f;

	take_troubles(r);
	while (!*stop && source_next(r->source, &f) == SOURCE_FRAME) {
		if (span->packets++ == 0 || f.ts < span->first)
			span->first = f.ts;
		if (f.ts > span->last)
			span->last = f.ts;
		span->bytes += f.wire_len;
		pipeline_frame(r->pipeline, &f);
		drain(r);
		if (span->packets % PROGRESS_EVERY == 0)
			progress_show(&r->progress, r->source);
	}
	do
		drain(r);
	while (pipeline_finish(r->pipeline));
	drain(r);
	take_troubles(r);
	progress_end(&r->progress);
}

/* Where the report is blind although every file was read. */
static void
tell_coverage(struct reading *r)
{
	struct event ev = {.type = EVENT_COVERAGE, .ts = r->span.last};
	struct coverage *c = &ev.u.coverage;
	uint64_t lost = pipeline_lost(r->pipeline);
	char name[32];
	int linktype;
	size_t i;

	c->kind = COVERAGE_LINK_TYPE;
	for (i = 0; pipeline_unknown_link(r->pipeline, i, &linktype, &c->count); i++) {
		(void)snprintf(c->text, sizeof(c->text),
		    "%llu frames of link type %s not decoded",
		    (unsigned long long)c->count, source_linktype_name(linktype, name));
		output_event(&r->output, &ev);
	}
	if (lost == 0)
		return;
	r->damaged = true;
	c->kind = COVERAGE_LOST;
	c->count = lost;
	(void)snprintf(c->text, sizeof(c->text),
	    "%llu bytes of messenger connections are missing from the capture",
	    (unsigned long long)lost);
	output_event(&r->output, &ev);
}

static int
close_save(struct reading *r, const char *path)
{
	struct err e = {{0}};
	uint64_t refused;

	if (r->save == NULL)
		return 0;
	refused = save_refused(r->save);
	if (refused != 0)
		(void)fprintf(stderr,
		    "msnwatch: %s: %llu frames left out, their link type is another than "
		    "the "
		    "file's\n",
		    path, (unsigned long long)refused);
	if (save_close(r->save, &e) == 0)
		return 0;
	(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	return -1;
}

static int
status_of(const struct reading *r, const struct read_opts *ro)
{
	if (r->failed || r->output.broken)
		return STATUS_FAILED;
	if (ro->exit_code && summary_attempts(r->output.summary) != 0)
		return STATUS_FOUND;
	return r->damaged ? STATUS_DAMAGED : STATUS_DONE;
}

static int
run(struct reading *r, const struct read_opts *ro, const volatile sig_atomic_t *stop)
{
	struct counters now = {.n = 0};
	struct source_progress at;

	progress_begin(&r->progress, !r->output.quiet);
	read_frames(r, stop);
	tell_coverage(r);
	source_counters(r->source, &now);
	pipeline_counters(r->pipeline, &now);
	source_progress(r->source, &at);
	r->span.files = at.files;
	output_end(&r->output, &r->span, &now);
	if (r->output.broken)
		(void)fputs("msnwatch: standard output could not be written\n", stderr);
	if (close_save(r, ro->save_path) != 0)
		r->failed = true;
	r->save = NULL;
	return status_of(r, ro);
}

int
cmd_read(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	struct reading r = {.output = {.accounts = ACCOUNT_SHOW}};
	struct read_opts ro = {.exit_code = false};
	struct err e = {{0}};
	int status = STATUS_FAILED;

	if (!take_options(argc, argv, &ro, &r.output)) {
		(void)fputs("Try 'msnwatch read --help'.\n", stderr);
		return STATUS_USAGE;
	}
	if (ro.help) {
		help(stdout);
		return STATUS_DONE;
	}
	if (open_all(&r, &ro, &e) == 0)
		status = run(&r, &ro, stop);
	else
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	(void)save_close(r.save, &e);
	output_close(&r.output);
	pipeline_close(r.pipeline);
	source_close(r.source);
	return status;
}
