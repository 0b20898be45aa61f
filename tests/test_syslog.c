#define _GNU_SOURCE
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/output.h"
#include "app/output_log.h"
#include "base/text.h"
#include "report/syslog.h"
#include "tests/capfile.h"
#include "tests/sample_events.h"

static struct folder dir;
static char path[96];

/* A server of the system log. */
static int
serve(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	(void)snprintf(path, sizeof(path), "%s/log", dir.path);
	(void)unlink(path);
	memcpy(a.sun_path, path, strlen(path) + 1);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* The next datagram; "" when there is none. */
static const char *
heard(int fd)
{
	static char text[65536];
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static struct syslog *
speak(void)
{
	struct syslog *s = NULL;
	struct err e = {{0}};

	CU_ASSERT_EQUAL_FATAL(syslog_open(&s, path, &e), 0);
	return s;
}

static void
lines_are_framed(void)
{
	char want[64], month[4];
	int fd, day, hour, n = 0;
	const char *got;
	struct syslog *s;

	folder_make(&dir);
	fd = serve();
	s = speak();
	syslog_line(s, SYSLOG_WARNING, "{\"a\":1}");
	got = heard(fd);
	CU_ASSERT_EQUAL(strncmp(got, "<28>", 4), 0);
	CU_ASSERT_EQUAL(
	    sscanf(got, "<28>%3[A-Za-z] %2d %2d:%*2d:%*2d %n", month, &day, &hour, &n),
	    3);
	(void)snprintf(want, sizeof(want), "msnwatch[%ld]: {\"a\":1}", (long)getpid());
	CU_ASSERT_STRING_EQUAL(got + n, want);
	CU_ASSERT_EQUAL(n, 4 + 16);
	CU_ASSERT(fcntl(syslog_fd(s), F_GETFD) >= 0);
	CU_ASSERT_EQUAL(syslog_lost(s), 0);
	syslog_close(s);
	(void)close(fd);
	folder_drop(&dir);
}

static void
what_the_log_does_not_take_waits_in_order(void)
{
	char line[32], want[40];
	struct syslog *s;
	int fd, i;

	folder_make(&dir);
	fd = serve();
	s = speak();
	for (i = 0; i < SYSLOG_WAITING_MAX; i++) {
		(void)snprintf(line, sizeof(line), "%d", i);
		syslog_line(s, SYSLOG_INFO, line);
	}
	CU_ASSERT_EQUAL(syslog_lost(s), 0);
	for (i = 0; i < SYSLOG_WAITING_MAX; i++) {
		(void)snprintf(want, sizeof(want), "]: %d", i);
		CU_ASSERT_PTR_NOT_NULL(strstr(heard(fd), want));
		(void)syslog_flush(s);
	}
	CU_ASSERT(syslog_flush(s));
	CU_ASSERT_STRING_EQUAL(heard(fd), "");
	syslog_close(s);
	(void)close(fd);
	folder_drop(&dir);
}

static void
beyond_that_lines_are_lost_and_counted(void)
{
	uint64_t heard_lines = 0, most = 5000;
	struct syslog *s;
	unsigned i;
	int fd;

	folder_make(&dir);
	fd = serve();
	s = speak();
	for (i = 0; i < most; i++)
		syslog_line(s, SYSLOG_INFO, "x");
	CU_ASSERT(syslog_lost(s) > 0);
	CU_ASSERT(!syslog_finish(s));
	while (heard(fd)[0] != '\0') {
		heard_lines++;
		(void)syslog_flush(s);
	}
	CU_ASSERT(syslog_finish(s));
	CU_ASSERT_EQUAL(heard_lines + syslog_lost(s), most);
	syslog_close(s);
	(void)close(fd);
	folder_drop(&dir);
}

static void
a_log_that_is_restarted_hears_all(void)
{
	struct syslog *s;
	int fd;

	folder_make(&dir);
	fd = serve();
	s = speak();
	syslog_line(s, SYSLOG_INFO, "one");
	CU_ASSERT_PTR_NOT_NULL(strstr(heard(fd), "]: one"));
	(void)close(fd);
	syslog_line(s, SYSLOG_INFO, "two"); /* refused */
	(void)unlink(path);
	syslog_line(s, SYSLOG_INFO, "three"); /* not there */
	fd = serve();
	syslog_line(s, SYSLOG_INFO, "four");
	CU_ASSERT_PTR_NOT_NULL(strstr(heard(fd), "]: two"));
	CU_ASSERT_PTR_NOT_NULL(strstr(heard(fd), "]: three"));
	CU_ASSERT_PTR_NOT_NULL(strstr(heard(fd), "]: four"));
	CU_ASSERT_EQUAL(syslog_lost(s), 0);
	syslog_close(s);
	(void)close(fd);
	folder_drop(&dir);
}

static void
no_log_is_told_at_the_start(void)
{
	char name[300];
	struct syslog *s;
	struct err e = {{0}};

	folder_make(&dir);
	CU_ASSERT_EQUAL(syslog_open(&s, "/nowhere/log", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(e.text, "/nowhere/log: no system log (is journald"));
	e.text[0] = '\0';
	CU_ASSERT_EQUAL(syslog_open(&s, folder_put(&dir, "f", "", 0), &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "not the socket of a system log"));
	e.text[0] = '\0';
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CU_ASSERT_EQUAL(syslog_open(&s, name, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "too long"));
	syslog_close(NULL);
	folder_drop(&dir);
}

/* The largest events there can be: every text full, of characters JSON must escape. */
static void
stuff(char *to, size_t size)
{
	memset(to, '"', size - 1);
	to[size - 1] = '\0';
}

static struct event
largest_attempt(void)
{
	struct event ev = sample_full_attempt();
	struct attempt *a = &ev.u.attempt;
	size_t i;

	a->n_paths = ATTEMPT_PATHS_MAX;
	for (i = 0; i < ATTEMPT_PATHS_MAX; i++) {
		a->paths[i] = a->paths[0];
		a->paths[i].count = a->paths[i].syns = UINT32_MAX;
		a->paths[i].code = UINT16_MAX;
		a->paths[i].forged = true;
		a->paths[i].by =
		    sample_endpoint("2001:db8:1111:2222:3333:4444:5555:6666", 1).addr;
		a->paths[i].server.addr = a->paths[i].by;
		stuff(a->paths[i].host, sizeof(a->paths[i].host));
	}
	a->n_offered = DIALECTS_MAX;
	stuff(a->account, sizeof(a->account));
	stuff(a->signin_host, sizeof(a->signin_host));
	stuff(a->client.name, sizeof(a->client.name));
	stuff(a->client.version, sizeof(a->client.version));
	stuff(a->client.brand, sizeof(a->client.brand));
	stuff(a->client.os, sizeof(a->client.os));
	stuff(a->client.locale, sizeof(a->client.locale));
	stuff(a->client.arch, sizeof(a->client.arch));
	stuff(a->client.product, sizeof(a->client.product));
	return ev;
}

static struct event
largest_verdict(void)
{
	struct event ev = sample_verdict();
	struct verdict *v = &ev.u.verdict;
	size_t i;

	for (i = 0; i < VERDICT_BLOCKS_MAX; i++) {
		v->blocks[i] = v->blocks[0];
		v->blocks[i].tries = 10;
		stuff(v->blocks[i].name, sizeof(v->blocks[i].name));
	}
	for (i = 0; i < VERDICT_HOSTS_MAX; i++) {
		v->hosts[i] = v->hosts[0];
		v->hosts[i].met = UINT16_MAX;
	}
	v->n_blocks = VERDICT_BLOCKS_MAX;
	v->n_hosts = VERDICT_HOSTS_MAX;
	v->more_hosts = 5;
	v->more_tries = 0;
	return ev;
}

static json_t *
said(int fd, const char *priority, const char *type)
{
	const char *line = heard(fd), *brace = strchr(line, '{');
	json_t *j =
	    brace != NULL ? json_loads(brace, JSON_REJECT_DUPLICATES, NULL) : NULL;

	CU_ASSERT_EQUAL(strncmp(line, priority, strlen(priority)), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(j);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(j, "event_type")), type);
	return j;
}

static long long
number(const json_t *j, const char *object, const char *key)
{
	return json_integer_value(json_object_get(json_object_get(j, object), key));
}

static size_t
length(const json_t *j, const char *object, const char *key)
{
	return json_array_size(json_object_get(json_object_get(j, object), key));
}

static void
events_of_any_size_are_said(void)
{
	struct event attempt = largest_attempt(), verdict = largest_verdict(),
		     loss = sample_loss();
	struct syslog *s;
	json_t *j;
	int fd;

	folder_make(&dir);
	fd = serve();
	s = speak();
	CU_ASSERT(output_log_event(s, &attempt, "lab-span1"));
	j = said(fd, "<29>", "attempt");
	CU_ASSERT_EQUAL(length(j, "attempt", "paths"), ATTEMPT_PATHS_MAX);
	json_decref(j);
	CU_ASSERT(output_log_event(s, &verdict, "lab-span1"));
	j = said(fd, "<29>", "verdict");
	CU_ASSERT_EQUAL(
	    (size_t)number(j, "verdict", "more_hosts") + length(j, "verdict", "hosts"),
	    VERDICT_HOSTS_MAX + 5);
	CU_ASSERT_EQUAL((size_t)number(j, "verdict", "more_tries") +
			    10 * length(j, "verdict", "blocks"),
	    10 * VERDICT_BLOCKS_MAX);
	CU_ASSERT(number(j, "verdict", "more_hosts") > 5);
	json_decref(j);
	CU_ASSERT(output_log_event(s, &loss, "lab-span1"));
	json_decref(said(fd, "<28>", "coverage"));
	CU_ASSERT_EQUAL(syslog_lost(s), 0);
	syslog_close(s);
	(void)close(fd);
	folder_drop(&dir);
}

static void
what_is_lost_is_told_once(void)
{
	struct output o = {.accounts = ACCOUNT_SHOW, .json = true, .live = true};
	struct summary_span span = {.last = SAMPLE_START};
	struct counters now = {.n = 0};
	struct err e = {{0}};
	struct coverage c;
	struct event ev;
	int fd, i;

	folder_make(&dir);
	fd = serve();
	o.log = speak();
	CU_ASSERT_EQUAL_FATAL(output_open(&o, NULL, &e), 0);
	for (i = 0; i < 2000; i++) {
		ev = sample_loss();
		output_event(&o, &ev);
	}
	output_counters(&o, &now);
	CU_ASSERT_EQUAL(now.c[0].value, 2000);
	CU_ASSERT(now.c[1].value > 0);
	CU_ASSERT(output_news(&o, &c));
	CU_ASSERT_EQUAL(c.kind, COVERAGE_OUTPUT);
	CU_ASSERT(!output_news(&o, &c));
	while (heard(fd)[0] != '\0')
		output_flush(&o);
	CU_ASSERT_FATAL(output_news(&o, &c));
	CU_ASSERT_EQUAL(c.count, now.c[1].value);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.text, "takes events again; "));
	CU_ASSERT(!output_news(&o, &c));
	CU_ASSERT(!o.broken);
	CU_ASSERT_EQUAL(output_end(&o, &span, &now, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "events are lost"));
	json_decref(said(fd, "<29>", "verdict"));
	json_decref(said(fd, "<30>", "stats"));
	output_close(&o);
	syslog_close(o.log);
	(void)close(fd);
	folder_drop(&dir);
}

void
suite_syslog(void)
{
	CU_pSuite s = suite_new("syslog");

	CASE(s, "lines are framed as syslog(3) does", lines_are_framed);
	CASE(s, "what the log does not take waits, in order",
	    what_the_log_does_not_take_waits_in_order);
	CASE(s, "beyond that lines are lost and counted",
	    beyond_that_lines_are_lost_and_counted);
	CASE(s, "a log that is restarted hears all", a_log_that_is_restarted_hears_all);
	CASE(s, "no log is told at the start", no_log_is_told_at_the_start);
	CASE(s, "events of any size are said", events_of_any_size_are_said);
	CASE(s, "what is lost is told once", what_is_lost_is_told_once);
}
