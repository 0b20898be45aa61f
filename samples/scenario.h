/*
 * Scenarios: text files that say who did what (samples/README.md has the language),
 * played into captures.
 */
#ifndef SAMPLES_SCENARIO_H
#define SAMPLES_SCENARIO_H

#include "base/err.h"

/* Plays the file and writes the capture.  The text of an error names file and line. */
int scenario_write(const char *scenario, const char *pcap, struct err *e);

#endif
