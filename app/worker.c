#define _POSIX_C_SOURCE 200809L
#include "app/worker.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "app/told.h"
#include "app/worker_asked.h"
#include "base/clock.h"

#define BURST   256 /* frames of one interface before the next one's turn */
#define WAIT_MS 100

/* Where what they say may have to be answered before more of them are looked at. */
#define BURST_PROMPT 32

#define WAIT_LAST_MS 10

/* Where resets may have to be sent again before anything comes. */
#define WAIT_PROMPT_MS 10
#define LOOK_NS        (NS_PER_MS / 2)
#define LOOK_SHARE     4
#define PROMPT_NS      (5 * NS_PER_MS)

/* By so much the kernel may hold back what has come. */
#define LATE_NS (150 * NS_PER_MS)

/* What is over by time is given longer, for rings that fell behind. */
#define IDLE_LATE_NS (2 * NS_PER_S)

/* Between the stamp of a frame and its being there to be taken. */
#define SKEW_NS NS_PER_MS

/* At the end frames are taken for no longer. */
#define LAST_NS NS_PER_S

/* Each worker's files are its own, and named so where there are several. */
static int
open_save(struct worker *w, const struct worker_opts *opts, struct err *e)
{
	const struct live_options *lo = opts->live;
	const struct save_series series = {.prefix = lo->write_path,
	    .worker = lo->workers > 1 ? (int)opts->number : -1,
	    .size = lo->write_size,
	    .ns = lo->write_ns,
	    .keep = lo->write_keep};

	return lo->write_path != NULL ? save_open_series(&w->save, &series, e) : 0;
}

int
worker_open(struct worker *w, const struct worker_opts *opts, struct err *e)
{
	const struct live_options *lo = opts->live;
	struct pipeline_opts pipeline = {.window_ns = lo->window_ns,
	    .names = lo->names.word,
	    .sinkholes = lo->sinkholes.word,
	    .first_talk = ((uint64_t)opts->number << 48) + 1,
	    .overhears = opts->number != 0,
	    .steady = true};

	atomic_init(&w->reached, 0);
	w->alone = lo->workers == 1;
	w->first = opts->number == 0;
	w->prompt = lo->armed;
	if (taps_open(&w->taps, lo, opts->number, opts->fanout, e) != 0 ||
	    ring_open(&w->ring, WORKER_RING, sizeof(struct told), e) != 0 ||
	    open_save(w, opts, e) != 0 ||
	    enforcer_guard(opts->enforcer, lo, &w->guard, e) != 0)
		return -1;
	pipeline.ring = w->ring;
	pipeline.guard = w->guard;
	pipeline.save = w->save;
	return pipeline_open(&w->pipeline, &pipeline, e);
}

void
worker_close(struct worker *w)
{
	worker_stop(w);
	worker_join(w);
	taps_close(&w->taps);
	pipeline_close(w->pipeline);
	enforcer_guard_close(w->guard);
	enforcer_policy_close(atomic_load(&w->policy));
	detect_tuning_close(atomic_load(&w->tuning));
	(void)save_close(w->save, &(struct err){{0}}); /* the end of the thread told */
	ring_close(w->ring);
	*w = (struct worker){.running = false};
}

/* Facts have gone to the ring by then: this lets the pipeline get on with what waits. */
static void
settle(struct worker *w)
{
	struct event none;

	while (pipeline_next(w->pipeline, &none))
		;
}

/* What is common and stamped until then. */
static void
take_common(struct worker *w, int64_t until)
{
	int64_t now = clock_wall();
	const struct frame *f;

	while ((f = taps_common(&w->taps, until)) != NULL) {
		w->frames += w->first;
		w->bytes += w->first ? f->wire_len : 0;
		if (w->first ? pipeline_frame(w->pipeline, f)
			     : pipeline_overhear(w->pipeline, f))
			settle(w);
	}
	w->looked = taps_common_next(&w->taps, now - SKEW_NS);
}

/*
 * What is common comes by another way, and sooner.  An answer comes before the connection
 * to what was looked up, an ICMP message after the packet that it quotes.
 */
static void
take_frame(struct worker *w, const struct frame *f)
{
	if (!w->alone && f->ts >= w->looked)
		take_common(w, f->ts);
	w->frames++;
	w->bytes += f->wire_len;
	if (pipeline_frame(w->pipeline, f))
		settle(w);
}

static const struct frame *
next_frame(struct worker *w, int64_t until)
{
	return w->taps.n == 1 ? taps_next(&w->taps, 0) : taps_turn(&w->taps, until);
}

/*
 * Some frames of all interfaces, whether there were any.  Of several they are put in the
 * order of time, for which those stamped after until wait for each other.
 */
static bool
take_turns(struct worker *w, int64_t until)
{
	const struct frame *f;
	unsigned n, burst = w->prompt ? BURST_PROMPT : BURST;
	int64_t newest = 0;

	for (n = 0; n < burst && (f = next_frame(w, until)) != NULL; n++) {
		newest = f->ts;
		take_frame(w, f);
	}
	if (newest == 0)
		return false;
	if (w->guard != NULL)
		pipeline_guard(w->pipeline, newest);
	atomic_store_explicit(&w->reached, newest, memory_order_release);
	return true;
}

/* Frames that have come since then may be held back by the kernel; never at once. */
static int64_t
held_back(const struct worker *w)
{
	return w->prompt ? INT64_MAX : clock_wall() - LATE_NS;
}

static void
rest(struct worker *w)
{
	int64_t now = clock_wall();

	if (!w->alone)
		take_common(w, now - LATE_NS);
	atomic_store_explicit(&w->reached, now - LATE_NS, memory_order_release);
	if (w->prompt)
		pipeline_guard(w->pipeline, now - PROMPT_NS);
	taps_wait(&w->taps, w->prompt ? WAIT_PROMPT_MS : WAIT_MS);
}

static bool
frames_news(struct worker *w, struct coverage *to)
{
	if (!taps_news(&w->taps, to))
		return false;
	if (to->kind == COVERAGE_DROPPED)
		pipeline_blind(w->pipeline);
	return true;
}

static bool
news(struct worker *w, struct coverage *to)
{
	return frames_news(w, to) || (w->save != NULL && save_news(w->save, to)) ||
	       pipeline_news(w->pipeline, to);
}

static void
tell_news(struct worker *w)
{
	struct told *t;

	if (w->save != NULL)
		save_flush(w->save);
	while ((t = ring_slot(w->ring)) != NULL && news(w, &t->u.coverage)) {
		t->kind = TOLD_COVERAGE;
		t->stamp = clock_wall();
		t->since = clock_steady();
		ring_put(w->ring);
	}
}

/* Once a second. */
static void
tend(struct worker *w)
{
	int64_t now = clock_steady();

	if (now - w->tended < NS_PER_S)
		return;
	w->tended = now;
	taps_tick(&w->taps);
	tell_news(w);
	pipeline_idle(w->pipeline, clock_wall() - IDLE_LATE_NS);
	settle(w);
}

/* The one who folds is given time: nothing is lost for want of room. */
static void
make_room(struct worker *w)
{
	const struct timespec moment = {0, NS_PER_MS};

	while (ring_crowded(w->ring))
		(void)nanosleep(&moment, NULL);
}

static void
end(struct worker *w)
{
	int64_t begun = clock_steady(), spent;
	bool more;

	/* What came before the end may still be held back. */
	do {
		more = take_turns(w, INT64_MAX);
		make_room(w);
		if (!more)
			taps_wait(&w->taps, WAIT_LAST_MS);
		spent = clock_steady() - begun;
	} while (more ? spent < LAST_NS : spent < LATE_NS);
	if (!w->alone)
		take_common(w, INT64_MAX);
	do {
		settle(w);
		make_room(w);
	} while (pipeline_finish(w->pipeline));
	settle(w);
	make_room(w);
	tell_news(w);
	atomic_store_explicit(&w->done, true, memory_order_release);
}

/*
 * Whether to look again at once instead of sleeping until something comes: to be woken
 * takes as long as a server at hand needs to answer.  What follows a frame comes soon, or
 * is slept for; and looking takes no more than a share of the time.
 */
static bool
look_again(struct worker *w, bool came)
{
	int64_t now, step;

	if (!w->prompt)
		return came;
	now = clock_steady();
	step = now - w->awake;
	w->awake = now;
	w->credit += step / LOOK_SHARE;
	if (w->credit > LOOK_NS)
		w->credit = LOOK_NS;
	if (came) {
		w->seen = now;
		return true;
	}
	w->credit -= step < LOOK_NS ? step : 0;
	return w->credit > 0 && now - w->seen < LOOK_NS;
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	while (!atomic_load_explicit(&w->stop, memory_order_relaxed)) {
		if (!look_again(w, take_turns(w, held_back(w))))
			rest(w);
		tend(w);
		worker_heed(w);
	}
	end(w);
	return NULL;
}

int
worker_ready(const struct worker *w, struct err *e)
{
	return w->save != NULL ? save_ready(w->save, e) : 0;
}

int
worker_start(struct worker *w, struct err *e)
{
	sigset_t all, before;
	int code;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&w->thread, NULL, work, w);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code != 0)
		return err_sys(e, code, "no thread for a worker");
	w->running = true;
	return 0;
}

void
worker_stop(struct worker *w)
{
	atomic_store_explicit(&w->stop, true, memory_order_relaxed);
}

void
worker_join(struct worker *w)
{
	if (w->running)
		(void)pthread_join(w->thread, NULL);
	w->running = false;
}
