/*
 * Lines to the system log, as syslog(3) frames them, but never waiting for it: what it
 * does not take at once waits here, and when that is full, lines are lost and counted.
 *
 * Each datagram is addressed by the socket's path, so a log that was restarted, with a
 * new socket of that name, gets them too.  What is called after syslog_open is sendto on
 * syslog_fd, the clock, and a nap in syslog_finish.
 */
#ifndef REPORT_SYSLOG_H
#define REPORT_SYSLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define SYSLOG_PATH "/dev/log"

/* Octets of a line at most: with what is put before it, what common servers take. */
#define SYSLOG_LINE_MAX 8000

/* Lines that wait at most. */
#define SYSLOG_WAITING_MAX 256

enum syslog_severity { SYSLOG_WARNING = 4, SYSLOG_NOTICE = 5, SYSLOG_INFO = 6 };

struct syslog;

/* path: of the log's socket, NULL for SYSLOG_PATH.  -1 when there is none. */
int syslog_open(struct syslog **out, const char *path, struct err *e);

/* NULL is accepted.  What waits is lost. */
void syslog_close(struct syslog *s);

/* For a filter of system calls. */
int syslog_fd(const struct syslog *s);

/* The line, of SYSLOG_LINE_MAX octets at most: a longer one is lost. */
void syslog_line(struct syslog *s, enum syslog_severity severity, const char *line);

/* Hands over what waits, as far as the log takes it; false when some still waits. */
bool syslog_flush(struct syslog *s);

/* The same, giving the log a second. */
bool syslog_finish(struct syslog *s);

/* Lines lost so far. */
uint64_t syslog_lost(const struct syslog *s);

#endif
