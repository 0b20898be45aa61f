/* Where files may be written once the sandbox is entered. */
#ifndef APP_SANDBOX_FILES_H
#define APP_SANDBOX_FILES_H

#include <stddef.h>

#include "base/err.h"

/*
 * From now on files are made, changed, renamed and removed in the folders of these n
 * files only (and in folders below), by this thread and those it starts.  What is open
 * stays open.  Takes no_new_privs.  A kernel without Landlock leaves it at the user's
 * permissions, which is no error.
 */
int sandbox_files(const char *const *file, size_t n, struct err *e);

#endif
