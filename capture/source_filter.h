/*
 * What capture/ needs of libpcap: BPF filters, and the numbers and names of link types.
 * A filter is compiled once for each link type it meets.
 */
#ifndef CAPTURE_SOURCE_FILTER_H
#define CAPTURE_SOURCE_FILTER_H

#include "capture/source.h"

/* Link types one run can meet; frames of further ones do not pass a filter. */
#define FILTER_LINKTYPES_MAX 16

struct filter;

/* expression is copied. */
int filter_open(struct filter **f, const char *expression, struct err *e);
void filter_close(struct filter *f);

/* Compiles for that link type (DLT_ value), if that was not done yet. */
int filter_prepare(struct filter *f, int linktype, struct err *e);

/*
 * Does the frame pass?  It does not when the filter does not compile for its
 * link type; e is set the first time that shows.
 */
bool filter_passes(struct filter *f, const struct frame *frame, struct err *e);

/* Link types are numbered differently in files (LINKTYPE_) and in programs (DLT_). */
int linktype_from_file(int linktype);
int linktype_to_file(int dlt);

#endif
