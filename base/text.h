/*
 * Text from the wire, made safe once, where it enters.  The result is valid
 * UTF-8 without control, bidirectional or invisible characters: what is not
 * harmless is written as \xNN, a byte at a time, and a backslash as \\.
 * No later stage sees anything else, so a terminal, JSON, CSV or HTML writer
 * has only its own quoting to do.  Percent sequences are left as they are.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/*
 * Copies in to dst of size bytes (at least 4), ended by NUL.  A text that
 * does not fit is cut at a whole character or escape and ends in "...".
 * Returns the length written.
 */
size_t text_safe(char *dst, size_t size, struct bytes in);

/* As text_safe, with ASCII letters in lower case. */
size_t text_safe_fold(char *dst, size_t size, struct bytes in);

/* Cells a safe text takes on a terminal (wide characters count two). */
size_t text_width(struct bytes safe);

/*
 * Bytes of the longest start of safe that takes at most cells cells, cut at a
 * whole character.
 */
size_t text_fit(const char *safe, size_t cells);

/* Copies a string into a fixed field, cutting it when it is too long. */
void text_put(char *dst, size_t size, const char *src);

#endif
