#define _POSIX_C_SOURCE 200809L
#include "capture/series.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/event.h"

/* What follows the base of a name; 9 stands for a digit. */
#define PATTERN  "99999999T999999Z-999.pcap"
#define A_SECOND 1000 /* names there are for it */
#define TRIES    (10 * A_SECOND)

struct series {
	unsigned keep;
	char base[NAME_MAX + 1]; /* of each name, to the time */
	char dir[SERIES_PATH_MAX - 2 * NAME_MAX];
};

static bool
is_member(const struct series *s, const char *name)
{
	const char *want = PATTERN;
	size_t n = strlen(s->base);

	if (strncmp(name, s->base, n) != 0)
		return false;
	for (name += n; *want != '\0'; want++, name++)
		if (*want == '9' ? !isdigit((unsigned char)*name) : *want != *name)
			return false;
	return *name == '\0';
}

static bool
is_in_use(const struct series *s, const char *name, const char *const *in_use)
{
	size_t n = strlen(s->dir);

	for (; *in_use != NULL; in_use++)
		if (strncmp(*in_use, s->dir, n) == 0 && strcmp(*in_use + n, name) == 0)
			return true;
	return false;
}

/* How many there are, and the oldest that may go; "" when none may. */
static int
look(const struct series *s, const char *const *in_use, size_t *n,
    char oldest[NAME_MAX + 1])
{
	const struct dirent *d;
	DIR *dir = opendir(s->dir);

	*n = 0;
	oldest[0] = '\0';
	if (dir == NULL)
		return -1;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
	while ((d = readdir(dir)) != NULL) {
		if (!is_member(s, d->d_name))
			continue;
		(*n)++;
		if (is_in_use(s, d->d_name, in_use))
			continue;
		if (oldest[0] == '\0' || strcmp(d->d_name, oldest) < 0)
			memcpy(oldest, d->d_name, strlen(d->d_name) + 1);
	}
	(void)closedir(dir);
	return 0;
}

static int
prune(const struct series *s, size_t keep, const char *const *in_use, struct err *e)
{
	char oldest[NAME_MAX + 1], path[SERIES_PATH_MAX + NAME_MAX + 1];
	size_t n;

	for (;;) {
		if (look(s, in_use, &n, oldest) != 0)
			return err_sys(e, errno, "%.300s: cannot be read", s->dir);
		if (n <= keep || oldest[0] == '\0')
			return 0;
		(void)snprintf(path, sizeof(path), "%s%s", s->dir, oldest);
		if (unlink(path) != 0 && errno != ENOENT)
			return err_sys(e, errno, "%.300s: cannot be deleted", path);
	}
}

/* dir ends in a slash. */
static int
split(struct series *s, const char *prefix, int worker, struct err *e)
{
	const char *slash = strrchr(prefix, '/');
	const char *base = slash != NULL ? slash + 1 : prefix;
	char number[24] = "";
	int n, m;

	if (worker >= 0)
		(void)snprintf(number, sizeof(number), "-w%d", worker);
	n = slash != NULL
		? snprintf(s->dir, sizeof(s->dir), "%.*s/", (int)(slash - prefix), prefix)
		: snprintf(s->dir, sizeof(s->dir), "./");
	m = snprintf(s->base, sizeof(s->base), "%s%s-", base, number);
	if (n < 0 || m < 0 || (size_t)n + (size_t)m + sizeof(PATTERN) > sizeof(s->dir) ||
	    (size_t)m + sizeof(PATTERN) > sizeof(s->base))
		return err_set(e, "%.300s: too long for the name of a file", prefix);
	if (base[0] == '\0')
		return err_set(e,
		    "%.300s: a folder; the files are named after what follows it, as in "
		    "%.100smessenger",
		    prefix, s->dir);
	return 0;
}

int
series_open(
    struct series **out, const char *prefix, int worker, unsigned keep, struct err *e)
{
	struct series *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return err_set(e, "%.300s: no memory", prefix);
	s->keep = keep;
	if (split(s, prefix, worker, e) != 0) {
		free(s);
		return -1;
	}
	*out = s;
	return 0;
}

int
series_ready(const struct series *s, struct err *e)
{
	const char *const none[] = {NULL};

	if (faccessat(AT_FDCWD, s->dir, W_OK | X_OK, AT_EACCESS) != 0)
		return err_sys(e, errno,
		    "%.300s: no place for captures: it must be there, and msnwatch's "
		    "user allowed to write in it",
		    s->dir);
	return s->keep != 0 ? prune(s, s->keep, none, e) : 0;
}

void
series_close(struct series *s)
{
	free(s);
}

static void
name_at(const struct series *s, int64_t ts, unsigned n, char path[SERIES_PATH_MAX])
{
	time_t t = ts > 0 ? (time_t)(ts / NS_PER_S) + n / A_SECOND : n / A_SECOND;
	char stamp[32] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		(void)strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	(void)snprintf(path, SERIES_PATH_MAX, "%s%s%s-%03u.pcap", s->dir, s->base, stamp,
	    n % A_SECOND);
}

int
series_next(struct series *s, int64_t ts, const char *const *in_use,
    char path[SERIES_PATH_MAX], struct err *e)
{
	const int how = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	unsigned n;
	int fd = -1;

	if (s->keep != 0 && prune(s, s->keep - 1, in_use, e) != 0)
		return -1;
	for (n = 0; n < TRIES; n++) {
		name_at(s, ts, n, path);
		fd = open(path, how, 0640);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	if (fd < 0)
		(void)err_sys(e, errno, "%.300s: cannot be made", path);
	return fd;
}
