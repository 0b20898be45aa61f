/*
 * Frames in.  One source is any number of capture files, directories and
 * standard input, merged into one stream in time order, so a sign-in that
 * crosses two rotated files, or two taps written side by side, reads as one.
 *
 * Formats are recognised by their first bytes, never by name: pcap (both byte
 * orders, micro- and nanoseconds), pcapng, and either inside gzip or zstd.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/counters.h"
#include "base/err.h"
#include "base/event.h"

/* One captured frame, borrowed with its bytes until the next one is asked for. */
struct frame {
	struct bytes data;
	uint32_t wire_len;  /* bytes on the wire, at least data.n */
	int linktype;       /* DLT_ value */
	int64_t ts;         /* nanoseconds since 1970 */
	uint64_t number;    /* in its own file, from 1 */
	const char *origin; /* file name; lives as long as the source */
};

/* The most that source_batch hands over in one go. */
#define SOURCE_BATCH_MAX 64

/* Inputs that are open at once. */
#define SOURCE_OPEN_MAX 64

struct source;

struct source_opts {
	const char *const *paths; /* files, directories, "-"; borrowed */
	size_t n_paths;
	const char *filter; /* BPF expression, or NULL */
	uint64_t count;     /* stop after this many frames that pass the filter; 0: all */

	/* Threads that may be at work, the caller's included; 0: one a processor. */
	unsigned threads;

	/* Set by a signal's handler when reading must end, also amid a read; or NULL. */
	const volatile sig_atomic_t *stop;
};

enum source_result {
	SOURCE_FRAME, /* *out is the frame */
	SOURCE_END,   /* nothing more; ask source_trouble what went wrong on the way */
};

/*
 * Looks at every input, orders them by their first frame and is ready to
 * deliver.  Inputs that cannot be read become troubles, not failures: -1 is
 * returned only when the filter does not compile (e says why) or memory is short.
 * A directory is walked with its subdirectories, in the order of names, without
 * what begins with a dot; a file in it that is empty, or is no capture and not named
 * like one, is skipped (COVERAGE_SKIPPED).  So is what was met before under
 * another name.  A folder without any capture is COVERAGE_UNREADABLE.
 *
 * An input is opened when the stream has come to its first frame and closed at its
 * end; equal times go by the order of the inputs, and a file keeps its own order
 * even where its clock runs back.  At most SOURCE_OPEN_MAX inputs that overlap in
 * time are open at once: a further one begins when one of them has ended, so its frames
 * come late.
 */
int source_open(struct source **s, const struct source_opts *opts, struct err *e);

enum source_result source_next(struct source *s, const struct frame **out);

/* As many frames as stand ready, one at least, borrowed until the next call. */
enum source_result source_batch(struct source *s, const struct frame **out, size_t *n);

/* NULL is accepted. */
void source_close(struct source *s);

/*
 * What went wrong, one by one, in the order it happened; false when there is
 * no further one.  COVERAGE_UNREADABLE (missing, unreadable, empty or no capture,
 * when named by the user or named like a capture), COVERAGE_DAMAGED (text names file
 * and byte offset; for a compressed file also that the offset is in the
 * decompressed bytes), COVERAGE_SKIPPED, and COVERAGE_LINK_TYPE when the
 * filter does not compile for a link type that turns up later in a file.
 */
bool source_trouble(struct source *s, struct coverage *out);

/* Whether path, however it is spelled, is one of the files that are read. */
bool source_reads(const struct source *s, const char *path);

/* How far the reading is.  total_bytes is 0 when an input is not a regular file. */
struct source_progress {
	uint64_t frames;
	uint64_t total_bytes; /* of the files as stored */
	uint64_t done_bytes;
	unsigned files; /* that were readable captures, so far */
};
void source_progress(const struct source *s, struct source_progress *out);

/* source.* counters: files, frames, bytes, frames the filter left out. */
void source_counters(const struct source *s, struct counters *to);

/* "EN10MB" and the like for messages; "link type 147" when it has no name. */
const char *source_linktype_name(int linktype, char buf[32]);

/*
 * Writes frames to a pcap file (nanoseconds).  The first frame decides the
 * link type; frames of another one are refused and counted.
 */
struct save;
int save_open(struct save **out, const char *path, struct err *e);
void save_frame(struct save *s, const struct frame *f);

/* Flushes and closes; -1 and e when anything could not be written. NULL is accepted. */
int save_close(struct save *s, struct err *e);

/* Frames refused for their link type. */
uint64_t save_refused(const struct save *s);

#endif
