/*
 * `msnwatch live --status`: what a sensor's status file says, and whether it still
 * holds.
 */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include <stdio.h>

/* Where the sensor keeps it when nothing else is said. */
#define STATUS_PATH "/run/msnwatch/msnwatch.status"

/*
 * Prints it for people; path: NULL for STATUS_PATH.  The exit status of the command: 0
 * when the sensor runs and keeps the file up, else 1.
 */
int status_show(const char *path, FILE *to);

#endif
