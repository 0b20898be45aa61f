/* A dialogue of rows (tests/rows.h) being edited. */
#ifndef TESTS_ROW_EDIT_H
#define TESTS_ROW_EDIT_H

#include "tests/row_mutator.h"
#include "tests/rows.h"

struct edit {
	struct row row[ROWS_MAX];
	size_t n;
	uint64_t rng;
	uint8_t text[2 * ROW_MUTATOR_MAX]; /* of rows, as they came and as they became */
	size_t used;
};

struct edit *edit_new(unsigned seed);
void edit_load(struct edit *e, const uint8_t *data, size_t size);

/* Writes the rows that fit whole, and lets go of it.  Returns the bytes written. */
size_t edit_done(struct edit *e, uint8_t *out, size_t max);

void edit_insert(struct edit *e, size_t at, struct row r);
struct row edit_take(struct edit *e, size_t at);

/* Puts p, or the digits of v, in the place of n bytes of the row's text. */
void edit_replace(struct edit *e, struct row *r, size_t at, size_t n, struct bytes p);
void edit_number(struct edit *e, struct row *r, size_t at, size_t n, uint64_t v);

/*
 * Makes every stated length right: Content-Length up to the side's next message, the
 * last word of a payload command up to its next line that is not like a payload's.
 */
void edit_mend(struct edit *e);

#endif
