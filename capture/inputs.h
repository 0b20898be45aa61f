/*
 * From what the user named to a list of inputs: files and standard input as they
 * were named, folders walked in the order of names, everything once.
 */
#ifndef CAPTURE_INPUTS_H
#define CAPTURE_INPUTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "capture/records.h"
#include "capture/troubles.h"

struct input {
	char *name;
	size_t order; /* place in the list: it breaks ties */
	size_t root;  /* which of the user's paths it comes from */
	bool found;   /* met in a folder, not named by the user */
	bool regular; /* can be opened again */
	dev_t dev;
	ino_t ino;
	uint64_t size;
	int64_t first; /* time of the first frame */

	struct records *records;   /* while it is open */
	enum records_state opened; /* what opening it gave */
	bool begun;                /* next is its first frame, or a later one */
	struct frame next; /* the frame at its head, its number that of the last one
	                            handed out */
};

struct inputs {
	struct input *list;
	size_t n;
	size_t size;
	bool *root_told; /* by root: it gave something to read, or to tell */
};

/*
 * Walks the paths.  What is no input becomes a trouble; -1 means that memory is
 * short.  inputs_free is due in either case.
 */
int inputs_gather(struct inputs *to, const char *const *paths, size_t n,
    struct troubles *t, struct err *e);
void inputs_free(struct inputs *in);

/* Why an open input has no more, when that is worth a word. */
void inputs_tell(struct troubles *t, const struct input *i, enum records_state why);

/* The first look at an input gave this. */
void inputs_looked(struct inputs *in, const struct input *i, enum records_state what);

/* After the first look at all: folders in which there was no capture. */
int inputs_tell_barren(const struct inputs *in, const char *const *paths, size_t n,
    struct troubles *t, struct err *e);

/* Does the name end like a capture's (.pcap, .cap.gz, .pcapng.3, ...)? */
bool inputs_named_like_capture(const char *name);

#endif
