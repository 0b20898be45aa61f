/*
 * The octets of one input, unpacked: a file, a pipe or standard input, plain
 * or inside gzip or zstd (any number of members or frames is one stream).  A
 * reader looks at them in place, through a window that moves on, so nothing
 * is copied but the few octets a window's end cuts in two.
 */
#ifndef CAPTURE_FEED_H
#define CAPTURE_FEED_H

#include <signal.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/gunzip.h"
#include "capture/unzstd.h"

/* The most that can be looked at in one piece. */
#define FEED_MAX ((size_t)512 * 1024)

/*
 * One read: as long as pays, which stays within a core's cache; and where many inputs
 * are open at once, so that all their windows together stay small.
 */
#define FEED_READ      ((size_t)384 * 1024)
#define FEED_READ_MANY ((size_t)64 * 1024)

enum feed_state {
	FEED_OPEN,
	FEED_ENDED,  /* a clean end */
	FEED_CUT,    /* the compressed data stops in the middle */
	FEED_BAD,    /* the compressed data is damaged */
	FEED_FAILED, /* the system could not read; code says why */
};

enum feed_packing { FEED_PLAIN, FEED_GZIP, FEED_ZSTD };

struct feed {
	uint8_t *win;  /* FEED_MAX octets, touched only as far as needed */
	size_t at;     /* window: what is eaten */
	size_t end;    /* window: what is filled */
	uint64_t base; /* where the window begins in the unpacked stream */
	enum feed_state state;
	int code;
	int fd;
	bool regular;
	const volatile sig_atomic_t *stop; /* the user's: see source_opts; or NULL */
	size_t chunk;                      /* size of the next read */
	size_t most;                       /* size of the reads after the first */
	uint64_t stored;                   /* octets read so far, as stored */

	enum feed_packing packing;
	bool boundary; /* between two members or frames */
	bool pending;  /* the unpacker may hold more output */
	struct gunzip *gunzip;
	struct unzstd *unzstd;
	uint8_t *raw; /* packed octets not yet unpacked */
	size_t raw_at;
	size_t raw_end;
};

/* Takes the window. A feed serves one input after the other. */
int feed_init(struct feed *f, struct err *e);
void feed_fini(struct feed *f);

/*
 * Opens path ("-": standard input) and recognises the packing.  -1 when it
 * cannot be opened or read at all.  An empty input is open, and then ended.
 * feed_close is due in either case.
 */
int feed_open(struct feed *f, const char *path, struct err *e);
void feed_close(struct feed *f);

/* Why there is nothing more, for FEED_CUT, FEED_BAD and FEED_FAILED. */
void feed_why(const struct feed *f, char *text, size_t size);

/* The slow half of feed_see. */
size_t feed_fill(struct feed *f, size_t n);

/*
 * Octets that can be looked at: at least n (at most FEED_MAX), or fewer when
 * the stream stops before.  Earlier looks are invalid after it.
 */
static inline size_t
feed_see(struct feed *f, size_t n)
{
	return f->end - f->at >= n ? f->end - f->at : feed_fill(f, n);
}

/* Where the next octet is. */
static inline const uint8_t *
feed_here(const struct feed *f)
{
	return f->win + f->at;
}

/* Eats n octets that were seen; they stay in place until the next feed_see. */
static inline void
feed_eat(struct feed *f, size_t n)
{
	f->at += n;
}

/* Eats n octets seen or not; false when the stream stops before. */
bool feed_skip(struct feed *f, uint64_t n);

/* Offset of the next octet in the unpacked stream. */
static inline uint64_t
feed_offset(const struct feed *f)
{
	return f->base + f->at;
}

#endif
