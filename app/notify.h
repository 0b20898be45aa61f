/*
 * What a service manager is told: that the sensor watches, how it is doing, that it is
 * alive.  The protocol is sd_notify(3)'s, text in datagrams to a local socket.  That
 * socket is opened once and written to from then on: behind a filter of system calls
 * nobody opens another, as the library would for every message.  Without a manager
 * nothing is sent.
 */
#ifndef APP_NOTIFY_H
#define APP_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct notify {
	int fd;          /* all that is ever done with it is write and close; -1: none */
	int64_t beat_ns; /* how often to say that we are alive; 0: nobody waits for it */
	int64_t beaten;  /* when that was last said */
};

/*
 * Finds the manager by NOTIFY_SOCKET and WATCHDOG_USEC of the environment.  -1 when there
 * should be one and it cannot be reached; the others then do nothing.
 */
int notify_open(struct notify *n, struct err *e);
void notify_close(struct notify *n);

/* Everything is open; also the end of a reload.  status: a line for people, or NULL. */
void notify_ready(struct notify *n, const char *status);
void notify_status(struct notify *n, const char *status);
void notify_reloading(struct notify *n);
void notify_stopping(struct notify *n, const char *status);

/*
 * Says that we are alive, at half the time the manager waits, as long as healthy: without
 * that it restarts us.  now is of CLOCK_MONOTONIC, in nanoseconds; call it every second.
 */
void notify_beat(struct notify *n, int64_t now, bool healthy);

#endif
