/* One file at a time: formats, packings, damage. */
#define _GNU_SOURCE
#include "capture/source.h"

#include <pcap/pcap.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/capfile.h"

static struct cap cap;
static struct seen seen;

#define S INT64_C(1000000000)

static void
check_three(int64_t nanos)
{
	static const size_t lengths[] = {60, 0, 1500};
	size_t i;

	CU_ASSERT_EQUAL_FATAL(seen.n, 3);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	for (i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(seen.frames[i].len, lengths[i]);
		CU_ASSERT_EQUAL(seen.frames[i].wire_len, lengths[i] + 2);
		CU_ASSERT_EQUAL(seen.frames[i].number, i + 1);
		CU_ASSERT(seen.frames[i].intact);
		CU_ASSERT_EQUAL(seen.frames[i].ts, (1100000000 + (int64_t)i) * S + nanos);
	}
}

static void
three_records(uint32_t magic, bool big, uint32_t linktype)
{
	cap_pcap(&cap, magic, big, linktype);
	cap_record(&cap, 1100000000, 123456, 60);
	cap_record(&cap, 1100000001, 123456, 0);
	cap_record(&cap, 1100000002, 123456, 1500);
}

static void
three_blocks(bool big)
{
	size_t at;

	cap.n = cap.n_units = 0;
	cap_section(&cap, big);
	cap_interface(&cap, 1, 6, 0);
	cap_enhanced(&cap, 0, 1100000000123456, 60);
	at = cap_block(&cap, 0xbad); /* unknown blocks are stepped over */
	cap_data(&cap, 40);
	cap_block_end(&cap, at, false);
	cap_enhanced(&cap, 0, 1100000001123456, 0);
	cap_enhanced(&cap, 0, 1100000002123456, 1500);
}

static void
pcap_is_read_in_both_byte_orders_and_all_magics(void)
{
	static const uint32_t magics[] = {CAP_USEC, CAP_NSEC, CAP_KUZNETZOV};
	struct folder f;
	size_t i;

	folder_make(&f);
	for (i = 0; i < 6; i++) {
		three_records(magics[i / 2], i % 2, 1);
		seen_read_one(&seen, folder_put(&f, "a.txt", cap.b, cap.n));
		check_three(magics[i / 2] == CAP_NSEC ? 123456 : 123456000);
		CU_ASSERT_EQUAL(seen.frames[0].linktype, 1);
	}
	folder_drop(&f);
}

static void
old_pcap_has_its_lengths_the_other_way_round(void)
{
	struct folder f;

	folder_make(&f);
	cap_pcap(&cap, CAP_USEC, false, 1);
	cap.b[6] = 2;
	cap_record(&cap, 1, 0, 10);
	cap.b[24 + 8] = 12;
	cap.b[24 + 12] = 10;
	seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
	CU_ASSERT_EQUAL(seen.n, 1);
	CU_ASSERT_EQUAL(seen.frames[0].len, 10);
	CU_ASSERT_EQUAL(seen.frames[0].wire_len, 12);
	cap.b[6] = 3;
	seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
	CU_ASSERT_EQUAL(seen.frames[0].len, 10);
	CU_ASSERT_EQUAL(seen.frames[0].wire_len, 12);
	folder_drop(&f);
}

static void
pcapng_is_read_in_both_byte_orders(void)
{
	struct folder f;

	folder_make(&f);
	three_blocks(false);
	seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
	check_three(123456000);
	three_blocks(true);
	seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
	check_three(123456000);
	folder_drop(&f);
}

static void
pcapng_clocks_interfaces_and_sections_are_kept_apart(void)
{
	static const int64_t want[] = {
	    7 * S + 5, 9 * S + S / 2, 1000 * S + 3 * S, 1000 * S + 3 * S, 42 * S, 8 * S};
	static const int links[] = {1, 12, 113, 1, 1, 12};
	struct folder f;
	size_t at, i;

	folder_make(&f);
	cap.n = cap.n_units = 0;
	cap_section(&cap, false);
	cap_interface(&cap, 1, 9, 0);
	cap_interface(&cap, 101, 0x80 | 20, 0);
	cap_interface(&cap, 113, 12, 1000);
	cap_enhanced(&cap, 0, 7000000005, 10);
	cap_enhanced(&cap, 1, (9 << 20) + (1 << 19), 11);
	cap_enhanced(&cap, 2, UINT64_C(3000000000000), 12);
	at = cap_block(&cap, 3); /* simple packet: it bears no time */
	cap_u32(&cap, 13);
	cap_data(&cap, 13);
	cap_block_end(&cap, at, true);
	at = cap_block(&cap, 2); /* the obsolete packet block */
	cap_u16(&cap, 0);
	cap_u16(&cap, 77);
	cap_u32(&cap, (uint32_t)(UINT64_C(42000000000) >> 32));
	cap_u32(&cap, (uint32_t)UINT64_C(42000000000));
	cap_u32(&cap, 14);
	cap_u32(&cap, 14);
	cap_data(&cap, 14);
	cap_block_end(&cap, at, true);
	cap_section(&cap, true);
	cap_interface(&cap, 101, 0, 0);
	cap_enhanced(&cap, 0, 8, 15);
	seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	CU_ASSERT_EQUAL_FATAL(seen.n, 6);
	for (i = 0; i < 6; i++) {
		CU_ASSERT_EQUAL(seen.frames[i].ts, want[i]);
		CU_ASSERT_EQUAL(seen.frames[i].linktype, links[i]);
		CU_ASSERT_EQUAL(seen.frames[i].len, 10 + i);
		CU_ASSERT(seen.frames[i].intact);
	}
	folder_drop(&f);
}

static void
link_types_are_those_of_libpcap(void)
{
	char why[PCAP_ERRBUF_SIZE], name[32];
	const char *path;
	struct folder f;
	uint32_t i;
	pcap_t *p;

	folder_make(&f);
	for (i = 0; i < 300; i++) {
		cap_pcap(&cap, CAP_USEC, false, i);
		cap_record(&cap, 1, 1, 20);
		path = folder_put(&f, "a", cap.b, cap.n);
		seen_read_one(&seen, path);
		p = pcap_open_offline(path, why);
		CU_ASSERT_PTR_NOT_NULL_FATAL(p);
		CU_ASSERT_EQUAL(seen.frames[0].linktype, pcap_datalink(p));
		pcap_close(p);
	}
	CU_ASSERT_STRING_EQUAL(source_linktype_name(1, name), "EN10MB");
	CU_ASSERT_STRING_EQUAL(source_linktype_name(9999, name), "link type 9999");
	folder_drop(&f);
}

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
	three_records(CAP_USEC, false, 1);
	n = pack_in_two(gzip, packed, sizeof(packed));
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	check_three(123456000);
	n = pack_in_two(zstd, packed, sizeof(packed));
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	check_three(123456000);
	memcpy(packed, skippable, sizeof(skippable));
	three_blocks(true);
	n = sizeof(skippable) + pack_in_two(zstd, packed + sizeof(skippable), 60000);
	seen_read_one(&seen, folder_put(&f, "a", packed, n));
	check_three(123456000);
	folder_drop(&f);
}

static void
standard_input_may_be_a_pipe_plain_or_packed(void)
{
	static uint8_t packed[65536];
	int ends[2], saved = dup(0);
	size_t i, n;

	three_records(CAP_USEC, false, 1);
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
		check_three(123456000);
		CU_ASSERT_STRING_EQUAL(seen.frames[0].origin, "-");
		CU_ASSERT_EQUAL(seen.progress.total_bytes, 0);
		CU_ASSERT_EQUAL(seen.progress.done_bytes, n);
	}
	(void)dup2(saved, 0);
	(void)close(saved);
}

/* A cut file gives the frames before the cut, and one trouble that says where. */
static void
check_cut(size_t cut, size_t least)
{
	size_t begin = cap_unit_of(&cap, cut);

	CU_ASSERT_EQUAL(seen.n, cap_frames_within(&cap, cut));
	if (cut == begin && cut != 0) {
		CU_ASSERT_EQUAL(seen.n_troubles, 0);
		return;
	}
	CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 1);
	if (cut < least) {
		CU_ASSERT_EQUAL(seen.troubles[0].kind, COVERAGE_UNREADABLE);
		return;
	}
	CU_ASSERT_EQUAL(seen.troubles[0].kind, COVERAGE_DAMAGED);
	CU_ASSERT_EQUAL(seen.troubles[0].offset, begin);
}

static void
a_file_cut_at_any_byte_is_read_up_to_there(void)
{
	struct folder f;
	size_t i, cut;

	folder_make(&f);
	for (i = 0; i < 4; i++) {
		if (i < 2)
			three_records(i ? CAP_KUZNETZOV : CAP_NSEC, i, 1);
		else
			three_blocks(i == 3);
		for (cut = 0; cut <= cap.n; cut++) {
			seen_read_one(&seen, folder_put(&f, "a.pcap", cap.b, cut));
			check_cut(cut, 4);
		}
	}
	folder_drop(&f);
}

/* Octets that a decoder of its own gets out of the first n packed ones. */
static size_t
plain_within(bool is_gzip, const uint8_t *packed, size_t n)
{
	static uint8_t out[65536];
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
			three_records(CAP_USEC, false, 1);
		else
			three_blocks(false);
		n = pack_in_two(i % 2 ? zstd : gzip, packed, sizeof(packed));
		for (cut = 1; cut < n; cut++) {
			seen_read_one(&seen, folder_put(&f, "a.gz", packed, cut));
			within = plain_within(i % 2 == 0, packed, cut);
			CU_ASSERT_EQUAL(seen.n, cap_frames_within(&cap, within));
			CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 1);
			CU_ASSERT_EQUAL(seen.troubles[0].offset,
			    within < 4 ? 0 : cap_unit_of(&cap, within));
			CU_ASSERT_EQUAL(seen.troubles[0].kind,
			    within < 4 ? COVERAGE_UNREADABLE : COVERAGE_DAMAGED);
		}
		seen_read_one(&seen, folder_put(&f, "a.gz", packed, n));
		check_three(123456000);
	}
	folder_drop(&f);
}

void
suite_source(void)
{
	CU_pSuite s = suite_new("source");

	CASE(s, "pcap: both byte orders, all magics",
	    pcap_is_read_in_both_byte_orders_and_all_magics);
	CASE(s, "old pcap: lengths the other way round",
	    old_pcap_has_its_lengths_the_other_way_round);
	CASE(s, "pcapng: both byte orders", pcapng_is_read_in_both_byte_orders);
	CASE(s, "pcapng: clocks, interfaces and sections",
	    pcapng_clocks_interfaces_and_sections_are_kept_apart);
	CASE(s, "link types are those of libpcap", link_types_are_those_of_libpcap);
	CASE(s, "several gzip members or zstd frames are one stream",
	    several_members_or_frames_are_one_stream);
	CASE(s, "standard input: a pipe, plain or packed",
	    standard_input_may_be_a_pipe_plain_or_packed);
	CASE(s, "cut at any byte", a_file_cut_at_any_byte_is_read_up_to_there);
	CASE(s, "packed and cut at any byte",
	    a_packed_file_cut_at_any_byte_is_read_up_to_there);
}
