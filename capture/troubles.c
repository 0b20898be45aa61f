#include "capture/troubles.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int
troubles_reserve(struct troubles *t, size_t n, struct err *e)
{
	size_t size = t->size ? t->size : 8;
	struct coverage *list;

	while (size < t->n + n)
		size *= 2;
	if (size == t->size)
		return 0;
	list = realloc(t->list, size * sizeof(*list));
	if (list == NULL)
		return err_set(e, "no memory for the list of inputs");
	t->list = list;
	t->size = size;
	return 0;
}

void
troubles_free(struct troubles *t)
{
	free(t->list);
	*t = (struct troubles){0};
}

void
troubles_add(
    struct troubles *t, enum coverage_kind kind, const char *name, const char *fmt, ...)
{
	struct coverage *c;
	char tail[192], safe[192];
	struct bytes shown = bytes_str(strcmp(name, "-") ? name : "standard input");
	size_t n;
	va_list ap;

	if (t->n == t->size)
		return;
	if (name[0] == '\0')
		shown = bytes_str("''");
	c = &t->list[t->n++];
	*c = (struct coverage){.kind = kind};
	(void)text_safe(c->origin, sizeof(c->origin), bytes_str(name));
	va_start(ap, fmt);
	(void)vsnprintf(tail, sizeof(tail), fmt, ap);
	va_end(ap);
	n = text_safe(safe, sizeof(safe), bytes_str(tail));
	n = text_safe(c->text, sizeof(c->text) - n - 2, shown);
	(void)snprintf(c->text + n, sizeof(c->text) - n, ": %s", safe);
}

void
troubles_offset(struct troubles *t, uint64_t offset)
{
	if (t->n != 0)
		t->list[t->n - 1].offset = offset;
}

bool
troubles_next(struct troubles *t, struct coverage *out)
{
	if (t->told == t->n)
		return false;
	*out = t->list[t->told++];
	return true;
}
