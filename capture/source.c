/*
 * The merge.  Every input is looked at once, for the time of its first frame, and
 * closed; it is opened again when the stream has come to that time.  Open
 * inputs stand in a heap by the time of the frame at their head.  Pipes
 * cannot be opened twice and stay open.
 */
#include "capture/source.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "capture/inputs.h"
#include "capture/source_filter.h"

#define OPEN_MAX_FILES 64
#define FEW_FILES      8

struct source {
	struct inputs inputs;
	struct input **pending; /* in the order of their first frames */
	size_t n_pending;
	size_t begun; /* how many of them have been opened */
	struct input *heap[OPEN_MAX_FILES];
	size_t n_heap;
	bool lent; /* the caller holds the frame at the top of the heap */
	struct records *spare[OPEN_MAX_FILES];
	size_t n_spare;

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

static struct records *
records_take(struct source *s, struct err *e)
{
	struct records *r;

	if (s->n_spare != 0)
		return s->spare[--s->n_spare];
	r = malloc(sizeof(*r));
	if (r == NULL) {
		(void)err_set(e, "no memory to read a capture");
		return NULL;
	}
	if (records_init(r, e) == 0) {
		r->feed.stop = s->stop;
		if (s->inputs.n > FEW_FILES)
			r->feed.most = FEED_READ_MANY;
		return r;
	}
	free(r);
	return NULL;
}

static void
records_give(struct source *s, struct input *i)
{
	struct records *r = i->records;

	i->records = NULL;
	if (r == NULL)
		return;
	records_close(r);
	if (s->n_spare < OPEN_MAX_FILES) {
		s->spare[s->n_spare++] = r;
		return;
	}
	records_fini(r);
	free(r);
}

/* Opens an input and looks at its first frame. */
static enum records_state
begin(struct input *i)
{
	enum records_state r = records_open(i->records, i->name);

	i->next.origin = i->name;
	if (r == RECORDS_OK)
		r = records_next(i->records, &i->next);
	return r;
}

static bool
comes_before(const struct input *a, const struct input *b)
{
	if (a->next.ts != b->next.ts)
		return a->next.ts < b->next.ts;
	return a->order < b->order;
}

static void
heap_down(struct source *s)
{
	struct input *moved = s->heap[0];
	size_t at = 0, child;

	for (child = 1; child < s->n_heap; child = 2 * at + 1) {
		if (child + 1 < s->n_heap &&
		    comes_before(s->heap[child + 1], s->heap[child]))
			child++;
		if (!comes_before(s->heap[child], moved))
			break;
		s->heap[at] = s->heap[child];
		at = child;
	}
	s->heap[at] = moved;
}

static void
heap_add(struct source *s, struct input *i)
{
	size_t at = s->n_heap++;

	while (at != 0 && comes_before(i, s->heap[(at - 1) / 2])) {
		s->heap[at] = s->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	s->heap[at] = i;
}

static void
finish(struct source *s, struct input *i)
{
	s->done += i->regular ? i->size : i->records->feed.stored;
	records_give(s, i);
}

/* The input at the top has no more. */
static void
leave(struct source *s, enum records_state why)
{
	struct input *top = s->heap[0];

	tell(s, top, why);
	finish(s, top);
	s->heap[0] = s->heap[--s->n_heap];
}

/* Steps past the frame that was lent. */
static inline void
advance(struct source *s)
{
	struct input *top = s->heap[0];
	enum records_state r = records_next(top->records, &top->next);

	s->lent = false;
	if (r != RECORDS_OK)
		leave(s, r);
	if (s->n_heap > 1)
		heap_down(s);
}

/* Opens what was looked at before, now that its time has come. */
static void
admit_one(struct source *s, struct input *i)
{
	struct err e = {{0}};
	enum records_state r;

	if (i->records != NULL) {
		heap_add(s, i);
		return;
	}
	i->records = records_take(s, &e);
	if (i->records == NULL) {
		troubles_add(&s->troubles, COVERAGE_UNREADABLE, i->name, "%s", e.text);
		return;
	}
	r = begin(i);
	if (r == RECORDS_OK) {
		heap_add(s, i);
		return;
	}
	tell(s, i, r);
	finish(s, i);
}

static void
admit(struct source *s)
{
	while (s->begun < s->n_pending && s->n_heap < OPEN_MAX_FILES &&
	       (s->n_heap == 0 || s->pending[s->begun]->first <= s->heap[0]->next.ts))
		admit_one(s, s->pending[s->begun++]);
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
		if (s->n_heap == 0 || stopped(s))
			return SOURCE_END;
		f = &s->heap[0]->next;
		f->number++;
		s->lent = true;
	} while (s->filter != NULL && !passes(s, f));
	s->frames++;
	s->bytes += f->data.n;
	*out = f;
	return SOURCE_FRAME;
}

/* The first look at an input; what has no frames is not heard of again. */
static int
look(struct source *s, struct input *i, struct err *e)
{
	enum records_state r;
	int ok = 0;

	i->records = records_take(s, e);
	if (i->records == NULL)
		return -1;
	r = begin(i);
	tell(s, i, r);
	inputs_looked(&s->inputs, i, r);
	if (r == RECORDS_OK || r == RECORDS_END)
		s->files++;
	if (r != RECORDS_OK) {
		records_give(s, i);
		return 0;
	}
	i->first = i->next.ts;
	s->pending[s->n_pending++] = i;
	if (s->filter != NULL)
		ok = filter_prepare(s->filter, i->next.linktype, e);
	if (i->regular)
		records_give(s, i);
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
look_at_all(struct source *s, struct err *e)
{
	size_t i, n = s->inputs.n;
	bool sized = true;

	if (troubles_reserve(&s->troubles, 2 * n + FILTER_LINKTYPES_MAX, e) != 0)
		return -1;
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
	fresh->stop = opts->stop;
	if ((opts->filter != NULL && filter_open(&fresh->filter, opts->filter, e) != 0) ||
	    inputs_gather(
		&fresh->inputs, opts->paths, opts->n_paths, &fresh->troubles, e) != 0 ||
	    look_at_all(fresh, e) != 0 ||
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
		records_give(s, &s->inputs.list[i]);
	for (i = 0; i < s->n_spare; i++) {
		records_fini(s->spare[i]);
		free(s->spare[i]);
	}
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
	for (i = 0; i < s->n_heap; i++)
		out->done_bytes += s->heap[i]->records->feed.stored;
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
