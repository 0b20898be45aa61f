#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/played.h"

enum { SYN = 2, RST = 4 };

static void
check_times(const char *what, const unsigned *ms, size_t n)
{
	struct played_frames got = played_blocked(what, TCP);
	size_t i, syns = 0;

	for (i = 0; i < got.n; i++) {
		const uint8_t *tcp = got.ip[i].rest.p;

		if (tcp[13] != SYN)
			continue;
		CU_ASSERT_TRUE(syns < n);
		CU_ASSERT_EQUAL(got.frame[i].us - got.frame[0].us,
		    syns < n ? (int64_t)ms[syns] * 1000 : -1);
		CU_ASSERT_EQUAL(load_be32(tcp + 4), load_be32(got.ip[0].rest.p + 4));
		CU_ASSERT_EQUAL(load_be16(tcp), load_be16(got.ip[0].rest.p));
		syns++;
	}
	CU_ASSERT_EQUAL(syns, n);
	free(got.f.p);
}

static void
kernels_repeat_a_syn_in_their_own_rhythms(void)
{
	static const unsigned windows[] = {0, 3000, 9000}, reset[] = {0, 500, 1000},
			      tux[] = {0, 1000, 3000, 7000, 15000}, six[] = {0, 1000};

	check_times(
	    "at 09:00 win signin a client x over direct to srv result no-answer\n",
	    windows, 3);
	check_times(
	    "at 09:00 tux signin a client x over direct to srv result no-answer\n", tux,
	    5);
	check_times("at 09:00 win signin a client x over direct to srv result refused\n",
	    reset, 3);
	check_times(
	    "at 09:00 tux signin a client x over direct to srv result refused\n", tux, 1);
	check_times(
	    "at 09:00 tux signin a client x over direct to srv result prohibited\n", tux,
	    1);
	check_times("at 09:00 tux6 signin a client x over direct to six "
		    "result prohibited by gate\n",
	    six, 2);
	check_times("at 09:00 win knock to srv result refused\n", windows, 1);
}

static void
a_device_resets_in_the_name_of_the_service(void)
{
	struct played_frames got =
	    played_blocked("at 09:00 tux knock to srv result refused by gate\n", TCP);
	const uint8_t *syn = got.ip[0].rest.p, *rst = got.ip[1].rest.p;

	CU_ASSERT_EQUAL(got.n, 2);
	CU_ASSERT_EQUAL(memcmp(got.ip[1].addresses.p, "\xc0\0\2\1\x0a\0\0\2", 8), 0);
	CU_ASSERT_EQUAL(got.ip[1].ttl, 63);
	CU_ASSERT_EQUAL(rst[13] & (SYN | RST), RST);
	CU_ASSERT_EQUAL(load_be32(rst + 8), load_be32(syn + 4) + 1);
	CU_ASSERT_EQUAL(load_be16(rst + 14), 0);
	free(got.f.p);
}

/* ICMP of that code that quotes the SYN, and n bytes at least of it. */
static void
check_icmp(const char *what, unsigned type_code, size_t head, uint32_t off)
{
	struct played_frames icmp = played_blocked(what, head == 40 ? ICMP6 : ICMP);
	struct played_frames syn = played_blocked(what, TCP);
	const uint8_t *quote = icmp.ip[0].rest.p + 8 + head, *about = syn.ip[0].rest.p;

	CU_ASSERT_TRUE_FATAL(icmp.n > 0 && syn.n > 0);
	CU_ASSERT_EQUAL(load_be16(icmp.ip[0].rest.p), type_code);
	CU_ASSERT_TRUE(icmp.ip[0].rest.n >= 8 + head + 8);
	CU_ASSERT_EQUAL(load_be32(quote), load_be32(about));
	CU_ASSERT_EQUAL(load_be32(quote + 4), load_be32(about + 4) + off);
	free(icmp.f.p);
	free(syn.f.p);
}

static void
icmp_quotes_the_syn_it_is_about(void)
{
	check_icmp(
	    "router gate\nat 09:00 win knock to srv result prohibited\n", 0x030d, 20, 0);
	check_icmp("at 09:00 win signin a client x over direct to srv "
		   "result prohibited code 10 by gate\n",
	    0x030a, 20, 0);
	check_icmp(
	    "at 09:00 tux6 knock to six result prohibited by gate\n", 0x0101, 40, 0);
}

static void
what_misleads_has_wrong_sequence_numbers(void)
{
	static const char ok[] =
	    "at 09:00 win signin a client x over direct to srv misled-by gate\n";
	static const char silent[] = "at 09:00 win signin a client x over direct to srv "
				     "result no-answer misled-by gate\n";
	struct played_frames got = played_blocked(ok, TCP);
	const uint8_t *rst = got.ip[1].rest.p;

	check_icmp(ok, 0x030d, 20, 0x40000001);
	check_icmp(silent, 0x030d, 20, 0x40000001);
	CU_ASSERT_EQUAL(rst[13], RST);
	CU_ASSERT_EQUAL(load_be32(got.ip[2].rest.p + 4), load_be32(rst + 4) - 0x40000000);
	CU_ASSERT_EQUAL(got.ip[2].rest.p[13] & SYN, SYN);
	free(got.f.p);
}

static size_t
stream_of(const char *what, bool client, char *out, size_t size)
{
	char text[2000];
	struct played f;
	size_t n;

	(void)snprintf(text, sizeof(text), "%s%s", PLAYED_BLOCKS, what);
	f = played_of(text);
	n = played_stream(&f, 7778, client, (uint8_t *)out, size - 1);
	out[n] = '\0';
	free(f.p);
	return n;
}

static void
a_login_is_told_once_the_proxy_asks(void)
{
	static const char *const paths[] = {"connect", "gateway"};
	static char text[400], asked[200000], answered[200000], *first, *second;
	size_t i;

	for (i = 0; i < 2; i++) {
		(void)snprintf(text, sizeof(text),
		    "at 09:00 win signin a client x over %s to srv via px "
		    "login \"user:pass\"\n",
		    paths[i]);
		(void)stream_of(text, true, asked, sizeof(asked));
		(void)stream_of(text, false, answered, sizeof(answered));
		first = strstr(asked, "\r\n\r\n");
		second = strstr(asked, "\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n");
		CU_ASSERT_PTR_NOT_NULL_FATAL(first);
		CU_ASSERT_PTR_NOT_NULL(second);
		CU_ASSERT_TRUE(second > first);
		CU_ASSERT_EQUAL(strncmp(answered, "HTTP/1.0 407 ", 13), 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(answered, " 200 "));
	}
}

static void
socks_4_takes_names_and_addresses(void)
{
	static char out[20000];

	CU_ASSERT_TRUE(
	    stream_of("at 09:00 win signin a client x over socks to srv via px "
		      "result denied 91\n",
		true, out, sizeof(out)) == 30);
	CU_ASSERT_EQUAL(memcmp(out, "\4\1\x1e\x61\0\0\0\1clerk\0srv.example.org", 30), 0);
	CU_ASSERT_EQUAL(stream_of("at 09:00 win signin a client x over socks to srv "
				  "via px result denied 91\n",
			    false, out, sizeof(out)),
	    8);
	CU_ASSERT_EQUAL(memcmp(out, "\0\x5b\0\0\0\0\0", 8), 0);
	(void)stream_of("server bare 192.0.2.7\n"
			"at 09:00 win signin a client x over socks to bare via px\n",
	    true, out, sizeof(out));
	CU_ASSERT_EQUAL(memcmp(out, "\4\1\7\x47\xc0\0\2\7clerk\0VER 1 ", 20), 0);
}

static void
a_sweep_knocks_at_one_address_after_the_other(void)
{
	struct played_frames got = played_blocked(
	    "server any 192.0.2.254\nat 09:00 win knock to any addresses 4\n", TCP);

	CU_ASSERT_EQUAL(got.n, 4);
	CU_ASSERT_EQUAL(memcmp(got.ip[1].addresses.p + 4, "\xc0\0\2\xff", 4), 0);
	CU_ASSERT_EQUAL(memcmp(got.ip[2].addresses.p + 4, "\xc0\0\3\0", 4), 0);
	CU_ASSERT_EQUAL(got.frame[3].us - got.frame[0].us, 15000);
	free(got.f.p);
}

static void
a_forged_reset_leaves_the_script_going_on(void)
{
	struct played_frames got =
	    played_blocked("at 09:00 win talk to srv\n  > \"VER\"\n"
			   "  forge server by gate\n  < \"late\"\n",
		TCP);
	size_t i, resets = 0;

	for (i = 0; i < got.n; i++)
		if (got.ip[i].rest.p[13] == RST) {
			resets++;
			CU_ASSERT_EQUAL(got.ip[i].ttl, 63);
			CU_ASSERT_EQUAL(load_be32(got.ip[i].rest.p + 4),
			    load_be32(got.ip[1].rest.p + 4) + 1);
		}
	CU_ASSERT_EQUAL(resets, 1);
	CU_ASSERT_TRUE(got.n > 6);
	free(got.f.p);
}

static void
errors_name_what_was_expected(void)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
	    {"at 09:00 win knock\n", "expected to SERVER"},
	    {"at 09:00 win knock to srv result reset\n", "expected result no-answer,"},
	    {"at 09:00 win knock to srv result prohibited code 256\n", "below 256"},
	    {"at 09:00 win icmp\n", "expected to SERVER, or as ACCOUNT"},
	    {"at 09:00 win icmp as a\n", "win: a is not signed in"},
	    {"at 09:00 win lookup srv.example.org answer maybe\n", "found 'maybe'"},
	    {"at 09:00 win signin a client x over direct to srv result denied 403\n",
		"expected via PROXY"},
	    {"at 09:00 win signin a client x over direct to srv login u:p\n",
		"expected via PROXY"},
	    {"at 09:00 win signin a client x over connect to srv via px "
	     "result denied 91\n",
		"expected a code of three digits"},
	    {"at 09:00 win talk to srv\n  forge server\n", "expected by NODE"},
	    {"hosts pc 2 10.0.1.1 green\n",
		"expected vlan, linux or dual, found 'green'"},
	    {"every 5ms 09:00-09:01 win knock to srv\n", "at least 10ms"},
	};
	char text[2000];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = {""};

		(void)snprintf(text, sizeof(text), "%s%s", PLAYED_BLOCKS, rows[i].line);
		played_refused(text, &e);
		if (strstr(e.text, rows[i].want) == NULL)
			(void)printf("\n    %s", e.text);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, rows[i].want));
	}
}

void
suite_scenario_blocks(void)
{
	CU_pSuite s = suite_new("scenario_blocks");

	CASE(s, "kernels repeat a SYN in their own rhythms",
	    kernels_repeat_a_syn_in_their_own_rhythms);
	CASE(s, "a device resets in the name of the service",
	    a_device_resets_in_the_name_of_the_service);
	CASE(s, "ICMP quotes the SYN it is about", icmp_quotes_the_syn_it_is_about);
	CASE(s, "what misleads has wrong sequence numbers",
	    what_misleads_has_wrong_sequence_numbers);
	CASE(s, "a login is told once the proxy asks",
	    a_login_is_told_once_the_proxy_asks);
	CASE(s, "SOCKS 4 takes names and addresses", socks_4_takes_names_and_addresses);
	CASE(s, "a sweep knocks at one address after the other",
	    a_sweep_knocks_at_one_address_after_the_other);
	CASE(s, "a forged reset leaves the script going on",
	    a_forged_reset_leaves_the_script_going_on);
	CASE(s, "errors name what was expected", errors_name_what_was_expected);
}
