#include "tests/damage/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_WINDOW (15 + 16)

static uint32_t
little(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void
word(struct image *m, uint32_t v, size_t width)
{
	size_t i;

	for (i = 0; i < width; i++)
		m->b[m->n++] = (uint8_t)(v >> 8 * (m->big ? width - 1 - i : i));
}

static void
u32(struct image *m, uint32_t v)
{
	word(m, v, 4);
}

static void
pcap_head(struct image *m, const uint8_t *from)
{
	u32(m, little(from));
	word(m, 2, 2);
	word(m, 4, 2);
	u32(m, 0);
	u32(m, 0);
	u32(m, 262144);
	u32(m, little(from + 20));
	m->section = m->n;
}

/* A section and an interface with its name and clock. */
static void
ng_head(struct image *m, const uint8_t *from)
{
	uint32_t nano = little(from) == 0xa1b23c4d;

	u32(m, 0x0a0d0d0a);
	u32(m, 28);
	u32(m, 0x1a2b3c4d);
	word(m, 1, 2);
	word(m, 0, 2);
	u32(m, 0xffffffff);
	u32(m, 0xffffffff);
	u32(m, 28);
	m->section = m->n;
	u32(m, 1);
	u32(m, 40);
	word(m, little(from + 20), 2);
	word(m, 0, 2);
	u32(m, 262144);
	word(m, 2, 2); /* if_name */
	word(m, 4, 2);
	memcpy(m->b + m->n, "span", 4);
	m->n += 4;
	word(m, 9, 2); /* if_tsresol */
	word(m, 1, 2);
	memcpy(m->b + m->n, nano ? "\x09\0\0\0" : "\x06\0\0\0", 4);
	m->n += 4;
	u32(m, 0);
	u32(m, 40);
}

static void
pcap_frame(struct image *m, const uint8_t *record, uint32_t n)
{
	size_t i;

	for (i = 0; i < 4; i++)
		u32(m, little(record + 4 * i));
	memcpy(m->b + m->n, record + 16, n);
	m->n += n;
}

static void
ng_frame(struct image *m, const uint8_t *record, uint32_t n, uint64_t second)
{
	uint64_t ts = little(record) * second + little(record + 4);
	uint32_t total = 32 + (n + 3) / 4 * 4;

	u32(m, 6);
	u32(m, total);
	u32(m, 0);
	u32(m, (uint32_t)(ts >> 32));
	u32(m, (uint32_t)ts);
	u32(m, n);
	u32(m, little(record + 12));
	memcpy(m->b + m->n, record + 16, n);
	memset(m->b + m->n + n, 0, 3);
	m->n += (n + 3) / 4 * 4;
	u32(m, total);
}

static bool
convert(struct image *m, struct bytes in, enum image_format as)
{
	bool ng = as == IMAGE_NG || as == IMAGE_NG_BIG;
	uint32_t magic = in.n > 24 ? little(in.p) : 0, n;
	struct bytes rest = bytes_skip(in, 24);

	if (magic != 0xa1b2c3d4 && magic != 0xa1b23c4d)
		return false;
	m->n = m->frames = 0;
	m->big = as == IMAGE_PCAP_BIG || as == IMAGE_NG_BIG;
	(ng ? ng_head : pcap_head)(m, in.p);
	m->head = m->n;
	while (rest.n >= 16 && m->frames < IMAGE_FRAMES) {
		n = little(rest.p + 8);
		if (n > rest.n - 16 || n + 40 > IMAGE_MAX - m->n)
			break;
		if (ng)
			ng_frame(
			    m, rest.p, n, magic == 0xa1b23c4d ? 1000000000 : 1000000);
		else
			pcap_frame(m, rest.p, n);
		m->end[m->frames++] = m->n;
		rest = bytes_skip(rest, 16 + n);
	}
	return m->frames != 0;
}

bool
image_load(struct image *m, const char *path, enum image_format as)
{
	static uint8_t file[IMAGE_MAX];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		return false;
	n = fread(file, 1, sizeof(file), f);
	(void)fclose(f);
	return convert(m, bytes_of(file, n), as);
}

size_t
image_frames_within(const struct image *m, size_t n)
{
	size_t i;

	for (i = 0; i < m->frames && m->end[i] <= n; i++)
		;
	return i;
}

bool
image_is_boundary(const struct image *m, size_t n)
{
	size_t i = image_frames_within(m, n);

	return n == (i == 0 ? m->head : m->end[i - 1]) || n == m->section;
}

static size_t
gzip(struct bytes in, uint8_t *out, size_t max)
{
	z_stream z = {.next_in = (uint8_t *)in.p,
	    .avail_in = (unsigned)in.n,
	    .next_out = out,
	    .avail_out = (unsigned)max};

	if (deflateInit2(&z, 6, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	(void)deflateEnd(&z);
	return max - z.avail_out;
}

static size_t
zstd(struct bytes in, uint8_t *out, size_t max)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t n;

	if (z == NULL || ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1)))
		abort();
	n = ZSTD_compress2(z, out, max, in.n != 0 ? in.p : out, in.n);
	(void)ZSTD_freeCCtx(z);
	if (ZSTD_isError(n))
		abort();
	return n;
}

size_t
image_pack(enum image_packing how, struct bytes in, uint8_t *out, size_t max)
{
	switch (how) {
	case IMAGE_PLAIN:
		break;
	case IMAGE_GZIP:
		return gzip(in, out, max);
	case IMAGE_ZSTD:
		return zstd(in, out, max);
	}
	if (in.n > max)
		abort();
	if (in.n != 0)
		memcpy(out, in.p, in.n);
	return in.n;
}

static size_t
gunzipped(struct bytes start)
{
	static uint8_t out[2 * IMAGE_MAX];
	z_stream z = {.next_in = (uint8_t *)start.p,
	    .avail_in = (unsigned)start.n,
	    .next_out = out,
	    .avail_out = sizeof(out)};

	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		abort();
	(void)inflate(&z, Z_SYNC_FLUSH);
	(void)inflateEnd(&z);
	return sizeof(out) - z.avail_out;
}

static size_t
unzstd(struct bytes start)
{
	static uint8_t out[2 * IMAGE_MAX];
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer in = {start.p, start.n, 0};
	ZSTD_outBuffer to = {out, sizeof(out), 0};
	size_t before, left;

	if (z == NULL)
		abort();
	do {
		before = in.pos + to.pos;
		left = ZSTD_decompressStream(z, &to, &in);
	} while (!ZSTD_isError(left) && left != 0 && in.pos + to.pos != before);
	(void)ZSTD_freeDStream(z);
	return to.pos;
}

size_t
image_unpacked(enum image_packing how, struct bytes start)
{
	switch (how) {
	case IMAGE_PLAIN:
		return start.n;
	case IMAGE_GZIP:
		return start.n != 0 ? gunzipped(start) : 0;
	case IMAGE_ZSTD:
		return start.n != 0 ? unzstd(start) : 0;
	}
	return 0;
}
