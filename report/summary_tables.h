/* The report's tables; on a narrow page each entry becomes a block of lines. */
#ifndef REPORT_SUMMARY_TABLES_H
#define REPORT_SUMMARY_TABLES_H

#include "report/page.h"
#include "report/summary_data.h"
#include "report/when.h"

#define TABLE_LEAST 80 /* columns a page must have for tables */

/* Hosts that were signed in first, then by address. */
void summary_hosts(struct summary *s, const struct page *p, enum when_scale scale);

/* In the order of their start, with a legend below. */
void summary_listing(struct summary *s, const struct page *p, enum when_scale scale);

/* What the listing's words and codes mean: of those that need it and stand there. */
void summary_legend(const struct summary *s, const struct page *p);

#endif
