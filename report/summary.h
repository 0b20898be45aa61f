/*
 * The report of one run for people: events folded as they come, bounded, and rendered at
 * the end as text.  Up to SUMMARY_ATTEMPTS attempts are listed one by one and
 * SUMMARY_HOSTS hosts are told apart; what lies beyond is counted and said.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/event.h"

#define SUMMARY_ATTEMPTS 10000
#define SUMMARY_HOSTS    4096

struct summary;

int summary_open(struct summary **s, struct err *e);
void summary_close(struct summary *s);

/* Folds one event; attempts of confidence hint are counted apart and not listed. */
void summary_add(struct summary *s, const struct event *ev);

/* The span of the packets read. */
struct summary_span {
	uint64_t packets;
	uint64_t bytes;
	uint64_t left_out;   /* packets that did not pass the user's filter */
	int64_t first, last; /* packet times; 0 when there was no packet */
	unsigned files;
};

struct summary_style {
	unsigned width; /* columns, at least 40 */
	bool utf8;      /* else ASCII only */
	bool colour;
};

/*
 * Verdict sentence, table by host, attempts in time order, coverage.  now are the run's
 * counters.  -1 when writing failed.
 */
int summary_text(struct summary *s, const struct summary_span *span,
    const struct counters *now, const struct summary_style *style, FILE *to);

/* What the blocks came to, as far as folded. */
void summary_judge(const struct summary *s, struct verdict *v);

/* Attempts (not hints) seen: for --exit-code. */
uint64_t summary_attempts(const struct summary *s);

#endif
