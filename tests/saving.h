/* Saves frames to a series of files in a folder of the test's own, and looks at them. */
#ifndef TESTS_SAVING_H
#define TESTS_SAVING_H

#include <dirent.h>

#include "capture/save_series.h"
#include "tests/capfile.h"
#include "tests/counted.h"

#define START (INT64_C(1795420800) * NS_PER_S) /* 2026-11-23 08:00:00 */

static struct folder dir;

/* The names in the folder, sorted. */
static struct names {
	char name[32][64];
	size_t n;
} found;

static inline int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static inline void
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

static inline const struct seen *
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

static inline struct save *
begin(struct save_series opts)
{
	static char prefix[128];
	struct save *s = NULL;
	struct err e = {{0}};

	(void)snprintf(prefix, sizeof(prefix), "%s/msn", dir.path);
	opts.prefix = prefix;
	CU_ASSERT_EQUAL_FATAL(save_open_series(&s, &opts, &e), 0);
	CU_ASSERT_EQUAL_FATAL(save_ready(s, &e), 0);
	return s;
}

static inline void
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

static inline void
end(struct save *s)
{
	struct err e = {{0}};

	CU_ASSERT_EQUAL(save_close(s, &e), 0);
	CU_ASSERT_STRING_EQUAL(e.text, "");
	look();
}

static inline uint64_t
counter(const struct save *s, const char *name)
{
	struct counters c = {.n = 0};

	save_counters(s, &c);
	return counter_of(&c, name);
}

static inline void
expect_name(size_t i, const char *want)
{
	CU_ASSERT_FATAL(i < found.n);
	CU_ASSERT_STRING_EQUAL(found.name[i], want);
}

#endif
