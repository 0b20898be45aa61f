#define _GNU_SOURCE
#include <pcap/pcap.h>
#include <unistd.h>

#include "tests/saving.h"

static void
a_new_file_begins_when_one_is_full(void)
{
	struct save *s;
	size_t i, n = 0;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .size = 24 + 3 * (16 + 100)});
	for (i = 0; i < 10; i++)
		put(s, 100, START + (int64_t)i * NS_PER_S / 2, 1);
	CU_ASSERT_EQUAL(counter(s, "saved.files"), 4);
	CU_ASSERT_EQUAL(counter(s, "saved.frames"), 10);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 4);
	expect_name(0, "msn-20261123T080000Z-000.pcap");
	expect_name(1, "msn-20261123T080001Z-000.pcap");
	for (i = 0; i < found.n; i++) {
		const struct seen *seen = content(i);

		CU_ASSERT_EQUAL(seen->n, i < 3 ? 3 : 1);
		CU_ASSERT_EQUAL(seen->frames[0].ts, START + (int64_t)n * NS_PER_S / 2);
		CU_ASSERT(seen->frames[0].intact);
		n += seen->n;
	}
	folder_drop(&dir);
}

static void
a_frame_larger_than_a_file_gets_one(void)
{
	struct save *s;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .size = 1000});
	put(s, 60, START, 1);
	put(s, 99999, START, 1);
	put(s, 60, START, 1);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 3);
	expect_name(0, "msn-20261123T080000Z-000.pcap");
	expect_name(2, "msn-20261123T080000Z-002.pcap");
	CU_ASSERT_EQUAL(content(0)->n, 1);
	CU_ASSERT_EQUAL(content(1)->frames[0].len, 99999);
	CU_ASSERT(content(1)->frames[0].intact);
	folder_drop(&dir);
}

static void
a_new_file_begins_after_a_time(void)
{
	struct save *s;
	int64_t i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = 2, .ns = 60 * NS_PER_S});
	for (i = 0; i < 7; i++)
		put(s, 60, START + i * 20 * NS_PER_S, 1);
	put(s, 60, START + 115 * NS_PER_S, 1); /* it was held for a while */
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 3);
	expect_name(0, "msn-w2-20261123T080000Z-000.pcap");
	expect_name(1, "msn-w2-20261123T080100Z-000.pcap");
	expect_name(2, "msn-w2-20261123T080200Z-000.pcap");
	CU_ASSERT_EQUAL(content(2)->n, 2);
	folder_drop(&dir);
}

static void
a_clock_set_back_does_not_stop_the_turning(void)
{
	struct save *s;
	int64_t i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .ns = 60 * NS_PER_S});
	put(s, 60, START, 1);
	for (i = 0; i < 5; i++)
		put(s, 60, START + (i * 30 - 3600) * NS_PER_S, 1);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 3);
	expect_name(0, "msn-20261123T070100Z-000.pcap");
	expect_name(1, "msn-20261123T070200Z-000.pcap");
	CU_ASSERT_EQUAL(content(2)->n, 3);
	folder_drop(&dir);
}

static void
only_so_many_files_are_kept(void)
{
	static const char *const others[] = {"msn-20200101T000000Z.pcap", "zzz.pcap",
	    "msn-w1-20200101T000000Z-000.pcap", "msn-20200101T000000Z-000.pcap.gz",
	    "msnx-20200101T000000Z-000.pcap", "msn-2020010aT000000Z-000.pcap"};
	const size_t n_others = sizeof(others) / sizeof(others[0]);
	struct save *s;
	size_t i;

	folder_make(&dir);
	for (i = 0; i < n_others; i++)
		(void)folder_put(&dir, others[i], "", 0);
	(void)folder_put(&dir, "msn-20200101T000000Z-000.pcap", "", 0);
	(void)folder_put(&dir, "msn-20200101T000000Z-001.pcap", "", 0);
	(void)folder_put(&dir, "msn-20200102T000000Z-000.pcap", "", 0);
	(void)folder_put(&dir, "msn-20990101T000000Z-000.pcap", "", 0);
	s = begin((struct save_series){.worker = -1, .ns = NS_PER_S, .keep = 3});
	look();
	CU_ASSERT_EQUAL(found.n, n_others + 3);
	for (i = 0; i < 9; i++)
		put(s, 60, START + (int64_t)i * NS_PER_S, 1);
	end(s);
	CU_ASSERT_EQUAL(found.n, n_others + 3);
	for (i = 0; i < n_others; i++)
		CU_ASSERT_PTR_NOT_NULL(bsearch(
		    others[i], found.name, found.n, sizeof(found.name[0]), by_name));
	CU_ASSERT_PTR_NOT_NULL(bsearch("msn-20261123T080008Z-000.pcap", found.name,
	    found.n, sizeof(found.name[0]), by_name));
	CU_ASSERT_PTR_NOT_NULL(bsearch("msn-20990101T000000Z-000.pcap", found.name,
	    found.n, sizeof(found.name[0]), by_name));
	folder_drop(&dir);
}

static void
each_link_type_has_its_own_file(void)
{
	static const int types[] = {DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL, DLT_LINUX_SLL2};
	struct save *s;
	size_t i;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1, .keep = 1});
	for (i = 0; i < 40; i++)
		put(s, 60, START + (int64_t)i * NS_PER_S, types[i % 4]);
	put(s, 60, START, DLT_NULL);
	CU_ASSERT_EQUAL(save_refused(s), 1);
	end(s);
	CU_ASSERT_EQUAL_FATAL(found.n, 4); /* those in use stay */
	for (i = 0; i < 4; i++) {
		CU_ASSERT_EQUAL(content(i)->n, 10);
		CU_ASSERT_EQUAL(content(i)->frames[9].linktype, types[i]);
	}
	folder_drop(&dir);
}

static void
what_is_flushed_can_be_read(void)
{
	struct save *s;

	folder_make(&dir);
	s = begin((struct save_series){.worker = -1});
	look();
	CU_ASSERT_EQUAL(found.n, 0); /* nothing yet to save */
	put(s, 60, START, 1);
	save_flush(s);
	look();
	CU_ASSERT_EQUAL(content(0)->n, 1);
	put(s, 90000, START, 1);
	put(s, 60, START, 1);
	CU_ASSERT_EQUAL(content(0)->n, 2); /* never half a record */
	end(s);
	CU_ASSERT_EQUAL(content(0)->n, 3);
	folder_drop(&dir);
}

void
suite_save_series(void)
{
	CU_pSuite s = suite_new("save_series");

	CASE(s, "a new file begins when one is full", a_new_file_begins_when_one_is_full);
	CASE(s, "a frame larger than a file gets one",
	    a_frame_larger_than_a_file_gets_one);
	CASE(s, "a new file begins after a time", a_new_file_begins_after_a_time);
	CASE(s, "a clock set back does not stop the turning",
	    a_clock_set_back_does_not_stop_the_turning);
	CASE(s, "only so many files are kept, and others left alone",
	    only_so_many_files_are_kept);
	CASE(s, "each link type has its own file", each_link_type_has_its_own_file);
	CASE(s, "what is flushed can be read", what_is_flushed_can_be_read);
}
