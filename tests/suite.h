/* What every suite needs: CUnit, and a one-line way to add a case. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <CUnit/CUnit.h>
#include <stdlib.h>

/* Adds a case named for behaviour; a failure to register ends the run. */
#define CASE(suite, name, function)                                   \
	do {                                                          \
		if (CU_add_test((suite), (name), (function)) == NULL) \
			abort();                                      \
	} while (0)

static inline CU_pSuite
suite_new(const char *name)
{
	CU_pSuite s = CU_add_suite(name, NULL, NULL);

	if (s == NULL)
		abort();
	return s;
}

#endif
