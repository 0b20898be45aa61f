#define _POSIX_C_SOURCE 200809L
#include "app/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static int
fill(int fd, const char *text, mode_t mode)
{
	size_t left = strlen(text);
	ssize_t n = 0;
	int code = 0;

	if (fchmod(fd, mode) != 0)
		code = errno;
	for (; code == 0 && left != 0; text += n, left -= (size_t)n) {
		n = file_write(fd, text, left);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			code = n < 0 ? errno : EIO;
	}
	if (close(fd) != 0 && code == 0)
		code = errno;
	return code;
}

int
whole_write(const char *path, const char *text, mode_t mode, struct err *e)
{
	const int how = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	char fresh[4096];
	int fd, code, n = snprintf(fresh, sizeof(fresh), "%s.new", path);

	if (n < 0 || (size_t)n >= sizeof(fresh))
		return err_set(e, "%.300s: too long for the name of a file", path);
	fd = open(fresh, how, mode);
	code = fd < 0 ? errno : fill(fd, text, mode);
	if (code == 0 && rename(fresh, path) != 0)
		code = errno;
	if (code == 0)
		return 0;
	if (fd >= 0)
		(void)unlink(fresh);
	return err_sys(e, code,
	    "%.300s: cannot be written (its folder must be there, and msnwatch's user "
	    "allowed to write in it)",
	    path);
}
