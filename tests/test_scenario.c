#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/played.h"

#define WORLD PLAYED_WORLD

static size_t
count_frames(const struct played *f)
{
	struct cur c = played_frames(f);
	struct played_frame frame;
	size_t n = 0;

	while (played_next(&c, &frame))
		n++;
	return n;
}

static uint32_t
add_words(uint32_t sum, struct bytes b)
{
	size_t i;

	for (i = 0; i < b.n; i++)
		sum += i % 2 == 0 ? (uint32_t)b.p[i] << 8 : b.p[i];
	return sum;
}

static bool
sums_to_ones(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void
check_sums(struct bytes frame)
{
	struct played_ip ip = played_ip(frame);
	uint32_t sum = add_words(0, ip.rest);

	if (ip.head.n > 0)
		CU_ASSERT_TRUE(sums_to_ones(add_words(0, ip.head)));
	if (ip.proto != 1)
		sum = add_words(sum + ip.proto + (uint32_t)ip.rest.n, ip.addresses);
	CU_ASSERT_TRUE(sums_to_ones(sum));
}

static void
streams_are_what_the_script_says(void)
{
	static char text[9000], words[6000];
	static uint8_t out[8192];
	struct played f;
	size_t i, n;

	for (i = 0; i + 1 < sizeof(words); i++)
		words[i] = (char)('a' + i * i % 23);
	(void)snprintf(text, sizeof(text),
	    WORLD "host pc1 10.0.0.1 vlan 7\nat 09:00:01 pc1 talk to srv\n"
		  "    > \"first\\r\\n\\x00\\xff\"\n    < \"answer\"\n    wait 2s\n"
		  "    > \"%s\"\n    < \"\\\"done\\\"\\t\\\\\"\n    close server\n",
	    words);
	f = played_of(text);
	n = played_stream(&f, 7777, true, out, sizeof(out));
	CU_ASSERT_EQUAL(n, 9 + sizeof(words) - 1);
	CU_ASSERT_EQUAL(memcmp(out, "first\r\n\0\xff", 9), 0);
	CU_ASSERT_EQUAL(memcmp(out + 9, words, sizeof(words) - 1), 0);
	n = played_stream(&f, 7777, false, out, sizeof(out));
	CU_ASSERT_EQUAL(n, 14);
	CU_ASSERT_EQUAL(memcmp(out, "answer\"done\"\t\\", 14), 0);
	free(f.p);
}

static const char office[] = WORLD
    "server dns 10.0.0.53 fd00::53 port 53 name dns rtt 1ms\nresolver dns\n"
    "server gw 192.0.2.80 2001:db8::80 port 80 name gw.example.org chunked gzip\n"
    "server sb 192.0.2.9\nswitchboard sb\npassport gw\nrouter dns\n"
    "host a 10.0.0.1 vlan 7\nhost b 10.0.0.2 2001:db8:1::2\nhosts pc 3 10.0.0.10\n"
    "client x # a comment\n  offers MSNP12 CVR0\n"
    "  cvr 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs\n  auth twn\n"
    "at 08:59:30 a signin a@example.com client x over direct to srv\n"
    "at 09:00:10 b signin b@example.com client x over gateway to gw\n"
    "at 09:02 b chat with a@example.com messages 3 for 30s quoting \"USR 1\\r\\n\"\n"
    "at 09:03 pc1,pc3 signin c@example.com client x over direct to srv "
    "result prohibited\n"
    "at 09:04 b signin d@example.com client x over direct to gw result prohibited\n"
    "every 4m 09:00-09:10 pc1-pc3 web to gw pages 2 size 9000\n";

static void
every_checksum_is_right(void)
{
	struct played f = played_of(office);
	struct cur c = played_frames(&f);
	struct played_frame frame;
	size_t n = 0;

	for (; played_next(&c, &frame); n++)
		check_sums(frame.bytes);
	CU_ASSERT_TRUE(n > 300);
	free(f.p);
}

static void
the_same_scenario_gives_the_same_bytes(void)
{
	struct played a = played_of(office), b = played_of(office);

	CU_ASSERT_EQUAL(a.n, b.n);
	CU_ASSERT_EQUAL(memcmp(a.p, b.p, a.n), 0);
	free(a.p);
	free(b.p);
}

static void
times_never_go_back_and_keep_to_the_capture(void)
{
	struct played f = played_of(office);
	/* 2026-11-20 09:00 UTC */
	const int64_t from = INT64_C(1795165200) * 1000000;
	struct cur c = played_frames(&f);
	struct played_frame frame;
	int64_t last = from;

	while (played_next(&c, &frame)) {
		CU_ASSERT_TRUE(frame.us >= last);
		CU_ASSERT_TRUE(frame.us < from + 600 * 1000000);
		last = frame.us;
	}
	CU_ASSERT_TRUE(last > from + 500 * 1000000);
	free(f.p);
}

static size_t
frames_with(const char *capture)
{
	char text[sizeof(office) + 100];
	struct played f;
	size_t n;

	(void)snprintf(text, sizeof(text), "%s%s\n", office, capture);
	f = played_of(text);
	n = count_frames(&f);
	free(f.p);
	return n;
}

static void
a_capture_may_see_less(void)
{
	size_t all = frames_with("capture 09:00-09:10");
	size_t client = frames_with("capture 09:00-09:10 only client");
	size_t server = frames_with("capture 09:00-09:10 only server");
	size_t lossy = frames_with("capture 09:00-09:10 loses 20%");
	size_t later = frames_with("capture 09:00-09:10 loses 20% from 09:05");

	CU_ASSERT_EQUAL(client + server, all);
	CU_ASSERT_TRUE(client > 0 && server > 0);
	CU_ASSERT_TRUE(lossy > all / 2 && lossy < all * 9 / 10);
	CU_ASSERT_TRUE(later > lossy && later < all);
}

static void
errors_name_the_line_and_what_was_expected(void)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
	    {"nonsense\n", ":1: expected date, seed,"},
	    {"\n# x\n    wait 2s\n", ":3: expected no indented line"},
	    {"date 2026-13-01\n", ":1: expected a date such as"},
	    {"capture 09:00-10:00\n", ":1: expected date above"},
	    {"date 2026-11-20\ncapture 09:00-08:00\n", ":2: expected two times"},
	    {"host pc1\n", ":1: expected an address for 'pc1'"},
	    {"host pc1 10.0.0.1\nhost pc1 10.0.0.2\n", ":2: 'pc1' is named already"},
	    {"host pc1 10.0.0.1 color red\n", "found 'color'"},
	    {WORLD "at 9:00 pc1 web\n", ":5: expected a time"},
	    {WORLD "at 09:00 pc1 web\n", ":5: expected a host"},
	    {WORLD "host a 10.0.0.1\nat 09:00 a dance\n",
		":6: expected what the host does"},
	    {WORLD "host a 10.0.0.1\nat 09:00 a web to mars\n", ":6: expected a server"},
	    {WORLD "host a 10.0.0.1\nat 09:00 a web with x\n",
		":6: expected one of: to pages"},
	    {WORLD "host a 10.0.0.1\nat 09:00 a signout\n", ":6: a: nobody is signed in"},
	    {WORLD "host a 10.0.0.1\nat 09:00 a talk to srv\n  > \"x\n",
		":7: expected \\r"},
	    {WORLD "host a 10.0.0.1\nat 09:00 a talk to srv\n  close client\n  > x\n",
		":8: expected nothing more"},
	    {WORLD "host a 10.0.0.1\nevery 5m 09:00-10:00 a signout\n",
		":6: expected something ordinary"},
	    {"client x\n  auth magic\n", ":2: expected a way to sign in (md5, twn, sso)"},
	    {"client x\n  poll 1ms\n", ":2: expected at least 500ms"},
	    {"include no-such-file\n", "no-such-file"},
	    {"seed 1\n", "expected a capture statement"},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = {""};

		played_refused(rows[i].text, &e);
		if (strstr(e.text, rows[i].want) == NULL)
			(void)printf("\n    %s", e.text);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, rows[i].want));
	}
}

void
suite_scenario(void)
{
	CU_pSuite s = suite_new("scenario");

	CASE(s, "streams are what the script says", streams_are_what_the_script_says);
	CASE(s, "every checksum is right", every_checksum_is_right);
	CASE(s, "the same scenario gives the same bytes",
	    the_same_scenario_gives_the_same_bytes);
	CASE(s, "times never go back and keep to the capture",
	    times_never_go_back_and_keep_to_the_capture);
	CASE(s, "a capture may see less", a_capture_may_see_less);
	CASE(s, "errors name the line and what was expected",
	    errors_name_the_line_and_what_was_expected);
}
