#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/reshape/container.h"

#define SNAPLEN 262144

/* A file in memory.  Sized once, for the most the frames can take. */
struct image {
	uint8_t *p;
	size_t n;
	bool big_endian;
};

static void
word(struct image *m, uint32_t v, size_t width)
{
	size_t i;

	for (i = 0; i < width; i++)
		m->p[m->n++] = (uint8_t)(v >> 8 * (m->big_endian ? width - 1 - i : i));
}

static void
u16(struct image *m, uint32_t v)
{
	word(m, v, 2);
}

static void
u32(struct image *m, uint32_t v)
{
	word(m, v, 4);
}

static void
raw(struct image *m, const void *p, size_t n)
{
	memcpy(m->p + m->n, p, n);
	m->n += n;
}

static void
pcap_image(struct image *m, const struct container *c, const struct trace *t, size_t from,
    size_t to)
{
	const struct rec *r;
	size_t i;

	u32(m, c->nano ? 0xa1b23c4d : 0xa1b2c3d4);
	u16(m, 2);
	u16(m, 4);
	u32(m, 0);
	u32(m, 0);
	u32(m, SNAPLEN);
	u32(m, (uint32_t)t->linktype);
	for (i = from; i < to; i++) {
		r = &t->r[i];
		u32(m, (uint32_t)(r->ts / 1000000000));
		u32(m, (uint32_t)(r->ts % 1000000000 / (c->nano ? 1 : 1000)));
		u32(m, (uint32_t)r->n);
		u32(m, (uint32_t)r->n);
		raw(m, r->p, r->n);
	}
}

/* Begins a block whose whole length is known. */
static void
block(struct image *m, uint32_t type, size_t total)
{
	u32(m, type);
	u32(m, (uint32_t)total);
}

static void
text_option(struct image *m, uint32_t code, const char *padded)
{
	u16(m, code);
	u16(m, (uint32_t)strlen(padded));
	raw(m, padded, strlen(padded));
}

static void
ng_header(struct image *m, const struct container *c, const struct trace *t)
{
	uint32_t idb = c->nano ? 32 : 20;

	block(m, 0x0a0d0d0a, 44);
	u32(m, 0x1a2b3c4d);
	u16(m, 1);
	u16(m, 0);
	u32(m, 0xffffffff); /* length of the section: not said */
	u32(m, 0xffffffff);
	text_option(m, 4, "reshaped");
	u32(m, 0);
	u32(m, 44);
	block(m, 1, idb);
	u16(m, (uint32_t)t->linktype);
	u16(m, 0);
	u32(m, SNAPLEN);
	if (c->nano) {
		u16(m, 9); /* if_tsresol, 10^-9 */
		u16(m, 1);
		raw(m, "\x09\0\0\0", 4);
		u32(m, 0);
	}
	u32(m, idb);
}

static void
ng_packet(struct image *m, const struct container *c, const struct rec *r)
{
	uint64_t ts = (uint64_t)r->ts / (c->nano ? 1 : 1000);
	size_t pad = (4 - r->n % 4) % 4, total = 32 + r->n + pad;

	block(m, 6, total);
	u32(m, 0);
	u32(m, (uint32_t)(ts >> 32));
	u32(m, (uint32_t)ts);
	u32(m, (uint32_t)r->n);
	u32(m, (uint32_t)r->n);
	raw(m, r->p, r->n);
	raw(m, "\0\0\0", pad);
	u32(m, (uint32_t)total);
}

static void
ng_image(struct image *m, const struct container *c, const struct trace *t, size_t from,
    size_t to)
{
	size_t i;

	ng_header(m, c, t);
	for (i = from; i < to; i++)
		ng_packet(m, c, &t->r[i]);
	block(m, 5, 24); /* interface statistics, which carry no frame */
	u32(m, 0);
	u32(m, 0);
	u32(m, 0);
	u32(m, 24);
}

static int
write_plain(const struct image *m, const char *path)
{
	FILE *f = fopen(path, "wb");
	size_t n;

	if (f == NULL)
		return -1;
	n = fwrite(m->p, 1, m->n, f);
	return fclose(f) == 0 && n == m->n ? 0 : -1;
}

static int
write_gz(const struct image *m, const char *path)
{
	gzFile f = gzopen(path, "wb1");
	int n;

	if (f == NULL)
		return -1;
	n = gzwrite(f, m->p, (unsigned)m->n);
	return gzclose(f) == Z_OK && n == (int)m->n ? 0 : -1;
}

static int
write_zst(const struct image *m, const char *path)
{
	struct image z = {.p = malloc(ZSTD_compressBound(m->n))};
	int r = -1;

	if (z.p == NULL)
		return -1;
	z.n = ZSTD_compress(z.p, ZSTD_compressBound(m->n), m->p, m->n, 1);
	if (!ZSTD_isError(z.n))
		r = write_plain(&z, path);
	free(z.p);
	return r;
}

static int
write_image(const struct image *m, enum pack pack, const char *path)
{
	switch (pack) {
	case PACK_NONE:
		return write_plain(m, path);
	case PACK_GZ:
		return write_gz(m, path);
	case PACK_ZST:
		return write_zst(m, path);
	}
	return -1;
}

static size_t
image_bound(const struct trace *t, size_t from, size_t to)
{
	size_t i, n = 256;

	for (i = from; i < to; i++)
		n += t->r[i].n + 40;
	return n;
}

static int
write_range(const struct container *c, const struct trace *t, size_t from, size_t to,
    const char *path)
{
	struct image m = {.big_endian = c->big_endian};
	int r;

	m.p = malloc(image_bound(t, from, to));
	if (m.p == NULL)
		return -1;
	if (c->ng)
		ng_image(&m, c, t, from, to);
	else
		pcap_image(&m, c, t, from, to);
	r = write_image(&m, c->pack, path);
	free(m.p);
	return r;
}

static int
write_folder(const struct container *c, const struct trace *t, const char *path)
{
	static const char *const suffix[] = {"", ".gz", ".zst"};
	char name[4096];
	size_t i, to;
	int n;

	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return -1;
	for (i = 0; i < t->n; i = to) {
		to = t->n - i < c->rotate ? t->n : i + c->rotate;
		n = snprintf(name, sizeof(name), "%s/part-%05zu.pcap%s", path,
		    i / c->rotate, suffix[c->pack]);
		if (n < 0 || (size_t)n >= sizeof(name) ||
		    write_range(c, t, i, to, name) != 0)
			return -1;
	}
	return 0;
}

int
container_write(
    const struct container *c, const struct trace *t, const char *path, struct err *e)
{
	int r;

	errno = 0;
	r = c->rotate > 0 ? write_folder(c, t, path) : write_range(c, t, 0, t->n, path);
	return r == 0 ? 0 : err_sys(e, errno, "%s: cannot be written", path);
}
