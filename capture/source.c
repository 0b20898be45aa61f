/*
 * The merge.  Every input is looked at once, for the time of its first frame, and
 * closed; it is opened again when the stream has come to that time.  Open
 * inputs stand in a heap by the time of the frame at their head.  Pipes
 * cannot be opened twice and stay open.
 */
#include "capture/source.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "capture/heap.h"
#include "capture/readers.h"
#include "capture/source_filter.h"

struct source {
	struct inputs inputs;
	struct input **pending; /* in the order of their first frames */
	size_t n_pending;
	size_t begun; /* how many of them have been opened */
	struct heap heap;
	bool lent; /* the caller holds the frame at the top of the heap */
	struct readers readers;
	struct frame batch[SOURCE_BATCH_MAX];

	const volatile sig_atomic_t *stop;
	struct filter *filter;
	struct troubles troubles;
	uint64_t count;
	uint64_t files;
	uint64_t frames;
	uint64_t bytes;
	uint64_t left_out;
	uint64_t total;
	uint64_t done;
};

static bool
stopped(const struct source *s)
{
	return s->stop != NULL && *s->stop;
}

/* An input that the user cut short is not damaged. */
static void
tell(struct source *s, const struct input *i, enum records_state why)
{
	if (!stopped(s))
		inputs_tell(&s->troubles, i, why);
}

/* Opens an input, to be looked at or to be read. */
static int
prepare(struct source *s, struct input *i, struct err *e)
{
	if (readers_take(&s->readers, i, e) != 0)
		return -1;
	i->next.origin = i->name;
	i->opened = records_open(i->records, i->name);
	return 0;
}

/* The first frame of an input that was opened. */
static enum records_state
begin(struct input *i)
{
	i->begun = true;
	return i->opened == RECORDS_OK ? records_next(i->records, &i->next) : i->opened;
}

static void
finish(struct source *s, struct input *i)
{
	s->done += i->regular ? i->size : feed_stored(&i->records->feed);
	readers_give(&s->readers, i);
}

/* The input at the top has no more. */
static void
leave(struct source *s, enum records_state why)
{
	struct input *top = s->heap.in[0];

	tell(s, top, why);
	finish(s, top);
	s->heap.in[0] = s->heap.in[--s->heap.n];
}

/* Steps past the frame that was lent. */
static inline void
advance(struct source *s)
{
	struct input *top = s->heap.in[0];
	enum records_state r = records_next(top->records, &top->next);

	s->lent = false;
	if (r != RECORDS_OK)
		leave(s, r);
	if (s->heap.n > 1)
		heap_sink(&s->heap);
}

/* Opens what was looked at before, as its time comes. */
static void
reopen(struct source *s, struct input *i)
{
	struct err e = {{0}};

	i->begun = false;
	if (prepare(s, i, &e) != 0) {
		troubles_add(&s->troubles, COVERAGE_UNREADABLE, i->name, "%s", e.text);
		return;
	}
	if (i->opened == RECORDS_OK)
		readers_ahead(&s->readers, i);
}

static void
admit_one(struct source *s, struct input *i)
{
	enum records_state r;

	if (i->records == NULL)
		reopen(s, i);
	if (i->records == NULL)
		return;
	r = i->begun ? RECORDS_OK : begin(i);
	if (r == RECORDS_OK) {
		heap_add(&s->heap, i);
		return;
	}
	tell(s, i, r);
	finish(s, i);
}

/* Inputs whose time comes next are unpacked by the threads that are free. */
static void
look_ahead(struct source *s)
{
	size_t k, most = s->readers.n_rings;

	for (k = s->begun; k < s->n_pending && k - s->begun + 1 < most; k++)
		if (s->pending[k]->records == NULL)
			reopen(s, s->pending[k]);
}

static void
admit(struct source *s)
{
	size_t before = s->begun;

	while (s->begun < s->n_pending && s->heap.n < HEAP_MAX &&
	       (s->heap.n == 0 || s->pending[s->begun]->first <= s->heap.in[0]->next.ts))
		admit_one(s, s->pending[s->begun++]);
	if (s->begun != before)
		look_ahead(s);
}

static bool
passes(struct source *s, const struct frame *f)
{
	struct err e = {{0}};

	if (filter_passes(s->filter, f, &e))
		return true;
	if (e.text[0] != '\0')
		troubles_add(&s->troubles, COVERAGE_LINK_TYPE, f->origin,
		    "%.150s; such frames are left out", e.text);
	s->left_out++;
	return false;
}

enum source_result
source_next(struct source *s, const struct frame **out)
{
	struct frame *f;

	if (s->frames == s->count)
		return SOURCE_END;
	do {
		if (s->lent)
			advance(s);
		if (s->begun < s->n_pending)
			admit(s);
		if (s->heap.n == 0 || stopped(s))
			return SOURCE_END;
		f = &s->heap.in[0]->next;
		f->number++;
		s->lent = true;
	} while (s->filter != NULL && !passes(s, f));
	s->frames++;
	s->bytes += f->data.n;
	*out = f;
	return SOURCE_FRAME;
}

/* Nothing can come between the frames of the input that is left. */
static bool
is_alone(const struct source *s)
{
	return s->heap.n == 1 && s->begun == s->n_pending && s->filter == NULL;
}

/* Frames after the first that lie in the same window; how many there are with it. */
static size_t
fill_batch(struct source *s)
{
	struct input *top = s->heap.in[0];
	struct frame *to = s->batch;
	uint64_t bytes = 0, left = s->count - s->frames;
	size_t n, most = left < SOURCE_BATCH_MAX - 1 ? left + 1 : SOURCE_BATCH_MAX;

	for (n = 1; n < most && records_next_ready(top->records, &to[n]); n++) {
		to[n].number = to[n - 1].number + 1;
		to[n].origin = to[0].origin;
		bytes += to[n].data.n;
	}
	top->next.number += n - 1;
	s->frames += n - 1;
	s->bytes += bytes;
	return n;
}

enum source_result
source_batch(struct source *s, const struct frame **out, size_t *n)
{
	enum source_result r = source_next(s, out);

	*n = 1;
	if (r != SOURCE_FRAME || !is_alone(s))
		return r;
	s->batch[0] = **out;
	*out = s->batch;
	*n = fill_batch(s);
	return r;
}

/* The first look at an input; what has no frames is not heard of again. */
static int
look(struct source *s, struct input *i, struct err *e)
{
	enum records_state r;
	int ok = 0;

	if (prepare(s, i, e) != 0)
		return -1;
	r = begin(i);
	tell(s, i, r);
	inputs_looked(&s->inputs, i, r);
	if (r == RECORDS_OK || r == RECORDS_END)
		s->files++;
	if (r != RECORDS_OK) {
		readers_give(&s->readers, i);
		return 0;
	}
	i->first = i->next.ts;
	s->pending[s->n_pending++] = i;
	if (s->filter != NULL)
		ok = filter_prepare(s->filter, i->next.linktype, e);
	if (i->regular)
		readers_give(&s->readers, i);
	return ok;
}

static int
by_first(const void *a, const void *b)
{
	const struct input *x = *(struct input *const *)a;
	const struct input *y = *(struct input *const *)b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static int
look_at_all(struct source *s, unsigned threads, struct err *e)
{
	size_t i, n = s->inputs.n;
	bool sized = true;

	if (troubles_reserve(&s->troubles, 2 * n + FILTER_LINKTYPES_MAX, e) != 0)
		return -1;
	readers_init(&s->readers, threads, n);
	s->pending = calloc(n + 1, sizeof(struct input *));
	if (s->pending == NULL)
		return err_set(e, "no memory for the list of inputs");
	for (i = 0; i < n && !stopped(s); i++)
		if (look(s, &s->inputs.list[i], e) != 0)
			return -1;
	if (s->filter != NULL && s->n_pending == 0 &&
	    filter_prepare(s->filter, 1, e) != 0)
		return -1;
	qsort(s->pending, s->n_pending, sizeof(struct input *), by_first);
	for (i = 0; i < s->n_pending; i++) {
		s->total += s->pending[i]->size;
		sized = sized && s->pending[i]->size != 0;
	}
	if (!sized)
		s->total = 0;
	return 0;
}

int
source_open(struct source **s, const struct source_opts *opts, struct err *e)
{
	struct source *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		return err_set(e, "no memory to read captures");
	fresh->count = opts->count != 0 ? opts->count : UINT64_MAX;
	fresh->stop = fresh->readers.stop = opts->stop;
	if ((opts->filter != NULL && filter_open(&fresh->filter, opts->filter, e) != 0) ||
	    inputs_gather(
		&fresh->inputs, opts->paths, opts->n_paths, &fresh->troubles, e) != 0 ||
	    look_at_all(fresh, opts->threads, e) != 0 ||
	    (!stopped(fresh) && inputs_tell_barren(&fresh->inputs, opts->paths,
				    opts->n_paths, &fresh->troubles, e) != 0)) {
		source_close(fresh);
		return -1;
	}
	*s = fresh;
	return 0;
}

void
source_close(struct source *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->inputs.n; i++)
		readers_give(&s->readers, &s->inputs.list[i]);
	readers_fini(&s->readers);
	free(s->pending);
	inputs_free(&s->inputs);
	filter_close(s->filter);
	troubles_free(&s->troubles);
	free(s);
}

bool
source_trouble(struct source *s, struct coverage *out)
{
	return troubles_next(&s->troubles, out);
}

bool
source_reads(const struct source *s, const char *path)
{
	struct stat st;
	size_t i;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	for (i = 0; i < s->inputs.n; i++)
		if (s->inputs.list[i].dev == st.st_dev &&
		    s->inputs.list[i].ino == st.st_ino)
			return true;
	return false;
}

void
source_progress(const struct source *s, struct source_progress *out)
{
	size_t i;

	out->frames = s->frames + s->left_out;
	out->total_bytes = s->total;
	out->done_bytes = s->done;
	for (i = 0; i < s->heap.n; i++)
		out->done_bytes += feed_stored(&s->heap.in[i]->records->feed);
	out->files = (unsigned)s->files;
}

void
source_counters(const struct source *s, struct counters *to)
{
	counters_add(to, "source.files", "capture files that were readable", s->files);
	counters_add(to, "source.frames", "frames read", s->frames);
	counters_add(to, "source.bytes", "bytes of frames read", s->bytes);
	counters_add(to, "source.left_out", "frames the filter left out", s->left_out);
}
