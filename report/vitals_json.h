/* The status file of a running sensor: one JSON object. */
#ifndef REPORT_VITALS_JSON_H
#define REPORT_VITALS_JSON_H

#include "base/bytes.h"
#include "base/err.h"
#include "report/vitals.h"

/* The text with its last line's end, to be released with free(); NULL: no memory. */
char *vitals_json_text(const struct vitals *v);

/*
 * Reads such a text.  Texts in *out may hold anything: they are for text_safe.  -1 when
 * it is no status of msnwatch.
 */
int vitals_json_read(struct bytes text, struct vitals *out, struct err *e);

#endif
