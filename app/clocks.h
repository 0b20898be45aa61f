/* The clocks of a running sensor, in nanoseconds. */
#ifndef APP_CLOCKS_H
#define APP_CLOCKS_H

#include <stdint.h>

/* Since 1970, as frames are stamped. */
int64_t clock_wall(void);

/* Since no time in particular; nobody sets it. */
int64_t clock_steady(void);

#endif
