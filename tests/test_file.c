#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/suite.h"

#define MANY 50000

static int
new_file(int flags)
{
	int fd = memfd_create("written", MFD_CLOEXEC);

	CU_ASSERT_FATAL(fd != -1 && fcntl(fd, F_SETFL, flags) == 0);
	return fd;
}

static void
holds_exactly(int fd, const char *want)
{
	char got[64];
	ssize_t n = pread(fd, got, sizeof(got), 0);

	CU_ASSERT_EQUAL(n, (ssize_t)strlen(want));
	CU_ASSERT_NSTRING_EQUAL(got, want, strlen(want));
}

static void
what_is_written_follows_what_was(void)
{
	int fd = new_file(0);

	CU_ASSERT_EQUAL(file_write(fd, "one ", 4), 4);
	CU_ASSERT_EQUAL(write(fd, "two ", 4), 4);
	CU_ASSERT_EQUAL(file_write(fd, "three", 5), 5);
	holds_exactly(fd, "one two three");
	CU_ASSERT_EQUAL(lseek(fd, 4, SEEK_SET), 4);
	CU_ASSERT_EQUAL(file_write(fd, "TWO", 3), 3);
	holds_exactly(fd, "one TWO three");
	(void)close(fd);
}

static void
a_file_is_appended_to_wherever_it_stands(void)
{
	int fd = new_file(O_APPEND);

	CU_ASSERT_EQUAL(file_write(fd, "one ", 4), 4);
	CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_SET), 0);
	CU_ASSERT_EQUAL(file_write(fd, "two", 3), 3);
	holds_exactly(fd, "one two");
	(void)close(fd);
}

static void
pipes_are_written_to_as_well(void)
{
	char got[8] = "";
	int ends[2];

	CU_ASSERT_FATAL(pipe(ends) == 0);
	CU_ASSERT_EQUAL(file_write(ends[1], "four", 4), 4);
	CU_ASSERT_EQUAL(read(ends[0], got, sizeof(got)), 4);
	CU_ASSERT_STRING_EQUAL(got, "four");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void
a_stream_writes_everything_in_order(void)
{
	int fd = new_file(0), mine = dup(fd), i;
	FILE *f = file_stream(mine);

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	for (i = 0; i < MANY; i++)
		CU_ASSERT_FATAL(fprintf(f, "%06d\n", i) == 7);
	CU_ASSERT_EQUAL(fclose(f), 0);
	CU_ASSERT_EQUAL(fcntl(mine, F_GETFD), -1);
	f = fdopen(fd, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	rewind(f);
	for (i = 0; i < MANY; i++) {
		char want[16], got[16] = "";

		(void)snprintf(want, sizeof(want), "%06d\n", i);
		CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(got, sizeof(got), f));
		CU_ASSERT_STRING_EQUAL_FATAL(got, want);
	}
	CU_ASSERT_EQUAL(fgetc(f), EOF);
	(void)fclose(f);
}

static void
a_full_disk_is_told(void)
{
	FILE *f = file_stream(open("/dev/full", O_WRONLY));

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_NOT_EQUAL(fputs("line\n", f), EOF);
	errno = 0;
	CU_ASSERT_EQUAL(fflush(f), EOF);
	CU_ASSERT_EQUAL(errno, ENOSPC);
	(void)fclose(f);
}

void
suite_file(void)
{
	CU_pSuite s = suite_new("file");

	CASE(s, "what is written follows what was", what_is_written_follows_what_was);
	CASE(s, "a file is appended to wherever it stands",
	    a_file_is_appended_to_wherever_it_stands);
	CASE(s, "pipes are written to as well", pipes_are_written_to_as_well);
	CASE(s, "a stream writes everything in order",
	    a_stream_writes_everything_in_order);
	CASE(s, "a full disk is told", a_full_disk_is_told);
}
