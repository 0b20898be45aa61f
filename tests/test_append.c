#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/append.h"
#include "tests/capfile.h"

static struct folder dir;

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_TRUE(fputs(text, f) >= 0);
	CU_ASSERT_EQUAL(fclose(f), 0);
}

/* What stands in a file of this beginning after one more line. */
static void
expect(const char *before, const char *after)
{
	char path[128], got[128] = "";
	struct err e = {{0}};
	FILE *f;

	folder_make(&dir);
	(void)snprintf(path, sizeof(path), "%s/events.json", dir.path);
	if (before != NULL)
		put(path, before);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f = append_open(path, "us", &e));
	CU_ASSERT_TRUE(fputs("{2}\n", f) >= 0);
	CU_ASSERT_EQUAL(fclose(f), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f = fopen(path, "re"));
	(void)fread(got, 1, sizeof(got) - 1, f);
	CU_ASSERT_EQUAL(fclose(f), 0);
	CU_ASSERT_STRING_EQUAL(got, after);
	folder_drop(&dir);
}

static void
what_stands_there_stays(void)
{
	expect(NULL, "{2}\n");
	expect("", "{2}\n");
	expect("{1}\n", "{1}\n{2}\n");
	expect("{0}\n{1}\n", "{0}\n{1}\n{2}\n");
}

static void
a_line_cut_off_gets_its_end(void)
{
	expect("{", "{\n{2}\n");
	expect("{0}\n{1", "{0}\n{1\n{2}\n");
}

static void
a_pipe_is_left_alone(void)
{
	char path[128], got[8] = "";
	struct err e = {{0}};
	FILE *from, *to;

	folder_make(&dir);
	(void)snprintf(path, sizeof(path), "%s/pipe", dir.path);
	CU_ASSERT_EQUAL_FATAL(mkfifo(path, 0600), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(from = fopen(path, "r+e"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(to = append_open(path, "us", &e));
	CU_ASSERT_TRUE(fputs("{2}\n", to) >= 0);
	CU_ASSERT_EQUAL(fclose(to), 0);
	CU_ASSERT_PTR_NOT_NULL(fgets(got, sizeof(got), from));
	CU_ASSERT_STRING_EQUAL(got, "{2}\n");
	CU_ASSERT_EQUAL(fclose(from), 0);
	folder_drop(&dir);
}

static void
what_cannot_be_opened_is_named(void)
{
	struct err e = {{0}};

	CU_ASSERT_PTR_NULL(append_open("/nowhere/events.json", "us", &e));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(e.text, "/nowhere/events.json: cannot be opened by us"));
	e = (struct err){{0}};
	CU_ASSERT_PTR_NULL(append_open("/", "us", &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "/: cannot be opened by us"));
}

void
suite_append(void)
{
	CU_pSuite s = suite_new("append");

	CASE(s, "what stands there stays", what_stands_there_stays);
	CASE(s, "a line cut off gets its end", a_line_cut_off_gets_its_end);
	CASE(s, "a pipe is left alone", a_pipe_is_left_alone);
	CASE(s, "what cannot be opened is named", what_cannot_be_opened_is_named);
}
