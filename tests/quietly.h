/* For tests of what is said to people on standard error, which is not theirs to judge. */
#ifndef TESTS_QUIETLY_H
#define TESTS_QUIETLY_H

/*
 * Runs test with standard error thrown away; meanwhile path, which ends in XXXXXX as
 * mkstemp has it, is the name of an empty file of its own.
 */
void quietly(char *path, void (*test)(void));

#endif
