#define _POSIX_C_SOURCE 200809L
#include "app/append.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* What cannot be read, or is no file, is taken as whole. */
static bool
is_torn(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	char last = '\n';

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    pread(fd, &last, 1, st.st_size - 1) != 1)
		last = '\n';
	(void)close(fd);
	return last != '\n';
}

static FILE *
open_stream(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640), code;
	FILE *f = fd != -1 ? file_stream(fd) : NULL;

	if (f == NULL && fd != -1) {
		code = errno;
		(void)close(fd);
		errno = code;
	}
	return f;
}

FILE *
append_open(const char *path, const char *who, struct err *e)
{
	bool torn = is_torn(path);
	FILE *f = open_stream(path);

	if (f != NULL && (!torn || (fputc('\n', f) != EOF && fflush(f) == 0)))
		return f;
	(void)err_sys(e, errno, "%s: cannot be %s by %s", path,
	    f == NULL ? "opened" : "written", who);
	if (f != NULL)
		(void)fclose(f);
	return NULL;
}
