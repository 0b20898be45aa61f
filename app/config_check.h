/* What can be told of a configuration before anything is watched. */
#ifndef APP_CONFIG_CHECK_H
#define APP_CONFIG_CHECK_H

#include "app/live_options.h"

/*
 * Looks at what the settings name: whether the filter compiles, the user exists, and
 * files can be read and written, by that user if there is one.  Nothing is made or
 * changed.  Returns the number of errors, after telling them: FILE:LINE: WHAT.
 */
unsigned config_check(const struct live_options *lo, FILE *to);

#endif
