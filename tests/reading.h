/*
 * A whole run over one capture, as `msnwatch read` makes it: source, pipeline, events
 * as JSON lines, the report.  What must hold whatever the bytes are is checked on the
 * way:
 *
 *  - frames are numbered from 1, no longer than they may be and than they were on the
 *    wire;
 *  - every event, and the verdict and counters at the end, is a line that the schema
 *    takes;
 *  - an input that cannot be read to its end is told as a trouble, once;
 *  - the report is plain text.
 */
#ifndef TESTS_READING_H
#define TESTS_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/event.h"

#define READING_PRINTS_MAX 4096

struct schema;

struct reading {
	struct schema *schema;
	size_t tables; /* as pipeline_opts; small ones are full soon, and cheap to open */
	size_t frames;
	uint64_t
	    prints[READING_PRINTS_MAX]; /* of the first ones: all that a frame says */
	size_t events, attempts;
	size_t troubles;
	struct coverage trouble; /* the first one */
	char fault[256];         /* the first rule that was broken */
};

struct reading *reading_new(size_t tables);
void reading_free(struct reading *r);

/* Reads the bytes as one file.  False when a rule was broken: see fault. */
bool reading_of(struct reading *r, struct bytes file);

/* Only looks at the frames. */
void reading_frames(struct reading *r, struct bytes file);

#endif
