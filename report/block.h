/*
 * The blocks of a run, told apart by path, reason and device, and how each host fared
 * that met them.  A host has got past a block when it signed in, by whatever path, not
 * before it met the block; so the order in which attempts are folded does not matter.
 */
#ifndef REPORT_BLOCK_H
#define REPORT_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/event.h"

struct blocks {
	struct verdict_block
	    list[VERDICT_BLOCKS_MAX]; /* in the order they were first told */
	uint8_t n;
	uint64_t more; /* tries of blocks that found the list full */
};

/* The last time that a host got through by one kind of path. */
struct passage {
	bool seen;
	uint16_t port;
	int64_t at;
};

/* What one host met, and where it got through. */
struct host_blocks {
	uint16_t met;                        /* bit of each block of the list */
	bool met_any;                        /* in the list or beyond it */
	int64_t met_at[VERDICT_BLOCKS_MAX];  /* the first time, where the bit is set */
	int64_t first;                       /* the first of them all */
	struct passage in[PATH_KINDS];       /* signed in */
	struct passage answered[PATH_KINDS]; /* by the service, which did not let it in */
	struct passage open;                 /* still trying at the end */
};

void block_fold(struct blocks *b, struct host_blocks *h, const struct attempt *a);

/*
 * How the host fared from that time on; where it got past, with a bit in ways for each
 * kind of path.
 */
enum fate block_fate(const struct host_blocks *h, int64_t since, uint8_t *ways);

/* Counts the host in each of the blocks it met, in list as in b. */
void block_count(
    struct verdict_block list[VERDICT_BLOCKS_MAX], const struct host_blocks *h);

/* One more host has got through there. */
void block_way(struct way *w, uint16_t port);

/* What the fates of its hosts come to. */
enum holding block_holding(const uint32_t fate[FATES]);

#endif
