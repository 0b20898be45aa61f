/* The report's last part: how much was read, and what was not. */
#ifndef REPORT_SUMMARY_COVERAGE_H
#define REPORT_SUMMARY_COVERAGE_H

#include "report/page.h"
#include "report/summary_data.h"

void summary_coverage(const struct summary *s, const struct summary_span *span,
    const struct counters *now, const struct page *p);

#endif
