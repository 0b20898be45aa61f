#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/elapsed.h"
#include "base/text.h"
#include "capture/save_series.h"
#include "capture/series.h"
#include "capture/writer.h"

/* Frames that were held come late by less; more than that, and a clock was set back. */
#define LATE_NS (60 * NS_PER_S)

/* The file of a link type. */
struct lane {
	struct writer w;
	int linktype; /* DLT_ value */
	int64_t began;
	uint64_t seen; /* octets stored when that was last looked at */
	char path[SERIES_PATH_MAX];
};

struct save {
	struct series *series; /* NULL: one file, of the link type of its first frame */
	struct save_series opts;
	struct lane lane[SAVE_LINKTYPES_MAX];
	size_t n_lanes;
	uint64_t files, refused;
	uint64_t given;     /* frames, to writers */
	uint64_t spoilt;    /* of them, those lost in files that are closed */
	uint64_t unmade;    /* frames that had no file to go to */
	uint64_t lost_told; /* before the failure at hand */
	int64_t newest;     /* packet time */
	int64_t failed_at;  /* by the same clock */
	bool failing;       /* frames cannot be saved at present */
	bool has_news;
	struct coverage news;
};

static struct save *
save_new(const char *path, struct err *e)
{
	struct save *s = calloc(1, sizeof(*s));
	size_t i, lanes = 0;

	for (i = 0; s != NULL && i < SAVE_LINKTYPES_MAX; i++)
		lanes += writer_open(&s->lane[i].w) == 0;
	if (lanes == SAVE_LINKTYPES_MAX)
		return s;
	for (i = 0; s != NULL && i < SAVE_LINKTYPES_MAX; i++)
		writer_close(&s->lane[i].w);
	free(s);
	(void)err_set(e, "%.300s: no memory", path);
	return NULL;
}

static void
save_free(struct save *s)
{
	size_t i;

	for (i = 0; i < SAVE_LINKTYPES_MAX; i++)
		writer_close(&s->lane[i].w);
	series_close(s->series);
	free(s);
}

int
save_open(struct save **out, const char *path, struct err *e)
{
	struct save *s = save_new(path, e);
	int fd;

	if (s == NULL)
		return -1;
	fd = strcmp(path, "-") == 0
		 ? dup(STDOUT_FILENO)
		 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0) {
		(void)err_sys(e, errno, "%s: cannot be written", path);
		save_free(s);
		return -1;
	}
	text_put(s->lane[0].path, sizeof(s->lane[0].path), path);
	writer_begin(&s->lane[0].w, fd);
	*out = s;
	return 0;
}

int
save_open_series(struct save **out, const struct save_series *opts, struct err *e)
{
	struct save *s = save_new(opts->prefix, e);

	if (s == NULL)
		return -1;
	s->opts = *opts;
	s->opts.prefix = NULL;
	if (series_open(&s->series, opts->prefix, opts->worker, opts->keep, e) != 0) {
		save_free(s);
		return -1;
	}
	*out = s;
	return 0;
}

int
save_ready(const struct save *s, struct err *e)
{
	return series_ready(s->series, e);
}

/* Frames that writers could not write. */
static uint64_t
spoilt(const struct save *s)
{
	uint64_t n = s->spoilt;
	size_t i;

	for (i = 0; i < SAVE_LINKTYPES_MAX; i++)
		n += s->lane[i].w.lost;
	return n;
}

static void
tell(struct save *s, const char *fmt, const char *what, uint64_t count)
{
	s->has_news = true;
	s->news = (struct coverage){.kind = COVERAGE_OUTPUT, .count = count};
	(void)snprintf(s->news.text, sizeof(s->news.text), fmt, what, count);
}

static void
note_failure(struct save *s, const char *why)
{
	s->failed_at = s->newest;
	if (s->failing)
		return;
	s->failing = true;
	tell(s, "%.200s; packets are not saved until that is over", why, 0);
}

static void
note_success(struct save *s)
{
	uint64_t now = spoilt(s) + s->unmade;

	if (!s->failing || elapsed(s->newest, s->failed_at) < (uint64_t)SAVE_RETRY_NS)
		return;
	s->failing = false;
	tell(
	    s, "packets are saved again%s; %" PRIu64 " were not", "", now - s->lost_told);
	s->lost_told = now;
}

/* What of it went wrong is told; a file that nothing got into goes. */
static void
lane_check(struct save *s, struct lane *l)
{
	struct err e = {{0}};

	if (l->w.code == 0) {
		if (l->w.stored != l->seen)
			note_success(s);
		l->seen = l->w.stored;
		return;
	}
	(void)err_sys(&e, l->w.code, "%.150s: cannot be written", l->path);
	note_failure(s, e.text);
	if (l->w.fd >= 0)
		(void)writer_end(&l->w);
	if (l->w.stored == 0)
		(void)unlink(l->path);
}

static void
lane_end(struct save *s, struct lane *l)
{
	if (l->w.fd < 0)
		return;
	(void)writer_end(&l->w);
	lane_check(s, l);
}

static void
lane_begin(struct save *s, struct lane *l, const struct frame *f)
{
	const char *in_use[SAVE_LINKTYPES_MAX + 1] = {NULL};
	struct err e = {{0}};
	size_t i, n = 0;
	int fd;

	if (s->failing && elapsed(s->newest, s->failed_at) < (uint64_t)SAVE_RETRY_NS)
		return;
	for (i = 0; i < s->n_lanes; i++)
		if (s->lane[i].w.fd >= 0)
			in_use[n++] = s->lane[i].path;
	fd = series_next(s->series, s->newest, in_use, l->path, &e);
	if (fd < 0) {
		note_failure(s, e.text);
		return;
	}
	s->spoilt += l->w.lost;
	s->files++;
	l->began = f->ts;
	l->seen = 0;
	writer_begin(&l->w, fd);
}

static bool
is_full(const struct save *s, const struct lane *l, const struct frame *f)
{
	uint64_t size = l->w.size + writer_cost(f);

	return (s->opts.size != 0 && size > s->opts.size) ||
	       (s->opts.ns != 0 && elapsed(f->ts, l->began) >= (uint64_t)s->opts.ns);
}

/* The lane of a link type; NULL when there is none left. */
static struct lane *
lane_of(struct save *s, int linktype)
{
	size_t i, most = s->series != NULL ? SAVE_LINKTYPES_MAX : 1;

	for (i = 0; i < s->n_lanes; i++)
		if (s->lane[i].linktype == linktype)
			return &s->lane[i];
	if (s->n_lanes == most)
		return NULL;
	s->lane[s->n_lanes].linktype = linktype;
	return &s->lane[s->n_lanes++];
}

/* The file that the frame goes to is open afterwards, or that was told. */
static void
turn(struct save *s, struct lane *l, const struct frame *f)
{
	if (f->ts > s->newest || elapsed(s->newest, f->ts) > (uint64_t)LATE_NS)
		s->newest = f->ts;
	if (s->failed_at > s->newest)
		s->failed_at = s->newest;
	if (elapsed(l->began, f->ts) > (uint64_t)LATE_NS)
		l->began = f->ts;
	if (l->w.fd >= 0 && is_full(s, l, f))
		lane_end(s, l);
	if (l->w.fd < 0)
		lane_begin(s, l, f);
}

void
save_frame(struct save *s, const struct frame *f)
{
	struct lane *l = lane_of(s, f->linktype);

	if (l == NULL) {
		s->refused++;
		return;
	}
	if (s->series != NULL)
		turn(s, l, f);
	if (l->w.fd < 0) {
		s->unmade++;
		return;
	}
	s->given++;
	writer_frame(&l->w, f);
	if (s->series != NULL && l->w.code != 0)
		lane_check(s, l);
}

void
save_flush(struct save *s)
{
	size_t i;

	for (i = 0; i < s->n_lanes; i++) {
		struct lane *l = &s->lane[i];

		if (l->w.fd < 0)
			continue;
		(void)writer_flush(&l->w);
		if (s->series != NULL)
			lane_check(s, l);
	}
}

bool
save_news(struct save *s, struct coverage *out)
{
	if (!s->has_news)
		return false;
	*out = s->news;
	s->has_news = false;
	return true;
}

/* What has been told of a series need not be told again. */
static int
end_series(struct save *s, struct err *e)
{
	size_t i;

	for (i = 0; i < s->n_lanes; i++)
		lane_end(s, &s->lane[i]);
	return s->has_news && s->failing ? err_set(e, "%s", s->news.text) : 0;
}

static int
end_file(struct save *s, struct err *e)
{
	struct lane *l = &s->lane[0];

	if (writer_end(&l->w))
		return 0;
	return err_sys(e, l->w.code, "%s: could not be written completely", l->path);
}

int
save_close(struct save *s, struct err *e)
{
	int r;

	if (s == NULL)
		return 0;
	r = s->series != NULL ? end_series(s, e) : end_file(s, e);
	save_free(s);
	return r;
}

uint64_t
save_refused(const struct save *s)
{
	return s->refused;
}

void
save_counters(const struct save *s, struct counters *to)
{
	counters_add(to, "saved.files", "capture files written", s->files);
	counters_add(to, "saved.frames", "frames saved", s->given - spoilt(s));
	counters_add(
	    to, "saved.lost", "frames that could not be saved", spoilt(s) + s->unmade);
	counters_add(
	    to, "saved.refused", "frames of a further link type, not saved", s->refused);
}
