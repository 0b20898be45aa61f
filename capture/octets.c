#define _POSIX_C_SOURCE 200809L
#include "capture/octets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first read only looks who is there. */
#define LOOK ((size_t)4 * 1024)
#define RAW  ((size_t)64 * 1024)

int
octets_init(struct octets *o, struct err *e)
{
	*o = (struct octets){.fd = -1, .state = OCTETS_ENDED};
	o->raw = malloc(RAW);
	return o->raw ? 0 : err_set(e, "no memory to read a capture");
}

void
octets_fini(struct octets *o)
{
	octets_close(o);
	gunzip_close(o->gunzip);
	unzstd_close(o->unzstd);
	free(o->raw);
	*o = (struct octets){.fd = -1};
}

static bool
stopped(const struct octets *o)
{
	return o->stop != NULL && *o->stop;
}

/* One read; 0 at the end, when it is to end, or after an error, which is kept. */
static size_t
read_some(struct octets *o, uint8_t *to, size_t n)
{
	ssize_t r;

	do {
		r = read(o->fd, to, n);
	} while (r < 0 && errno == EINTR && !stopped(o));
	if (r > 0) {
		o->stored += (uint64_t)r;
		return (size_t)r;
	}
	if (r < 0) {
		o->state = errno == EINTR ? OCTETS_ENDED : OCTETS_FAILED;
		o->code = errno;
	}
	return 0;
}

/* Octets as stored, after reading until there are n or no more come. */
static size_t
raw_see(struct octets *o, size_t n, size_t most)
{
	size_t got = 1;

	while (o->raw_end - o->raw_at < n && got != 0) {
		memmove(o->raw, o->raw + o->raw_at, o->raw_end - o->raw_at);
		o->raw_end -= o->raw_at;
		o->raw_at = 0;
		got = read_some(o, o->raw + o->raw_end, most - o->raw_end);
		o->raw_end += got;
	}
	return o->raw_end - o->raw_at;
}

/* Between two members: decides whether another one follows. */
static void
next_member(struct octets *o)
{
	size_t want = o->packing == OCTETS_GZIP ? 2 : 1;
	size_t n = raw_see(o, want, RAW);
	const uint8_t *p = o->raw + o->raw_at;

	if (o->state != OCTETS_OPEN)
		return;
	if (n == 0) {
		o->state = OCTETS_ENDED;
		return;
	}
	if (o->packing == OCTETS_GZIP) {
		if (n < 2 || p[0] != 0x1f || p[1] != 0x8b) {
			o->state = OCTETS_BAD;
			return;
		}
		gunzip_reset(o->gunzip);
	}
	o->boundary = false;
	o->pending = false;
}

/* Unpacks once; there may be nothing made yet. */
static size_t
unpack_some(struct octets *o, uint8_t *to, size_t n)
{
	struct bytes in;
	size_t made;
	enum gunzip_result r;

	if (!o->pending && raw_see(o, 1, RAW) == 0) {
		if (o->state == OCTETS_OPEN)
			o->state = OCTETS_CUT;
		return 0;
	}
	in = bytes_of(o->raw + o->raw_at, o->raw_end - o->raw_at);
	if (o->packing == OCTETS_GZIP)
		r = gunzip_push(o->gunzip, &in, to, n, &made);
	else
		r = unzstd_push(o->unzstd, &in, to, n, &made);
	o->raw_at = o->raw_end - in.n;
	o->pending = r == GUNZIP_FULL;
	o->boundary = r == GUNZIP_END;
	if (r == GUNZIP_BAD)
		o->state = OCTETS_BAD;
	return made;
}

static size_t
read_plain(struct octets *o, uint8_t *to, size_t n)
{
	size_t seen = o->raw_end - o->raw_at;

	if (seen != 0) {
		n = n < seen ? n : seen;
		memcpy(to, o->raw + o->raw_at, n);
		o->raw_at += n;
		return n;
	}
	n = read_some(o, to, n);
	if (n == 0 && o->state == OCTETS_OPEN)
		o->state = OCTETS_ENDED;
	return n;
}

size_t
octets_read(struct octets *o, uint8_t *to, size_t n)
{
	size_t made = 0;

	if (o->packing == OCTETS_PLAIN)
		return o->state == OCTETS_OPEN ? read_plain(o, to, n) : 0;
	while (made == 0 && o->state == OCTETS_OPEN) {
		if (o->boundary)
			next_member(o);
		if (o->state == OCTETS_OPEN)
			made = unpack_some(o, to, n);
	}
	return made;
}

static enum octets_packing
packing_of(const uint8_t *p, size_t n)
{
	uint32_t magic;

	if (n >= 2 && p[0] == 0x1f && p[1] == 0x8b)
		return OCTETS_GZIP;
	if (n < 4)
		return OCTETS_PLAIN;
	magic = load_be32(p);
	if (magic == 0x28b52ffd || (magic & 0xf0ffffff) == 0x502a4d18)
		return OCTETS_ZSTD;
	return OCTETS_PLAIN;
}

static int
begin_unpacking(struct octets *o, struct err *e)
{
	if (o->packing == OCTETS_GZIP && o->gunzip == NULL &&
	    gunzip_open(&o->gunzip, e) != 0)
		return -1;
	if (o->packing == OCTETS_ZSTD) {
		if (o->unzstd == NULL && unzstd_open(&o->unzstd, e) != 0)
			return -1;
		unzstd_reset(o->unzstd);
	}
	o->boundary = true;
	return 0;
}

int
octets_open(struct octets *o, const char *path, struct err *e)
{
	struct stat st;
	size_t n;
	bool standard = strcmp(path, "-") == 0;

	o->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (o->fd < 0 || fstat(o->fd, &st) != 0)
		return err_sys(e, errno, "cannot be opened");
	o->regular = S_ISREG(st.st_mode);
	o->raw_at = o->raw_end = 0;
	o->stored = 0;
	o->packing = OCTETS_PLAIN;
	o->state = OCTETS_OPEN;
	n = raw_see(o, 4, LOOK);
	if (o->state == OCTETS_FAILED)
		return err_sys(e, o->code, "cannot be read");
	o->packing = packing_of(o->raw, n);
	return o->packing == OCTETS_PLAIN ? 0 : begin_unpacking(o, e);
}

void
octets_close(struct octets *o)
{
	if (o->fd > STDIN_FILENO)
		(void)close(o->fd);
	o->fd = -1;
	o->state = OCTETS_ENDED;
}

void
octets_why(const struct octets *o, char *text, size_t size)
{
	struct err e = {{0}};
	const char *packing = o->packing == OCTETS_GZIP ? "gzip" : "zstd";

	if (o->state == OCTETS_CUT)
		(void)snprintf(text, size, "the %s data is cut off", packing);
	else if (o->state == OCTETS_FAILED && err_sys(&e, o->code, "reading failed") != 0)
		(void)snprintf(text, size, "%.150s", e.text);
	else if (o->packing == OCTETS_ZSTD)
		(void)snprintf(
		    text, size, "the zstd data is damaged (%s)", unzstd_why(o->unzstd));
	else
		(void)snprintf(text, size, "the %s data is damaged", packing);
}
