#define _GNU_SOURCE
#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/capfile.h"

static struct folder dir;

static struct frame
frame_of(size_t n, int64_t ts, int linktype)
{
	static uint8_t octets[2000];
	size_t i;

	for (i = 0; i < n; i++)
		octets[i] = (uint8_t)(i * 7 + n);
	return (struct frame){.data = {octets, n},
	    .wire_len = (uint32_t)n + 9,
	    .linktype = linktype,
	    .ts = ts};
}

static struct save *
save_to(char path[128])
{
	struct save *s = NULL;
	struct err e = {{0}};

	folder_make(&dir);
	(void)snprintf(path, 128, "%s/out.pcap", dir.path);
	CU_ASSERT_EQUAL_FATAL(save_open(&s, path, &e), 0);
	return s;
}

static void
what_is_saved_reads_the_same(void)
{
	static struct seen seen;
	char path[128];
	struct save *s = save_to(path);
	struct frame f;
	struct stat st;
	struct err e = {{0}};
	size_t i;

	for (i = 0; i < 100; i++) {
		f = frame_of(i * 15, (int64_t)i * 1234567891, DLT_RAW);
		save_frame(s, &f);
	}
	f = frame_of(60, 1, DLT_EN10MB);
	save_frame(s, &f);
	CU_ASSERT_EQUAL(save_refused(s), 1);
	CU_ASSERT_EQUAL(save_close(s, &e), 0);
	seen_read_one(&seen, path);
	CU_ASSERT_EQUAL_FATAL(seen.n, 100);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	for (i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(seen.frames[i].ts, (int64_t)i * 1234567891);
		CU_ASSERT_EQUAL(seen.frames[i].len, i * 15);
		CU_ASSERT_EQUAL(seen.frames[i].wire_len, i * 15 + 9);
		CU_ASSERT_EQUAL(seen.frames[i].linktype, DLT_RAW);
		CU_ASSERT(seen.frames[i].intact);
	}
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07, 0);
	folder_drop(&dir);
}

static void
libpcap_reads_what_is_saved(void)
{
	char path[128], why[PCAP_ERRBUF_SIZE];
	struct save *s = save_to(path);
	struct frame f = frame_of(77, INT64_C(1100000000123456789), DLT_LINUX_SLL);
	struct pcap_pkthdr *h;
	const u_char *data;
	struct err e = {{0}};
	pcap_t *p;

	save_frame(s, &f);
	CU_ASSERT_EQUAL(save_close(s, &e), 0);
	p = pcap_open_offline_with_tstamp_precision(
	    path, PCAP_TSTAMP_PRECISION_NANO, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(pcap_datalink(p), DLT_LINUX_SLL);
	CU_ASSERT_EQUAL_FATAL(pcap_next_ex(p, &h, &data), 1);
	CU_ASSERT_EQUAL(h->caplen, 77);
	CU_ASSERT_EQUAL(h->len, 86);
	CU_ASSERT_EQUAL(h->ts.tv_sec, 1100000000);
	CU_ASSERT_EQUAL(h->ts.tv_usec, 123456789);
	CU_ASSERT_EQUAL(memcmp(data, f.data.p, 77), 0);
	CU_ASSERT_EQUAL(pcap_next_ex(p, &h, &data), PCAP_ERROR_BREAK);
	pcap_close(p);
	folder_drop(&dir);
}

static void
times_out_of_range_go_to_the_ends(void)
{
	static struct seen seen;
	static const int64_t last = INT64_C(4294967295999999999);
	char path[128];
	struct save *s = save_to(path);
	struct frame f = frame_of(1, INT64_MIN, 1);
	struct err e = {{0}};

	save_frame(s, &f);
	f.ts = INT64_MAX;
	save_frame(s, &f);
	CU_ASSERT_EQUAL(save_close(s, &e), 0);
	seen_read_one(&seen, path);
	CU_ASSERT_EQUAL(seen.frames[0].ts, 0);
	CU_ASSERT_EQUAL(seen.frames[1].ts, last);
	folder_drop(&dir);
}

static void
nothing_saved_is_an_empty_capture(void)
{
	static struct seen seen;
	char path[128];
	struct save *s = save_to(path);
	struct err e = {{0}};

	CU_ASSERT_EQUAL(save_close(s, &e), 0);
	seen_read_one(&seen, path);
	CU_ASSERT_EQUAL(seen.n, 0);
	CU_ASSERT_EQUAL(seen.n_troubles, 0);
	folder_drop(&dir);
}

static void
a_file_that_cannot_be_written_is_told(void)
{
	struct save *s = NULL;
	struct frame f = frame_of(1000, 0, 1);
	struct err e = {{0}};
	int i;

	CU_ASSERT_EQUAL(save_open(&s, "/nowhere/x.pcap", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "/nowhere/x.pcap: cannot be written: No"));
	e.text[0] = '\0';
	CU_ASSERT_EQUAL_FATAL(save_open(&s, "/dev/full", &e), 0);
	for (i = 0; i < 100; i++)
		save_frame(s, &f);
	CU_ASSERT_EQUAL(save_close(s, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "completely: No space left"));
	e.text[0] = '\0';
	CU_ASSERT_EQUAL_FATAL(save_open(&s, "/dev/full", &e), 0);
	CU_ASSERT_EQUAL(save_close(s, &e), -1);
	CU_ASSERT_EQUAL(save_close(NULL, &e), 0);
}

void
suite_save(void)
{
	CU_pSuite s = suite_new("save");

	CASE(s, "what is saved reads the same; other link types are refused",
	    what_is_saved_reads_the_same);
	CASE(s, "libpcap reads what is saved", libpcap_reads_what_is_saved);
	CASE(s, "times out of range go to the ends", times_out_of_range_go_to_the_ends);
	CASE(s, "nothing saved is an empty capture", nothing_saved_is_an_empty_capture);
	CASE(s, "what cannot be written is told", a_file_that_cannot_be_written_is_told);
}
