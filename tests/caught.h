/*
 * Resets that are not sent but counted: the linker leads inject_frame and inject_packet
 * of the project's own code here.
 */
#ifndef TESTS_CAUGHT_H
#define TESTS_CAUGHT_H

struct inject;

/* None so far; what is returned sends nothing.  Not to be closed. */
struct inject *caught_begin(void);

/* How many there were since. */
unsigned caught(void);

#endif
