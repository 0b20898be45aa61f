/* The commands behind msnwatch's front door. */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <signal.h>

/* Exit statuses, as documented in README.md. */
enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_CONFIG = 3,
	STATUS_DAMAGED = 4,
	STATUS_FOUND = 10,
};

/*
 * Runs with the arguments after and including the command's name.  *stop turns non-zero
 * when the user wants an end: what is known is still reported.  Returns the exit status.
 */
int cmd_read(int argc, char **argv, const volatile sig_atomic_t *stop);
int cmd_live(int argc, char **argv, const volatile sig_atomic_t *stop);
int cmd_check_config(int argc, char **argv, const volatile sig_atomic_t *stop);

#endif
