#include "capture/feed.h"

#include <stdlib.h>

/* The first look is short: of most of many inputs it is all that is wanted for long. */
#define LOOK ((size_t)4 * 1024)

int
feed_init(struct feed *f, struct err *e)
{
	*f = (struct feed){.most = FEED_READ};
	if (octets_init(&f->from, e) != 0)
		return -1;
	f->win = malloc(FEED_MAX);
	if (f->win != NULL)
		return 0;
	octets_fini(&f->from);
	return err_set(e, "no memory to read a capture");
}

void
feed_fini(struct feed *f)
{
	octets_fini(&f->from);
	free(f->win);
	*f = (struct feed){.win = NULL};
}

static size_t
read_some(struct feed *f, uint8_t *to, size_t n)
{
	if (f->ahead != NULL && ahead_runs(f->ahead))
		return ahead_read(f->ahead, to, n);
	return octets_read(&f->from, to, n);
}

size_t
feed_fill(struct feed *f, size_t n)
{
	size_t limit = n > f->most ? n : f->most, room, got = 1;

	if (f->at != 0) {
		memmove(f->win, f->win + f->at, f->end - f->at);
		f->base += f->at;
		f->end -= f->at;
		f->at = 0;
	}
	while (f->end < n && got != 0) {
		room = limit - f->end;
		got = read_some(f, f->win + f->end, room < f->chunk ? room : f->chunk);
		f->end += got;
	}
	f->chunk = f->most;
	return f->end;
}

bool
feed_skip(struct feed *f, uint64_t n)
{
	size_t seen;

	while (n > f->end - f->at) {
		n -= f->end - f->at;
		f->at = f->end;
		seen = feed_fill(f, 1);
		if (seen == 0)
			return false;
	}
	f->at += (size_t)n;
	return true;
}

int
feed_open(struct feed *f, const char *path, struct err *e)
{
	f->at = f->end = 0;
	f->base = 0;
	f->chunk = LOOK;
	return octets_open(&f->from, path, e);
}

bool
feed_ahead(struct feed *f, struct ahead *a)
{
	if (ahead_start(a, &f->from) != 0)
		return false;
	f->ahead = a;
	return true;
}

void
feed_close(struct feed *f)
{
	if (f->ahead != NULL)
		ahead_stop(f->ahead);
	octets_close(&f->from);
	f->at = f->end = 0;
}

uint64_t
feed_stored(const struct feed *f)
{
	return f->ahead != NULL && ahead_runs(f->ahead) ? ahead_stored(f->ahead)
							: f->from.stored;
}
