/* Many inputs: folders, order, what is left out, and saving. */
#define _GNU_SOURCE
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/inputs.h"
#include "tests/capfile.h"
#include "tests/counted.h"

static struct cap cap;
static struct seen seen;
static struct folder dir;

#define S INT64_C(1000000000)

/* A file with one frame a second: first, first + step, ... */
static const char *
put_series(const char *name, uint32_t first, uint32_t step, uint32_t n)
{
	uint32_t i;

	cap_pcap(&cap, CAP_USEC, false, 1);
	for (i = 0; i < n; i++)
		cap_record(&cap, first + i * step, 0, 20 + i);
	return folder_put(&dir, name, cap.b, cap.n);
}

static void
read_folder(void)
{
	seen_read_one(&seen, dir.path);
}

static void
check_origins(const char *const *names, size_t n)
{
	size_t i;

	CU_ASSERT_EQUAL_FATAL(seen.n, n);
	for (i = 0; i < n; i++)
		CU_ASSERT_STRING_EQUAL(seen.frames[i].origin, names[i]);
}

static void
check_trouble(size_t i, enum coverage_kind kind, const char *part)
{
	CU_ASSERT_FATAL(i < seen.n_troubles);
	CU_ASSERT_EQUAL(seen.troubles[i].kind, kind);
	CU_ASSERT_PTR_NOT_NULL(strstr(seen.troubles[i].text, part));
}

static void
files_that_overlap_are_merged_by_time(void)
{
	size_t i;

	folder_make(&dir);
	put_series("a", 102, 2, 3); /* 102 104 106 */
	put_series("b", 101, 3, 3); /* 101 104 107: a tie with a */
	put_series("c", 200, 1, 1);
	read_folder();
	check_origins((const char *const[]){"b", "a", "a", "b", "a", "b", "c"}, 7);
	for (i = 1; i < seen.n; i++)
		CU_ASSERT(seen.frames[i - 1].ts <= seen.frames[i].ts);
	for (i = 0; i < seen.n; i++)
		CU_ASSERT(seen.frames[i].intact);
	CU_ASSERT_EQUAL(seen.frames[5].number, 3);
	folder_drop(&dir);
}

/* Each has frames 0..9 s; ties go by the order on the command line. */
static void
ties_keep_the_order_on_the_command_line(void)
{
	char paths[3][128];
	const char *list[3] = {paths[0], paths[1], paths[2]};
	const struct source_opts opts = {.paths = list, .n_paths = 3};
	size_t i;

	folder_make(&dir);
	for (i = 0; i < 3; i++)
		(void)snprintf(paths[i], sizeof(paths[i]), "%s",
		    put_series((const char *const[]){"z", "m", "a"}[i], 50, 1, 10));
	seen_read(&seen, &opts);
	CU_ASSERT_EQUAL_FATAL(seen.n, 30);
	for (i = 0; i < 30; i++) {
		CU_ASSERT_EQUAL(seen.frames[i].origin[0], "zma"[i % 3]);
		CU_ASSERT_EQUAL(seen.frames[i].ts, (50 + (int64_t)i / 3) * S);
	}
	put_series("z", 59, 1, 1); /* named first, begins with the others' last */
	seen_read(&seen, &opts);
	CU_ASSERT_STRING_EQUAL(seen.frames[18].origin, "z");
	folder_drop(&dir);
}

static void
a_clock_that_runs_backwards_keeps_the_files_order(void)
{
	static const uint32_t times[] = {100, 90, 105, 95};
	size_t i;

	folder_make(&dir);
	cap_pcap(&cap, CAP_USEC, false, 1);
	for (i = 0; i < 4; i++)
		cap_record(&cap, times[i], 0, 20);
	(void)folder_put(&dir, "a", cap.b, cap.n);
	put_series("b", 101, 1, 2);
	read_folder();
	check_origins((const char *const[]){"a", "a", "b", "b", "a", "a"}, 6);
	CU_ASSERT_EQUAL(seen.frames[1].ts, 90 * S);
	CU_ASSERT_EQUAL(seen.frames[5].ts, 95 * S);
	folder_drop(&dir);
}

/* Rotated files follow each other, one open at a time; taps may all overlap. */
static void
more_files_than_can_be_open_are_all_read(void)
{
	struct rlimit old, few = {80, 80};
	char name[32];
	size_t i;

	CU_ASSERT_EQUAL(getrlimit(RLIMIT_NOFILE, &old), 0);
	few.rlim_max = old.rlim_max;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &few), 0);
	folder_make(&dir);
	for (i = 0; i < 150; i++) {
		(void)snprintf(name, sizeof(name), "%03zu.pcap", 149 - i);
		put_series(name, 1000 + (uint32_t)i * 10, 5, 3);
	}
	read_folder();
	CU_ASSERT_EQUAL_FATAL(seen.n, 450);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	for (i = 1; i < seen.n; i++)
		CU_ASSERT(seen.frames[i - 1].ts <= seen.frames[i].ts);
	for (i = 0; i < 150; i++) { /* and when all of them overlap */
		(void)snprintf(name, sizeof(name), "%03zu.pcap", i);
		put_series(name, 1000 + (uint32_t)i, 500, 3);
	}
	read_folder();
	CU_ASSERT_EQUAL(seen.n, 450);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	CU_ASSERT_EQUAL(seen.progress.done_bytes, seen.progress.total_bytes);
	CU_ASSERT_EQUAL(seen.progress.total_bytes, 150 * cap.n);
	folder_drop(&dir);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &old), 0);
}

static void
a_folder_is_walked_by_name_and_says_what_it_skips(void)
{
	char path[128];

	folder_make(&dir);
	put_series("c.pcap", 100, 1, 1);
	put_series("a.anything", 100, 1, 1);
	put_series(".hidden.pcap", 100, 1, 1);
	(void)snprintf(path, sizeof(path), "%s/b", dir.path);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	put_series("b/inner", 100, 1, 1);
	(void)snprintf(path, sizeof(path), "%s/.git", dir.path);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	put_series(".git/x.pcap", 100, 1, 1);
	(void)snprintf(path, sizeof(path), "%s/fifo", dir.path);
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	(void)snprintf(path, sizeof(path), "%s/loop", dir.path);
	CU_ASSERT_EQUAL(symlink(".", path), 0);
	(void)snprintf(path, sizeof(path), "%s/nowhere", dir.path);
	CU_ASSERT_EQUAL(symlink("gone", path), 0);
	(void)folder_put(&dir, "empty.pcap", "", 0);
	(void)folder_put(&dir, "readme.txt", "some text", 9);
	(void)folder_put(&dir, "text.pcap", "some text", 9);
	(void)folder_put(&dir, "x.pcap.xz",
	    "\xfd"
	    "7zXZ\0\0\4",
	    8);
	read_folder();
	check_origins((const char *const[]){"a.anything", "inner", "c.pcap"}, 3);
	CU_ASSERT_EQUAL(seen.n_troubles, 7);
	check_trouble(0, COVERAGE_SKIPPED, "fifo: not a file");
	check_trouble(1, COVERAGE_SKIPPED, "loop: leads back");
	check_trouble(2, COVERAGE_SKIPPED, "nowhere: a link");
	check_trouble(3, COVERAGE_SKIPPED, "empty.pcap: empty");
	check_trouble(4, COVERAGE_SKIPPED, "readme.txt: not a capture");
	check_trouble(5, COVERAGE_UNREADABLE, "text.pcap: not a capture");
	check_trouble(6, COVERAGE_UNREADABLE, "x.pcap.xz: compressed with xz");
	folder_drop(&dir);
}

static void
names_like_captures_are_known(void)
{
	static const char *const yes[] = {"a.pcap", "x/a.PCAPNG", "a.cap.gz", "a.pcap3",
	    "a.pcap.17", "log.pcap.1700000000.zst", "a.trc", "a.ntar", "a.dmp.zstd"};
	static const char *const no[] = {
	    "a", "pcap", "a.txt", "a.gz", "dir.pcap/notes", "a.pcap.md5", "", "7", ".."};
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		CU_ASSERT(inputs_named_like_capture(yes[i]));
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		CU_ASSERT_FALSE(inputs_named_like_capture(no[i]));
}

static void
what_was_named_and_cannot_be_read_is_told(void)
{
	char text[128], empty[128], locked[128], odd[128];
	const char *list[] = {"/nowhere/at/all.pcap", text, empty, locked, odd, ""};
	const struct source_opts opts = {.paths = list, .n_paths = 6};
	size_t i;

	folder_make(&dir);
	(void)snprintf(text, sizeof(text), "%s", folder_put(&dir, "notes", "hello", 5));
	(void)snprintf(empty, sizeof(empty), "%s", folder_put(&dir, "none", "", 0));
	(void)snprintf(locked, sizeof(locked), "%s", put_series("locked", 1, 1, 1));
	(void)snprintf(
	    odd, sizeof(odd), "%s", folder_put(&dir, "a\x1b[2J", "snoop\0", 6));
	CU_ASSERT_EQUAL(chmod(locked, 0), 0);
	seen_read(&seen, &opts);
	CU_ASSERT_EQUAL(seen.n_troubles, geteuid() == 0 ? 5 : 6);
	for (i = 0; i < seen.n_troubles; i++)
		CU_ASSERT_EQUAL(seen.troubles[i].kind, COVERAGE_UNREADABLE);
	check_trouble(0, COVERAGE_UNREADABLE,
	    "/nowhere/at/all.pcap: cannot be opened: No such file or directory");
	check_trouble(1, COVERAGE_UNREADABLE, "cannot be opened: No such file");
	check_trouble(2, COVERAGE_UNREADABLE, "notes: not a capture (pcap or pcapng");
	check_trouble(3, COVERAGE_UNREADABLE, "none: empty");
	if (geteuid() != 0)
		check_trouble(4, COVERAGE_UNREADABLE, "locked: cannot be opened: Perm");
	check_trouble(seen.n_troubles - 1, COVERAGE_UNREADABLE,
	    "a\\x1b[2J: a snoop capture; convert it");
	folder_drop(&dir);
}

static void
a_file_named_twice_is_read_once(void)
{
	char path[128], link[128];
	const char *list[] = {path, dir.path, link};
	const struct source_opts opts = {.paths = list, .n_paths = 3};

	folder_make(&dir);
	(void)snprintf(path, sizeof(path), "%s", put_series("a.pcap", 1, 1, 2));
	(void)snprintf(link, sizeof(link), "%s/.link", dir.path);
	CU_ASSERT_EQUAL(symlink("a.pcap", link), 0);
	seen_read(&seen, &opts);
	CU_ASSERT_EQUAL(seen.n, 2);
	CU_ASSERT_EQUAL(seen.n_troubles, 2);
	check_trouble(0, COVERAGE_SKIPPED, "a.pcap: the same file as");
	check_trouble(1, COVERAGE_SKIPPED, ".link: the same file as");
	folder_drop(&dir);
}

static void
damage_names_the_file_the_byte_and_the_cause(void)
{
	folder_make(&dir);
	put_series("a.pcap", 1, 1, 3);
	(void)folder_put(&dir, "a.pcap", cap.b, cap.n - 1);
	put_series("b.pcap", 1, 1, 3);
	memset(cap.b + 24 + 36 + 8, 0xff, 4);
	(void)folder_put(&dir, "b.pcap", cap.b, cap.n);
	read_folder();
	CU_ASSERT_EQUAL(seen.n, 3);
	CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 2);
	check_trouble(0, COVERAGE_DAMAGED,
	    "b.pcap: damaged at byte 60: impossible record length 4294967295; "
	    "everything before it was read");
	check_trouble(1, COVERAGE_DAMAGED,
	    "a.pcap: damaged at byte 97: truncated record (22 bytes expected, "
	    "21 are there); everything before it was read");
	CU_ASSERT_EQUAL(seen.troubles[1].offset, 97);
	folder_drop(&dir);
}

static uint64_t
counter(const char *name)
{
	return counter_of(&seen.counters, name);
}

static void
filter_and_count_limit_what_is_delivered(void)
{
	const char *list[] = {dir.path};
	struct source_opts opts = {.paths = list, .n_paths = 1, .filter = "greater 23"};

	folder_make(&dir);
	put_series("a.pcap", 1, 1, 10); /* wire lengths 22 to 31 */
	put_series("b.pcap", 100, 1, 10);
	seen_read(&seen, &opts);
	CU_ASSERT_EQUAL(seen.n, 18);
	CU_ASSERT_EQUAL(seen.frames[0].number, 2);
	CU_ASSERT_EQUAL(counter("source.files"), 2);
	CU_ASSERT_EQUAL(counter("source.frames"), 18);
	CU_ASSERT_EQUAL(counter("source.left_out"), 2);
	CU_ASSERT_EQUAL(counter("source.bytes"), 2 * (21 + 29) * 9 / 2);
	CU_ASSERT_EQUAL(seen.progress.frames, 20);
	opts.count = 10;
	seen_read(&seen, &opts);
	CU_ASSERT_EQUAL(seen.n, 10);
	CU_ASSERT_EQUAL(seen.frames[9].number, 2);
	CU_ASSERT_STRING_EQUAL(seen.frames[9].origin, "b.pcap");
	folder_drop(&dir);
}

static void
a_filter_that_does_not_compile_stops_the_opening(void)
{
	const char *list[] = {dir.path};
	struct source_opts opts = {.paths = list, .n_paths = 1, .filter = "tcp prot 1"};
	struct source *s = NULL;
	struct err e = {{0}};

	folder_make(&dir);
	CU_ASSERT_EQUAL(source_open(&s, &opts, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "filter \"tcp prot 1\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "syntax error"));
	put_series("a.pcap", 1, 1, 1);
	e.text[0] = '\0';
	CU_ASSERT_EQUAL(source_open(&s, &opts, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "EN10MB"));
	folder_drop(&dir);
}

static void
a_filter_that_does_not_fit_a_later_link_type_is_told(void)
{
	const char *list[] = {dir.path};
	struct source_opts opts = {
	    .paths = list, .n_paths = 1, .filter = "ether[0] >= 0 and vlan or greater 1"};

	folder_make(&dir);
	cap.n = cap.n_units = 0;
	cap_section(&cap, false);
	cap_interface(&cap, 1, 6, 0);
	cap_interface(&cap, 101, 6, 0);
	cap_enhanced(&cap, 0, 1, 30);
	cap_enhanced(&cap, 1, 2, 30);
	cap_enhanced(&cap, 1, 3, 30);
	(void)folder_put(&dir, "a", cap.b, cap.n);
	seen_read(&seen, &opts);
	CU_ASSERT_EQUAL(seen.n, 1);
	CU_ASSERT_EQUAL(seen.n_troubles, 1);
	check_trouble(0, COVERAGE_LINK_TYPE, "such frames are left out");
	CU_ASSERT_EQUAL(counter("source.left_out"), 2);
	folder_drop(&dir);
}

void
suite_source_merge(void)
{
	CU_pSuite s = suite_new("source_merge");

	CASE(s, "overlapping files are merged", files_that_overlap_are_merged_by_time);
	CASE(s, "ties keep the given order", ties_keep_the_order_on_the_command_line);
	CASE(s, "a clock running backwards",
	    a_clock_that_runs_backwards_keeps_the_files_order);
	CASE(s, "more files than can be open", more_files_than_can_be_open_are_all_read);
	CASE(s, "a folder", a_folder_is_walked_by_name_and_says_what_it_skips);
	CASE(s, "names like captures", names_like_captures_are_known);
	CASE(s, "missing, empty and no captures",
	    what_was_named_and_cannot_be_read_is_told);
	CASE(s, "named twice, read once", a_file_named_twice_is_read_once);
	CASE(s, "damage is named", damage_names_the_file_the_byte_and_the_cause);
	CASE(s, "filter and count", filter_and_count_limit_what_is_delivered);
	CASE(s, "a wrong filter", a_filter_that_does_not_compile_stops_the_opening);
	CASE(s, "a filter and a later link type",
	    a_filter_that_does_not_fit_a_later_link_type_is_told);
}
