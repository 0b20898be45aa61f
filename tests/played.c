#include "tests/played.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/scenario.h"

#define SCENARIO "test_scenario.scn"
#define CAPTURE  "test_scenario.pcap"

static void
put_text(const char *text)
{
	FILE *f = fopen(SCENARIO, "wb");

	if (f == NULL || fwrite(text, strlen(text), 1, f) != 1 || fclose(f) != 0)
		abort();
}

static struct played
get_capture(void)
{
	static const size_t most = 1 << 24;
	struct played got = {malloc(most), 0};
	FILE *f = fopen(CAPTURE, "rb");

	if (f == NULL || got.p == NULL)
		abort();
	got.n = fread(got.p, 1, most, f);
	(void)fclose(f);
	(void)remove(CAPTURE);
	return got;
}

struct played
played_of(const char *text)
{
	struct err e = {""};

	put_text(text);
	CU_ASSERT_EQUAL(scenario_write(SCENARIO, CAPTURE, &e), 0);
	CU_ASSERT_STRING_EQUAL(e.text, "");
	(void)remove(SCENARIO);
	return get_capture();
}

void
played_refused(const char *scenario, struct err *e)
{
	put_text(scenario);
	CU_ASSERT_EQUAL(scenario_write(SCENARIO, CAPTURE, e), -1);
	(void)remove(SCENARIO);
}

static uint32_t
little(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

bool
played_next(struct cur *c, struct played_frame *frame)
{
	struct bytes head;

	if (cur_left(c) == 0)
		return false;
	head = cur_take(c, 16);
	if (!c->bad) {
		frame->us = (int64_t)little(head.p) * 1000000 + little(head.p + 4);
		frame->bytes = cur_take(c, little(head.p + 8));
	}
	CU_ASSERT_FALSE(c->bad);
	return !c->bad;
}

struct cur
played_frames(const struct played *f)
{
	struct cur c = cur_of(bytes_of(f->p, f->n));

	cur_skip(&c, 24);
	return c;
}

struct played_ip
played_ip(struct bytes frame)
{
	size_t at = load_be16(frame.p + 12) == 0x8100 ? 18 : 14;
	struct bytes b = bytes_skip(frame, at);

	if (b.p[0] >> 4 == 6)
		return (struct played_ip){b.p[6], b.p[7], bytes_take(b, 0),
		    bytes_of(b.p + 8, 32), bytes_of(b.p + 40, load_be16(b.p + 4))};
	return (struct played_ip){b.p[9], b.p[8], bytes_take(b, 20),
	    bytes_of(b.p + 12, 8), bytes_of(b.p + 20, load_be16(b.p + 2) - 20u)};
}

size_t
played_stream(
    const struct played *f, uint16_t port, bool client, uint8_t *out, size_t size)
{
	struct cur c = played_frames(f);
	uint32_t next = 0;
	struct played_frame frame;
	size_t n = 0;

	while (played_next(&c, &frame)) {
		struct played_ip ip = played_ip(frame.bytes);
		const uint8_t *tcp = ip.rest.p;
		struct bytes data;

		if (ip.proto != 6 || load_be16(tcp + (client ? 2 : 0)) != port)
			continue;
		data = bytes_skip(ip.rest, (size_t)(tcp[12] >> 4) * 4);
		if (tcp[13] & 2)
			next = load_be32(tcp + 4) + 1;
		CU_ASSERT_EQUAL(load_be32(tcp + 4), tcp[13] & 2 ? next - 1 : next);
		next += (uint32_t)data.n + (tcp[13] & 1);
		CU_ASSERT_TRUE(n + data.n <= size);
		memcpy(out + n, data.p, data.n);
		n += data.n;
	}
	return n;
}

struct played_frames
played_blocked(const char *what, uint8_t proto)
{
	struct played_frames got = {.n = 0};
	struct played_frame frame;
	char text[2000];
	struct cur c;

	(void)snprintf(text, sizeof(text), "%s%s", PLAYED_BLOCKS, what);
	got.f = played_of(text);
	c = played_frames(&got.f);
	while (played_next(&c, &frame)) {
		struct played_ip ip = played_ip(frame.bytes);

		if (ip.proto != proto || got.n == PLAYED_FRAMES_MAX)
			continue;
		got.frame[got.n] = frame;
		got.ip[got.n++] = ip;
	}
	return got;
}
