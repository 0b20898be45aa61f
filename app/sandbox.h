/*
 * The system calls that are left to `live` once everything is open.  Afterwards nothing
 * it does, or is made to do by what it reads, can reach the wire, run a program or take
 * part in the system beyond its files.  doc/privileges.md lists every call.
 */
#ifndef APP_SANDBOX_H
#define APP_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define SANDBOX_LOCAL_MAX 4
#define SANDBOX_WIRE_MAX  4
#define SANDBOX_FILES_MAX 4

/*
 * What may be written to.  local and wire are descriptors beside standard output and
 * error that can neither be closed nor replaced until the process ends; others can be
 * read, and files written by base/file.h.
 */
struct sandbox_opts {
	int local[SANDBOX_LOCAL_MAX]; /* AF_UNIX sockets */
	size_t n_local;
	int wire[SANDBOX_WIRE_MAX]; /* those that may put something on the wire */
	size_t n_wire;
	/* To be made or opened again; nothing outside their folders is. */
	const char *file[SANDBOX_FILES_MAX];
	size_t n_files;
};

/*
 * For all threads there are and will be; there is no way back.  Sets no_new_privs.
 * Built with a sanitizer, whose runtime needs more, it only says so on standard error.
 */
int sandbox_enter(const struct sandbox_opts *o, struct err *e);

/* Whether sandbox_enter does anything. */
bool sandbox_is_built(void);

#endif
