#define _DEFAULT_SOURCE
#include "report/syslog.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define DAEMON   3 /* the facility */
#define HEAD_MAX 64
#define NAP_NS   10000000
#define NAPS     100

struct text {
	size_t n;
	char text[HEAD_MAX + SYSLOG_LINE_MAX];
};

struct syslog {
	int fd;
	long pid;
	struct sockaddr_un to;
	struct text fresh;
	struct text waiting[SYSLOG_WAITING_MAX]; /* a ring */
	size_t first, n;
	uint64_t lost;
};

static int
check(const char *path, struct err *e)
{
	const size_t most = sizeof(((struct sockaddr_un *)NULL)->sun_path);
	struct stat st;

	if (strlen(path) >= most)
		return err_set(e, "%.300s: too long for the name of a socket", path);
	if (stat(path, &st) != 0)
		return err_sys(e, errno,
		    "%.300s: no system log (is journald or another syslog server "
		    "running?)",
		    path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, "%.300s: not the socket of a system log", path);
	return 0;
}

int
syslog_open(struct syslog **out, const char *path, struct err *e)
{
	struct syslog *s;

	if (path == NULL)
		path = SYSLOG_PATH;
	if (check(path, e) != 0)
		return -1;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return err_set(e, "%.300s: no memory for what waits", path);
	s->to.sun_family = AF_UNIX;
	memcpy(s->to.sun_path, path, strlen(path) + 1);
	s->pid = (long)getpid();
	s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0) {
		free(s);
		return err_sys(e, errno, "%.300s: no socket to speak to it", path);
	}
	tzset(); /* while files can still be opened */
	*out = s;
	return 0;
}

void
syslog_close(struct syslog *s)
{
	if (s == NULL)
		return;
	(void)close(s->fd);
	free(s);
}

int
syslog_fd(const struct syslog *s)
{
	return s->fd;
}

/* False when the log may take it later; one that it never will is lost. */
static bool
hand_over(struct syslog *s, const struct text *t)
{
	const int how = MSG_DONTWAIT | MSG_NOSIGNAL;
	ssize_t n;

	do
		n = sendto(s->fd, t->text, t->n, how, (const struct sockaddr *)&s->to,
		    sizeof(s->to));
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EMSGSIZE)
		return false;
	s->lost += n < 0;
	return true;
}

/* In local time, as servers expect it of programs on their own machine. */
static void
frame(const struct syslog *s, struct text *t, enum syslog_severity severity)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct timespec now = {0, 0};
	struct tm tm = {.tm_mday = 1};
	int n;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)localtime_r(&now.tv_sec, &tm);
	n = snprintf(t->text, HEAD_MAX,
	    "<%d>%.3s %2d %02d:%02d:%02d msnwatch[%ld]: ", DAEMON * 8 + (int)severity,
	    months + (size_t)(3 * (tm.tm_mon % 12)), tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, s->pid);
	t->n = n > 0 ? (size_t)n : 0;
}

void
syslog_line(struct syslog *s, enum syslog_severity severity, const char *line)
{
	size_t n = strlen(line);
	struct text *t = &s->fresh;

	if (n > SYSLOG_LINE_MAX) {
		s->lost++;
		return;
	}
	frame(s, t, severity);
	memcpy(t->text + t->n, line, n);
	t->n += n;
	if (syslog_flush(s) && hand_over(s, t))
		return;
	if (s->n == SYSLOG_WAITING_MAX) {
		s->lost++;
		return;
	}
	s->waiting[(s->first + s->n++) % SYSLOG_WAITING_MAX] = *t;
}

bool
syslog_flush(struct syslog *s)
{
	while (s->n != 0 && hand_over(s, &s->waiting[s->first])) {
		s->first = (s->first + 1) % SYSLOG_WAITING_MAX;
		s->n--;
	}
	return s->n == 0;
}

bool
syslog_finish(struct syslog *s)
{
	const struct timespec nap = {0, NAP_NS};
	int i;

	for (i = 0; i < NAPS && !syslog_flush(s); i++)
		(void)nanosleep(&nap, NULL);
	return s->n == 0;
}

uint64_t
syslog_lost(const struct syslog *s)
{
	return s->lost;
}
