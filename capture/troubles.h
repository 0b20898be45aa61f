/* What went wrong with the inputs of a source, in the order it happened. */
#ifndef CAPTURE_TROUBLES_H
#define CAPTURE_TROUBLES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/event.h"

struct troubles {
	struct coverage *list;
	size_t n;
	size_t size;
	size_t told;
};

/* Room for n more, so that adding them later takes no memory. */
int troubles_reserve(struct troubles *t, size_t n, struct err *e);
void troubles_free(struct troubles *t);

/*
 * Adds one; its text is "name: " and what follows.  Without room it is lost, which
 * troubles_reserve rules out.
 */
void troubles_add(struct troubles *t, enum coverage_kind kind, const char *name,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Gives the latest one its offset. */
void troubles_offset(struct troubles *t, uint64_t offset);

bool troubles_next(struct troubles *t, struct coverage *out);

#endif
