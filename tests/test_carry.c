#include <stdlib.h>
#include <zlib.h>

#include "detect/carry.h"
#include "tests/suite.h"

static struct carries *
buffers(size_t n)
{
	struct carries *c = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(carries_open(&c, n, &e), 0);
	return c;
}

static uint64_t
counter(const struct carries *c, size_t which)
{
	struct counters to = {.n = 0};

	carries_counters(c, &to);
	return to.c[which].value;
}

/* gzip of text into out; its size. */
static size_t
packed(const void *text, size_t n, uint8_t *out, size_t room)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)text,
	    .avail_in = (uInt)n,
	    .next_out = out,
	    .avail_out = (uInt)room};

	CU_ASSERT_EQUAL_FATAL(
	    deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	CU_ASSERT_EQUAL_FATAL(deflate(&z, Z_FINISH), Z_STREAM_END);
	(void)deflateEnd(&z);
	return room - z.avail_out;
}

static void
buffers_are_lent_and_given_back(void)
{
	struct carries *c = buffers(2);
	uint32_t one = carry_take(c, false), two = carry_take(c, false), again;

	CU_ASSERT_TRUE(one != 0 && two != 0 && one != two);
	carry_give(c, one);
	carry_give(c, one);
	carry_give(c, 0);
	again = carry_take(c, true);
	CU_ASSERT_TRUE(again != 0 && again != one && again != two);
	carry_give(c, one);
	CU_ASSERT_EQUAL(counter(c, 0), 0);
	carries_close(c);
}

static void
the_buffer_that_waits_longest_is_taken_away(void)
{
	struct carries *c = buffers(2);
	uint32_t one = carry_take(c, false), two = carry_take(c, false), next;
	struct bytes in = bytes_str("one");

	CU_ASSERT_TRUE(carry_put(c, one, &in));
	next = carry_take(c, false);
	CU_ASSERT_TRUE(next != one && next != two);
	CU_ASSERT_EQUAL(counter(c, 0), 1);
	in = bytes_str("two");
	CU_ASSERT_FALSE(carry_put(c, two, &in));
	CU_ASSERT_EQUAL(in.n, 0);
	CU_ASSERT_EQUAL(carry_view(c, two).n, 0);
	carry_consume(c, two, 1);
	carry_give(c, two);
	in = bytes_str("next");
	CU_ASSERT_TRUE(carry_put(c, next, &in));
	CU_ASSERT_TRUE(bytes_eq(carry_view(c, next), bytes_str("next")));
	CU_ASSERT_TRUE(bytes_eq(carry_view(c, one), bytes_str("one")));
	carries_close(c);
}

static void
plain_bytes_are_kept_until_they_are_consumed(void)
{
	struct carries *c = buffers(1);
	uint32_t k = carry_take(c, false);
	struct bytes in = bytes_str("VER 1 MS");

	CU_ASSERT_TRUE(carry_put(c, k, &in));
	CU_ASSERT_EQUAL(in.n, 0);
	in = bytes_str("NP8\r\nUSR");
	CU_ASSERT_TRUE(carry_put(c, k, &in));
	CU_ASSERT_TRUE(bytes_eq(carry_view(c, k), bytes_str("VER 1 MSNP8\r\nUSR")));
	carry_consume(c, k, 13);
	CU_ASSERT_TRUE(bytes_eq(carry_view(c, k), bytes_str("USR")));
	CU_ASSERT_FALSE(carry_put(c, k, &in));
	carry_give(c, k);
	k = carry_take(c, false);
	CU_ASSERT_EQUAL(carry_view(c, k).n, 0);
	carries_close(c);
}

static void
a_full_buffer_gives_the_rest_up(void)
{
	static uint8_t many[CARRY_SIZE + 10];
	struct carries *c = buffers(1);
	uint32_t k = carry_take(c, false);
	struct bytes in = bytes_of(many, sizeof(many));

	CU_ASSERT_TRUE(carry_put(c, k, &in));
	CU_ASSERT_EQUAL(in.n, 10);
	CU_ASSERT_FALSE(carry_put(c, k, &in));
	CU_ASSERT_EQUAL(in.n, 0);
	CU_ASSERT_EQUAL(counter(c, 1), 1);
	carry_consume(c, k, 100);
	in = bytes_str("x");
	CU_ASSERT_FALSE(carry_put(c, k, &in));
	CU_ASSERT_EQUAL(in.n, 0);
	carries_close(c);
}

static void
compressed_bytes_come_out_whole_at_every_split(void)
{
	static const char text[] = "VER 1 MSNP12\r\nUSR 3 TWN S lc=1033\r\n";
	struct carries *c = buffers(1);
	uint8_t zipped[200];
	size_t n = packed(text, sizeof(text) - 1, zipped, sizeof(zipped)), at;
	struct bytes in;
	uint32_t k;

	for (at = 0; at <= n; at++) {
		k = carry_take(c, true);
		in = bytes_of(zipped, at);
		while (carry_put(c, k, &in))
			;
		in = bytes_of(zipped + at, n - at);
		while (carry_put(c, k, &in))
			;
		CU_ASSERT_TRUE(bytes_eq(carry_view(c, k), bytes_str(text)));
		carry_give(c, k);
	}
	CU_ASSERT_EQUAL(counter(c, 1), 0);
	carries_close(c);
}

static void
damaged_compression_is_dropped_and_counted(void)
{
	struct carries *c = buffers(1);
	uint32_t k = carry_take(c, true);
	struct bytes in = bytes_str("this was never compressed");

	while (carry_put(c, k, &in))
		;
	CU_ASSERT_EQUAL(in.n, 0);
	CU_ASSERT_EQUAL(carry_view(c, k).n, 0);
	CU_ASSERT_EQUAL(counter(c, 1), 1);
	carries_close(c);
}

static void
a_bomb_is_defused(void)
{
	size_t size = 8 * 1024 * 1024, n, out = 0, room = 64 * 1024;
	uint8_t *zeros = calloc(1, size), *zipped = malloc(room);
	struct carries *c = buffers(1);
	uint32_t k = carry_take(c, true);
	struct bytes in;

	CU_ASSERT_FATAL(zeros != NULL && zipped != NULL);
	n = packed(zeros, size, zipped, room);
	in = bytes_of(zipped, n);
	while (carry_put(c, k, &in)) {
		out += carry_view(c, k).n;
		carry_consume(c, k, carry_view(c, k).n);
	}
	CU_ASSERT_TRUE(out <= CARRY_INFLATE_MAX + CARRY_SIZE);
	CU_ASSERT_EQUAL(counter(c, 1), 1);
	free(zeros);
	free(zipped);
	carries_close(c);
}

void
suite_carry(void)
{
	CU_pSuite s = suite_new("carry");

	CASE(s, "buffers are lent and given back", buffers_are_lent_and_given_back);
	CASE(s, "the buffer that waits longest is taken away",
	    the_buffer_that_waits_longest_is_taken_away);
	CASE(s, "plain bytes are kept until they are consumed",
	    plain_bytes_are_kept_until_they_are_consumed);
	CASE(s, "a full buffer gives the rest up", a_full_buffer_gives_the_rest_up);
	CASE(s, "compressed bytes come out whole at every split",
	    compressed_bytes_come_out_whole_at_every_split);
	CASE(s, "damaged compression is dropped and counted",
	    damaged_compression_is_dropped_and_counted);
	CASE(s, "a bomb is defused", a_bomb_is_defused);
}
