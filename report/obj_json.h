/*
 * A JSON object being filled.  What is not known is left out: an empty text, a zero, an
 * unset address.  Short memory is noted in bad, once, and asked for at the end.
 */
#ifndef REPORT_OBJ_JSON_H
#define REPORT_OBJ_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct json_t;

struct obj {
	struct json_t *j;
	bool bad;
};

struct obj obj_new(void);

/* Both take the value over. */
void obj_put(struct obj *o, const char *key, struct json_t *value);
void obj_append(struct obj *o, struct json_t *array, struct json_t *value);

/* Fields are safe text; a name from the command line may be anything. */
void obj_text(struct obj *o, const char *key, const char *text);

/* The number, also when it is 0; and only when it is not. */
void obj_number(struct obj *o, const char *key, uint64_t n);
void obj_known(struct obj *o, const char *key, uint64_t n);

void obj_true(struct obj *o, const char *key, bool holds);
void obj_time(struct obj *o, const char *key, int64_t ns);
void obj_addr(struct obj *o, const char *key, const struct addr *a);
void obj_server(struct obj *o, const struct endpoint *to);

/* Takes the child over, also when nothing is in it; as a field and as an element. */
void obj_child(struct obj *o, const char *key, struct obj child);
void obj_element(struct obj *o, struct json_t *array, struct obj child);

#endif
