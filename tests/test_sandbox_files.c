#define _GNU_SOURCE
#include "app/sandbox_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/must.h"
#include "tests/suite.h"

static bool
makes(const char *folder, const char *name)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd != -1)
		(void)close(fd);
	return fd != -1;
}

static int
write_where_told(const char *folder)
{
	char one[128], two[128];

	(void)snprintf(one, sizeof(one), "%s/in/one", folder);
	(void)snprintf(two, sizeof(two), "%s/in/two", folder);
	MUST(makes(folder, "in/one"));
	MUST(truncate(one, 0) == 0);
	MUST(rename(one, two) == 0);
	MUST(unlink(two) == 0);
	MUST(makes(folder, "in/through"));
	MUST(makes(folder, "behind/real"));
	MUST(!makes(folder, "three") && errno == EACCES);
	MUST(!makes(folder, "there") && errno == EACCES);
	MUST(!makes(folder, "in/../out/three") && errno == EACCES);
	(void)snprintf(two, sizeof(two), "%s/there", folder);
	MUST(access(two, R_OK) == 0);
	MUST(unlink(two) == -1 && errno == EACCES);
	MUST(open("/dev/null", O_WRONLY | O_CLOEXEC) != -1);
	MUST(open("/dev/zero", O_WRONLY | O_CLOEXEC) == -1 && errno == EACCES);
	return 0;
}

static int
enter_and_write(const char *folder)
{
	char made[128], link[128];
	const char *const file[] = {made, link, "/dev/null"};
	struct err e = {{0}};

	(void)snprintf(made, sizeof(made), "%s/in/one", folder);
	(void)snprintf(link, sizeof(link), "%s/in/through", folder);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (sandbox_files(file, 3, &e) == 0)
		return write_where_told(folder);
	(void)fprintf(stderr, "%s\n", e.text);
	return 1;
}

static void
files_are_written_in_their_folders_only(void)
{
	char folder[] = "/tmp/sandbox.XXXXXX", path[128];
	const char *const parts[] = {"in", "out", "behind"};
	int status = -1;
	pid_t child;
	size_t i;

	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 1)
		return;
	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, parts[i]);
		CU_ASSERT_FATAL(mkdir(path, 0700) == 0);
	}
	(void)snprintf(path, sizeof(path), "%s/in/through", folder);
	CU_ASSERT_FATAL(makes(folder, "there") && makes(folder, "behind/real") &&
			symlink("../behind/real", path) == 0);
	child = fork();
	if (child == 0)
		_exit(enter_and_write(folder));
	CU_ASSERT_FATAL(child > 0 && waitpid(child, &status, 0) == child);
	CU_ASSERT_EQUAL(status, 0);
	(void)snprintf(path, sizeof(path), "exec rm -r %s", folder);
	CU_ASSERT_EQUAL(system(path), 0);
}

static void
a_folder_that_is_missing_is_named(void)
{
	const char *const file[] = {"/nowhere/at/all"};
	struct err e = {{0}};

	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 1)
		return;
	CU_ASSERT_EQUAL(sandbox_files(file, 1, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "/nowhere/at: "));
}

void
suite_sandbox_files(void)
{
	CU_pSuite s = suite_new("sandbox_files");

	CASE(s, "files are written in their folders only",
	    files_are_written_in_their_folders_only);
	CASE(s, "a folder that is missing is named", a_folder_that_is_missing_is_named);
}
