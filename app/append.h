/* Files of lines that are appended to, by one run after the other. */
#ifndef APP_APPEND_H
#define APP_APPEND_H

#include <stdio.h>

#include "base/err.h"

/*
 * Opens a file to append lines to, made when missing.  A last line that a run before was
 * cut off in gets its end, so that it spoils no other.  who: by whom, for the message
 * when it cannot be opened; then NULL.
 */
FILE *append_open(const char *path, const char *who, struct err *e);

#endif
