#define _DEFAULT_SOURCE
#include "app/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"

#define MESSAGE_MAX  512
#define NS_PER_US    1000
#define WATCHDOG_MAX (INT64_C(1) << 40) /* microseconds */

/* A number of the environment; 0 when there is none that makes sense. */
static int64_t
number(const char *name, int64_t most)
{
	const char *text = getenv(name);
	char *end = NULL;
	long long n;

	if (text == NULL || text[0] < '1' || text[0] > '9')
		return 0;
	errno = 0;
	n = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && n <= most ? n : 0;
}

static int64_t
beat_every(void)
{
	int64_t us = number("WATCHDOG_USEC", WATCHDOG_MAX);
	const char *whose = getenv("WATCHDOG_PID");

	if (whose != NULL && number("WATCHDOG_PID", INT32_MAX) != getpid())
		return 0;
	return us * NS_PER_US / 2;
}

static int
reach(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(path);
	int fd;

	if ((path[0] != '/' && path[0] != '@') || n >= sizeof(to.sun_path)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0'; /* a name of no file */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	n += offsetof(struct sockaddr_un, sun_path) + (path[0] == '/');
	if (fd == -1 || connect(fd, (const struct sockaddr *)&to, (socklen_t)n) == 0)
		return fd;
	n = (size_t)errno;
	(void)close(fd);
	errno = (int)n;
	return -1;
}

int
notify_open(struct notify *n, struct err *e)
{
	const char *path = getenv("NOTIFY_SOCKET");

	*n = (struct notify){.fd = -1};
	if (path == NULL || path[0] == '\0')
		return 0;
	n->fd = reach(path);
	if (n->fd == -1)
		return err_sys(e, errno,
		    "NOTIFY_SOCKET=%.200s: the service manager cannot be told anything",
		    path);
	n->beat_ns = beat_every();
	return 0;
}

void
notify_close(struct notify *n)
{
	if (n->fd != -1)
		(void)close(n->fd);
	n->fd = -1;
}

/*
 * A message is lines: what would be another of them is cut off.  False when it is lost: a
 * manager that does not read must not hold up the sensor.
 */
static bool
tell(struct notify *n, const char *what, const char *status)
{
	char text[MESSAGE_MAX];
	int used;

	if (n->fd == -1)
		return false;
	used = status == NULL ? snprintf(text, sizeof(text), "%s", what)
			      : snprintf(text, sizeof(text), "%sSTATUS=%.*s", what,
				    (int)strcspn(status, "\n"), status);
	if (used < 0)
		return false;
	if ((size_t)used >= sizeof(text))
		used = (int)sizeof(text) - 1;
	return write(n->fd, text, (size_t)used) == used;
}

void
notify_ready(struct notify *n, const char *status)
{
	(void)tell(n, "READY=1\n", status);
}

void
notify_status(struct notify *n, const char *status)
{
	(void)tell(n, "", status);
}

void
notify_reloading(struct notify *n)
{
	char what[64];

	(void)snprintf(what, sizeof(what), "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\n",
	    clock_steady() / NS_PER_US);
	(void)tell(n, what, NULL);
}

void
notify_stopping(struct notify *n, const char *status)
{
	(void)tell(n, "STOPPING=1\n", status);
}

void
notify_beat(struct notify *n, int64_t now, bool healthy)
{
	if (!healthy || n->beat_ns == 0 || now - n->beaten < n->beat_ns)
		return;
	if (tell(n, "WATCHDOG=1", NULL))
		n->beaten = now;
}
