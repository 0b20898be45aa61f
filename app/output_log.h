/*
 * Events to the system log, each one JSON line and one datagram.  A verdict, the only
 * event that can be too long for it, gets shorter lists, and its counts of what those
 * leave out grow instead.
 */
#ifndef APP_OUTPUT_LOG_H
#define APP_OUTPUT_LOG_H

#include "base/event.h"
#include "report/syslog.h"

/* False when memory is short; a verdict may be smaller afterwards. */
bool output_log_event(struct syslog *to, struct event *ev, const char *sensor);

#endif
