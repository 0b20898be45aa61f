/* The report's first sentences. */
#ifndef REPORT_SUMMARY_VERDICT_H
#define REPORT_SUMMARY_VERDICT_H

#include "report/page.h"
#include "report/summary_data.h"

void summary_verdict(
    struct summary *s, const struct summary_span *span, bool partial, struct line *out);

#endif
