#define _POSIX_C_SOURCE 200809L
#include "app/live.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

/* Workers look up that often at least. */
#define COUNT_MS 300

int
live_run_open(struct live_run *r, const struct live_options *opts, struct output *output,
    struct err *e)
{
	struct attempt_opts attempt = {.window_ns = opts->window_ns};
	struct worker_opts worker = {
	    .live = opts, .fanout = r->fanout, .enforcer = &r->enforcer};
	size_t i;

	r->opts = opts;
	r->output = output;
	r->gather.worker = r->worker;
	for (i = 0; i < LIVE_INTERFACES_MAX; i++)
		fanout_init(&r->fanout[i]);
	if (enforcer_open(&r->enforcer, opts, e) != 0)
		return -1;
	for (; worker.number < opts->workers; worker.number++) {
		r->gather.n++;
		if (worker_open(&r->worker[worker.number], &worker, e) != 0)
			return -1;
	}
	return fold_open(&r->fold, &attempt, e);
}

int
live_run_ready(const struct live_run *r, struct err *e)
{
	size_t i;

	for (i = 0; i < r->gather.n; i++)
		if (worker_ready(&r->worker[i], e) != 0)
			return -1;
	return 0;
}

int
live_run_start(struct live_run *r, struct err *e)
{
	size_t i;

	for (i = 0; i < r->gather.n; i++)
		if (worker_start(&r->worker[i], e) != 0)
			return -1;
	enforcer_calm(&r->enforcer);
	return 0;
}

int
live_run_retune(struct live_run *r, struct err *e)
{
	struct detect_tuning *t;
	struct policy *p;
	size_t i;

	for (i = 0; i < r->gather.n; i++) {
		t = NULL;
		if (enforcer_policy(&r->enforcer, r->opts, &p, e) != 0)
			return -1;
		worker_obey(&r->worker[i], p);
		if (detect_tuning_open(
			&t, r->opts->names.word, r->opts->sinkholes.word, e) != 0)
			return -1;
		worker_tune(&r->worker[i], t);
	}
	fold_retune(&r->fold, r->opts->window_ns);
	return 0;
}

void
live_run_close(struct live_run *r)
{
	size_t i;

	for (i = 0; i < r->gather.n; i++)
		worker_stop(&r->worker[i]);
	for (i = 0; i < r->gather.n; i++)
		worker_close(&r->worker[i]);
	fold_close(&r->fold);
	enforcer_close(&r->enforcer);
}

static void
drain(struct live_run *r, bool finish)
{
	struct event ev;

	while (fold_next(&r->fold, r->now, finish, &ev)) {
		timeline_tell(&r->time, &ev);
		output_event(r->output, &ev);
	}
}

/* The folding clock goes on to a time that the workers have come to. */
static int64_t
go_on(struct live_run *r, int64_t to)
{
	int64_t at = timeline_near(&r->time, to) ? timeline_go(&r->time, to)
						 : timeline_believe(&r->time, to);

	if (at > r->now)
		r->now = at;
	return at;
}

static void
take_observation(struct live_run *r, const struct told *t)
{
	struct observation o = t->u.observation.o;
	int64_t shift = r->time.now.ahead;

	/* Who tells of what is over by time lags behind those who see frames. */
	if (!r->time.running || t->stamp > r->time.newest)
		shift = go_on(r, t->stamp) - timeline_sane(t->stamp);
	o.who = &t->u.observation.who;
	o.conn.ts = timeline_ahead(o.conn.ts, shift);
	o.conn.began = timeline_ahead(o.conn.began, shift);
	o.conn.until = timeline_ahead(o.conn.until, shift);
	fold_add(&r->fold, &o);
	drain(r, false);
}

static void
take_coverage(struct live_run *r, const struct told *t)
{
	struct event ev = {.type = EVENT_COVERAGE, .ts = t->stamp};

	ev.u.coverage = t->u.coverage;
	(void)fprintf(stderr, "msnwatch: %s\n", ev.u.coverage.text);
	notify_status(r->notify, ev.u.coverage.text);
	output_event(r->output, &ev);
}

static void
take_reset(struct live_run *r, const struct told *t)
{
	const struct conn *c = &t->u.reset.conn;
	struct event ev = {.type = EVENT_RESET,
	    .ts = c->ts,
	    .origin = c->origin,
	    .has_tuple = true,
	    .tuple = c->tuple,
	    .vlan = {c->vlan[0], c->vlan[1]},
	    .has_mac = c->has_mac,
	    .flow_id = c->flow_id};

	memcpy(ev.client_mac, c->client_mac, sizeof(ev.client_mac));
	ev.u.reset = t->u.reset.reset;
	output_event(r->output, &ev);
}

static void
take(struct live_run *r, const struct told *t)
{
	switch (t->kind) {
	case TOLD_OBSERVATION:
		take_observation(r, t);
		return;
	case TOLD_COVERAGE:
		take_coverage(r, t);
		return;
	case TOLD_RESET:
		take_reset(r, t);
		return;
	}
}

void
live_run_fold(struct live_run *r)
{
	int64_t reached = gather_reached(&r->gather);
	const struct told *t;

	while ((t = gather_see(&r->gather)) != NULL) {
		take(r, t);
		gather_drop(&r->gather);
	}
	if (reached != 0 && reached != INT64_MAX)
		(void)go_on(r, reached);
	drain(r, false);
}

bool
live_run_answered(const struct live_run *r)
{
	size_t i;

	for (i = 0; i < r->gather.n; i++)
		if (!worker_counted(&r->worker[i]))
			return false;
	return true;
}

void
live_run_count(struct live_run *r)
{
	struct counters now = {.n = 0};
	size_t i;

	if (!live_run_answered(r))
		return;
	r->vitals = (struct vitals){.packets = 0};
	for (i = 0; i < r->gather.n; i++) {
		worker_vitals(&r->worker[i], &r->vitals);
		worker_counters(&r->worker[i], &now);
	}
	fold_counters(&r->fold, &now);
	output_counters(r->output, &now);
	r->counters = now;
}

void
live_run_count_now(struct live_run *r)
{
	const struct timespec moment = {0, NS_PER_MS};
	unsigned patience = COUNT_MS;

	live_run_count(r);
	while (patience-- != 0 && !live_run_answered(r))
		(void)nanosleep(&moment, NULL);
	live_run_count(r);
}

void
live_run_finish(struct live_run *r)
{
	const struct timespec moment = {0, NS_PER_MS};
	size_t i;

	for (i = 0; i < r->gather.n; i++)
		worker_stop(&r->worker[i]);
	while (!gather_over(&r->gather)) {
		live_run_fold(r);
		(void)nanosleep(&moment, NULL);
	}
	for (i = 0; i < r->gather.n; i++)
		worker_join(&r->worker[i]);
	drain(r, true);
	live_run_count(r);
}
