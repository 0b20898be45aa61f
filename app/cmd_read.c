#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "app/read_options.h"

#define PROGRESS_EVERY 256 /* frames between two looks at the clock */

struct reading {
	struct source *source;
	struct pipeline *pipeline;
	struct save *save;
	struct output output;
	struct summary_span span;
	struct progress progress;
	const volatile sig_atomic_t *stop;
	bool failed, damaged;
};

/* The file frames are saved to must not be one of those they come from. */
static int
open_save(struct reading *r, const char *path, struct err *e)
{
	if (path == NULL)
		return 0;
	if (source_reads(r->source, path))
		return err_set(e,
		    "%s: is read, so it cannot be written as well; name another file "
		    "after -w",
		    path);
	return save_open(&r->save, path, e);
}

static int
open_all(struct reading *r, const struct read_opts *ro, struct err *e)
{
	struct pipeline_opts opts = {.window_ns = ro->window_ns,
	    .names = ro->names.word,
	    .sinkholes = ro->sinkholes.word};

	if (source_open(&r->source, &ro->source, e) != 0 ||
	    open_save(r, ro->save_path, e) != 0)
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

/*
 * A place where the report is blind, as an event and, when the exit status is to show
 * it, as a line for people.
 */
static void
tell(struct reading *r, const struct coverage *c)
{
	struct event ev = {.type = EVENT_COVERAGE};

	pipeline_span(r->pipeline, &r->span.first, &r->span.last);
	ev.ts = r->span.last;
	ev.u.coverage = *c;
	output_event(&r->output, &ev);
	if (c->kind == COVERAGE_SKIPPED)
		return;
	if (c->kind == COVERAGE_UNREADABLE)
		r->failed = true;
	else
		r->damaged = true;
	progress_end(&r->progress);
	(void)fprintf(stderr, "msnwatch: %s\n", c->text);
}

/* What went wrong with the inputs since it was last asked. */
static void
take_troubles(struct reading *r)
{
	struct coverage c;

	while (source_trouble(r->source, &c))
		tell(r, &c);
}

static void
note_span(struct summary_span *span, const struct frame *f, size_t n)
{
	span->packets += n;
	while (n-- != 0)
		span->bytes += f++->wire_len;
}

static void
take_frames(struct reading *r, const struct frame *f, size_t n)
{
	size_t done;

	for (; n != 0; f += done, n -= done) {
		done = pipeline_frames(r->pipeline, f, n);
		drain(r);
	}
}

static void
read_frames(struct reading *r)
{
	const struct frame *f;
	uint64_t shown = 0;
	size_t n;

	take_troubles(r);
	while (!*r->stop && !r->output.broken &&
	       source_batch(r->source, &f, &n) == SOURCE_FRAME) {
		note_span(&r->span, f, n);
		take_frames(r, f, n);
		if (r->span.packets - shown < PROGRESS_EVERY)
			continue;
		progress_show(&r->progress, r->source);
		shown = r->span.packets;
	}
	do
		drain(r);
	while (pipeline_finish(r->pipeline));
	drain(r);
	take_troubles(r);
	progress_end(&r->progress);
	if (*r->stop)
		(void)fputs(
		    "msnwatch: stopped; only what was read until now counts\n", stderr);
}

/* Where the report is blind although every file was read. */
static void
tell_coverage(struct reading *r)
{
	struct coverage c = {.kind = COVERAGE_LINK_TYPE};
	uint64_t lost = pipeline_lost(r->pipeline);
	char name[32];
	int linktype;
	size_t i;

	for (i = 0; pipeline_unknown_link(r->pipeline, i, &linktype, &c.count); i++) {
		(void)snprintf(c.text, sizeof(c.text),
		    "%llu frames were not decoded (%s): what can be is Ethernet, Linux "
		    "cooked, loopback, PPP and raw IP",
		    (unsigned long long)c.count, source_linktype_name(linktype, name));
		tell(r, &c);
	}
	if (lost == 0)
		return;
	c = (struct coverage){.kind = COVERAGE_LOST, .count = lost};
	(void)snprintf(c.text, sizeof(c.text),
	    "%llu bytes of messenger connections are missing from the capture",
	    (unsigned long long)lost);
	tell(r, &c);
}

static int
close_save(struct reading *r, const char *path)
{
	uint64_t refused = r->save != NULL ? save_refused(r->save) : 0;
	struct err e = {{0}};
	int result = save_close(r->save, &e);

	r->save = NULL;
	if (refused != 0)
		result = err_set(&e,
		    "%s: %llu frames left out: a pcap file holds one link type; read the "
		    "inputs one by one",
		    path, (unsigned long long)refused);
	if (result != 0)
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	return result;
}

static int
status_of(const struct reading *r, const struct read_opts *ro)
{
	if (r->failed)
		return STATUS_FAILED;
	if (ro->exit_code && summary_attempts(r->output.summary) != 0)
		return STATUS_FOUND;
	return r->damaged ? STATUS_DAMAGED : STATUS_DONE;
}

static int
run(struct reading *r, const struct read_opts *ro)
{
	struct counters now = {.n = 0};
	struct source_progress at;
	struct err e = {{0}};

	progress_begin(&r->progress, !ro->quiet);
	read_frames(r);
	tell_coverage(r);
	source_counters(r->source, &now);
	pipeline_counters(r->pipeline, &now);
	source_progress(r->source, &at);
	pipeline_span(r->pipeline, &r->span.first, &r->span.last);
	r->span.files = at.files;
	r->span.left_out = at.frames - r->span.packets;
	if (output_end(&r->output, &r->span, &now, &e) != 0) {
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
		r->failed = true;
	}
	if (close_save(r, ro->save_path) != 0)
		r->failed = true;
	return status_of(r, ro);
}

int
cmd_read(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	struct read_opts ro = {.accounts = ACCOUNT_SHOW, .source = {.stop = stop}};
	struct reading r = {.stop = stop};
	struct err e = {{0}};
	int status = STATUS_FAILED;

	if (!read_options(argc, argv, &ro)) {
		(void)fputs("Try 'msnwatch read --help'.\n", stderr);
		return STATUS_USAGE;
	}
	if (ro.help) {
		read_usage(stdout);
		return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FAILED;
	}
	r.output =
	    (struct output){.accounts = ro.accounts, .json = ro.json, .quiet = ro.quiet};
	if (open_all(&r, &ro, &e) == 0)
		status = run(&r, &ro);
	else
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	(void)save_close(r.save, &e);
	output_close(&r.output);
	pipeline_close(r.pipeline);
	source_close(r.source);
	return status;
}
