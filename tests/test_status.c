#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/process.h"
#include "app/standing.h"
#include "app/status.h"
#include "base/text.h"
#include "report/vitals_json.h"
#include "tests/capfile.h"

static struct folder dir;
static char status[96], metrics[96];

static void
make_folder(void)
{
	folder_make(&dir);
	(void)snprintf(status, sizeof(status), "%s/status", dir.path);
	(void)snprintf(metrics, sizeof(metrics), "%s/msnwatch.prom", dir.path);
}

static const char *
content(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "re");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	if (f != NULL)
		(void)fclose(f);
	return text;
}

static struct vitals
now(void)
{
	struct timespec t;
	struct vitals v = {.pid = getpid(), .pid_mark = process_mark(getpid())};

	CU_ASSERT_EQUAL_FATAL(clock_gettime(CLOCK_REALTIME, &t), 0);
	v.started = v.updated = (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
	v.started -= 3700 * NS_PER_S;
	text_put(v.sensor, sizeof(v.sensor), "lab");
	return v;
}

/* What --status prints of it, and its exit status. */
static const char *
shown(const struct vitals *v, int *r)
{
	char *text = vitals_json_text(v), path[96];
	FILE *to;

	(void)folder_put(&dir, "status", text, strlen(text));
	free(text);
	(void)snprintf(path, sizeof(path), "%s/shown", dir.path);
	to = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	*r = status_show(status, to);
	(void)fclose(to);
	return content(path);
}

static void
expect(const struct vitals *v, int want, const char *words)
{
	const char *text;
	int r;

	text = shown(v, &r);
	CU_ASSERT_EQUAL(r, want);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, words));
	if (strstr(text, words) == NULL)
		(void)fprintf(stderr, "no \"%s\" in:\n%s", words, text);
}

static void
a_status_tells_whether_it_still_holds(void)
{
	struct vitals v;
	pid_t child;

	make_folder();
	v = now();
	expect(&v, 0, "sensor lab (msnwatch , process ");
	expect(&v, 0, ") is running\n");
	expect(&v, 0, " UTC, 1 h 01 min ago\n");
	v.updated -= 11 * NS_PER_S;
	expect(&v, 1, "stale");
	v.updated += 100 * NS_PER_S;
	expect(&v, 1, "from the future");
	v = now();
	v.pid_mark++;
	expect(&v, 1, "another program has its number");
	v.ended = true;
	expect(&v, 1, "has ended");
	child = fork();
	if (child == 0)
		_exit(0);
	CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
	v = now();
	v.pid = child;
	expect(&v, 1, "is gone: it did not end by itself");
	v.pid = INT64_MAX;
	expect(&v, 1, "is gone");
	folder_drop(&dir);
}

static void
a_status_tells_what_was_seen(void)
{
	struct vitals v;

	make_folder();
	v = now();
	expect(&v, 0, "attempts       none\n");
	v.packets = 1234567;
	v.bytes = 5000000;
	v.packets_per_s = 8000;
	v.bits_per_s = 9640000;
	v.newest = v.updated;
	v.tally.attempts[OUTCOME_BLOCKED][PATH_DIRECT] = 1200;
	v.tally.attempts[OUTCOME_SIGNED_IN][PATH_GATEWAY] = 2;
	v.n_interfaces = 1;
	v.interface[0] = (struct vitals_interface){"e\x1b[31m", VITALS_DOWN, 77, 1000, 2};
	text_put(v.sensor, sizeof(v.sensor), "\x1b]0;x\a");
	expect(&v, 0, "1,234,567 packets, 5.0 MB; at last 8,000 a second, 9.6 Mbit/s\n");
	expect(&v, 0, "signed-in 2, blocked 1,200\n");
	expect(&v, 0, "sensor \\x1b]0;x\\x07 (");
	expect(&v, 0, "e\\x1b[31m");
	expect(&v, 0, "down; 77 frames; dropped: 1,000 in the ring, 2 by the adapter\n");
	folder_drop(&dir);
}

static void
a_file_that_is_no_status_is_told(void)
{
	make_folder();
	CU_ASSERT_EQUAL(status_show(status, stdout), 1);
	CU_ASSERT_EQUAL(status_show(dir.path, stdout), 1);
	(void)folder_put(&dir, "status", "{}", 2);
	CU_ASSERT_EQUAL(status_show(status, stdout), 1);
	folder_drop(&dir);
}

static void
a_process_is_told_from_its_successor(void)
{
	uint64_t mark = process_mark(getpid());

	CU_ASSERT(mark != 0);
	CU_ASSERT_EQUAL(process_state(getpid(), mark), PROCESS_THERE);
	CU_ASSERT_EQUAL(process_state(getpid(), mark - 1), PROCESS_ANOTHER);
	CU_ASSERT_EQUAL(process_state(-1, 1), PROCESS_GONE);
	CU_ASSERT_EQUAL(process_state(0, 1), PROCESS_GONE);
}

static void
both_files_are_kept_up(void)
{
	struct live_options lo = {.status_path = status, .metrics_path = metrics};
	struct counters c = {.n = 0};
	struct standing s;
	struct vitals v = {.packets = 5, .bytes = 500};
	struct err e = {{0}};
	struct stat st;

	make_folder();
	CU_ASSERT_EQUAL_FATAL(standing_open(&s, &lo, "lab", &e), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(content(status), "\"state\": \"running\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(metrics), "msnwatch_running{"));
	counters_add(&c, "decoder.pkts", "frames", 5);
	CU_ASSERT(!standing_tell(&s, &v, &c, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(status), "\"packets\": 5,"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(content(metrics), "msnwatch_decoder_pkts_total{sensor=\"lab\"} 5"));
	v.packets = 7;
	CU_ASSERT(!standing_tell(&s, &v, &c, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(status), "\"packets\": 7,"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(content(metrics), "msnwatch_packets_total{sensor=\"lab\"} 5"));
	v.ended = true;
	CU_ASSERT(!standing_tell(&s, &v, &c, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(status), "\"state\": \"ended\""));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(content(metrics), "msnwatch_packets_total{sensor=\"lab\"} 7"));
	CU_ASSERT_EQUAL_FATAL(stat(metrics, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0644);
	folder_drop(&dir);
}

static void
a_place_that_will_not_do_is_told_at_the_start(void)
{
	struct live_options lo = {.status_path = "/nowhere/at/all"};
	struct standing s;
	struct err e = {{0}};

	CU_ASSERT_EQUAL(standing_open(&s, &lo, "lab", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "/nowhere/at/all: cannot be written (its"));
	e.text[0] = '\0';
	lo = (struct live_options){.metrics_path = "/nowhere/metrics"};
	CU_ASSERT_EQUAL(standing_open(&s, &lo, "lab", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "call it /nowhere/metrics.prom"));
	e.text[0] = '\0';
	lo = (struct live_options){.metrics_path = "/nowhere/m.prom"};
	CU_ASSERT_EQUAL(standing_open(&s, &lo, "lab", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "/nowhere/m.prom: cannot be written"));
}

static void
what_cannot_be_written_is_said_once_until_it_can(void)
{
	struct live_options lo = {.status_path = status};
	const struct counters none = {.n = 0};
	struct standing s;
	struct vitals v = {.packets = 5};
	struct err e = {{0}};

	make_folder();
	CU_ASSERT_EQUAL_FATAL(standing_open(&s, &lo, NULL, &e), 0);
	folder_drop(&dir);
	CU_ASSERT(standing_tell(&s, &v, &none, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "cannot be written"));
	CU_ASSERT(!standing_tell(&s, &v, &none, &e));
	CU_ASSERT_EQUAL_FATAL(mkdir(dir.path, 0700), 0);
	CU_ASSERT(!standing_tell(&s, &v, &none, &e));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(status), "\"packets\": 5,"));
	folder_drop(&dir);
	CU_ASSERT(standing_tell(&s, &v, &none, &e));
}

void
suite_status(void)
{
	CU_pSuite s = suite_new("status");

	CASE(s, "a status tells whether it still holds",
	    a_status_tells_whether_it_still_holds);
	CASE(s, "a status tells what was seen", a_status_tells_what_was_seen);
	CASE(s, "a file that is no status is told", a_file_that_is_no_status_is_told);
	CASE(s, "a process is told from its successor",
	    a_process_is_told_from_its_successor);
	CASE(s, "status and metrics are kept up", both_files_are_kept_up);
	CASE(s, "a place that will not do is told at the start",
	    a_place_that_will_not_do_is_told_at_the_start);
	CASE(s, "what cannot be written is said once, until it can",
	    what_cannot_be_written_is_said_once_until_it_can);
}
