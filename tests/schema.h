/*
 * doc/events.schema.json applied in process: every keyword it uses, and no other, so a
 * keyword that comes new to it ends the run until it is known here.
 */
#ifndef TESTS_SCHEMA_H
#define TESTS_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

struct schema;

/* Aborts when there is no such file. */
struct schema *schema_open(void);
void schema_close(struct schema *s);

/*
 * Whether a line is one event by the rules, its texts whole and without control
 * characters; if not, why says what is wrong with it.
 */
bool schema_accepts(struct schema *s, const char *line, char *why, size_t size);

#endif
