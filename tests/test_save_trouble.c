#define _GNU_SOURCE
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/saving.h"
#include "tests/starve.h"

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

	CU_ASSERT_EQUAL_FATAL(save_open_series(&s, &o, &e), 0);
	CU_ASSERT_EQUAL(save_ready(s, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "/nowhere/at/: no place for captures"));
	e.text[0] = '\0';
	CU_ASSERT_EQUAL(save_close(s, &e), 0);
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
	CU_ASSERT_EQUAL_FATAL(save_open_series(&s, &o, &e), 0);
	CU_ASSERT_EQUAL(save_ready(s, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "cannot be deleted"));
	e.text[0] = '\0';
	CU_ASSERT_EQUAL(save_close(s, &e), 0);
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
suite_save_trouble(void)
{
	CU_pSuite s = suite_new("save_trouble");

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
