#define _GNU_SOURCE
#include <dirent.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/save_series.h"
#include "tests/capfile.h"
#include "tests/starve.h"

#define START (INT64_C(1795420800) * NS_PER_S) /* 2026-11-23 08:00:00 */

static struct folder dir;

/* The names in the folder, sorted. */
static struct names {
	char name[32][64];
	size_t n;
} found;

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
look(void)
{
	DIR *d = opendir(dir.path);
	const struct dirent *e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	found.n = 0;
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' && found.n < 32)
			(void)snprintf(found.name[found.n++], 64, "%.63s", e->d_name);
	(void)closedir(d);
	qsort(found.name, found.n, sizeof(found.name[0]), by_name);
}

static const struct seen *
content(size_t i)
{
	static struct seen seen;
	char path[160];

	CU_ASSERT_FATAL(i < found.n);
	(void)snprintf(path, sizeof(path), "%s/%s", dir.path, found.name[i]);
	seen_read_one(&seen, path);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	return &seen;
}

static struct save *
begin(struct save_series opts)
{
	static char prefix[128];
	struct save *s = NULL;
	struct err e = {{0}};

	(void)snprintf(prefix, sizeof(prefix), "%s/msn", dir.path);
	opts.prefix = prefix;
	CU_ASSERT_EQUAL_FATAL(save_open_series(&s, &opts, &e), 0);
	return s;
}

static void
put(struct save *s, size_t n, int64_t ts, int linktype)
{
	static uint8_t octets[100000];
	struct frame f = {
	    .data = {octets, n}, .wire_len = (uint32_t)n, .linktype = linktype, .ts = ts};
	size_t i;

	for (i = 0; i < n; i++)
		octets[i] = (uint8_t)(i * 7 + n);
	save_frame(s, &f);
}

static void
end(struct save *s)
{
	struct err e = {{0}};

	CU_ASSERT_EQUAL(save_close(s, &e), 0);
	CU_ASSERT_STRING_EQUAL(e.text, "");
	look();
}

static uint64_t
counter(const struct save *s, const char *name)
{
	struct counters c = {.n = 0};
	size_t i;

	save_counters(s, &c);
	for (i = 0; i < c.n; i++)
		if (strcmp(c.c[i].name, name) == 0)
			return c.c[i].value;
	CU_FAIL("no such counter");
	return 0;
}

static void
expect_name(size_t i, const char *want)
{
	CU_ASSERT_FATAL(i < found.n);
	CU_ASSERT_STRING_EQUAL(found.name[i], want);
}

static void
a_new_file_begins_when_one_is_full(void)
{
	struct save *s;
	size_t i, n = 0;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .size = 24 + 3 * (16 + 100)});
	for (i = 0; i < 10; i++)
		put(s, 100, START + (int64_t)i * NS_PER_S / 2, 1);
	CU_ASSERT_EQUAL(counter(s, "saved.files"), 4);
	CU_ASSERT_EQUAL(counter(s, "saved.frames"), 10);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 4);
	expect_name(0, "msn-20261123T080000Z-000.pcap");
	expect_name(1, "msn-20261123T080001Z-000.pcap");
	for (i = 0; i < found.n; i++) {
		const struct seen *seen = content(i);

		CU_ASSERT_EQUAL(seen->n, i < 3 ? 3 : 1);
		CU_ASSERT_EQUAL(seen->frames[0].ts, START + (int64_t)n * NS_PER_S / 2);
		CU_ASSERT(seen->frames[0].intact);
		n += seen->n;
	}
	folder_drop(&dir);
}

static void
a_frame_larger_than_a_file_gets_one(void)
{
	struct save *s;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .size = 1000});
	put(s, 60, START, 1);
	put(s, 99999, START, 1);
	put(s, 60, START, 1);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 3);
	expect_name(0, "msn-20261123T080000Z-000.pcap");
	expect_name(2, "msn-20261123T080000Z-002.pcap");
	CU_ASSERT_EQUAL(content(0)->n, 1);
	CU_ASSERT_EQUAL(content(1)->frames[0].len, 99999);
	CU_ASSERT(content(1)->frames[0].intact);
	folder_drop(&dir);
}

static void
a_new_file_begins_after_a_time(void)
{
	struct save *s;
	int64_t i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = 2, .ns = 60 * NS_PER_S});
	for (i = 0; i < 7; i++)
		put(s, 60, START + i * 20 * NS_PER_S, 1);
	put(s, 60, START + 115 * NS_PER_S, 1); /* it was held for a while */
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 3);
	expect_name(0, "msn-w2-20261123T080000Z-000.pcap");
	expect_name(1, "msn-w2-20261123T080100Z-000.pcap");
	expect_name(2, "msn-w2-20261123T080200Z-000.pcap");
	CU_ASSERT_EQUAL(content(2)->n, 2);
	folder_drop(&dir);
}

static void
a_clock_set_back_does_not_stop_the_turning(void)
{
	struct save *s;
	int64_t i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .ns = 60 * NS_PER_S});
	put(s, 60, START, 1);
	for (i = 0; i < 5; i++)
		put(s, 60, START + (i * 30 - 3600) * NS_PER_S, 1);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 3);
	expect_name(0, "msn-20261123T070100Z-000.pcap");
	expect_name(1, "msn-20261123T070200Z-000.pcap");
	CU_ASSERT_EQUAL(content(2)->n, 3);
	folder_drop(&dir);
}

static void
only_so_many_files_are_kept(void)
{
	static const char *const others[] = {"msn-20200101T000000Z.pcap", "zzz.pcap",
	    "msn-w1-20200101T000000Z-000.pcap", "msn-20200101T000000Z-000.pcap.gz",
	    "msnx-20200101T000000Z-000.pcap", "msn-2020010aT000000Z-000.pcap"};
	const size_t n_others = sizeof(others) / sizeof(others[0]);
	struct save *s;
	size_t i;

	folder_make(&dir);
	for (i = 0; i < n_others; i++)
		(void)folder_put(&dir, others[i], "", 0);
	(void)folder_put(&dir, "msn-20200101T000000Z-000.pcap", "", 0);
	(void)folder_put(&dir, "msn-20200101T000000Z-001.pcap", "", 0);
	(void)folder_put(&dir, "msn-20200102T000000Z-000.pcap", "", 0);
	(void)folder_put(&dir, "msn-20990101T000000Z-000.pcap", "", 0);
	s = begin((struct save_series){.worker = -1, .ns = NS_PER_S, .keep = 3});
	look();
	CU_ASSERT_EQUAL(found.n, n_others + 3);
	for (i = 0; i < 9; i++)
		put(s, 60, START + (int64_t)i * NS_PER_S, 1);
	end(s);
	CU_ASSERT_EQUAL(found.n, n_others + 3);
	for (i = 0; i < n_others; i++)
		CU_ASSERT_PTR_NOT_NULL(bsearch(
		    others[i], found.name, found.n, sizeof(found.name[0]), by_name));
	CU_ASSERT_PTR_NOT_NULL(bsearch("msn-20261123T080008Z-000.pcap", found.name,
	    found.n, sizeof(found.name[0]), by_name));
	CU_ASSERT_PTR_NOT_NULL(bsearch("msn-20990101T000000Z-000.pcap", found.name,
	    found.n, sizeof(found.name[0]), by_name));
	folder_drop(&dir);
}

static void
each_link_type_has_its_own_file(void)
{
	static const int types[] = {DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL, DLT_LINUX_SLL2};
	struct save *s;
	size_t i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .keep = 1});
	for (i = 0; i < 40; i++)
		put(s, 60, START + (int64_t)i * NS_PER_S, types[i % 4]);
	put(s, 60, START, DLT_NULL);
	CU_ASSERT_EQUAL(save_refused(s), 1);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 4); /* those in use stay */
	for (i = 0; i < 4; i++) {
		CU_ASSERT_EQUAL(content(i)->n, 10);
		CU_ASSERT_EQUAL(content(i)->frames[9].linktype, types[i]);
	}
	folder_drop(&dir);
}

static void
what_is_flushed_can_be_read(void)
{
	struct save *s;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1});
	look();
	CU_ASSERT_EQUAL(found.n, 0); /* nothing yet to save */
	put(s, 60, START, 1);
	save_flush(s);
	look();
	CU_ASSERT_EQUAL(content(0)->n, 1);
	put(s, 90000, START, 1);
	put(s, 60, START, 1);
	CU_ASSERT_EQUAL(content(0)->n, 2); /* never half a record */
	end(s);
	CU_ASSERT_EQUAL(content(0)->n, 3);
	folder_drop(&dir);
}

/* No file may grow beyond n octets, as if the disk were full. */
static void
allow(rlim_t n)
{
	struct rlimit l;

	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = n;
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void
a_full_disk_is_told_once_and_saving_goes_on(void)
{
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	struct coverage c;
	struct save *s;
	int i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1});
	put(s, 60, START, 1);
	save_flush(s);
	CU_ASSERT(!save_news(s, &c));
	allow(150);
	for (i = 0; i < 30; i++) {
		put(s, 60, START + i * NS_PER_S, 1);
		save_flush(s);
		CU_ASSERT_EQUAL(save_news(s, &c), i == 0);
	}
	CU_ASSERT_EQUAL(c.kind, COVERAGE_OUTPUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.text, "cannot be written: File too large; "));
	allow(RLIM_INFINITY);
	put(s, 60, START + 50 * NS_PER_S, 1);
	CU_ASSERT_EQUAL(counter(s, "saved.lost"), 31);
	put(s, 60, START + 61 * NS_PER_S, 1);
	save_flush(s);
	CU_ASSERT_FATAL(save_news(s, &c));
	CU_ASSERT_EQUAL(c.count, 31);
	CU_ASSERT_STRING_EQUAL(c.text, "packets are saved again; 31 were not");
	CU_ASSERT_EQUAL(counter(s, "saved.frames"), 2);
	end(s);
	(void)signal(SIGXFSZ, before);
	CU_ASSERT_EQUAL_FATAL(found.n, 2);
	CU_ASSERT_EQUAL(content(0)->n, 1); /* whole records only */
	CU_ASSERT_EQUAL(content(1)->n, 1);
	folder_drop(&dir);
}

static void
a_disk_that_stays_full_leaves_no_litter(void)
{
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	struct err e = {{0}};
	struct save *s;
	int i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1});
	allow(10);
	for (i = 0; i < 10; i++) {
		put(s, 60, START + i * 100 * NS_PER_S, 1);
		if (i < 9)
			save_flush(s);
	}
	CU_ASSERT_EQUAL(save_close(s, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "packets are not saved"));
	allow(RLIM_INFINITY);
	(void)signal(SIGXFSZ, before);
	look();
	CU_ASSERT_EQUAL(found.n, 0);
	folder_drop(&dir);
}

static void
a_place_that_will_not_do_is_named(void)
{
	struct save_series o = {.prefix = "/nowhere/at/all", .worker = -1};
	char name[300] = "";
	struct err e = {{0}};
	struct save *s;

	CU_ASSERT_EQUAL(save_open_series(&s, &o, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "/nowhere/at/: no place for captures"));
	e.text[0] = '\0';
	memset(name, 'x', sizeof(name) - 1);
	o.prefix = name;
	CU_ASSERT_EQUAL(save_open_series(&s, &o, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "too long for the name of a file"));
	e.text[0] = '\0';
	o.prefix = "/tmp/";
	CU_ASSERT_EQUAL(save_open_series(&s, &o, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "as in /tmp/messenger"));
}

static void
memory_that_runs_out_is_told(void)
{
	struct save_series o = {.prefix = "/tmp/msn", .worker = -1};
	struct save *s = NULL;
	struct err e;
	bool refused = true;
	size_t i;

	for (i = 0; refused; i++) {
		e = (struct err){{0}};
		starve_after(i);
		if (save_open_series(&s, &o, &e) == 0)
			(void)save_close(s, &e);
		refused = starve_end();
		CU_ASSERT_EQUAL(refused, strstr(e.text, "no memory") != NULL);
	}
	CU_ASSERT_EQUAL(i, 7); /* the save, its buffers, the series */
	e = (struct err){{0}};
	starve_after(0);
	CU_ASSERT_EQUAL(save_open(&s, "/tmp/msn", &e), -1);
	CU_ASSERT(starve_end());
}

static void
what_cannot_be_deleted_is_named(void)
{
	struct save_series o = {.worker = -1, .keep = 1};
	char prefix[128], name[160];
	struct coverage c;
	struct err e = {{0}};
	struct save *s;

	folder_make(&dir);
	s = begin(o);
	(void)snprintf(name, sizeof(name), "%s/msn-20200101T000000Z-000.pcap", dir.path);
	CU_ASSERT_EQUAL_FATAL(mkdir(name, 0700), 0);
	put(s, 60, START, 1);
	CU_ASSERT_FATAL(save_news(s, &c));
	CU_ASSERT_PTR_NOT_NULL(strstr(c.text, "Z-000.pcap: cannot be deleted: Is a dir"));
	CU_ASSERT_EQUAL(counter(s, "saved.lost"), 1);
	end(s);
	(void)snprintf(prefix, sizeof(prefix), "%s/msn", dir.path);
	(void)snprintf(name, sizeof(name), "%s/msn-20210101T000000Z-000.pcap", dir.path);
	CU_ASSERT_EQUAL_FATAL(mkdir(name, 0700), 0);
	o.prefix = prefix;
	CU_ASSERT_EQUAL(save_open_series(&s, &o, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "cannot be deleted"));
	folder_drop(&dir);
}

/* The folder goes while frames are saved. */
static void
a_file_that_cannot_be_made_is_told(void)
{
	struct save *s, *bounded;
	struct coverage c;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1});
	bounded = begin((struct save_series){.worker = -1, .keep = 2});
	folder_drop(&dir);
	put(s, 60, START, 1);
	put(bounded, 60, START, 1);
	CU_ASSERT_FATAL(save_news(s, &c));
	CU_ASSERT_PTR_NOT_NULL(strstr(c.text, "cannot be made: No such file"));
	CU_ASSERT_FATAL(save_news(bounded, &c));
	CU_ASSERT_PTR_NOT_NULL(strstr(c.text, "cannot be read: No such file"));
	put(s, 60, START - 3600 * NS_PER_S, 1); /* a clock that is set back meanwhile */
	CU_ASSERT_EQUAL_FATAL(mkdir(dir.path, 0700), 0);
	put(s, 60, START - 3530 * NS_PER_S, 1);
	CU_ASSERT_EQUAL(counter(s, "saved.lost"), 2);
	CU_ASSERT_EQUAL(counter(s, "saved.frames"), 1);
	end(bounded);
	end(s);
	CU_ASSERT_EQUAL(found.n, 1);
	folder_drop(&dir);
}

static void
a_disk_that_fills_within_a_large_frame_spoils_no_file(void)
{
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	struct err e = {{0}};
	struct coverage c;
	struct save *s;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1});
	put(s, 60, START, 1);
	save_flush(s);
	allow(5000);
	put(s, 99000, START, 1);
	allow(RLIM_INFINITY);
	CU_ASSERT(save_news(s, &c));
	CU_ASSERT_EQUAL(counter(s, "saved.lost"), 1);
	CU_ASSERT_EQUAL(save_close(s, &e), 0); /* that was told */
	(void)signal(SIGXFSZ, before);
	look();
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_EQUAL(content(0)->n, 1);
	folder_drop(&dir);
}

void
suite_save_series(void)
{
	CU_pSuite s = suite_new("save_series");

	CASE(s, "a new file begins when one is full", a_new_file_begins_when_one_is_full);
	CASE(s, "a frame larger than a file gets one",
	    a_frame_larger_than_a_file_gets_one);
	CASE(s, "a new file begins after a time", a_new_file_begins_after_a_time);
	CASE(s, "a clock set back does not stop the turning",
	    a_clock_set_back_does_not_stop_the_turning);
	CASE(s, "only so many files are kept, and others left alone",
	    only_so_many_files_are_kept);
	CASE(s, "each link type has its own file", each_link_type_has_its_own_file);
	CASE(s, "what is flushed can be read", what_is_flushed_can_be_read);
	CASE(s, "a full disk is told once, and saving goes on",
	    a_full_disk_is_told_once_and_saving_goes_on);
	CASE(s, "a disk that stays full leaves no litter",
	    a_disk_that_stays_full_leaves_no_litter);
	CASE(s, "a place that will not do is named", a_place_that_will_not_do_is_named);
	CASE(s, "memory that runs out is told", memory_that_runs_out_is_told);
	CASE(s, "what cannot be deleted is named", what_cannot_be_deleted_is_named);
	CASE(s, "a file that cannot be made is told", a_file_that_cannot_be_made_is_told);
	CASE(s, "a disk that fills within a large frame spoils no file",
	    a_disk_that_fills_within_a_large_frame_spoils_no_file);
}
