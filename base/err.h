/*
 * Errors for people.  A function that opens, configures or stores returns 0
 * or -1 and fills the struct err that comes last; the text names the thing
 * and, where there is one, the cure.  The first error set wins.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

struct err {
	char text[512];
};

/* Formats the text unless one is set already.  Always returns -1. */
int err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* As err_set, with ": " and the description of errno value code appended. */
int err_sys(struct err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "wants WHAT, not 'VALUE'", with the value made safe: to go behind a setting's name. */
int err_unwanted(struct err *e, const char *what, const char *value);

#endif
