/*
 * A running sensor's figures in the text format of Prometheus.  Labels hold the sensor's
 * and the interfaces' names and words from fixed lists, and never an address, an account
 * or anything else from the wire.
 */
#ifndef REPORT_METRICS_H
#define REPORT_METRICS_H

#include "report/vitals.h"

/* The whole text, to be released with free(); NULL: no memory. */
char *metrics_text(const struct vitals *v, const struct counters *counters);

#endif
