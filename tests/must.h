/* For what a child process does: standard error is left to say what did not hold. */
#ifndef TESTS_MUST_H
#define TESTS_MUST_H

#include <errno.h>
#include <stdio.h>

#define MUST(x)                                                                   \
	do {                                                                      \
		if (!(x)) {                                                       \
			(void)fprintf(stderr, "%s:%d: %s (errno %d)\n", __FILE__, \
			    __LINE__, #x, errno);                                 \
			return 1;                                                 \
		}                                                                 \
	} while (0)

#endif
