#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/notify.h"
#include "base/event.h"
#include "tests/suite.h"

/* A manager that listens to a name of no file. */
struct manager {
	int fd;
	char name[64];
	char heard[1024];
};

static void
manager_open(struct manager *m)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int n;

	n = snprintf(m->name, sizeof(m->name), "@msnwatch-test-%d", (int)getpid());
	memcpy(at.sun_path + 1, m->name + 1, (size_t)n - 1);
	m->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (m->fd == -1 ||
	    bind(m->fd, (const struct sockaddr *)&at,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)) != 0)
		abort();
	(void)setenv("NOTIFY_SOCKET", m->name, 1);
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
}

static void
manager_close(struct manager *m)
{
	(void)close(m->fd);
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
}

/* The next message, or "" when there is none. */
static const char *
heard(struct manager *m)
{
	ssize_t n = recv(m->fd, m->heard, sizeof(m->heard) - 1, MSG_DONTWAIT);

	m->heard[n > 0 ? n : 0] = '\0';
	return m->heard;
}

static void
every_message_is_one_datagram(void)
{
	struct manager m;
	struct notify n;
	struct err e = {{0}};

	manager_open(&m);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, &e), 0);
	CU_ASSERT_STRING_EQUAL(heard(&m), "");
	notify_ready(&n, "Watching tap0");
	CU_ASSERT_STRING_EQUAL(heard(&m), "READY=1\nSTATUS=Watching tap0");
	notify_ready(&n, NULL);
	CU_ASSERT_STRING_EQUAL(heard(&m), "READY=1\n");
	notify_status(&n, "12 frames");
	CU_ASSERT_STRING_EQUAL(heard(&m), "STATUS=12 frames");
	notify_reloading(&n);
	CU_ASSERT_PTR_EQUAL(strstr(heard(&m), "RELOADING=1\nMONOTONIC_USEC="), m.heard);
	CU_ASSERT_TRUE(
	    strtoll(m.heard + strlen("RELOADING=1\nMONOTONIC_USEC="), NULL, 10) > 0);
	notify_stopping(&n, "Telling what is known");
	CU_ASSERT_STRING_EQUAL(heard(&m), "STOPPING=1\nSTATUS=Telling what is known");
	CU_ASSERT_STRING_EQUAL(heard(&m), "");
	notify_close(&n);
	manager_close(&m);
}

static void
a_status_cannot_become_another_message(void)
{
	struct manager m;
	struct notify n;
	struct err e = {{0}};
	char status[2000];

	manager_open(&m);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, &e), 0);
	notify_status(&n, "tap0\nMAINPID=1");
	CU_ASSERT_STRING_EQUAL(heard(&m), "STATUS=tap0");
	memset(status, 'x', sizeof(status));
	status[sizeof(status) - 1] = '\0';
	notify_status(&n, status);
	CU_ASSERT_EQUAL(strlen(heard(&m)), 511);
	notify_close(&n);
	manager_close(&m);
}

static void
beats_at_half_the_time_while_healthy(void)
{
	struct manager m;
	struct notify n;
	struct err e = {{0}};
	unsigned second, beats = 0;

	manager_open(&m);
	(void)setenv("WATCHDOG_USEC", "30000000", 1);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, &e), 0);
	for (second = 100; second < 160; second++) {
		notify_beat(&n, second * NS_PER_S, true);
		beats += strcmp(heard(&m), "WATCHDOG=1") == 0;
	}
	CU_ASSERT_EQUAL(beats, 4);
	for (; second < 200; second++)
		notify_beat(&n, second * NS_PER_S, false);
	CU_ASSERT_STRING_EQUAL(heard(&m), "");
	notify_beat(&n, second * NS_PER_S, true);
	CU_ASSERT_STRING_EQUAL(heard(&m), "WATCHDOG=1");
	notify_close(&n);
	manager_close(&m);
}

static void
beats_only_when_it_is_waited_for(void)
{
	static const char *const nonsense[] = {
	    "", "0", "-5", "x", "9x", " 7", "99999999999999999999"};
	struct manager m;
	struct notify n;
	struct err e = {{0}};
	char pid[16];
	size_t i;

	manager_open(&m);
	for (i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		(void)setenv("WATCHDOG_USEC", nonsense[i], 1);
		CU_ASSERT_EQUAL_FATAL(notify_open(&n, &e), 0);
		notify_beat(&n, 1000 * NS_PER_S, true);
		CU_ASSERT_STRING_EQUAL(heard(&m), "");
		notify_close(&n);
	}
	(void)setenv("WATCHDOG_USEC", "1000000", 1);
	for (i = 0; i < 2; i++) {
		(void)snprintf(pid, sizeof(pid), "%d", (int)(i ? getpid() : getppid()));
		(void)setenv("WATCHDOG_PID", pid, 1);
		CU_ASSERT_EQUAL_FATAL(notify_open(&n, &e), 0);
		notify_beat(&n, 1000 * NS_PER_S, true);
		CU_ASSERT_STRING_EQUAL(heard(&m), i ? "WATCHDOG=1" : "");
		notify_close(&n);
	}
	manager_close(&m);
}

static void
without_a_manager_nothing_happens(void)
{
	static const char *const none[] = {NULL, ""};
	struct notify n;
	struct err e = {{0}};
	size_t i;

	for (i = 0; i < 2; i++) {
		(void)unsetenv("NOTIFY_SOCKET");
		if (none[i] != NULL)
			(void)setenv("NOTIFY_SOCKET", none[i], 1);
		CU_ASSERT_EQUAL(notify_open(&n, &e), 0);
		CU_ASSERT_EQUAL(n.fd, -1);
		notify_ready(&n, "x");
		notify_beat(&n, NS_PER_S, true);
		notify_close(&n);
	}
	(void)unsetenv("NOTIFY_SOCKET");
}

static void
a_manager_that_is_gone_is_named_and_survived(void)
{
	static char far[300];
	const char *const wrong[] = {
	    "@msnwatch-test-nobody", "/nonexistent/socket", "relative", "vsock:2:1", far};
	struct manager m;
	struct notify n;
	struct err e;
	size_t i;

	memset(far, 'a', sizeof(far) - 1);
	far[0] = '/';
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)setenv("NOTIFY_SOCKET", wrong[i], 1);
		e = (struct err){{0}};
		CU_ASSERT_EQUAL(notify_open(&n, &e), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "NOTIFY_SOCKET="));
		notify_ready(&n, "x");
	}
	manager_open(&m);
	CU_ASSERT_EQUAL_FATAL(notify_open(&n, &e), 0);
	manager_close(&m);
	notify_ready(&n, "x");
	notify_close(&n);
}

void
suite_notify(void)
{
	CU_pSuite s = suite_new("notify");

	CASE(s, "every message is one datagram", every_message_is_one_datagram);
	CASE(s, "a status cannot become another message",
	    a_status_cannot_become_another_message);
	CASE(s, "beats at half the time while healthy",
	    beats_at_half_the_time_while_healthy);
	CASE(s, "beats only when it is waited for", beats_only_when_it_is_waited_for);
	CASE(s, "without a manager nothing happens", without_a_manager_nothing_happens);
	CASE(s, "a manager that is gone is named and survived",
	    a_manager_that_is_gone_is_named_and_survived);
}
