/* Unpacking ahead, and that nobody can tell. */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/hash.h"
#include "capture/ahead.h"
#include "tests/capfile.h"

#define SIZE  ((size_t)700 * 1000)
#define FILES 12

static uint8_t plain[SIZE], got[SIZE + 1];

static void
fill_plain(void)
{
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < SIZE; i++) {
		x = x * 1664525 + 1013904223;
		plain[i] = (uint8_t)(x >> 30);
	}
}

/* A gzip file of data; cut: octets of the file left out at its end. */
static const char *
put_gzip(const struct folder *f, const char *name, struct bytes data, off_t cut)
{
	static char path[128];
	struct stat st;
	gzFile z;

	(void)snprintf(path, sizeof(path), "%s/%s", f->path, name);
	z = gzopen(path, "wb1");
	CU_ASSERT_PTR_NOT_NULL_FATAL(z);
	CU_ASSERT_EQUAL_FATAL(gzwrite(z, data.p, (unsigned)data.n), (int)data.n);
	CU_ASSERT_EQUAL_FATAL(gzclose(z), Z_OK);
	if (cut != 0 && stat(path, &st) == 0)
		CU_ASSERT_EQUAL_FATAL(truncate(path, st.st_size - cut), 0);
	return path;
}

struct readable {
	struct folder folder;
	struct octets from;
	struct ahead *ahead;
};

static void
begin(struct readable *r, size_t ring, off_t cut)
{
	struct err e = {{0}};

	fill_plain();
	folder_make(&r->folder);
	CU_ASSERT_EQUAL_FATAL(octets_init(&r->from, &e), 0);
	CU_ASSERT_EQUAL_FATAL(
	    octets_open(
		&r->from, put_gzip(&r->folder, "a", bytes_of(plain, SIZE), cut), &e),
	    0);
	CU_ASSERT_EQUAL_FATAL(ahead_open(&r->ahead, ring, &e), 0);
	CU_ASSERT_EQUAL_FATAL(ahead_start(r->ahead, &r->from), 0);
}

static void
end(struct readable *r)
{
	ahead_close(r->ahead);
	octets_fini(&r->from);
	folder_drop(&r->folder);
}

/* Reads all there is, in steps of many sizes; how much that was. */
static size_t
read_all(struct ahead *a)
{
	size_t n = 0, step = 1, made;

	do {
		made = ahead_read(a, got + n, step < SIZE + 1 - n ? step : SIZE + 1 - n);
		n += made;
		step = step * 7 % 99991;
	} while (made != 0);
	return n;
}

static void
gives_the_same_octets_however_small_the_ring(void)
{
	static const size_t rings[] = {AHEAD_MIN, AHEAD_MIN + 1, 100003, 4 * SIZE};
	struct readable r;
	size_t i;

	for (i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
		begin(&r, rings[i], 0);
		CU_ASSERT_EQUAL(read_all(r.ahead), SIZE);
		CU_ASSERT_EQUAL(memcmp(got, plain, SIZE), 0);
		CU_ASSERT_EQUAL(r.from.state, OCTETS_ENDED);
		CU_ASSERT_FALSE(ahead_runs(r.ahead));
		end(&r);
	}
}

static void
gives_what_is_there_of_a_cut_file(void)
{
	struct readable r;
	size_t n;

	begin(&r, AHEAD_MIN, 5000);
	n = read_all(r.ahead);
	CU_ASSERT_TRUE(n > SIZE / 2 && n < SIZE);
	CU_ASSERT_EQUAL(memcmp(got, plain, n), 0);
	CU_ASSERT_EQUAL(r.from.state, OCTETS_CUT);
	end(&r);
}

static void
can_be_stopped_anywhere_and_serve_again(void)
{
	struct readable r;
	struct err e = {{0}};
	size_t n;

	begin(&r, AHEAD_MIN, 0);
	for (n = 0; n < 50; n++) {
		if (n % 3 != 0)
			CU_ASSERT_NOT_EQUAL(ahead_read(r.ahead, got, n * 1000), 0);
		ahead_stop(r.ahead);
		octets_close(&r.from);
		CU_ASSERT_EQUAL_FATAL(
		    octets_open(
			&r.from, put_gzip(&r.folder, "a", bytes_of(plain, SIZE), 0), &e),
		    0);
		CU_ASSERT_EQUAL_FATAL(ahead_start(r.ahead, &r.from), 0);
	}
	CU_ASSERT_EQUAL(read_all(r.ahead), SIZE);
	end(&r);
}

/* A capture of records from first on, a second apart, as a gzip file. */
static void
put_capture(const struct folder *f, unsigned which, unsigned first, off_t cut)
{
	static struct cap c;
	char name[8];
	unsigned i;

	cap_pcap(&c, CAP_USEC, false, 1);
	for (i = 0; i < 40; i++)
		cap_record(&c, first + i, 0, 700 + i);
	(void)snprintf(name, sizeof(name), "f%u", which);
	(void)put_gzip(f, name, bytes_of(c.b, c.n), cut);
}

/* Everything a source gives with so many threads, as one number. */
static uint64_t
digest(const char *path, unsigned threads, size_t *n_troubles)
{
	static const struct hash_key key = {{1, 3, 5, 7}};
	struct source_opts opts = {.paths = &path, .n_paths = 1, .threads = threads};
	const struct frame *f;
	struct coverage c;
	struct source *s;
	uint64_t sum = 0;

	CU_ASSERT_EQUAL_FATAL(source_open(&s, &opts, &(struct err){{0}}), 0);
	while (source_next(s, &f) == SOURCE_FRAME)
		sum = hash_mix(sum ^ hash_bytes(&key, f->data.p, f->data.n),
		    (uint64_t)f->ts + f->number + 3);
	for (*n_troubles = 0; source_trouble(s, &c); ++*n_troubles)
		sum = hash_mix(sum ^ hash_bytes(&key, c.text, strlen(c.text)), 11);
	source_close(s);
	return sum;
}

static void
a_folder_reads_the_same_with_any_number_of_threads(void)
{
	static const unsigned first[FILES] = {
	    0, 40, 80, 85, 90, 130, 131, 132, 300, 10, 400, 500};
	size_t one, many;
	struct folder f;
	uint64_t want;
	unsigned i;

	folder_make(&f);
	for (i = 0; i < FILES; i++)
		put_capture(&f, i, first[i], i % 5 == 4 ? 300 : 0);
	want = digest(f.path, 1, &one);
	CU_ASSERT_EQUAL(one, 2);
	for (i = 2; i <= 9; i++) {
		CU_ASSERT_EQUAL(digest(f.path, i, &many), want);
		CU_ASSERT_EQUAL(many, one);
	}
	folder_drop(&f);
}

static void
a_reader_that_stops_early_leaves_no_thread_behind(void)
{
	const char *path;
	struct source_opts opts = {.paths = &path, .n_paths = 1, .threads = 4};
	const struct frame *frame;
	struct source *s;
	struct folder f;
	unsigned i;

	folder_make(&f);
	for (i = 0; i < 4; i++)
		put_capture(&f, i, 10 * i, 0);
	path = f.path;
	for (i = 0; i < 20; i++) {
		opts.count = i + 1;
		CU_ASSERT_EQUAL_FATAL(source_open(&s, &opts, &(struct err){{0}}), 0);
		while (source_next(s, &frame) == SOURCE_FRAME)
			;
		source_close(s);
	}
	folder_drop(&f);
}

void
suite_ahead(void)
{
	CU_pSuite s = suite_new("ahead");

	CASE(s, "the same octets, however small the ring",
	    gives_the_same_octets_however_small_the_ring);
	CASE(s, "what is there of a cut file", gives_what_is_there_of_a_cut_file);
	CASE(s, "stopped anywhere, and used again",
	    can_be_stopped_anywhere_and_serve_again);
	CASE(s, "a folder reads the same with any number of threads",
	    a_folder_reads_the_same_with_any_number_of_threads);
	CASE(s, "stopping early", a_reader_that_stops_early_leaves_no_thread_behind);
}
