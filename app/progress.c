#define _DEFAULT_SOURCE
#include "app/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "report/page.h"
#include "report/when.h"

#define EVERY_NS (NS_PER_S / 5)

void
progress_begin(struct progress *p, bool wanted)
{
	const char *term = getenv("TERM");

	*p = (struct progress){.on = wanted && isatty(STDERR_FILENO) == 1 &&
				     term != NULL && strcmp(term, "dumb") != 0};
	if (p->on)
		p->began = p->last = clock_steady();
}

static uint64_t
per_second(uint64_t n, int64_t ns)
{
	return (uint64_t)((double)n * (double)NS_PER_S / (double)ns);
}

/* " 37 %  12.1 MB of 32.6 MB  8.1 MB/s  2.5 s left" */
static void
put_share(struct line *l, const struct source_progress *at, int64_t ns)
{
	uint64_t done =
	    at->done_bytes < at->total_bytes ? at->done_bytes : at->total_bytes;
	double share = (double)done / (double)at->total_bytes;
	char span[WHEN_MAX];

	line_add(l, "%3.0f %%  ", 100 * share);
	line_size(l, done);
	line_add(l, " of ");
	line_size(l, at->total_bytes);
	line_add(l, "  ");
	line_size(l, per_second(done, ns));
	line_add(l, "/s");
	if (done != 0)
		line_add(l, "  %s left",
		    when_span((int64_t)((double)ns / share - (double)ns), span));
}

/* "1,234,567 packets  81,000/s" */
static void
put_rate(struct line *l, const struct source_progress *at, int64_t ns)
{
	line_some(l, at->frames, "packet");
	line_add(l, "  ");
	line_count(l, per_second(at->frames, ns));
	line_add(l, "/s");
}

/* A line that wrapped could not be cleared. */
static int
room(void)
{
	struct winsize ws;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) != 0 || ws.ws_col == 0)
		return 79;
	return ws.ws_col - 1;
}

void
progress_show(struct progress *p, const struct source *s)
{
	struct source_progress at;
	struct line l = {"", 0};
	int64_t now;

	if (!p->on)
		return;
	now = clock_steady();
	if (now - p->last < EVERY_NS)
		return;
	p->last = now;
	p->shown = true;
	source_progress(s, &at);
	if (at.total_bytes == 0)
		put_rate(&l, &at, now - p->began);
	else
		put_share(&l, &at, now - p->began);
	(void)fprintf(stderr, "\r\033[K%.*s", room(), l.text);
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		(void)fputs("\r\033[K", stderr);
	p->shown = false;
}
