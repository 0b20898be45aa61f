/* Captures inside gzip and zstd, and standard input. */
#define _GNU_SOURCE
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/capfile.h"

static struct cap cap;
static struct seen seen;

static size_t
gzip(const void *in, size_t n, uint8_t *out, size_t size)
{
	z_stream z = {0};

	if (deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, 0) != Z_OK)
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

static size_t
zstd(const void *in, size_t n, uint8_t *out, size_t size)
{
	size_t r = ZSTD_compress(out, size, in, n, 3);

	if (ZSTD_isError(r))
		abort();
	return r;
}

static size_t
zstd_with_sum(const void *in, size_t n, uint8_t *out, size_t size)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t r;

	if (z == NULL || ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1)))
		abort();
	r = ZSTD_compress2(z, out, size, in, n);
	(void)ZSTD_freeCCtx(z);
	if (ZSTD_isError(r))
		abort();
	return r;
}

typedef size_t packer(const void *in, size_t n, uint8_t *out, size_t size);

/* Two members (or frames), cut in the middle of a record. */
static size_t
pack_in_two(packer *pack, uint8_t *out, size_t size)
{
	size_t half = cap.n / 2, n;

	n = pack(cap.b, half, out, size);
	return n + pack(cap.b + half, cap.n - half, out + n, size - n);
}

static void
several_members_or_frames_are_one_stream(void)
{
	static const uint8_t skippable[] = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
	static uint8_t packed[65536];
	struct folder f;
	size_t n;

	folder_make(&f);
	cap_three_records(&cap, CAP_USEC, false, 1);
	n = pack_in_two(gzip, packed, sizeof(packed));
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	seen_check_three(&seen, 123456000);
	n = pack_in_two(zstd, packed, sizeof(packed));
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	seen_check_three(&seen, 123456000);
	memcpy(packed, skippable, sizeof(skippable));
	cap_three_blocks(&cap, true);
	n = sizeof(skippable) + pack_in_two(zstd, packed + sizeof(skippable), 60000);
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	seen_check_three(&seen, 123456000);
	folder_drop(&f);
}

static void
standard_input_may_be_a_pipe_plain_or_packed(void)
{
	static uint8_t packed[65536];
	int ends[2], saved = dup(0);
	size_t i, n;

	cap_three_records(&cap, CAP_USEC, false, 1);
	for (i = 0; i < 3; i++) {
		memcpy(packed, cap.b, cap.n);
		n = i == 1   ? gzip(cap.b, cap.n, packed, sizeof(packed))
		    : i == 2 ? zstd(cap.b, cap.n, packed, sizeof(packed))
			     : cap.n;
		CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
		CU_ASSERT_EQUAL(write(ends[1], packed, n), (ssize_t)n);
		(void)close(ends[1]);
		(void)dup2(ends[0], 0);
		(void)close(ends[0]);
		seen_read_one(&seen, "-");
		seen_check_three(&seen, 123456000);
		CU_ASSERT_STRING_EQUAL(seen.frames[0].origin, "-");
		CU_ASSERT_EQUAL(seen.progress.total_bytes, 0);
		CU_ASSERT_EQUAL(seen.progress.done_bytes, n);
	}
	(void)dup2(saved, 0);
	(void)close(saved);
}

/* Octets that a decoder of its own gets out of the first n packed ones. */
static size_t
plain_within(bool is_gzip, const uint8_t *packed, size_t n)
{
	static uint8_t out[400000];
	ZSTD_inBuffer from = {packed, n, 0};
	ZSTD_outBuffer to = {out, sizeof(out), 0};
	ZSTD_DStream *d;
	z_stream z = {0};

	if (!is_gzip) {
		d = ZSTD_createDStream();
		while (
		    from.pos < n && !ZSTD_isError(ZSTD_decompressStream(d, &to, &from)))
			;
		(void)ZSTD_freeDStream(d);
		return to.pos;
	}
	if (inflateInit2(&z, MAX_WBITS + 16) != Z_OK)
		abort();
	z.next_in = (Bytef *)packed;
	z.avail_in = (uInt)n;
	z.next_out = out;
	z.avail_out = sizeof(out);
	while (z.avail_in != 0 && inflate(&z, Z_NO_FLUSH) == Z_STREAM_END)
		(void)inflateReset(&z);
	(void)inflateEnd(&z);
	return sizeof(out) - z.avail_out;
}

static void
a_packed_file_cut_at_any_byte_is_read_up_to_there(void)
{
	static uint8_t packed[65536];
	struct folder f;
	size_t i, n, cut, within;

	folder_make(&f);
	for (i = 0; i < 4; i++) {
		if (i < 2)
			cap_three_records(&cap, CAP_USEC, false, 1);
		else
			cap_three_blocks(&cap, false);
		n = pack_in_two(i % 2 ? zstd : gzip, packed, sizeof(packed));
		for (cut = 1; cut < n; cut++) {
			seen_read_one(&seen, folder_put(&f, "a.gz", packed, cut));
			within = plain_within(i % 2 == 0, packed, cut);
			CU_ASSERT_EQUAL(seen.n, cap_frames_within(&cap, within));
			CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 1);
			CU_ASSERT_EQUAL(seen.troubles[0].offset,
			    within < 4 ? 0 : cap_unit_of(&cap, within));
			CU_ASSERT_EQUAL(seen.troubles[0].kind, cut < (i % 2 ? 4 : 2)
								   ? COVERAGE_UNREADABLE
								   : COVERAGE_DAMAGED);
		}
		seen_read_one(&seen, folder_put(&f, "a.gz", packed, n));
		seen_check_three(&seen, 123456000);
	}
	folder_drop(&f);
}

/* Far more comes out than the window holds, from input that is eaten at once. */
static void
what_packs_very_small_comes_out_whole(void)
{
	static uint8_t plain[24 + 375 * 1016], packed[65536];
	struct folder f;
	size_t i, n, k, within;

	folder_make(&f);
	cap_pcap(&cap, CAP_USEC, false, 1);
	cap_record(&cap, 1, 0, 1000);
	memcpy(plain, cap.b, 24);
	for (i = 0; i < 375; i++)
		memcpy(plain + 24 + i * 1016, cap.b + 24, 1016);
	for (k = 0; k < 2; k++) {
		n = (k ? zstd : gzip)(plain, sizeof(plain), packed, sizeof(packed));
		CU_ASSERT(n < 4096);
		seen_read_one(&seen, folder_put(&f, "a", packed, n));
		CU_ASSERT_EQUAL(seen.n, 375);
		CU_ASSERT_EQUAL(seen.n_troubles, 0);
		CU_ASSERT(seen.n != 0 && seen.frames[seen.n - 1].intact);
		CU_ASSERT_EQUAL(seen.progress.done_bytes, n);
		for (i = 40; i < n; i += 3) {
			within = plain_within(k == 0, packed, i);
			seen_read_one(&seen, folder_put(&f, "a", packed, i));
			CU_ASSERT_EQUAL(seen.n, within < 24 ? 0 : (within - 24) / 1016);
			CU_ASSERT_EQUAL(seen.n_troubles, 1);
		}
	}
	folder_drop(&f);
}

static void
damaged_packing_is_told_as_such(void)
{
	static uint8_t packed[65536];
	struct folder f;
	size_t n, k;

	folder_make(&f);
	for (k = 0; k < 2; k++) {
		cap_three_records(&cap, CAP_USEC, false, 1);
		n = pack_in_two(k ? zstd : gzip, packed, sizeof(packed));
		memcpy(packed + n, "rest", 4);
		seen_read_one(&seen, folder_put(&f, "a", packed, n + 4));
		CU_ASSERT_EQUAL(seen.n, 3);
		CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 1);
		CU_ASSERT_EQUAL(seen.troubles[0].kind, COVERAGE_DAMAGED);
		CU_ASSERT_EQUAL(seen.troubles[0].offset, cap.n);
		CU_ASSERT_PTR_NOT_NULL(
		    strstr(seen.troubles[0].text, " of the unpacked data: the "));
		CU_ASSERT_PTR_NOT_NULL(strstr(seen.troubles[0].text,
		    k ? "zstd data is damaged (" : "gzip data is damaged;"));
	}
	folder_drop(&f);
}

/* The library tells nothing of what it unpacked in a call that then meets damage. */
static void
what_was_unpacked_before_a_wrong_sum_is_read(void)
{
	static uint8_t packed[65536];
	struct folder f;
	size_t n;

	folder_make(&f);
	cap_three_records(&cap, CAP_USEC, false, 1);
	n = zstd_with_sum(cap.b, cap.n, packed, sizeof(packed));
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	seen_check_three(&seen, 123456000);
	packed[n - 1] ^= 1;
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	CU_ASSERT_EQUAL(seen.n, 3);
	CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 1);
	CU_ASSERT_EQUAL(seen.troubles[0].kind, COVERAGE_DAMAGED);
	CU_ASSERT_EQUAL(seen.troubles[0].offset, cap.n);
	folder_drop(&f);
}

void
suite_source_packed(void)
{
	CU_pSuite s = suite_new("source_packed");

	CASE(s, "several gzip members or zstd frames are one stream",
	    several_members_or_frames_are_one_stream);
	CASE(s, "standard input: a pipe, plain or packed",
	    standard_input_may_be_a_pipe_plain_or_packed);
	CASE(s, "packed and cut at any byte",
	    a_packed_file_cut_at_any_byte_is_read_up_to_there);
	CASE(s, "what packs very small comes out whole",
	    what_packs_very_small_comes_out_whole);
	CASE(s, "damaged packing is told as such", damaged_packing_is_told_as_such);
	CASE(s, "what was unpacked before a wrong sum is read",
	    what_was_unpacked_before_a_wrong_sum_is_read);
}
