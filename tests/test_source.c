/* One file at a time: formats and damage. */
#define _GNU_SOURCE
#include "capture/source.h"

#include <pcap/pcap.h>

#include "tests/capfile.h"

static struct cap cap;
static struct seen seen;

#define S INT64_C(1000000000)

static void
pcap_is_read_in_both_byte_orders_and_all_magics(void)
{
	static const uint32_t magics[] = {CAP_USEC, CAP_NSEC, CAP_KUZNETZOV};
	struct folder f;
	size_t i;

	folder_make(&f);
	for (i = 0; i < 6; i++) {
		cap_three_records(&cap, magics[i / 2], i % 2, 1);
		seen_read_one(&seen, folder_put(&f, "a.txt", cap.b, cap.n));
		seen_check_three(&seen, magics[i / 2] == CAP_NSEC ? 123456 : 123456000);
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
	cap_three_blocks(&cap, false);
	seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
	seen_check_three(&seen, 123456000);
	cap_three_blocks(&cap, true);
	seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
	seen_check_three(&seen, 123456000);
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
			cap_three_records(&cap, i ? CAP_KUZNETZOV : CAP_NSEC, i, 1);
		else
			cap_three_blocks(&cap, i == 3);
		for (cut = 0; cut <= cap.n; cut++) {
			seen_read_one(&seen, folder_put(&f, "a.pcap", cap.b, cut));
			check_cut(cut, 4);
		}
	}
	folder_drop(&f);
}

/* A record longer than any frame handed out: its start is, and the next one is found. */
static void
a_huge_record_is_cut_and_stepped_over(void)
{
	static uint8_t big[24 + 16 + 700000 + 76];
	const uint32_t length = 700000, snaplen = 1000000;
	struct folder f;
	size_t tail;

	folder_make(&f);
	cap_pcap(&cap, CAP_USEC, false, 249);
	memcpy(big, cap.b, 24);
	memcpy(big + 16, &snaplen, 4);
	memcpy(big + 32, &length, 4);
	memcpy(big + 36, &length, 4);
	cap_record(&cap, 1, 0, 60);
	tail = 24 + 16 + (size_t)length;
	memcpy(big + tail, cap.b + 24, 76);
	seen_read_one(&seen, folder_put(&f, "a", big, sizeof(big)));
	CU_ASSERT_EQUAL(seen.n, 2);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	CU_ASSERT_EQUAL(seen.frames[0].len, 262144);
	CU_ASSERT_EQUAL(seen.frames[0].wire_len, length);
	CU_ASSERT_EQUAL(seen.frames[1].len, 60);
	CU_ASSERT(seen.frames[1].intact);
	seen_read_one(&seen, folder_put(&f, "a", big, tail - 1));
	CU_ASSERT_EQUAL(seen.n_troubles, 1);
	CU_ASSERT_EQUAL(seen.troubles[0].offset, 24);
	memset(big + 16, 0, 4);
	seen_read_one(&seen, folder_put(&f, "a", big, sizeof(big)));
	CU_ASSERT_EQUAL(seen.n, 0);
	CU_ASSERT_EQUAL(seen.n_troubles, 1);
	folder_drop(&f);
}

/* The same in pcapng, where such a block also hides its second length. */
static void
a_huge_block_is_cut_and_stepped_over(void)
{
	static uint8_t big[900000];
	const uint32_t length = 700000, block = length + 32;
	struct folder f;
	size_t head, at;

	folder_make(&f);
	cap.n = cap.n_units = 0;
	cap_section(&cap, false);
	cap_interface(&cap, 1, 6, 0);
	head = cap.n;
	cap_enhanced(&cap, 0, 5, 60);
	memcpy(big, cap.b, head + 28);
	memcpy(big + head + 4, &block, 4);
	memcpy(big + head + 20, &length, 4);
	memcpy(big + head + 24, &length, 4);
	at = head + block;
	memcpy(big + at - 4, &block, 4);
	memcpy(big + at, cap.b + head, cap.n - head);
	at += cap.n - head;
	seen_read_one(&seen, folder_put(&f, "a", big, at));
	CU_ASSERT_EQUAL(seen.n, 2);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	CU_ASSERT_EQUAL(seen.frames[0].len, 262144);
	CU_ASSERT_EQUAL(seen.frames[0].wire_len, length);
	CU_ASSERT(seen.n == 2 && seen.frames[1].intact);
	folder_drop(&f);
}

/* Whatever one octet says, reading ends, and says so when something is missing. */
static void
any_damaged_octet_is_survived(void)
{
	struct folder f;
	size_t i, kind;

	folder_make(&f);
	for (kind = 0; kind < 2; kind++) {
		cap_three_records(&cap, CAP_USEC, false, 1);
		if (kind == 1) {
			cap.n = cap.n_units = 0;
			cap_section(&cap, false);
			cap_interface(&cap, 1, 6, 0);
			cap_enhanced(&cap, 0, 1, 30);
			cap_enhanced(&cap, 0, 2, 31);
		}
		for (i = 0; i < cap.n; i++) {
			cap.b[i] ^= 0xff;
			seen_read_one(&seen, folder_put(&f, "a", cap.b, cap.n));
			CU_ASSERT(seen.n <= 3 && seen.n_troubles <= 1);
			CU_ASSERT(seen.n_troubles == 1 || seen.n >= 1);
			if (kind == 1 && i >= cap.n - 4) { /* the repeated length */
				CU_ASSERT_EQUAL(seen.n, 1);
				CU_ASSERT_EQUAL(seen.n_troubles, 1);
			}
			cap.b[i] ^= 0xff;
		}
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
	CASE(s, "cut at any byte", a_file_cut_at_any_byte_is_read_up_to_there);
	CASE(s, "a huge record", a_huge_record_is_cut_and_stepped_over);
	CASE(s, "a huge block", a_huge_block_is_cut_and_stepped_over);
	CASE(s, "any damaged octet is survived", any_damaged_octet_is_survived);
}
