/* The time, in nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Since 1970, as frames are stamped. */
int64_t clock_wall(void);

/* Since no time in particular; nobody sets it. */
int64_t clock_steady(void);

#endif
