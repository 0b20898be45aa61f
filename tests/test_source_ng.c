/* Captures that contradict themselves, most of them pcapng: what came before counts. */
#define _XOPEN_SOURCE 700
#include "capture/records.h"
#include "tests/capfile.h"

static struct cap cap;
static struct seen seen;
static struct folder dir;

/* A section with an interface and a frame, which a broken block then follows. */
static void
begin(void)
{
	cap.n = cap.n_units = 0;
	cap_section(&cap, false);
	cap_interface(&cap, 1, 6, 0);
	cap_enhanced(&cap, 0, 1000000, 40);
}

static void
expect_broken(const char *words)
{
	folder_make(&dir);
	seen_read_one(&seen, folder_put(&dir, "x", cap.b, cap.n));
	CU_ASSERT_EQUAL(seen.n, 1);
	CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 1);
	CU_ASSERT_EQUAL(seen.troubles[0].kind, COVERAGE_DAMAGED);
	if (strstr(seen.troubles[0].text, words) == NULL)
		printf("\n    %s", seen.troubles[0].text);
	CU_ASSERT_PTR_NOT_NULL(strstr(seen.troubles[0].text, words));
	folder_drop(&dir);
}

static void
a_block_too_short_for_its_type_ends_the_file(void)
{
	static const struct {
		uint32_t type;
		const char *words;
	} cases[] = {{1, "interface description of"}, {3, "packet block of"},
	    {2, "packet block of"}, {6, "packet block of"}};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		cap_block_end(&cap, cap_block(&cap, cases[i].type), false);
		expect_broken(cases[i].words);
	}
}

static void
a_section_in_no_byte_order_ends_the_file(void)
{
	begin();
	cap_section(&cap, false);
	cap.b[cap.n - 20] ^= 0xff;
	expect_broken("byte order");
}

static void
more_interfaces_than_there_is_room_for_end_the_file(void)
{
	static uint8_t file[RECORDS_INTERFACES_MAX * 64];
	size_t n, i;

	begin();
	memcpy(file, cap.b, cap.n);
	n = cap.n;
	for (i = 0; i < RECORDS_INTERFACES_MAX; i++) {
		cap.n = cap.n_units = 0;
		cap_interface(&cap, 1, 6, 0);
		memcpy(file + n, cap.b, cap.n);
		n += cap.n;
	}
	folder_make(&dir);
	seen_read_one(&seen, folder_put(&dir, "x", file, n));
	CU_ASSERT_EQUAL(seen.n, 1);
	CU_ASSERT_EQUAL_FATAL(seen.n_troubles, 1);
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(seen.troubles[0].text, "interfaces in one section"));
	folder_drop(&dir);
}

static void
a_wire_length_below_what_was_captured_is_raised_to_it(void)
{
	size_t at;

	begin();
	at = cap_block(&cap, 6);
	cap_u32(&cap, 0);
	cap_u32(&cap, 0);
	cap_u32(&cap, 2000000);
	cap_u32(&cap, 40);
	cap_u32(&cap, 7);
	cap_data(&cap, 40);
	cap_block_end(&cap, at, true);
	folder_make(&dir);
	seen_read_one(&seen, folder_put(&dir, "x", cap.b, cap.n));
	CU_ASSERT_EQUAL_FATAL(seen.n, 2);
	CU_ASSERT_EQUAL(seen.frames[1].len, 40);
	CU_ASSERT_EQUAL(seen.frames[1].wire_len, 40);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	folder_drop(&dir);
}

static void
so_it_is_in_a_classic_capture(void)
{
	unsigned big;

	for (big = 0; big < 2; big++) {
		cap_pcap(&cap, CAP_USEC, big != 0, 1);
		cap_record(&cap, 100, 0, 40);
		cap.b[24 + (big ? 15 : 12)] = 7;
		folder_make(&dir);
		seen_read_one(&seen, folder_put(&dir, "x", cap.b, cap.n));
		CU_ASSERT_EQUAL_FATAL(seen.n, 1);
		CU_ASSERT_EQUAL(seen.frames[0].len, 40);
		CU_ASSERT_EQUAL(seen.frames[0].wire_len, 40);
		CU_ASSERT_EQUAL(seen.n_troubles, 0);
		folder_drop(&dir);
	}
}

/* A clock finer than any can be has no time that could be told. */
static void
a_clock_too_fine_does_no_harm(void)
{
	static const uint8_t clocks[] = {20, 0x7f, 0xbf, 0xc0, 0xff};
	size_t i;

	for (i = 0; i < sizeof(clocks); i++) {
		cap.n = cap.n_units = 0;
		cap_section(&cap, false);
		cap_interface(&cap, 1, clocks[i], 0);
		cap_enhanced(&cap, 0, 1000000, 40);
		folder_make(&dir);
		seen_read_one(&seen, folder_put(&dir, "x", cap.b, cap.n));
		CU_ASSERT_EQUAL(seen.n + seen.n_troubles, 1);
		folder_drop(&dir);
	}
}

void
suite_source_ng(void)
{
	CU_pSuite s = suite_new("source_ng");

	CASE(s, "a block too short for its type ends the file",
	    a_block_too_short_for_its_type_ends_the_file);
	CASE(s, "a section in no byte order ends the file",
	    a_section_in_no_byte_order_ends_the_file);
	CASE(s, "more interfaces than there is room for end the file",
	    more_interfaces_than_there_is_room_for_end_the_file);
	CASE(s, "a wire length below what was captured is raised to it",
	    a_wire_length_below_what_was_captured_is_raised_to_it);
	CASE(s, "so it is in a classic capture", so_it_is_in_a_classic_capture);
	CASE(s, "a clock too fine does no harm", a_clock_too_fine_does_no_harm);
}
