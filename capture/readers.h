/*
 * What inputs need while they are open, lent to one after the other: memory to walk
 * records in, and threads that unpack ahead.
 */
#ifndef CAPTURE_READERS_H
#define CAPTURE_READERS_H

#include "capture/inputs.h"

#define READERS_SPARE_MAX 64
#define READERS_RINGS_MAX 8

struct readers {
	const volatile sig_atomic_t *stop; /* see source_opts */
	size_t read_size;                  /* of one read: FEED_READ, or less */
	size_t n_rings;                    /* threads there may be */
	struct records *spare[READERS_SPARE_MAX];
	size_t n_spare;
	struct ahead *ring[READERS_RINGS_MAX]; /* those free, opened when first wanted */
	size_t n_free, n_open;
};

/*
 * threads: how many may be at work, the caller's included; 0: one a processor.  inputs:
 * how many there are in all.
 */
void readers_init(struct readers *rs, unsigned threads, size_t inputs);
void readers_fini(struct readers *rs);

/* Gives the input what it needs to be opened; -1 when memory is short. */
int readers_take(struct readers *rs, struct input *i, struct err *e);

/* Closes the input, if it is open. */
void readers_give(struct readers *rs, struct input *i);

/* Has the open input unpacked by a thread, if that pays and one is free. */
void readers_ahead(struct readers *rs, struct input *i);

#endif
