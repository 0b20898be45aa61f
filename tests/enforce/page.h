/*
 * The pages of the scene.  They quote a sign-in from their first byte to their
 * last, and both ends know every byte of them.
 */
#ifndef TESTS_ENFORCE_PAGE_H
#define TESTS_ENFORCE_PAGE_H

#include <stddef.h>

static inline char
page_byte(size_t at)
{
	static const char text[] = "VER 1 MSNP12 MSNP11 CVR0\r\n"
				   "USR 3 TWN I somebody@example.com\r\n"
				   "USR 4 OK somebody@example.com 1 0\r\n";

	return text[at % (sizeof(text) - 1)];
}

static inline void
page_part(char *to, size_t at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = page_byte(at + i);
}

#endif
