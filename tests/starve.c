#include "tests/starve.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Threads allocate, too. */
static atomic_bool armed, refused;
static atomic_size_t left;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);

void
starve_after(size_t allocations)
{
	armed = true;
	refused = false;
	left = allocations;
}

bool
starve_end(void)
{
	armed = false;
	return refused;
}

static bool
refuse(void)
{
	if (!armed || refused || atomic_fetch_sub(&left, 1) > 0)
		return false;
	refused = true;
	return true;
}

void *
__wrap_malloc(size_t n)
{
	return refuse() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return refuse() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
	return refuse() ? NULL : __real_realloc(p, n);
}

char *
__wrap_strdup(const char *s)
{
	return refuse() ? NULL : __real_strdup(s);
}
