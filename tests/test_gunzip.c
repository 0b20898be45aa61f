#include "base/gunzip.h"

#include <malloc.h>
#include <zlib.h>

#include "tests/guard.h"
#include "tests/suite.h"

#define PLAIN_SIZE  6000
#define PACKED_SIZE 8192

enum { GZIP = MAX_WBITS + 16, ZLIB = MAX_WBITS, RAW = -MAX_WBITS };

static const int formats[] = {GZIP, ZLIB, RAW};

/* Text that repeats itself, then noise: matches, literals and stored blocks. */
static void
plain_fill(uint8_t *p, size_t n)
{
	uint32_t x = 12345;
	size_t i;

	for (i = 0; i < n; i++) {
		x = x * 1103515245U + 12345;
		p[i] = i < n / 2 ? (uint8_t)("VER 1 MSNP8 CVR0\r\n"[i % 18])
				 : (uint8_t)(x >> 24);
	}
}

static size_t
pack(int format, const uint8_t *in, size_t n, uint8_t *out, size_t size)
{
	z_stream z = {0};

	if (deflateInit2(&z, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = (Bytef *)in;
	z.avail_in = (uInt)n;
	z.next_out = out;
	z.avail_out = (uInt)size;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	(void)deflateEnd(&z);
	return size - z.avail_out;
}

struct result {
	enum gunzip_result last;
	size_t n;
	uint8_t out[3 * PLAIN_SIZE];
};

/* Gives one piece of input, with room bytes of output at a time. */
static void
give(struct gunzip *g, struct bytes in, size_t room, struct result *to)
{
	size_t made, turns = 0;

	do {
		if (room > sizeof(to->out) - to->n)
			room = sizeof(to->out) - to->n;
		to->last = gunzip_push(g, &in, to->out + to->n, room, &made);
		CU_ASSERT_FATAL(made <= room && turns++ < 100000);
		to->n += made;
	} while (to->last == GUNZIP_FULL && room != 0);
	if (to->last == GUNZIP_MORE)
		CU_ASSERT_EQUAL(in.n, 0);
}

static struct gunzip *
open_one(void)
{
	struct gunzip *g;
	struct err e = {{0}};

	CU_ASSERT_EQUAL_FATAL(gunzip_open(&g, &e), 0);
	return g;
}

static void
check_whole(const struct result *r, const uint8_t *plain)
{
	CU_ASSERT_EQUAL(r->last, GUNZIP_END);
	CU_ASSERT_EQUAL_FATAL(r->n, PLAIN_SIZE);
	CU_ASSERT_EQUAL(memcmp(r->out, plain, PLAIN_SIZE), 0);
}

static void
every_split_gives_the_same(void)
{
	static uint8_t plain[PLAIN_SIZE], packed[PACKED_SIZE];
	static struct result r;
	struct gunzip *g = open_one();
	size_t f, n, cut;

	plain_fill(plain, sizeof(plain));
	for (f = 0; f < 3; f++) {
		n = pack(formats[f], plain, sizeof(plain), packed, sizeof(packed));
		for (cut = 0; cut <= n; cut++) {
			gunzip_reset(g);
			r.n = 0;
			give(g, guard_copy(packed, cut), 1000, &r);
			if (r.last == GUNZIP_MORE)
				give(g, guard_copy(packed + cut, n - cut), 1000, &r);
			check_whole(&r, plain);
		}
	}
	gunzip_close(g);
}

static void
one_byte_in_or_out_at_a_time_is_enough(void)
{
	static uint8_t plain[PLAIN_SIZE], packed[PACKED_SIZE];
	static struct result r;
	struct gunzip *g = open_one();
	size_t f, n, i;

	plain_fill(plain, sizeof(plain));
	for (f = 0; f < 3; f++) {
		n = pack(formats[f], plain, sizeof(plain), packed, sizeof(packed));
		gunzip_reset(g);
		r.n = 0;
		give(g, guard_copy(packed, n), 1, &r);
		check_whole(&r, plain);
		gunzip_reset(g);
		r.n = 0;
		for (i = 0; i < n; i++)
			give(g, bytes_of(packed + i, 1), 1, &r);
		check_whole(&r, plain);
	}
	gunzip_close(g);
}

static void
truncated_input_gives_what_is_there_and_asks_for_more(void)
{
	static uint8_t plain[PLAIN_SIZE], packed[PACKED_SIZE];
	static struct result r;
	struct gunzip *g = open_one();
	size_t f, n, cut, before;

	plain_fill(plain, sizeof(plain));
	for (f = 0; f < 3; f++) {
		n = pack(formats[f], plain, sizeof(plain), packed, sizeof(packed));
		for (cut = before = 0; cut < n; cut++) {
			gunzip_reset(g);
			r.n = 0;
			give(g, guard_copy(packed, cut), 700, &r);
			CU_ASSERT_EQUAL(r.last, GUNZIP_MORE);
			CU_ASSERT(r.n >= before && r.n <= PLAIN_SIZE);
			CU_ASSERT_EQUAL(memcmp(r.out, plain, r.n), 0);
			before = r.n;
			if (cut % 16 != 0)
				continue;
			gunzip_reset(g);
			r.n = 0;
			give(g, guard_copy(packed, cut), 1, &r);
			CU_ASSERT_EQUAL(r.n, before);
		}
		CU_ASSERT(before > PLAIN_SIZE / 2);
	}
	gunzip_close(g);
}

/* gzip and zlib have a checksum: a yes means the right octets. */
static void
damage_is_never_taken_for_the_original(void)
{
	static uint8_t plain[PLAIN_SIZE], packed[PACKED_SIZE];
	static struct result r;
	struct gunzip *g = open_one();
	size_t f, n, i, bad;

	plain_fill(plain, sizeof(plain));
	for (f = 0; f < 2; f++) {
		n = pack(formats[f], plain, sizeof(plain), packed, sizeof(packed));
		for (i = 2, bad = 0; i < n; i++) {
			packed[i] ^= 0x55;
			gunzip_reset(g);
			r.n = 0;
			give(g, guard_copy(packed, n), 4096, &r);
			packed[i] ^= 0x55;
			if (r.last == GUNZIP_END)
				check_whole(&r, plain);
			bad += r.last == GUNZIP_BAD;
		}
		CU_ASSERT(bad > n * 9 / 10);
		CU_ASSERT(bad < n);
	}
	gunzip_close(g);
}

static void
bad_and_end_stay_until_reset(void)
{
	static uint8_t plain[PLAIN_SIZE], packed[PACKED_SIZE];
	uint8_t out[16];
	struct gunzip *g = open_one();
	struct bytes in = bytes_of("\xff\xff\xff\xff", 4);
	size_t n, made;

	CU_ASSERT_EQUAL(gunzip_push(g, &in, out, sizeof(out), &made), GUNZIP_BAD);
	n = pack(GZIP, plain, 3, packed, sizeof(packed));
	in = bytes_of(packed, n);
	CU_ASSERT_EQUAL(gunzip_push(g, &in, out, sizeof(out), &made), GUNZIP_BAD);
	CU_ASSERT_EQUAL(made, 0);
	gunzip_reset(g);
	CU_ASSERT_EQUAL(gunzip_push(g, &in, out, sizeof(out), &made), GUNZIP_END);
	CU_ASSERT_EQUAL(made, 3);
	in = bytes_of(packed, n);
	CU_ASSERT_EQUAL(gunzip_push(g, &in, out, sizeof(out), &made), GUNZIP_END);
	CU_ASSERT_EQUAL(in.n, n);
	gunzip_close(g);
}

static void
the_next_member_is_left_in_the_input(void)
{
	static uint8_t plain[PLAIN_SIZE], packed[2 * PACKED_SIZE];
	static struct result r;
	struct gunzip *g = open_one();
	struct bytes in;
	size_t one, two, made;

	plain_fill(plain, sizeof(plain));
	one = pack(GZIP, plain, sizeof(plain), packed, PACKED_SIZE);
	two = pack(RAW, plain, 100, packed + one, PACKED_SIZE);
	in = guard_copy(packed, one + two);
	r.last = gunzip_push(g, &in, r.out, sizeof(r.out), &r.n);
	check_whole(&r, plain);
	CU_ASSERT_EQUAL(in.n, two);
	gunzip_reset(g);
	r.last = gunzip_push(g, &in, r.out, sizeof(r.out), &made);
	CU_ASSERT_EQUAL(r.last, GUNZIP_END);
	CU_ASSERT_EQUAL(made, 100);
	CU_ASSERT_EQUAL(in.n, 0);
	gunzip_close(g);
}

/* 16 MiB of zeros in some 16 KiB: never more at once than was asked for. */
static void
a_bomb_goes_off_in_the_callers_portions(void)
{
	enum { SIZE = 16 << 20, ROOM = 4096 };
	uint8_t *zeros = calloc(1, SIZE), *packed = malloc(SIZE / 256);
	uint8_t out[ROOM + 16];
	struct gunzip *g = open_one();
	struct bytes in;
	size_t made, total = 0, held = mallinfo2().uordblks;
	enum gunzip_result r;

	CU_ASSERT_FATAL(zeros != NULL && packed != NULL);
	in = bytes_of(packed, pack(GZIP, zeros, SIZE, packed, SIZE / 256));
	memset(out, 0xa5, sizeof(out));
	held = mallinfo2().uordblks;
	do {
		r = gunzip_push(g, &in, out, ROOM, &made);
		total += made;
	} while (r == GUNZIP_FULL);
	CU_ASSERT_EQUAL(r, GUNZIP_END);
	CU_ASSERT_EQUAL(total, SIZE);
	CU_ASSERT_EQUAL(out[ROOM], 0xa5);
	CU_ASSERT_EQUAL(mallinfo2().uordblks, held);
	gunzip_close(g);
	free(zeros);
	free(packed);
}

void
suite_gunzip(void)
{
	CU_pSuite s = suite_new("gunzip");

	CASE(s, "every split gives the same", every_split_gives_the_same);
	CASE(s, "one byte at a time is enough", one_byte_in_or_out_at_a_time_is_enough);
	CASE(s, "truncated input asks for more",
	    truncated_input_gives_what_is_there_and_asks_for_more);
	CASE(s, "damage is never taken for the original",
	    damage_is_never_taken_for_the_original);
	CASE(s, "bad and end stay until reset", bad_and_end_stay_until_reset);
	CASE(s, "the next member is left in the input",
	    the_next_member_is_left_in_the_input);
	CASE(s, "a bomb goes off in the caller's portions, without memory",
	    a_bomb_goes_off_in_the_callers_portions);
}
