#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "samples/scenario.h"
#include "tests/suite.h"

#define SCENARIO "test_scenario.scn"
#define CAPTURE  "test_scenario.pcap"

#define WORLD                                            \
	"date 2026-11-20\ncapture 09:00-09:10\nseed 5\n" \
	"server srv 192.0.2.1 port 7777 name srv.example.org\n"

struct file {
	uint8_t *p;
	size_t n;
};

static void
put_text(const char *text)
{
	FILE *f = fopen(SCENARIO, "wb");

	if (f == NULL || fwrite(text, strlen(text), 1, f) != 1 || fclose(f) != 0)
		abort();
}

static struct file
get_capture(void)
{
	static const size_t most = 1 << 24;
	struct file got = {malloc(most), 0};
	FILE *f = fopen(CAPTURE, "rb");

	if (f == NULL || got.p == NULL)
		abort();
	got.n = fread(got.p, 1, most, f);
	(void)fclose(f);
	(void)remove(CAPTURE);
	return got;
}

static struct file
play(const char *text)
{
	struct err e = {""};

	put_text(text);
	CU_ASSERT_EQUAL(scenario_write(SCENARIO, CAPTURE, &e), 0);
	CU_ASSERT_STRING_EQUAL(e.text, "");
	(void)remove(SCENARIO);
	return get_capture();
}

/* The next frame of a capture of ours; false at its end. */
static bool
next_frame(struct cur *c, struct bytes *frame)
{
	const uint8_t *n;

	if (cur_left(c) == 0)
		return false;
	cur_skip(c, 8);
	n = cur_take(c, 8).p;
	*frame = cur_take(c, c->bad ? 0 : (size_t)(n[0] | n[1] << 8));
	CU_ASSERT_FALSE(c->bad);
	return !c->bad;
}

static struct cur
frames_of(const struct file *f)
{
	struct cur c = cur_of(bytes_of(f->p, f->n));

	cur_skip(&c, 24);
	return c;
}

static size_t
count_frames(const struct file *f)
{
	struct cur c = frames_of(f);
	struct bytes frame;
	size_t n = 0;

	while (next_frame(&c, &frame))
		n++;
	return n;
}

struct ip {
	uint8_t proto;
	struct bytes head, addresses, rest;
};

static struct ip
ip_of(struct bytes frame)
{
	size_t at = load_be16(frame.p + 12) == 0x8100 ? 18 : 14;
	struct bytes b = bytes_skip(frame, at);

	if (b.p[0] >> 4 == 6)
		return (struct ip){b.p[6], bytes_take(b, 0), bytes_of(b.p + 8, 32),
		    bytes_of(b.p + 40, load_be16(b.p + 4))};
	return (struct ip){b.p[9], bytes_take(b, 20), bytes_of(b.p + 12, 8),
	    bytes_of(b.p + 20, load_be16(b.p + 2) - 20u)};
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
	struct ip ip = ip_of(frame);
	uint32_t sum = add_words(0, ip.rest);

	if (ip.head.n > 0)
		CU_ASSERT_TRUE(sums_to_ones(add_words(0, ip.head)));
	if (ip.proto != 1)
		sum = add_words(sum + ip.proto + (uint32_t)ip.rest.n, ip.addresses);
	CU_ASSERT_TRUE(sums_to_ones(sum));
}

/* What one side said on the connection to port 7777, its segments in their order. */
static size_t
stream_of(const struct file *f, bool client, uint8_t *out, size_t size)
{
	struct cur c = frames_of(f);
	uint32_t next = 0;
	struct bytes frame;
	size_t n = 0;

	while (next_frame(&c, &frame)) {
		struct ip ip = ip_of(frame);
		const uint8_t *tcp = ip.rest.p;
		struct bytes data;

		if (ip.proto != 6 || load_be16(tcp + (client ? 2 : 0)) != 7777)
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

static void
streams_are_what_the_script_says(void)
{
	static char text[9000], words[6000];
	static uint8_t out[8192];
	struct file f;
	size_t i, n;

	for (i = 0; i + 1 < sizeof(words); i++)
		words[i] = (char)('a' + i * i % 23);
	(void)snprintf(text, sizeof(text),
	    WORLD "host pc1 10.0.0.1 vlan 7\nat 09:00:01 pc1 talk to srv\n"
		  "    > \"first\\r\\n\\x00\\xff\"\n    < \"answer\"\n    wait 2s\n"
		  "    > \"%s\"\n    < \"\\\"done\\\"\\t\\\\\"\n    close server\n",
	    words);
	f = play(text);
	n = stream_of(&f, true, out, sizeof(out));
	CU_ASSERT_EQUAL(n, 9 + sizeof(words) - 1);
	CU_ASSERT_EQUAL(memcmp(out, "first\r\n\0\xff", 9), 0);
	CU_ASSERT_EQUAL(memcmp(out + 9, words, sizeof(words) - 1), 0);
	n = stream_of(&f, false, out, sizeof(out));
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
	struct file f = play(office);
	struct cur c = frames_of(&f);
	struct bytes frame;
	size_t n = 0;

	for (; next_frame(&c, &frame); n++)
		check_sums(frame);
	CU_ASSERT_TRUE(n > 300);
	free(f.p);
}

static void
the_same_scenario_gives_the_same_bytes(void)
{
	struct file a = play(office), b = play(office);

	CU_ASSERT_EQUAL(a.n, b.n);
	CU_ASSERT_EQUAL(memcmp(a.p, b.p, a.n), 0);
	free(a.p);
	free(b.p);
}

static void
times_never_go_back_and_keep_to_the_capture(void)
{
	struct file f = play(office);
	/* 2026-11-20 09:00 UTC */
	uint32_t s, us, from = 1795165200, last_s = from, last_us = 0;
	struct cur c = frames_of(&f);
	struct bytes frame;

	while (cur_left(&c) >= 16) {
		s = (uint32_t)c.p[0] | (uint32_t)c.p[1] << 8 | (uint32_t)c.p[2] << 16 |
		    (uint32_t)c.p[3] << 24;
		us = (uint32_t)c.p[4] | (uint32_t)c.p[5] << 8 | (uint32_t)c.p[6] << 16;
		CU_ASSERT_TRUE(s > last_s || (s == last_s && us >= last_us));
		CU_ASSERT_TRUE(s < from + 600);
		last_s = s;
		last_us = us;
		(void)next_frame(&c, &frame);
	}
	CU_ASSERT_TRUE(last_s > from + 500);
	free(f.p);
}

static size_t
frames_with(const char *capture)
{
	char text[sizeof(office) + 100];
	struct file f;
	size_t n;

	(void)snprintf(text, sizeof(text), "%s%s\n", office, capture);
	f = play(text);
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

		put_text(rows[i].text);
		CU_ASSERT_EQUAL(scenario_write(SCENARIO, CAPTURE, &e), -1);
		if (strstr(e.text, rows[i].want) == NULL)
			(void)printf("\n    %s", e.text);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, rows[i].want));
	}
	(void)remove(SCENARIO);
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
