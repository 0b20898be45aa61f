#define _GNU_SOURCE
#include "tests/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/pipeline.h"
#include "report/event_json.h"
#include "report/summary.h"
#include "tests/schema.h"

#define WIDTH 80

/* What a run holds open. */
struct run {
	struct reading *r;
	struct source *source;
	struct pipeline *pipeline;
	struct summary *summary;
	struct summary_span span;
	uint64_t seq;
};

struct reading *
reading_new(size_t tables)
{
	struct reading *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	r->tables = tables;
	r->schema = schema_open();
	return r;
}

void
reading_free(struct reading *r)
{
	schema_close(r->schema);
	free(r);
}

static void __attribute__((format(printf, 2, 3)))
fault(struct reading *r, const char *fmt, ...)
{
	va_list ap;

	if (r->fault[0] != '\0')
		return;
	va_start(ap, fmt);
	(void)vsnprintf(r->fault, sizeof(r->fault), fmt, ap);
	va_end(ap);
}

static uint64_t
print_of(const struct frame *f)
{
	uint64_t print = UINT64_C(0xcbf29ce484222325);
	uint64_t rest[] = {
	    f->data.n, f->wire_len, (uint64_t)f->linktype, (uint64_t)f->ts};
	size_t i;

	for (i = 0; i < f->data.n; i++)
		print = (print ^ f->data.p[i]) * UINT64_C(0x100000001b3);
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		print = (print ^ rest[i]) * UINT64_C(0x100000001b3);
	return print;
}

static void
note_frame(struct run *run, const struct frame *f)
{
	struct reading *r = run->r;

	if (r->frames < READING_PRINTS_MAX)
		r->prints[r->frames] = print_of(f);
	if (f->number != ++r->frames)
		fault(r, "frame %zu has number %llu", r->frames,
		    (unsigned long long)f->number);
	if (f->wire_len < f->data.n || f->data.n > 262144)
		fault(r, "frame %zu has %zu of %u bytes", r->frames, f->data.n,
		    f->wire_len);
	if (run->span.packets++ == 0 || f->ts < run->span.first)
		run->span.first = f->ts;
	if (run->span.packets == 1 || f->ts > run->span.last)
		run->span.last = f->ts;
	run->span.bytes += f->wire_len;
}

static void
tell(struct run *run, struct event *ev)
{
	struct reading *r = run->r;
	char why[160], *line;

	ev->seq = ++run->seq;
	r->events++;
	r->attempts += ev->type == EVENT_ATTEMPT;
	summary_add(run->summary, ev);
	line = event_json_line(ev, NULL);
	if (line == NULL)
		abort();
	if (!schema_accepts(r->schema, line, why, sizeof(why)))
		fault(r, "%.80s in %.140s", why, line);
	free(line);
}

static void
drain(struct run *run)
{
	struct event ev;

	while (pipeline_next(run->pipeline, &ev))
		tell(run, &ev);
}

static void
take_troubles(struct run *run)
{
	struct event ev = {.type = EVENT_COVERAGE, .ts = run->span.last};

	while (source_trouble(run->source, &ev.u.coverage)) {
		if (run->r->troubles++ == 0)
			run->r->trouble = ev.u.coverage;
		else
			fault(run->r, "one file, and one more trouble: %.160s",
			    ev.u.coverage.text);
		tell(run, &ev);
	}
}

static void
check_report(struct run *run, const struct counters *now)
{
	struct summary_style style = {.width = WIDTH};
	char *text = NULL;
	size_t size = 0, i;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL || summary_text(run->summary, &run->span, now, &style, f) != 0 ||
	    fclose(f) != 0)
		abort();
	for (i = 0; i < size; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			fault(run->r, "byte %02x in the report", text[i] & 0xff);
	if (size == 0 || text[size - 1] != '\n')
		fault(run->r, "the report has no end");
	free(text);
}

static void
tell_totals(struct run *run)
{
	struct event ev = {.type = EVENT_VERDICT, .ts = run->span.last};
	struct counters now = {.n = 0};

	source_counters(run->source, &now);
	pipeline_counters(run->pipeline, &now);
	check_report(run, &now);
	summary_judge(run->summary, &ev.u.verdict);
	tell(run, &ev);
	ev = (struct event){.type = EVENT_STATS, .ts = run->span.last};
	ev.u.stats = now;
	tell(run, &ev);
}

static void
read_all(struct run *run)
{
	const struct frame *f;
	size_t i, n, done;

	take_troubles(run);
	while (source_batch(run->source, &f, &n) == SOURCE_FRAME) {
		for (i = 0; i < n; i++)
			note_frame(run, &f[i]);
		for (; n != 0; f += done, n -= done) {
			done = pipeline_frames(run->pipeline, f, n);
			drain(run);
		}
	}
	do
		drain(run);
	while (pipeline_finish(run->pipeline));
	drain(run);
	take_troubles(run);
	tell_totals(run);
}

static int
file_of(struct bytes b)
{
	int fd = memfd_create("reading", 0);

	if (fd < 0 || write(fd, b.p, b.n) != (ssize_t)b.n)
		abort();
	return fd;
}

void
reading_frames(struct reading *r, struct bytes file)
{
	int fd = file_of(file);
	char name[32];
	struct source_opts opts = {.paths = (const char *[]){name}, .n_paths = 1};
	struct run run = {.r = r};
	struct err e = {""};
	const struct frame *f;

	(void)snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	*r = (struct reading){.schema = r->schema, .tables = r->tables};
	if (source_open(&run.source, &opts, &e) != 0)
		abort();
	while (source_next(run.source, &f) == SOURCE_FRAME)
		note_frame(&run, f);
	source_close(run.source);
	(void)close(fd);
}

bool
reading_of(struct reading *r, struct bytes file)
{
	int fd = file_of(file);
	char name[32];
	struct source_opts opts = {.paths = (const char *[]){name}, .n_paths = 1};
	struct pipeline_opts sized = {.tables = r->tables};
	struct run run = {.r = r};
	struct err e = {""};

	(void)snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	*r = (struct reading){.schema = r->schema, .tables = r->tables};
	if (source_open(&run.source, &opts, &e) != 0 ||
	    pipeline_open(&run.pipeline, &sized, &e) != 0 ||
	    summary_open(&run.summary, &e) != 0)
		abort();
	read_all(&run);
	summary_close(run.summary);
	pipeline_close(run.pipeline);
	source_close(run.source);
	(void)close(fd);
	return r->fault[0] == '\0';
}
