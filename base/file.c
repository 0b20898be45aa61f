#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct cookie {
	int fd;
};

ssize_t
file_write(int fd, const void *data, size_t n)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t done;

	if (at == -1)
		return write(fd, data, n);
	done = pwrite(fd, data, n, at);
	if (done == -1 && errno == ESPIPE)
		return write(fd, data, n);
	if (done > 0)
		(void)lseek(fd, done, SEEK_CUR);
	return done;
}

/* What is not taken whole is a failure to stdio. */
static ssize_t
put(void *to, const char *data, size_t n)
{
	const struct cookie *c = to;
	size_t done = 0;
	ssize_t r;

	while (done < n) {
		r = file_write(c->fd, data + done, n - done);
		if (r > 0)
			done += (size_t)r;
		else if (r == 0 || errno != EINTR)
			break;
	}
	return (ssize_t)done;
}

static int
shut(void *of)
{
	struct cookie *c = of;
	int r = close(c->fd);

	free(c);
	return r;
}

FILE *
file_stream(int fd)
{
	const cookie_io_functions_t io = {.write = put, .close = shut};
	struct cookie *c = malloc(sizeof(*c));
	FILE *f;

	if (c == NULL)
		return NULL;
	c->fd = fd;
	f = fopencookie(c, "w", io);
	if (f == NULL)
		free(c);
	return f;
}
