/*
 * A window on the octets of one input: a reader looks at them in place, and the window
 * moves on, so nothing is copied but the few octets a window's end cuts in two.
 */
#ifndef CAPTURE_FEED_H
#define CAPTURE_FEED_H

#include "base/bytes.h"
#include "capture/ahead.h"
#include "capture/octets.h"

/* The most that can be looked at in one piece. */
#define FEED_MAX ((size_t)512 * 1024)

/*
 * One read: as long as pays, which stays within a core's cache; and where many inputs
 * are open at once, so that all their windows together stay small.
 */
#define FEED_READ      ((size_t)384 * 1024)
#define FEED_READ_MANY ((size_t)64 * 1024)

struct feed {
	uint8_t *win;  /* FEED_MAX octets, touched only as far as needed */
	size_t at;     /* window: what is eaten */
	size_t end;    /* window: what is filled */
	uint64_t base; /* where the window begins in the unpacked stream */
	size_t chunk;  /* size of the next read */
	size_t most;   /* size of the reads after the first */
	struct octets from;
	struct ahead *ahead; /* borrowed; NULL: none */
};

/* Takes the window. A feed serves one input after the other. */
int feed_init(struct feed *f, struct err *e);
void feed_fini(struct feed *f);

/* As octets_open and octets_close. */
int feed_open(struct feed *f, const char *path, struct err *e);
void feed_close(struct feed *f);

/*
 * From here on a thread reads the open input, a regular file.  False when there is none
 * to be had.  a stays the caller's, to be taken back after feed_close.
 */
bool feed_ahead(struct feed *f, struct ahead *a);

/* Octets read so far, as stored. */
uint64_t feed_stored(const struct feed *f);

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
