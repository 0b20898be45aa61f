#define _POSIX_C_SOURCE 200809L
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

int
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (e->text[0] != '\0')
		return -1;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return -1;
}

int
err_sys(struct err *e, int code, const char *fmt, ...)
{
	char why[128];
	va_list ap;
	size_t n;

	if (e->text[0] != '\0')
		return -1;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	if (strerror_r(code, why, sizeof(why)) != 0)
		(void)snprintf(why, sizeof(why), "error %d", code);
	n = strlen(e->text);
	(void)snprintf(e->text + n, sizeof(e->text) - n, ": %s", why);
	return -1;
}

int
err_unwanted(struct err *e, const char *what, const char *value)
{
	char safe[200];

	(void)text_safe(safe, sizeof(safe), bytes_str(value));
	return err_set(e, "wants %s, not '%s'", what, safe);
}
