#define _POSIX_C_SOURCE 200809L
#include "capture/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How often a reader that waits looks whether it is to stop. */
#define PATIENCE_MS 100

struct ahead {
	pthread_mutex_t lock; /* of all that stands below it */
	pthread_cond_t change;
	uint64_t put, taken; /* octets ever, so their difference is what the ring holds */
	uint64_t stored;
	bool over; /* the thread has done with its input */
	bool quit; /* it must end */

	uint8_t *ring; /* the part before put is the reader's, the rest the thread's */
	size_t size;
	struct octets *from;
	const volatile sig_atomic_t *stop;
	pthread_t thread;
	bool running;
	uint64_t stored_seen;
};

int
ahead_open(struct ahead **out, size_t size, struct err *e)
{
	struct ahead *a = calloc(1, sizeof(*a));

	if (a != NULL)
		a->ring = malloc(size);
	if (a == NULL || a->ring == NULL) {
		free(a);
		return err_set(e, "no memory to unpack a capture");
	}
	a->size = size;
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->change, NULL);
	*out = a;
	return 0;
}

void
ahead_close(struct ahead *a)
{
	if (a == NULL)
		return;
	ahead_stop(a);
	(void)pthread_cond_destroy(&a->change);
	(void)pthread_mutex_destroy(&a->lock);
	free(a->ring);
	free(a);
}

/* Waits for a change, or a while. */
static void
wait_a_while(struct ahead *a)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += PATIENCE_MS * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_nsec -= 1000000000L;
		t.tv_sec++;
	}
	(void)pthread_cond_timedwait(&a->change, &a->lock, &t);
}

/* Where the thread may put octets, in one piece; 0 when it must end. */
static size_t
wait_for_room(struct ahead *a, uint8_t **to)
{
	size_t at, room;

	(void)pthread_mutex_lock(&a->lock);
	while (!a->quit && a->size - (size_t)(a->put - a->taken) < AHEAD_MIN)
		wait_a_while(a);
	at = (size_t)(a->put % a->size);
	room = a->quit ? 0 : a->size - (size_t)(a->put - a->taken);
	(void)pthread_mutex_unlock(&a->lock);
	if (room > a->size - at)
		room = a->size - at;
	*to = a->ring + at;
	return room < AHEAD_MIN ? room : AHEAD_MIN;
}

static void *
work(void *arg)
{
	struct ahead *a = arg;
	size_t n = 1, room;
	uint8_t *to;

	while (n != 0 && (room = wait_for_room(a, &to)) != 0) {
		n = octets_read(a->from, to, room);
		(void)pthread_mutex_lock(&a->lock);
		a->put += n;
		a->stored = a->from->stored;
		a->over = n == 0;
		(void)pthread_cond_signal(&a->change);
		(void)pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

int
ahead_start(struct ahead *a, struct octets *o)
{
	sigset_t all, before;
	int r;

	ahead_stop(a);
	a->put = a->taken = 0;
	a->stored = a->stored_seen = o->stored;
	a->over = a->quit = false;
	a->from = o;
	/* Signals are the reader's: a handler's mark must end its waiting. */
	a->stop = o->stop;
	o->stop = NULL;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&a->thread, NULL, work, a);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0)
		o->stop = a->stop;
	a->running = r == 0;
	return r == 0 ? 0 : -1;
}

bool
ahead_runs(const struct ahead *a)
{
	return a->running;
}

void
ahead_stop(struct ahead *a)
{
	if (!a->running)
		return;
	(void)pthread_mutex_lock(&a->lock);
	a->quit = true;
	(void)pthread_cond_signal(&a->change);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	a->running = false;
	a->from->stop = a->stop;
}

/* How much stands ready, once there is some or there will be no more. */
static size_t
wait_for_octets(struct ahead *a)
{
	size_t n;

	(void)pthread_mutex_lock(&a->lock);
	while (a->put == a->taken && !a->over && !(a->stop != NULL && *a->stop))
		wait_a_while(a);
	n = (size_t)(a->put - a->taken);
	a->stored_seen = a->stored;
	(void)pthread_mutex_unlock(&a->lock);
	return n;
}

size_t
ahead_read(struct ahead *a, uint8_t *to, size_t n)
{
	size_t ready = wait_for_octets(a), at = (size_t)(a->taken % a->size), edge;

	if (ready == 0) {
		ahead_stop(a);
		if (a->from->state == OCTETS_OPEN)
			a->from->state = OCTETS_ENDED;
		return 0;
	}
	n = n < ready ? n : ready;
	edge = a->size - at;
	memcpy(to, a->ring + at, n < edge ? n : edge);
	if (n > edge)
		memcpy(to + edge, a->ring, n - edge);
	(void)pthread_mutex_lock(&a->lock);
	a->taken += n;
	(void)pthread_cond_signal(&a->change);
	(void)pthread_mutex_unlock(&a->lock);
	return n;
}

uint64_t
ahead_stored(const struct ahead *a)
{
	return a->stored_seen;
}
