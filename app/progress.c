#define _POSIX_C_SOURCE 200809L
#include "app/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/event.h"

#define EVERY_NS (NS_PER_S / 5)

static int64_t
monotonic(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

void
progress_begin(struct progress *p, bool wanted)
{
	*p = (struct progress){.on = wanted && isatty(STDERR_FILENO) == 1};
	if (p->on)
		p->began = p->last = monotonic();
}

void
progress_show(struct progress *p, const struct source *s)
{
	struct source_progress at;
	int64_t now;
	double secs, share;

	if (!p->on)
		return;
	now = monotonic();
	if (now - p->last < EVERY_NS)
		return;
	p->last = now;
	p->shown = true;
	source_progress(s, &at);
	secs = (double)(now - p->began) / (double)NS_PER_S;
	if (at.total_bytes == 0 || at.done_bytes == 0) {
		(void)fprintf(stderr, "\r\033[K%llu packets, %.0f/s",
		    (unsigned long long)at.frames, (double)at.frames / secs);
		return;
	}
	share = (double)at.done_bytes / (double)at.total_bytes;
	(void)fprintf(stderr, "\r\033[K%3.0f %%, %llu packets, %.0f/s, %.0f s left",
	    100 * share, (unsigned long long)at.frames, (double)at.frames / secs,
	    share < 1 ? secs / share - secs : 0.0);
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		(void)fputs("\r\033[K", stderr);
	p->shown = false;
}
