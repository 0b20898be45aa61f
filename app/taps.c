#define _POSIX_C_SOURCE 200809L
#include "app/taps.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include "base/text.h"

/* Of each worker: it waits there for what came before it by the other way. */
#define RING_COMMON ((size_t)8 * 1024 * 1024) /* at least */

/* How long a frame that waits for others is left alone at most. */
#define HELD_MS 10

static struct coverage *
news(struct taps *t, const struct tap *tap, enum coverage_kind kind)
{
	struct coverage *c;

	if (t->n_news == sizeof(t->news) / sizeof(t->news[0]))
		return NULL;
	c = &t->news[t->n_news++];
	*c = (struct coverage){.kind = kind};
	text_put(c->origin, sizeof(c->origin), tap->opts.interface);
	return c;
}

static void
tell_state(struct taps *t, const struct tap *tap, const char *fmt, const char *what)
{
	struct coverage *c = t->first ? news(t, tap, COVERAGE_INTERFACE) : NULL;

	if (c != NULL)
		(void)snprintf(c->text, sizeof(c->text), fmt, what);
}

/* Both parts of it, or none. */
static enum live_state
open_parts(struct taps *t, struct tap *tap, struct err *e)
{
	struct live_opts common = tap->opts;
	enum live_state s = live_open(&tap->live, &tap->opts, e);

	if (s != LIVE_OK || !t->shared)
		return s;
	common.part = LIVE_COMMON;
	common.ring = t->common_ring;
	s = live_open(&tap->common, &common, e);
	if (s == LIVE_OK)
		return s;
	live_close(tap->live);
	tap->live = NULL;
	return s;
}

static enum live_state
open_tap(struct taps *t, struct tap *tap, struct err *e)
{
	enum live_state s = open_parts(t, tap, e);

	if (s == LIVE_OK && tap->told_away)
		tell_state(t, tap, "%.64s: is there, and watched", tap->opts.interface);
	else if (s == LIVE_AWAY && !tap->told_away)
		tell_state(t, tap, "%.180s; nothing is seen until it is there", e->text);
	tap->told_away = s == LIVE_AWAY;
	return s;
}

int
taps_open(struct taps *t, const struct live_options *lo, unsigned worker,
    struct fanout *fanout, struct err *e)
{
	size_t i;

	*t = (struct taps){.first = worker == 0,
	    .shared = lo->workers > 1,
	    .common_ring = lo->ring / 4 > RING_COMMON ? lo->ring / 4 : RING_COMMON};
	for (i = 0; i < lo->interfaces.n; i++) {
		struct tap *tap = &t->tap[t->n++];

		tap->opts = (struct live_opts){.interface = lo->interfaces.word[i],
		    .filter = lo->filter[0] != '\0' ? lo->filter : NULL,
		    .ring = lo->ring / lo->workers,
		    .part = t->shared ? LIVE_SHARE : LIVE_ALL,
		    .at_once = lo->armed,
		    .fanout = &fanout[i]};
		if (open_tap(t, tap, e) == LIVE_WRONG)
			return -1;
	}
	return 0;
}

static struct tap_counts
sum(const struct tap_counts *a, const struct tap_counts *b)
{
	return (struct tap_counts){a->seen + b->seen, a->ring + b->ring,
	    a->adapter + b->adapter, a->missed + b->missed};
}

/* What the adapter dropped, and what is common, is the same for all workers. */
static struct tap_counts
count(const struct taps *t, struct tap *tap)
{
	struct live_counts share = {0}, common = {0};

	if (tap->live == NULL)
		return tap->before;
	live_counts(tap->live, &share);
	if (tap->common != NULL)
		live_counts(tap->common, &common);
	tap->now = (struct tap_counts){.seen = share.seen, .ring = share.ring};
	if (t->first) {
		tap->now.seen += common.seen;
		tap->now.ring += common.ring;
		tap->now.adapter = share.adapter;
	} else {
		tap->now.missed = common.ring;
	}
	return sum(&tap->before, &tap->now);
}

static void
close_tap(const struct taps *t, struct tap *tap)
{
	tap->before = count(t, tap);
	tap->now = (struct tap_counts){0};
	live_close(tap->live);
	live_close(tap->common);
	tap->live = tap->common = NULL;
	tap->next = NULL;
	tap->taken = false;
	tap->head = NULL;
}

void
taps_close(struct taps *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		close_tap(t, &t->tap[i]);
	t->n = 0;
}

const struct frame *
taps_next(struct taps *t, size_t i)
{
	struct tap *tap = &t->tap[i];
	const struct frame *f = NULL;
	struct err e = {{0}};

	if (tap->live == NULL || live_next(tap->live, &f, &e) != LIVE_AWAY)
		return f;
	close_tap(t, tap);
	tap->away++;
	tap->told_away = true;
	tell_state(t, tap, "%.180s; nothing is seen until it is back", e.text);
	return NULL;
}

static bool
is_held(const struct tap *tap)
{
	return tap->head != NULL && !tap->head_taken;
}

const struct frame *
taps_turn(struct taps *t, int64_t until)
{
	struct tap *best = NULL, *tap;
	bool silent = false;
	size_t i;

	for (i = 0; i < t->n; i++) {
		tap = &t->tap[i];
		if (!is_held(tap))
			tap->head = taps_next(t, i);
		tap->head_taken = false;
		silent = silent || (tap->live != NULL && tap->head == NULL);
		if (tap->head != NULL && (best == NULL || tap->head->ts < best->head->ts))
			best = tap;
	}
	if (best == NULL || (silent && best->head->ts > until))
		return NULL;
	best->head_taken = true;
	return best->head;
}

/* The other part, whose frame may still be lent, is looked after later. */
static void
refill(struct tap *tap)
{
	struct err e = {{0}};

	tap->next = NULL;
	if (tap->common == NULL || live_next(tap->common, &tap->next, &e) != LIVE_AWAY)
		return;
	live_close(tap->common);
	tap->common = NULL;
}

const struct frame *
taps_common(struct taps *t, int64_t until)
{
	struct tap *best = NULL, *tap;

	for (tap = t->tap; tap < t->tap + t->n; tap++) {
		if (tap->next == NULL || tap->taken)
			refill(tap);
		tap->taken = false;
		if (tap->next != NULL && tap->next->ts <= until &&
		    (best == NULL || tap->next->ts < best->next->ts))
			best = tap;
	}
	if (best == NULL)
		return NULL;
	best->taken = true;
	return best->next;
}

int64_t
taps_common_next(const struct taps *t, int64_t none)
{
	int64_t least = none;
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->tap[i].next != NULL && t->tap[i].next->ts < least)
			least = t->tap[i].next->ts;
	return least;
}

static void
add_fd(struct pollfd *fds, nfds_t *n, const struct live *part)
{
	if (part != NULL)
		fds[(*n)++] = (struct pollfd){.fd = live_fd(part), .events = POLLIN};
}

void
taps_wait(struct taps *t, int milliseconds)
{
	struct pollfd fds[2 * LIVE_INTERFACES_MAX];
	nfds_t n = 0;
	size_t i;

	/* One that waits for its time would wake us all the time. */
	for (i = 0; i < t->n; i++) {
		if (is_held(&t->tap[i]))
			milliseconds = milliseconds < HELD_MS ? milliseconds : HELD_MS;
		else
			add_fd(fds, &n, t->tap[i].live);
		if (t->tap[i].next == NULL)
			add_fd(fds, &n, t->tap[i].common);
	}
	(void)poll(fds, n, milliseconds);
}

/* One that is down stays open: it goes on when it is up again. */
static void
look_after(struct taps *t, struct tap *tap)
{
	const char *name = tap->opts.interface;
	struct err e = {{0}};
	enum live_state s;
	bool up;

	if (t->shared && tap->live != NULL && tap->common == NULL)
		close_tap(t, tap);
	if (tap->live == NULL) {
		s = open_tap(t, tap, &e);
		if (s == LIVE_WRONG && !tap->told_wrong)
			tell_state(t, tap, "%.180s; nothing is seen until that is mended",
			    e.text);
		tap->told_wrong = s == LIVE_WRONG;
		return;
	}
	up = live_is_up(tap->live);
	if (up && tap->told_away)
		tell_state(t, tap, "%.64s: is back, and watched", name);
	else if (!up && !tap->told_away)
		tell_state(
		    t, tap, "%.64s: is down; nothing is seen until it is back", name);
	tap->away += !up && !tap->told_away;
	tap->told_away = !up;
}

static void
tell_drops(struct taps *t, struct tap *tap)
{
	struct tap_counts all = count(t, tap), *told = &tap->told;
	uint64_t ring = all.ring + all.missed - told->ring - told->missed;
	uint64_t adapter = all.adapter - told->adapter;
	struct coverage *c;

	if (ring + adapter == 0 || (c = news(t, tap, COVERAGE_DROPPED)) == NULL)
		return;
	c->count = ring + adapter;
	(void)snprintf(c->text, sizeof(c->text),
	    "%.64s: %" PRIu64 " frames dropped for want of room in the ring, %" PRIu64
	    " by the adapter; a larger --ring helps against the former",
	    tap->opts.interface, ring, adapter);
	*told = all;
}

void
taps_tick(struct taps *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		look_after(t, &t->tap[i]);
		tell_drops(t, &t->tap[i]);
	}
}

bool
taps_news(struct taps *t, struct coverage *out)
{
	size_t i;

	if (t->n_news == 0)
		return false;
	*out = t->news[0];
	t->n_news--;
	for (i = 0; i < t->n_news; i++)
		t->news[i] = t->news[i + 1];
	return true;
}

void
taps_vitals(struct taps *t, struct vitals *v)
{
	size_t i;

	for (i = 0; i < t->n && i < VITALS_INTERFACES_MAX; i++) {
		struct tap *tap = &t->tap[i];
		struct tap_counts all = count(t, tap);
		struct vitals_interface *to = &v->interface[i];

		text_put(to->name, sizeof(to->name), tap->opts.interface);
		to->frames = all.seen;
		to->dropped_ring = all.ring;
		to->dropped_adapter = all.adapter;
		to->state = VITALS_WATCHED;
		if (tap->told_away)
			to->state = tap->live == NULL ? VITALS_AWAY : VITALS_DOWN;
	}
	v->n_interfaces = i;
}

void
taps_counters(struct taps *t, struct counters *to)
{
	struct tap_counts all = {0};
	uint64_t away = 0;
	size_t i;

	for (i = 0; i < t->n; i++) {
		struct tap_counts one = count(t, &t->tap[i]);

		all = sum(&all, &one);
		away += t->first ? t->tap[i].away : 0;
	}
	counters_add(to, "live.frames", "frames the kernel saw pass", all.seen);
	counters_add(to, "live.dropped_ring",
	    "frames dropped for want of room in the ring", all.ring);
	counters_add(to, "live.missed",
	    "frames for all workers that one of them, not the first, had no room for",
	    all.missed);
	counters_add(to, "live.dropped_adapter",
	    "frames dropped by the adapter or its driver", all.adapter);
	counters_add(to, "live.away", "times an interface went away", away);
}
