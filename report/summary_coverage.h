/* The report's last part: how much was read, and what was not. */
#ifndef REPORT_SUMMARY_COVERAGE_H
#define REPORT_SUMMARY_COVERAGE_H

#include "report/page.h"
#include "report/summary_data.h"

/* Whether something was not read, by what was noted and what was counted. */
bool summary_partial(const struct summary *s, const struct counters *now);

void summary_coverage(const struct summary *s, const struct summary_span *span,
    const struct counters *now, const struct page *p);

#endif
