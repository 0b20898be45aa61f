/* Small files that others read at any time: each is there as a whole, or as it was. */
#ifndef APP_WHOLE_H
#define APP_WHOLE_H

#include <sys/stat.h>

#include "base/err.h"

/* Writes PATH.new and renames it. */
int whole_write(const char *path, const char *text, mode_t mode, struct err *e);

#endif
