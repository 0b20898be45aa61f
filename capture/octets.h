/*
 * The octets of one input in order, unpacked: a file, a pipe or standard input, plain
 * or inside gzip or zstd (any number of members or frames is one stream).
 */
#ifndef CAPTURE_OCTETS_H
#define CAPTURE_OCTETS_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/gunzip.h"
#include "capture/unzstd.h"

enum octets_state {
	OCTETS_OPEN,
	OCTETS_ENDED,  /* a clean end */
	OCTETS_CUT,    /* the compressed data stops in the middle */
	OCTETS_BAD,    /* the compressed data is damaged */
	OCTETS_FAILED, /* the system could not read; code says why */
};

enum octets_packing { OCTETS_PLAIN, OCTETS_GZIP, OCTETS_ZSTD };

struct octets {
	enum octets_state state;
	int code;
	int fd;
	bool regular;
	const volatile sig_atomic_t *stop; /* the user's: see source_opts; or NULL */
	uint64_t stored;                   /* octets read so far, as stored */
	enum octets_packing packing;
	bool boundary; /* between two members or frames */
	bool pending;  /* the unpacker may hold more output */
	struct gunzip *gunzip;
	struct unzstd *unzstd;
	uint8_t *raw; /* octets as stored that were not yet handed out or unpacked */
	size_t raw_at;
	size_t raw_end;
};

/* Memory for any number of inputs, one after the other. */
int octets_init(struct octets *o, struct err *e);
void octets_fini(struct octets *o);

/*
 * Opens path ("-": standard input) and recognises the packing.  -1 when it cannot be
 * opened or read at all.  An empty input is open.  octets_close is due in either case.
 */
int octets_open(struct octets *o, const char *path, struct err *e);
void octets_close(struct octets *o);

/* At least one octet and at most n; 0 when there are no more, and state says why. */
size_t octets_read(struct octets *o, uint8_t *to, size_t n);

/* Why there is nothing more, for OCTETS_CUT, OCTETS_BAD and OCTETS_FAILED. */
void octets_why(const struct octets *o, char *text, size_t size);

#endif
