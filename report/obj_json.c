#include "report/obj_json.h"

#include <jansson.h>

#include "base/text.h"
#include "report/when.h"

struct obj
obj_new(void)
{
	json_t *j = json_object();

	return (struct obj){j, j == NULL};
}

void
obj_put(struct obj *o, const char *key, json_t *value)
{
	o->bad |= json_object_set_new(o->j, key, value) != 0;
}

void
obj_append(struct obj *o, json_t *array, json_t *value)
{
	o->bad |= json_array_append_new(array, value) != 0;
}

void
obj_text(struct obj *o, const char *key, const char *text)
{
	char safe[4096];
	json_t *s;

	if (text == NULL || text[0] == '\0')
		return;
	s = json_string(text);
	if (s == NULL) {
		(void)text_safe(safe, sizeof(safe), bytes_str(text));
		s = json_string(safe);
	}
	obj_put(o, key, s);
}

void
obj_number(struct obj *o, const char *key, uint64_t n)
{
	obj_put(o, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

void
obj_known(struct obj *o, const char *key, uint64_t n)
{
	if (n != 0)
		obj_number(o, key, n);
}

void
obj_true(struct obj *o, const char *key, bool holds)
{
	if (holds)
		obj_put(o, key, json_true());
}

void
obj_time(struct obj *o, const char *key, int64_t ns)
{
	char buf[WHEN_MAX];

	if (ns != 0)
		obj_text(o, key, when_stamp(ns, buf));
}

void
obj_addr(struct obj *o, const char *key, const struct addr *a)
{
	char buf[ADDR_TEXT_MAX];

	if (!addr_is_unset(a))
		obj_text(o, key, addr_text(a, buf));
}

void
obj_server(struct obj *o, const struct endpoint *to)
{
	obj_addr(o, "dest_ip", &to->addr);
	obj_known(o, "dest_port", to->port);
}

void
obj_child(struct obj *o, const char *key, struct obj child)
{
	o->bad |= child.bad;
	obj_put(o, key, child.j);
}

void
obj_element(struct obj *o, json_t *array, struct obj child)
{
	o->bad |= child.bad;
	obj_append(o, array, child.j);
}
