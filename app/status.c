#define _POSIX_C_SOURCE 200809L
#include "app/status.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/process.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/page.h"
#include "report/vitals_json.h"
#include "report/when.h"

#define STALE_NS      (10 * NS_PER_S)
#define SIZE_MAX_READ 65536
#define MARGIN        "  %-15s"

/* How much of the file was read, -1 with e. */
static ssize_t
read_file(const char *path, uint8_t *to, size_t size, struct err *e)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), code;
	ssize_t n = 0, got = 1;
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return err_set(e,
		    "%.300s: there is no such file: is a sensor running, and does it "
		    "keep its status there (--status-file)?",
		    path);
	if (fd < 0)
		return err_sys(e, errno, "%.300s: cannot be read", path);
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		(void)err_set(e, "%.300s: not a regular file", path);
	while (e->text[0] == '\0' && got > 0 && (size_t)n < size) {
		got = read(fd, to + n, size - (size_t)n);
		code = errno;
		if (got < 0)
			(void)err_sys(e, code, "%.300s: cannot be read", path);
		else
			n += got;
	}
	(void)close(fd);
	return e->text[0] == '\0' ? n : -1;
}

static int
load(const char *path, struct vitals *v, struct err *e)
{
	uint8_t text[SIZE_MAX_READ];
	ssize_t n = read_file(path, text, sizeof(text), e);
	struct err why = {{0}};

	if (n < 0)
		return -1;
	if (vitals_json_read(bytes_of(text, (size_t)n), v, &why) != 0)
		return err_set(e, "%.300s: %s", path, why.text);
	return 0;
}

/* What is wrong with the sensor; NULL: nothing. */
static const char *
trouble(const struct vitals *v, int64_t age)
{
	if (v->ended)
		return "has ended";
	switch (process_state(v->pid, v->pid_mark)) {
	case PROCESS_GONE:
		return "is gone: it did not end by itself";
	case PROCESS_ANOTHER:
		return "is gone: another program has its number by now";
	case PROCESS_THERE:
		break;
	}
	if (age > STALE_NS)
		return "is there, but its status is stale: it hangs, or was stopped";
	return age < -STALE_NS ? "has a status from the future: the clock was set back"
			       : NULL;
}

static void
say(FILE *to, const char *what, const struct line *l)
{
	(void)fprintf(to, MARGIN "%s\n", what, l->text);
}

static void
say_moment(FILE *to, const char *what, int64_t at, int64_t now)
{
	char date[WHEN_MAX], clock[WHEN_MAX], span[WHEN_MAX];
	struct line l = {"", 0};

	line_add(&l, "%s %s UTC", when_date(at, date), when_clock(at, clock));
	if (now >= at)
		line_add(&l, ", %s ago", when_span(now - at, span));
	say(to, what, &l);
}

static void
say_traffic(FILE *to, const struct vitals *v)
{
	struct line l = {"", 0};

	line_some(&l, v->packets, "packet");
	line_add(&l, ", ");
	line_size(&l, v->bytes);
	line_add(&l, "; at last ");
	line_count(&l, v->packets_per_s);
	line_add(&l, " a second, %.1f Mbit/s", (double)v->bits_per_s / 1e6);
	say(to, "read", &l);
}

static void
say_attempts(FILE *to, const struct vitals *v)
{
	struct line l = {"", 0};
	uint64_t n;
	size_t i;

	for (i = 0; i < OUTCOMES; i++) {
		n = tally_outcome(&v->tally, (enum outcome)i);
		if (n == 0)
			continue;
		line_add(
		    &l, "%s%s ", l.n == 0 ? "" : ", ", outcome_word((enum outcome)i));
		line_count(&l, n);
	}
	say(to, "attempts", l.n == 0 ? &(struct line){"none", 4} : &l);
	l = (struct line){"", 0};
	line_count(&l, v->events);
	say(to, "events", &l);
}

static void
say_interface(FILE *to, const struct vitals_interface *i)
{
	char name[2 * sizeof(i->name)];
	struct line l = {"", 0};

	(void)text_safe(name, sizeof(name), bytes_str(i->name));
	line_add(&l, "%s; ", vitals_state_word(i->state));
	line_some(&l, i->frames, "frame");
	line_add(&l, "; dropped: ");
	line_count(&l, i->dropped_ring);
	line_add(&l, " in the ring, ");
	line_count(&l, i->dropped_adapter);
	line_add(&l, " by the adapter");
	say(to, name, &l);
}

int
status_show(const char *path, FILE *to)
{
	const int64_t now = clock_wall();
	char sensor[1024], version[128];
	struct err e = {{0}};
	const char *what;
	struct vitals v;
	size_t i;

	if (load(path != NULL ? path : STATUS_PATH, &v, &e) != 0) {
		(void)fprintf(stderr, "msnwatch: %s\n", e.text);
		return STATUS_FAILED;
	}
	what = trouble(&v, now - v.updated);
	(void)text_safe(sensor, sizeof(sensor), bytes_str(v.sensor));
	(void)text_safe(version, sizeof(version), bytes_str(v.version));
	(void)fprintf(to, "sensor %s (msnwatch %s, process %lld) %s\n", sensor, version,
	    (long long)v.pid, what != NULL ? what : "is running");
	say_moment(to, "started", v.started, now);
	say_moment(to, "status", v.updated, now);
	if (v.newest != 0)
		say_moment(to, "newest packet", v.newest, now);
	say_traffic(to, &v);
	say_attempts(to, &v);
	for (i = 0; i < v.n_interfaces; i++)
		say_interface(to, &v.interface[i]);
	return fflush(to) == 0 && what == NULL ? STATUS_DONE : STATUS_FAILED;
}
