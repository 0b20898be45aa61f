/* Which process is which: a number alone comes round again. */
#ifndef APP_PROCESS_H
#define APP_PROCESS_H

#include <stdint.h>

/*
 * When the process began, in the system's ticks since it started itself; 0 when there is
 * no such process here.
 */
uint64_t process_mark(int64_t pid);

/* Whether that process is still there, as far as we may see. */
enum process_state { PROCESS_THERE, PROCESS_GONE, PROCESS_ANOTHER };
enum process_state process_state(int64_t pid, uint64_t mark);

#endif
