#define _POSIX_C_SOURCE 200809L
#include "capture/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first read only looks who is there. */
#define CHUNK_FIRST ((size_t)4 * 1024)
#define CHUNK_RAW   ((size_t)64 * 1024)

int
feed_init(struct feed *f, struct err *e)
{
	*f = (struct feed){.fd = -1, .most = FEED_READ, .state = FEED_ENDED};
	f->win = malloc(FEED_MAX);
	return f->win ? 0 : err_set(e, "no memory to read a capture");
}

void
feed_fini(struct feed *f)
{
	feed_close(f);
	gunzip_close(f->gunzip);
	unzstd_close(f->unzstd);
	free(f->raw);
	free(f->win);
	*f = (struct feed){.fd = -1};
}

static bool
stopped(const struct feed *f)
{
	return f->stop != NULL && *f->stop;
}

/* One read; 0 at the end, when it is to end, or after an error, which is kept. */
static size_t
read_some(struct feed *f, uint8_t *to, size_t n)
{
	ssize_t r;

	do {
		r = read(f->fd, to, n);
	} while (r < 0 && errno == EINTR && !stopped(f));
	if (r > 0) {
		f->stored += (uint64_t)r;
		return (size_t)r;
	}
	if (r < 0) {
		f->state = errno == EINTR ? FEED_ENDED : FEED_FAILED;
		f->code = errno;
	}
	return 0;
}

/* Packed octets at hand, after reading until there are n or no more come. */
static size_t
raw_see(struct feed *f, size_t n)
{
	size_t got = 1;

	while (f->raw_end - f->raw_at < n && got != 0) {
		memmove(f->raw, f->raw + f->raw_at, f->raw_end - f->raw_at);
		f->raw_end -= f->raw_at;
		f->raw_at = 0;
		got = read_some(f, f->raw + f->raw_end, CHUNK_RAW - f->raw_end);
		f->raw_end += got;
	}
	return f->raw_end - f->raw_at;
}

/* Between two members: decides whether another one follows. */
static void
next_member(struct feed *f)
{
	size_t want = f->packing == FEED_GZIP ? 2 : 1;
	size_t n = raw_see(f, want);
	const uint8_t *p = f->raw + f->raw_at;

	if (f->state != FEED_OPEN)
		return;
	if (n == 0) {
		f->state = FEED_ENDED;
		return;
	}
	if (f->packing == FEED_GZIP) {
		if (n < 2 || p[0] != 0x1f || p[1] != 0x8b) {
			f->state = FEED_BAD;
			return;
		}
		gunzip_reset(f->gunzip);
	}
	f->boundary = false;
	f->pending = false;
}

/* Unpacks once into the window's free part, up to limit. */
static void
unpack_some(struct feed *f, size_t limit)
{
	struct bytes in;
	size_t made;
	enum gunzip_result r;

	if (!f->pending && raw_see(f, 1) == 0) {
		if (f->state == FEED_OPEN)
			f->state = FEED_CUT;
		return;
	}
	in = bytes_of(f->raw + f->raw_at, f->raw_end - f->raw_at);
	if (f->packing == FEED_GZIP)
		r = gunzip_push(f->gunzip, &in, f->win + f->end, limit - f->end, &made);
	else
		r = unzstd_push(f->unzstd, &in, f->win + f->end, limit - f->end, &made);
	f->raw_at = f->raw_end - in.n;
	f->end += made;
	f->pending = r == GUNZIP_FULL;
	f->boundary = r == GUNZIP_END;
	if (r == GUNZIP_BAD)
		f->state = FEED_BAD;
}

static void
fill_once(struct feed *f, size_t limit)
{
	size_t got, room = limit - f->end;

	if (f->packing == FEED_PLAIN) {
		got = read_some(f, f->win + f->end, room < f->chunk ? room : f->chunk);
		if (got == 0 && f->state == FEED_OPEN)
			f->state = FEED_ENDED;
		f->end += got;
		return;
	}
	if (f->boundary)
		next_member(f);
	if (f->state == FEED_OPEN)
		unpack_some(f, limit);
}

size_t
feed_fill(struct feed *f, size_t n)
{
	size_t limit = n > f->most ? n : f->most;

	if (f->at != 0) {
		memmove(f->win, f->win + f->at, f->end - f->at);
		f->base += f->at;
		f->end -= f->at;
		f->at = 0;
	}
	while (f->end < n && f->state == FEED_OPEN)
		fill_once(f, limit);
	f->chunk = f->most;
	return f->end;
}

bool
feed_skip(struct feed *f, uint64_t n)
{
	size_t seen;

	while (n > f->end - f->at) {
		n -= f->end - f->at;
		f->at = f->end;
		seen = feed_fill(f, 1);
		if (seen == 0)
			return false;
	}
	f->at += (size_t)n;
	return true;
}

/* What stands at the window's start are packed octets: they change their place. */
static int
unpack_from_here(struct feed *f, enum feed_packing packing, struct err *e)
{
	if (f->raw == NULL && (f->raw = malloc(CHUNK_RAW)) == NULL)
		return err_set(e, "no memory to unpack a capture");
	if (packing == FEED_GZIP && f->gunzip == NULL && gunzip_open(&f->gunzip, e) != 0)
		return -1;
	if (packing == FEED_ZSTD) {
		if (f->unzstd == NULL && unzstd_open(&f->unzstd, e) != 0)
			return -1;
		unzstd_reset(f->unzstd);
	}
	memcpy(f->raw, f->win, f->end);
	f->raw_at = 0;
	f->raw_end = f->end;
	f->end = 0;
	f->packing = packing;
	f->boundary = true;
	if (f->state == FEED_ENDED)
		f->state = FEED_OPEN;
	return 0;
}

static enum feed_packing
packing_of(const uint8_t *p, size_t n)
{
	uint32_t magic;

	if (n >= 2 && p[0] == 0x1f && p[1] == 0x8b)
		return FEED_GZIP;
	if (n < 4)
		return FEED_PLAIN;
	magic = load_be32(p);
	if (magic == 0x28b52ffd || (magic & 0xf0ffffff) == 0x502a4d18)
		return FEED_ZSTD;
	return FEED_PLAIN;
}

int
feed_open(struct feed *f, const char *path, struct err *e)
{
	struct stat st;
	size_t n;
	enum feed_packing packing;
	bool standard = strcmp(path, "-") == 0;

	f->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st) != 0)
		return err_sys(e, errno, "cannot be opened");
	f->regular = S_ISREG(st.st_mode);
	f->at = f->end = 0;
	f->base = f->stored = 0;
	f->packing = FEED_PLAIN;
	f->state = FEED_OPEN;
	f->chunk = CHUNK_FIRST;
	n = feed_fill(f, 4);
	if (f->state == FEED_FAILED)
		return err_sys(e, f->code, "cannot be read");
	packing = packing_of(f->win, n);
	return packing == FEED_PLAIN ? 0 : unpack_from_here(f, packing, e);
}

void
feed_close(struct feed *f)
{
	if (f->fd > STDIN_FILENO)
		(void)close(f->fd);
	f->fd = -1;
	f->at = f->end = 0;
	f->state = FEED_ENDED;
}

void
feed_why(const struct feed *f, char *text, size_t size)
{
	struct err e = {{0}};
	const char *packing = f->packing == FEED_GZIP ? "gzip" : "zstd";

	if (f->state == FEED_CUT)
		(void)snprintf(text, size, "the %s data is cut off", packing);
	else if (f->state == FEED_FAILED && err_sys(&e, f->code, "reading failed") != 0)
		(void)snprintf(text, size, "%.150s", e.text);
	else if (f->packing == FEED_ZSTD)
		(void)snprintf(
		    text, size, "the zstd data is damaged (%s)", unzstd_why(f->unzstd));
	else
		(void)snprintf(text, size, "the %s data is damaged", packing);
}
