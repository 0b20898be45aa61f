#define _DEFAULT_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/append.h"
#include "app/command.h"
#include "app/live.h"
#include "app/live_options.h"
#include "app/notify.h"
#include "app/output.h"
#include "app/privilege.h"
#include "app/sandbox.h"
#include "app/standing.h"
#include "app/status.h"
#include "base/clock.h"

#define TURN_MS     50 /* between two looks at what the workers tell */
#define STATS_EVERY 60 /* seconds */

struct watching {
	struct live_options opts;
	struct output output;
	struct live_run run;
	struct notify notify;
	struct standing standing;
	struct summary_span span;
	char host[256];
	char who[PRIVILEGE_WHO_MAX];
	int64_t second; /* of the last tick, by a clock nobody sets */
	unsigned since_stats;
	sigset_t asked;
};

static int
open_file(struct watching *w, struct err *e)
{
	const char *path = w->opts.output_path;
	FILE *to = path != NULL ? append_open(path, w->who, e) : stdout;

	if (to == NULL)
		return -1;
	if (w->output.to != NULL && w->output.to != stdout)
		(void)fclose(w->output.to);
	w->output.to = to;
	return 0;
}

/* What a setting is used for is told again; its text may have moved. */
static void
use_outputs(struct watching *w)
{
	w->output.accounts = w->opts.accounts;
	w->output.sensor = w->opts.sensor;
	if (w->output.sensor == NULL && w->host[0] != '\0')
		w->output.sensor = w->host;
}

/*
 * Before it, what takes privilege; after it, what starts threads.  The output is opened
 * in the midst, by whom it will be opened again, so that what hinders shows now.
 */
static int
settle(struct watching *w, struct err *e)
{
	const struct live_options *lo = &w->opts;
	const char *const file[] = {
	    lo->output_path, lo->status_path, lo->metrics_path, lo->write_path};
	struct sandbox_opts box = {.n_local = 0};
	size_t i;

	box.n_wire = enforcer_sockets(&w->run.enforcer, box.wire);
	if (w->notify.fd != -1)
		box.local[box.n_local++] = w->notify.fd;
	for (i = 0; i < sizeof(file) / sizeof(file[0]); i++)
		if (file[i] != NULL)
			box.file[box.n_files++] = file[i];
	if (w->output.log != NULL)
		box.local[box.n_local++] = syslog_fd(w->output.log);
	if (privilege_drop(w->opts.user, w->who, e) != 0 ||
	    (w->output.log == NULL && open_file(w, e) != 0) ||
	    standing_open(&w->standing, &w->opts, w->output.sensor, e) != 0 ||
	    live_run_ready(&w->run, e) != 0)
		return -1;
	return w->opts.sandbox ? sandbox_enter(&box, e) : 0;
}

static int
open_log(struct watching *w, struct err *e)
{
	return w->opts.sink == LIVE_TO_SYSLOG ? syslog_open(&w->output.log, NULL, e) : 0;
}

static int
open_all(struct watching *w, struct err *e)
{
	w->output = (struct output){.json = true, .live = true};
	if (gethostname(w->host, sizeof(w->host) - 1) != 0)
		w->host[0] = '\0';
	use_outputs(w);
	if (notify_open(&w->notify, e) != 0) {
		(void)fprintf(stderr, "msnwatch: %s\n", e->text);
		*e = (struct err){{0}};
	}
	w->run.notify = &w->notify;
	if (open_log(w, e) != 0 || output_open(&w->output, w->opts.key_path, e) != 0 ||
	    live_run_open(&w->run, &w->opts, &w->output, e) != 0)
		return -1;
	return settle(w, e);
}

static void
close_all(struct watching *w)
{
	live_run_close(&w->run);
	output_close(&w->output);
	notify_close(&w->notify);
	syslog_close(w->output.log);
	if (w->output.to != NULL && w->output.to != stdout)
		(void)fclose(w->output.to);
}

static void
open_again(struct watching *w)
{
	struct err e = {{0}};

	if (w->output.log == NULL && open_file(w, &e) != 0)
		(void)fprintf(
		    stderr, "msnwatch: %s; going on with the old one\n", e.text);
}

static void
print_counters(struct watching *w)
{
	const struct counters *now = &w->run.counters;
	size_t i;

	live_run_count_now(&w->run);
	for (i = 0; i < now->n; i++)
		(void)fprintf(stderr, "%-28s %12llu  %s\n", now->c[i].name,
		    (unsigned long long)now->c[i].value, now->c[i].help);
}

static void
reload(struct watching *w)
{
	struct err e = {{0}};

	if (!live_options_reload(&w->opts))
		return;
	use_outputs(w);
	standing_rename(&w->standing, w->output.sensor);
	if (live_run_retune(&w->run, &e) != 0)
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	else
		(void)fprintf(stderr, "msnwatch: %s: read again\n", w->opts.config_path);
}

/* Waits a moment, or until a signal asks for something. */
static void
heed_signals(struct watching *w)
{
	const struct timespec moment = {0, TURN_MS * NS_PER_MS};
	int sig = sigtimedwait(&w->asked, NULL, &moment);

	if (sig == SIGUSR1)
		print_counters(w);
	if (sig != SIGHUP && sig != SIGUSR2)
		return;
	notify_reloading(&w->notify);
	if (sig == SIGHUP)
		open_again(w);
	else
		reload(w);
	notify_ready(&w->notify, NULL);
}

static void
tell_news(struct watching *w)
{
	struct event ev = {.type = EVENT_COVERAGE, .ts = clock_wall()};

	while (output_news(&w->output, &ev.u.coverage)) {
		(void)fprintf(stderr, "msnwatch: %s\n", ev.u.coverage.text);
		output_event(&w->output, &ev);
	}
}

static void
tell_standing(struct watching *w, bool ended)
{
	struct vitals v = w->run.vitals;
	struct err e = {{0}};

	v.ended = ended;
	v.events = w->output.seq;
	v.tally = w->output.tally;
	if (standing_tell(&w->standing, &v, &w->run.counters, &e))
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
}

/* Once a second. */
static void
tick(struct watching *w)
{
	struct event ev = {.type = EVENT_STATS, .ts = clock_wall()};
	int64_t now = clock_steady() / NS_PER_S;

	if (now == w->second)
		return;
	w->second = now;
	notify_beat(&w->notify, now * NS_PER_S, live_run_answered(&w->run));
	live_run_count(&w->run);
	tell_news(w);
	if (++w->since_stats >= STATS_EVERY) {
		w->since_stats = 0;
		ev.u.stats = w->run.counters;
		output_event(&w->output, &ev);
	}
	tell_standing(w, false);
}

static int
watch(struct watching *w, const volatile sig_atomic_t *stop)
{
	struct err e = {{0}};
	int status = STATUS_DONE;

	if (live_run_start(&w->run, &e) != 0) {
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
		return STATUS_FAILED;
	}
	notify_ready(&w->notify, "Watching");
	while (!*stop && !w->output.broken) {
		live_run_fold(&w->run);
		tick(w);
		output_flush(&w->output);
		heed_signals(w);
	}
	notify_stopping(&w->notify, "Telling what is known");
	live_run_finish(&w->run);
	tell_news(w);
	w->span.last = clock_wall();
	if (output_end(&w->output, &w->span, &w->run.counters, &e) != 0) {
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
		status = STATUS_FAILED;
	}
	tell_standing(w, true);
	return status;
}

int
cmd_live(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	struct watching w = {.second = 0};
	struct err e = {{0}};
	int status;

	status = live_options(argc, argv, &w.opts);
	if (status != STATUS_DONE) {
		live_options_close(&w.opts);
		return status;
	}
	if (w.opts.help) {
		live_usage(stdout);
		return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FAILED;
	}
	if (w.opts.status) {
		status = status_show(w.opts.status_path, stdout);
		live_options_close(&w.opts);
		return status;
	}
	(void)sigemptyset(&w.asked);
	(void)sigaddset(&w.asked, SIGHUP);
	(void)sigaddset(&w.asked, SIGUSR1);
	(void)sigaddset(&w.asked, SIGUSR2);
	(void)sigprocmask(SIG_BLOCK, &w.asked, NULL);
	status = STATUS_FAILED;
	if (open_all(&w, &e) == 0)
		status = watch(&w, stop);
	else
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
	close_all(&w);
	live_options_close(&w.opts);
	return status;
}
