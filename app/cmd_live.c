#define _DEFAULT_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "app/live_options.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/taps.h"

#define BURST       256 /* frames of one interface before the next one's turn */
#define WAIT_MS     100
#define STATS_EVERY 60 /* seconds */

/* Frames reach us late by what the kernel's ring holds them back. */
#define LATE_NS (2 * NS_PER_S)

struct watching {
	struct live_options opts;
	struct taps taps;
	struct pipeline *pipeline;
	struct output output;
	struct summary_span span;
	char host[256];
	time_t second; /* of the last tick, by a clock nobody sets */
	unsigned since_stats;
	sigset_t asked;
};

static int64_t
wall_clock(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static int
open_file(struct watching *w, struct err *e)
{
	const char *path = w->opts.output_path;
	FILE *to = path != NULL ? fopen(path, "ae") : stdout;

	if (to == NULL)
		return err_sys(e, errno, "%s: cannot be opened", path);
	if (w->output.to != NULL && w->output.to != stdout)
		(void)fclose(w->output.to);
	w->output.to = to;
	return 0;
}

static int
open_all(struct watching *w, struct err *e)
{
	struct pipeline_opts opts = {.window_ns = w->opts.window_ns,
	    .names = w->opts.names.word,
	    .sinkholes = w->opts.sinkholes.word};

	w->output =
	    (struct output){.accounts = w->opts.accounts, .json = true, .live = true};
	w->output.sensor = w->opts.sensor;
	if (w->output.sensor == NULL && gethostname(w->host, sizeof(w->host) - 1) == 0)
		w->output.sensor = w->host;
	if (open_file(w, e) != 0 || taps_open(&w->taps, &w->opts, e) != 0 ||
	    pipeline_open(&w->pipeline, &opts, e) != 0)
		return -1;
	return output_open(&w->output, w->opts.key_path, e);
}

static void
close_all(struct watching *w)
{
	taps_close(&w->taps);
	pipeline_close(w->pipeline);
	output_close(&w->output);
	if (w->output.to != NULL && w->output.to != stdout)
		(void)fclose(w->output.to);
}

static void
drain(struct watching *w)
{
	struct event ev;

	while (pipeline_next(w->pipeline, &ev))
		output_event(&w->output, &ev);
}

static void
tell_news(struct watching *w)
{
	struct event ev = {.type = EVENT_COVERAGE};

	while (taps_news(&w->taps, &ev.u.coverage)) {
		ev.ts = wall_clock();
		(void)fprintf(stderr, "msnwatch: %s\n", ev.u.coverage.text);
		output_event(&w->output, &ev);
	}
}

static void
count(struct watching *w, struct counters *now)
{
	*now = (struct counters){.n = 0};
	taps_counters(&w->taps, now);
	pipeline_counters(w->pipeline, now);
}

static void
print_counters(struct watching *w)
{
	struct counters now;
	size_t i;

	count(w, &now);
	for (i = 0; i < now.n; i++)
		(void)fprintf(stderr, "%-28s %12llu  %s\n", now.c[i].name,
		    (unsigned long long)now.c[i].value, now.c[i].help);
}

static void
heed_signals(struct watching *w)
{
	const struct timespec now = {0, 0};
	struct err e = {{0}};
	int sig;

	while ((sig = sigtimedwait(&w->asked, NULL, &now)) > 0) {
		if (sig == SIGUSR1)
			print_counters(w);
		else if (open_file(w, &e) != 0)
			(void)fprintf(
			    stderr, "msnwatch: %s; going on with the old one\n", e.text);
	}
}

static void
tick(struct watching *w)
{
	struct event ev = {.type = EVENT_STATS, .ts = wall_clock()};
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	if (t.tv_sec == w->second)
		return;
	w->second = t.tv_sec;
	taps_tick(&w->taps);
	tell_news(w);
	pipeline_idle(w->pipeline, wall_clock() - LATE_NS);
	drain(w);
	if (++w->since_stats >= STATS_EVERY) {
		w->since_stats = 0;
		count(w, &ev.u.stats);
		output_event(&w->output, &ev);
	}
	output_flush(&w->output);
}

/* Some frames of each interface in turn; whether there were any. */
static bool
take_turns(struct watching *w)
{
	const struct frame *f;
	bool any = false;
	unsigned n;
	size_t i;

	for (i = 0; i < w->taps.n; i++) {
		for (n = 0; n < BURST && (f = taps_next(&w->taps, i)) != NULL; n++) {
			w->span.packets++;
			w->span.bytes += f->wire_len;
			if (pipeline_frame(w->pipeline, f))
				drain(w);
		}
		any |= n != 0;
	}
	return any;
}

static int
watch(struct watching *w, const volatile sig_atomic_t *stop)
{
	struct counters now;
	struct err e = {{0}};

	while (!*stop && !w->output.broken) {
		if (!take_turns(w)) {
			output_flush(&w->output);
			taps_wait(&w->taps, WAIT_MS);
		}
		heed_signals(w);
		tick(w);
	}
	while (take_turns(w))
		;
	tell_news(w);
	do
		drain(w);
	while (pipeline_finish(w->pipeline));
	drain(w);
	w->span.last = wall_clock();
	count(w, &now);
	if (output_end(&w->output, &w->span, &now, &e) == 0)
		return STATUS_DONE;
	(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	return STATUS_FAILED;
}

int
cmd_live(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	struct watching w = {.second = 0};
	struct err e = {{0}};
	int status;

	status = live_options(argc, argv, &w.opts);
	if (status != STATUS_DONE)
		return status;
	if (w.opts.help) {
		live_usage(stdout);
		return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FAILED;
	}
	(void)sigemptyset(&w.asked);
	(void)sigaddset(&w.asked, SIGHUP);
	(void)sigaddset(&w.asked, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &w.asked, NULL);
	status = STATUS_FAILED;
	if (open_all(&w, &e) == 0)
		status = watch(&w, stop);
	else
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	close_all(&w);
	return status;
}
