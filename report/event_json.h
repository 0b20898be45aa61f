/*
 * Events as JSON lines in the shape of Suricata's EVE (doc/events.schema.json).
 */
#ifndef REPORT_EVENT_JSON_H
#define REPORT_EVENT_JSON_H

#include <stdio.h>

#include "base/event.h"

/*
 * The event as one line without its end, to be released with free(); NULL when memory is
 * short.  sensor names the machine, and may be NULL.  Key order is fixed.
 */
char *event_json_line(const struct event *ev, const char *sensor);

#endif
