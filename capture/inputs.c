#define _DEFAULT_SOURCE
#include "capture/inputs.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_one_of(struct bytes b, const char *const *words)
{
	for (; *words != NULL; words++)
		if (bytes_eq_fold(b, *words))
			return true;
	return false;
}

static struct bytes
without_digits(struct bytes b)
{
	while (b.n != 0 && byte_is_digit(b.p[b.n - 1]))
		b.n--;
	return b;
}

bool
inputs_named_like_capture(const char *name)
{
	static const char *const packed[] = {
	    "gz", "zst", "zstd", "xz", "bz2", "lz4", "", NULL};
	static const char *const captures[] = {
	    "pcap", "pcapng", "cap", "dmp", "dump", "trc", "ntar", "pcapn", NULL};
	const char *slash = strrchr(name, '/');
	struct bytes b = bytes_str(slash ? slash + 1 : name), end;
	size_t dot;

	for (;;) {
		for (dot = b.n; dot != 0 && b.p[dot - 1] != '.';)
			dot--;
		if (dot == 0)
			return false;
		end = bytes_skip(b, dot);
		if (is_one_of(without_digits(end), captures))
			return true;
		if (!is_one_of(end, packed) && without_digits(end).n != 0)
			return false;
		b = bytes_take(b, dot - 1);
	}
}

static int
add_input(struct inputs *to, const char *name, const struct stat *st, struct err *e)
{
	size_t size = to->size ? to->size * 2 : 16;
	struct input *list, *i;

	if (to->n == to->size) {
		list = realloc(to->list, size * sizeof(*list));
		if (list == NULL)
			return err_set(e, "no memory for the list of inputs");
		to->list = list;
		to->size = size;
	}
	i = &to->list[to->n];
	*i = (struct input){.order = to->n, .dev = st->st_dev, .ino = st->st_ino};
	i->regular = S_ISREG(st->st_mode);
	i->size = i->regular ? (uint64_t)st->st_size : 0;
	i->name = strdup(name);
	if (i->name == NULL)
		return err_set(e, "no memory for the list of inputs");
	to->n++;
	return 0;
}

static int
add_found(struct inputs *to, const FTSENT *f, struct err *e)
{
	if (add_input(to, f->fts_path, f->fts_statp, e) != 0)
		return -1;
	to->list[to->n - 1].found = f->fts_level > 0;
	return 0;
}

/* One thing met on a walk. */
static int
visit(struct inputs *to, const FTSENT *f, struct troubles *t, struct err *e)
{
	bool named = f->fts_level == 0;
	struct err why = {{0}};

	if (troubles_reserve(t, 1, e) != 0)
		return -1;
	switch (f->fts_info) {
	case FTS_F:
		return add_found(to, f, e);
	case FTS_DEFAULT:
		if (named)
			return add_found(to, f, e);
		troubles_add(t, COVERAGE_SKIPPED, f->fts_path, "not a file");
		return 0;
	case FTS_DC:
		troubles_add(
		    t, COVERAGE_SKIPPED, f->fts_path, "leads back to a folder above");
		return 0;
	case FTS_SLNONE:
		troubles_add(t, named ? COVERAGE_UNREADABLE : COVERAGE_SKIPPED,
		    f->fts_path, "a link that leads nowhere");
		return 0;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		(void)err_sys(&why, f->fts_errno, "cannot be opened");
		troubles_add(t, COVERAGE_UNREADABLE, f->fts_path, "%.180s", why.text);
		return 0;
	default:
		return 0;
	}
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int
walk(struct inputs *to, const char *path, struct troubles *t, struct err *e)
{
	char *const roots[] = {(char *)path, NULL};
	struct err why = {{0}};
	FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	FTSENT *f;
	int r = 0;

	if (tree == NULL) {
		(void)err_sys(&why, errno, "cannot be opened");
		if (troubles_reserve(t, 1, e) != 0)
			return -1;
		troubles_add(t, COVERAGE_UNREADABLE, path, "%.180s", why.text);
		return 0;
	}
	while (r == 0 && (f = fts_read(tree)) != NULL) {
		if (f->fts_level > 0 && f->fts_name[0] == '.')
			(void)fts_set(tree, f, FTS_SKIP);
		else
			r = visit(to, f, t, e);
	}
	(void)fts_close(tree);
	return r;
}

static int
add_standard_input(struct inputs *to, struct troubles *t, struct err *e)
{
	struct stat st;

	bool terminal = isatty(STDIN_FILENO) == 1;

	if (!terminal && fstat(STDIN_FILENO, &st) == 0) {
		if (add_input(to, "-", &st, e) != 0)
			return -1;
		to->list[to->n - 1].regular = false;
		return 0;
	}
	if (troubles_reserve(t, 1, e) != 0)
		return -1;
	troubles_add(t, COVERAGE_UNREADABLE, "-",
	    terminal ? "a terminal, not a capture; pipe one in, or name a file"
		     : "is closed");
	return 0;
}

static int
by_file(const void *a, const void *b)
{
	const struct input *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static int
by_order(const void *a, const void *b)
{
	const struct input *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

/* Sorted by file, what was named again stands behind what was named first. */
static int
drop_repeats(struct inputs *in, struct troubles *t, struct err *e)
{
	struct input *l = in->list;
	size_t i, kept = 0;

	if (in->n == 0)
		return 0;
	if (troubles_reserve(t, in->n, e) != 0)
		return -1;
	qsort(l, in->n, sizeof(*l), by_file);
	for (i = 0; i < in->n; i++) {
		if (kept == 0 || l[kept - 1].dev != l[i].dev ||
		    l[kept - 1].ino != l[i].ino) {
			l[kept++] = l[i];
			continue;
		}
		troubles_add(t, COVERAGE_SKIPPED, l[i].name,
		    "the same file as %.120s; read once", l[kept - 1].name);
		in->root_told[l[i].root] = true;
		free(l[i].name);
	}
	in->n = kept;
	qsort(l, in->n, sizeof(*l), by_order);
	return 0;
}

int
inputs_gather(struct inputs *to, const char *const *paths, size_t n, struct troubles *t,
    struct err *e)
{
	size_t i, before, troubles;
	int r = 0;

	to->root_told = calloc(n + 1, sizeof(bool));
	if (to->root_told == NULL)
		return err_set(e, "no memory for the list of inputs");
	for (i = 0; i < n && r == 0; i++) {
		before = to->n;
		troubles = t->n;
		r = strcmp(paths[i], "-") == 0 ? add_standard_input(to, t, e)
					       : walk(to, paths[i], t, e);
		for (; before < to->n; before++)
			to->list[before].root = i;
		for (; troubles < t->n; troubles++)
			to->root_told[i] |= t->list[troubles].kind == COVERAGE_UNREADABLE;
	}
	return r == 0 ? drop_repeats(to, t, e) : -1;
}

void
inputs_free(struct inputs *in)
{
	size_t i;

	for (i = 0; i < in->n; i++)
		free(in->list[i].name);
	free(in->list);
	free(in->root_told);
	*in = (struct inputs){0};
}

/* What lies in a folder and is no capture is only worth a word when it looks like one. */
static bool
passed_over(const struct input *i, enum records_state why)
{
	bool other =
	    why == RECORDS_FOREIGN || (why == RECORDS_BROKEN && !i->records->capture);

	return i->found &&
	       (why == RECORDS_EMPTY || (other && !inputs_named_like_capture(i->name)));
}

static void
tell_broken(struct troubles *t, const struct input *i)
{
	const struct records *r = i->records;
	bool skip = passed_over(i, RECORDS_BROKEN);

	troubles_add(t, skip ? COVERAGE_SKIPPED : COVERAGE_DAMAGED, i->name,
	    "damaged at byte %llu%s: %s; everything before it was read",
	    (unsigned long long)r->start,
	    r->feed.from.packing == OCTETS_PLAIN ? "" : " of the unpacked data", r->why);
	if (!skip)
		troubles_offset(t, r->start);
}

void
inputs_looked(struct inputs *in, const struct input *i, enum records_state what)
{
	in->root_told[i->root] |= !passed_over(i, what);
}

int
inputs_tell_barren(const struct inputs *in, const char *const *paths, size_t n,
    struct troubles *t, struct err *e)
{
	size_t i;

	if (troubles_reserve(t, n, e) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (!in->root_told[i])
			troubles_add(t, COVERAGE_UNREADABLE, paths[i],
			    "no capture in this folder");
	return 0;
}

static void
tell_foreign(struct troubles *t, const struct input *i)
{
	bool skip = passed_over(i, RECORDS_FOREIGN);
	const char *why = skip ? "not a capture"
			       : "not a capture (pcap or pcapng, plain or in gzip or "
				 "zstd)";

	troubles_add(t, skip ? COVERAGE_SKIPPED : COVERAGE_UNREADABLE, i->name, "%s",
	    i->records->why[0] ? i->records->why : why);
}

void
inputs_tell(struct troubles *t, const struct input *i, enum records_state why)
{
	switch (why) {
	case RECORDS_OK:
	case RECORDS_END:
		break;
	case RECORDS_EMPTY:
		troubles_add(t,
		    passed_over(i, why) ? COVERAGE_SKIPPED : COVERAGE_UNREADABLE, i->name,
		    "empty");
		break;
	case RECORDS_FOREIGN:
		tell_foreign(t, i);
		break;
	case RECORDS_FAILED:
		troubles_add(t, COVERAGE_UNREADABLE, i->name, "%s", i->records->why);
		break;
	case RECORDS_BROKEN:
		tell_broken(t, i);
		break;
	}
}
