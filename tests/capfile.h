/*
 * Builds small capture files in memory and on disk, octet by octet, and reads
 * them back through a source.  Where each record begins is kept, so a test
 * can say what must be left of a file that is cut anywhere.
 */
#ifndef TESTS_CAPFILE_H
#define TESTS_CAPFILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "tests/suite.h"

#define CAP_USEC      0xa1b2c3d4U
#define CAP_NSEC      0xa1b23c4dU
#define CAP_KUZNETZOV 0xa1b2cd34U

struct cap {
	uint8_t b[32768];
	size_t n;
	bool big;
	uint32_t magic;
	struct {
		size_t end;
		bool frame;
	} units[64]; /* header, records or blocks in order */
	size_t n_units;
};

static inline void
cap_u16(struct cap *c, uint16_t v)
{
	c->b[c->n++] = (uint8_t)(c->big ? v >> 8 : v);
	c->b[c->n++] = (uint8_t)(c->big ? v : v >> 8);
}

static inline void
cap_u32(struct cap *c, uint32_t v)
{
	cap_u16(c, (uint16_t)(c->big ? v >> 16 : v));
	cap_u16(c, (uint16_t)(c->big ? v : v >> 16));
}

static inline void
cap_unit(struct cap *c, bool frame)
{
	c->units[c->n_units].end = c->n;
	c->units[c->n_units++].frame = frame;
}

/* n octets of a frame; the same n gives the same octets. */
static inline void
cap_data(struct cap *c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		c->b[c->n++] = (uint8_t)(i * 7 + n);
}

static inline void
cap_pcap(struct cap *c, uint32_t magic, bool big, uint32_t linktype)
{
	c->n = c->n_units = 0;
	c->big = big;
	c->magic = magic;
	cap_u32(c, magic);
	cap_u16(c, 2);
	cap_u16(c, 4);
	cap_u32(c, 0);
	cap_u32(c, 0);
	cap_u32(c, 65535);
	cap_u32(c, linktype);
	cap_unit(c, false);
}

static inline void
cap_record(struct cap *c, uint32_t s, uint32_t fraction, uint32_t n)
{
	cap_u32(c, s);
	cap_u32(c, fraction);
	cap_u32(c, n);
	cap_u32(c, n + 2);
	if (c->magic == CAP_KUZNETZOV) {
		cap_u32(c, 1);
		cap_u32(c, 0);
	}
	cap_data(c, n);
	cap_unit(c, true);
}

/* A pcapng block: begin, content, end. */
static inline size_t
cap_block(struct cap *c, uint32_t type)
{
	cap_u32(c, type);
	cap_u32(c, 0);
	return c->n - 8;
}

static inline void
cap_block_end(struct cap *c, size_t at, bool frame)
{
	size_t end;

	while (c->n % 4 != 0)
		c->b[c->n++] = 0;
	cap_u32(c, (uint32_t)(c->n + 4 - at));
	end = c->n;
	c->n = at + 4;
	cap_u32(c, (uint32_t)(end - at));
	c->n = end;
	cap_unit(c, frame);
}

static inline void
cap_section(struct cap *c, bool big)
{
	size_t at;

	c->big = big;
	at = cap_block(c, 0x0a0d0d0a);
	cap_u32(c, 0x1a2b3c4d);
	cap_u16(c, 1);
	cap_u16(c, 0);
	cap_u32(c, 0xffffffff);
	cap_u32(c, 0xffffffff);
	cap_block_end(c, at, false);
}

static inline void
cap_interface(struct cap *c, uint16_t linktype, uint8_t tsresol, uint32_t offset)
{
	size_t at = cap_block(c, 1);

	cap_u16(c, linktype);
	cap_u16(c, 0);
	cap_u32(c, 0);
	cap_u16(c, 9);
	cap_u16(c, 1);
	c->b[c->n++] = tsresol;
	while (c->n % 4 != 0)
		c->b[c->n++] = 0;
	cap_u16(c, 14);
	cap_u16(c, 8);
	cap_u32(c, c->big ? 0 : offset);
	cap_u32(c, c->big ? offset : 0);
	cap_u32(c, 0);
	cap_block_end(c, at, false);
}

static inline void
cap_enhanced(struct cap *c, uint32_t interface, uint64_t ticks, uint32_t n)
{
	size_t at = cap_block(c, 6);

	cap_u32(c, interface);
	cap_u32(c, (uint32_t)(ticks >> 32));
	cap_u32(c, (uint32_t)ticks);
	cap_u32(c, n);
	cap_u32(c, n + 2);
	cap_data(c, n);
	cap_block_end(c, at, true);
}

/* A folder of the test's own; files in it are made and named by number or name. */
struct folder {
	char path[64];
};

static inline void
folder_make(struct folder *f)
{
	(void)snprintf(f->path, sizeof(f->path), "/tmp/msnwatch-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(f->path));
}

static inline void
folder_drop(const struct folder *f)
{
	char command[96];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", f->path);
	CU_ASSERT_EQUAL(system(command), 0);
}

static inline const char *
folder_put(const struct folder *f, const char *name, const void *data, size_t n)
{
	static char path[128];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", f->path, name);
	(void)remove(path); /* to truncate a file costs a flush on some systems */
	out = fopen(path, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_EQUAL_FATAL(n == 0 ? 0 : fwrite(data, 1, n, out), n);
	CU_ASSERT_EQUAL_FATAL(fclose(out), 0);
	return path;
}

/* All that a source said. */
struct seen {
	size_t n;
	struct {
		int64_t ts;
		size_t len;
		uint32_t wire_len;
		int linktype;
		uint64_t number;
		char origin[24]; /* last part of the name */
		bool intact;     /* the octets are those of cap_data */
	} frames[512];
	size_t n_troubles;
	struct coverage troubles[24];
	struct counters counters;
	struct source_progress progress;
};

static inline bool
is_cap_data(struct bytes b)
{
	size_t i;

	for (i = 0; i < b.n; i++)
		if (b.p[i] != (uint8_t)(i * 7 + b.n))
			return false;
	return true;
}

static inline void
seen_add(struct seen *s, const struct frame *f)
{
	const char *slash = strrchr(f->origin, '/');

	CU_ASSERT_FATAL(s->n < 512);
	s->frames[s->n].ts = f->ts;
	s->frames[s->n].len = f->data.n;
	s->frames[s->n].wire_len = f->wire_len;
	s->frames[s->n].linktype = f->linktype;
	s->frames[s->n].number = f->number;
	(void)snprintf(s->frames[s->n].origin, sizeof(s->frames[s->n].origin), "%.23s",
	    slash ? slash + 1 : f->origin);
	s->frames[s->n].intact = is_cap_data(f->data);
	s->n++;
}

/* Takes frames one by one and in batches, by turns; to no difference. */
static inline void
seen_frames(struct seen *to, struct source *s)
{
	enum source_result r = SOURCE_FRAME;
	const struct frame *f;
	size_t i, n, turn;

	for (turn = 0; r == SOURCE_FRAME; turn++) {
		n = 1;
		r = turn % 2 != 0 ? source_batch(s, &f, &n) : source_next(s, &f);
		for (i = 0; r == SOURCE_FRAME && i < n; i++)
			seen_add(to, &f[i]);
	}
	CU_ASSERT_EQUAL(source_next(s, &f), SOURCE_END);
}

static inline void
seen_read(struct seen *to, const struct source_opts *opts)
{
	struct source *s;
	struct err e = {{0}};

	memset(to, 0, sizeof(*to));
	CU_ASSERT_EQUAL_FATAL(source_open(&s, opts, &e), 0);
	seen_frames(to, s);
	while (to->n_troubles < 24 && source_trouble(s, &to->troubles[to->n_troubles]))
		to->n_troubles++;
	source_counters(s, &to->counters);
	source_progress(s, &to->progress);
	source_close(s);
}

static inline void
seen_read_one(struct seen *to, const char *path)
{
	const struct source_opts opts = {.paths = &path, .n_paths = 1};

	seen_read(to, &opts);
}

/* Frames that end within the first n octets of the file. */
static inline size_t
cap_frames_within(const struct cap *c, size_t n)
{
	size_t i, frames = 0;

	for (i = 0; i < c->n_units; i++)
		frames += c->units[i].frame && c->units[i].end <= n;
	return frames;
}

/* Where the record cut at n begins; n itself when the cut is between two. */
static inline size_t
cap_unit_of(const struct cap *c, size_t n)
{
	size_t i, begin = 0;

	for (i = 0; i < c->n_units && c->units[i].end <= n; i++)
		begin = c->units[i].end;
	return begin;
}

/* The capture most tests use, three frames in either format, and a look at them. */
static inline void
seen_check_three(const struct seen *s, int64_t nanos)
{
	static const size_t lengths[] = {60, 0, 1500};
	size_t i;

	CU_ASSERT_EQUAL_FATAL(s->n, 3);
	CU_ASSERT_EQUAL(s->n_troubles, 0);
	for (i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(s->frames[i].len, lengths[i]);
		CU_ASSERT_EQUAL(s->frames[i].wire_len, lengths[i] + 2);
		CU_ASSERT_EQUAL(s->frames[i].number, i + 1);
		CU_ASSERT(s->frames[i].intact);
		CU_ASSERT_EQUAL(s->frames[i].ts,
		    (1100000000 + (int64_t)i) * INT64_C(1000000000) + nanos);
	}
}

static inline void
cap_three_records(struct cap *c, uint32_t magic, bool big, uint32_t linktype)
{
	cap_pcap(c, magic, big, linktype);
	cap_record(c, 1100000000, 123456, 60);
	cap_record(c, 1100000001, 123456, 0);
	cap_record(c, 1100000002, 123456, 1500);
}

static inline void
cap_three_blocks(struct cap *c, bool big)
{
	size_t at;

	c->n = c->n_units = 0;
	cap_section(c, big);
	cap_interface(c, 1, 6, 0);
	cap_enhanced(c, 0, 1100000000123456, 60);
	at = cap_block(c, 0xbad); /* unknown blocks are stepped over */
	cap_data(c, 40);
	cap_block_end(c, at, false);
	cap_enhanced(c, 0, 1100000001123456, 0);
	cap_enhanced(c, 0, 1100000002123456, 1500);
}

#endif
