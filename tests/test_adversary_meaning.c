/* Floods of what means something: lookups, tries, accounts, sessions. */
#include <stdio.h>

#include "capture/decode.h"
#include "tests/scene_reach.h"
#include "tests/siege.h"
#include "tests/suite.h"

#define DATA (TCP_ACK | TCP_PSH)

/* A stranger asks for the dispatch server; NULL: nobody answers. */
static void
look_up(struct scene *s, uint32_t n, const char *answer)
{
	struct endpoint host = siege_stranger(n, 40000);
	struct endpoint dns = wire_endpoint(RESOLVER, 53);
	struct dns_make m;

	make_message(&m, n & 0xffff, DNS_QUERY, DISPATCH_NAME, DNS_A);
	wire_start(s->wire, made(&m));
	wire_udp(s->wire, host, dns);
	siege_frame(s, host, dns);
	if (answer == NULL)
		return;
	make_message(&m, n & 0xffff, DNS_ANSWER, DISPATCH_NAME, DNS_A);
	make_address(&m, NULL, answer);
	wire_start(s->wire, made(&m));
	wire_udp(s->wire, dns, host);
	siege_frame(s, dns, host);
}

static void
flood_lookups(struct scene *s)
{
	unsigned i;

	for (i = 0; i < 3000; i++)
		look_up(s, siege_next(),
		    i % 3 == 0   ? NULL
		    : i % 3 == 1 ? "0.0.0.0"
				 : DISPATCH);
}

static void
lookups_without_end(void)
{
	struct scene *s = siege_new(flood_lookups);

	scene_names(s, SIEGE_HOST);
	line_sign_in(scene_connect(s, SIEGE_HOST, DISPATCH, 1863), USUAL_ACCOUNT);
	siege_counted(s, "dns.asked", 50000, UINT64_MAX);
	siege_counted(s, "dns.evicted", 40000, UINT64_MAX);
	siege_over(s, "lookups without end");
}

/* As many hosts as there is room for are turned away at one moment: all are told. */
static void
a_thousand_hosts_are_turned_away_at_once(void)
{
	struct scene *s = siege_new(NULL);
	struct endpoint to = wire_endpoint(DISPATCH, 1863);
	uint32_t i;

	for (i = 0; i < 1000; i++) {
		look_up(s, i, DISPATCH);
		siege_syn(s, i, to, false);
	}
	line_sign_in(scene_connect(s, SIEGE_HOST, DISPATCH, 1863), USUAL_ACCOUNT);
	scene_wait(s, 60 * NS_PER_S);
	scene_chatter(s, 50);
	scene_wait(s, 180 * NS_PER_S);
	scene_chatter(s, 50);
	CU_ASSERT_EQUAL(s->n_others, 1000);
	siege_counted(s, "flow.idle", 1000, 1000);
	siege_counted(s, "detect.dropped", 0, 0);
	siege_counted(s, "output.dropped", 0, 0);
	siege_over(s, "a thousand hosts turned away at once");
}

/* Lookups that nobody answers well end at one moment too. */
static void
a_thousand_lookups_fail_at_once(void)
{
	struct scene *s = siege_new(NULL);
	uint32_t i;

	for (i = 0; i < 1000; i++)
		look_up(s, i, "127.0.0.1");
	line_sign_in(scene_connect(s, SIEGE_HOST, DISPATCH, 1863), USUAL_ACCOUNT);
	scene_wait(s, 60 * NS_PER_S);
	scene_chatter(s, 50);
	scene_wait(s, 180 * NS_PER_S);
	scene_chatter(s, 50);
	CU_ASSERT_EQUAL(s->n_others, 1000);
	siege_counted(s, "dns.sinkholed", 1000, 1000);
	siege_counted(s, "detect.dropped", 0, 0);
	siege_counted(s, "output.dropped", 0, 0);
	siege_over(s, "a thousand lookups that fail at once");
}

/* A sign-in in one segment, of an account that nobody had before. */
static void
open_account(struct scene *s, struct endpoint from, uint32_t n)
{
	struct wire_tcp t = {.src = from,
	    .dst = wire_endpoint(DISPATCH, 1863),
	    .seq = 1,
	    .ack = 1,
	    .flags = DATA};
	struct wire_tcp back = {.src = t.dst, .dst = t.src, .seq = 1, .flags = DATA};
	char text[160];

	(void)snprintf(text, sizeof(text),
	    "VER 1 MSNP12 CVR0\r\nCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5 msmsgs "
	    "n%u@example.com\r\nUSR 3 TWN I n%u@example.com\r\n",
	    n, n);
	siege_segment(s, &t, bytes_str(text));
	back.ack = 1 + (uint32_t)strlen(text);
	siege_segment(s, &back, bytes_str("VER 1 MSNP12\r\n"));
	back.seq += 14;
	back.flags = TCP_RST | TCP_ACK;
	siege_segment(s, &back, bytes_str(""));
}

#define ACCOUNTS 1500

static void
flood_accounts(struct scene *s)
{
	unsigned i;
	uint32_t n;

	for (i = 0; i < ACCOUNTS; i++) {
		n = siege_next();
		open_account(s, siege_stranger(n, 1024), n);
	}
}

static void
accounts_without_end(void)
{
	struct scene *s = siege_new(flood_accounts);
	struct line *l = scene_connect(s, SIEGE_HOST, DISPATCH, 1863);

	line_sign_in(l, USUAL_ACCOUNT);
	siege_counted(s, "attempt.evicted", 16000, UINT64_MAX);
	siege_counted(s, "detect.dropped", 0, 0);
	siege_counted(s, "output.dropped", 0, 0);
	CU_ASSERT(s->n_others > 16000);
	siege_over(s, "accounts without end");
}

static void
flood_one_host(struct scene *s)
{
	unsigned i;
	uint32_t n;

	for (i = 0; i < ACCOUNTS; i++) {
		n = siege_next();
		open_account(
		    s, wire_endpoint(SIEGE_HOST, (uint16_t)(2000 + n % 60000)), n);
	}
}

static void
accounts_without_end_behind_one_address(void)
{
	struct scene *s = siege_new(flood_one_host);
	struct line *l = scene_connect(s, SIEGE_HOST, DISPATCH, 1863);

	line_sign_in(l, USUAL_ACCOUNT);
	siege_counted(s, "attempt.evicted", 16000, UINT64_MAX);
	CU_ASSERT(s->n_others > 16000);
	siege_over(s, "accounts without end behind one address");
}

/* Connections that begin well and then say nothing more. */
static void
flood_beginnings(struct scene *s)
{
	static const char *const begun[] = {"VER 1 MSNP12 CVR0\r\n",
	    "POST /gateway/gateway.dll?Action=open HTTP/1.1\r\nHost: ",
	    "\x04\x01\x07\x47\x40\x04\x0d\x32me", "CONNECT 64.4.13.50:1863 HTTP/1.1\r\n"};
	struct wire_tcp t = {.seq = 1, .ack = 1, .flags = DATA};
	unsigned i;
	uint32_t n;

	for (i = 0; i < 1000; i++) {
		n = siege_next();
		t.src = siege_stranger(n, 1024);
		t.dst = wire_endpoint(DISPATCH, n % 4 == 0 ? 1863 : 80);
		siege_syn(s, n, t.dst, false);
		siege_segment(s, &t, bytes_str(begun[n % 4]));
	}
}

static void
beginnings_without_end(void)
{
	struct scene *s = siege_new(NULL);
	unsigned i;

	for (i = 0; i < 20; i++)
		flood_beginnings(s);
	s->between = flood_beginnings;
	line_sign_in(scene_connect(s, SIEGE_HOST, DISPATCH, 1863), USUAL_ACCOUNT);
	siege_counted(s, "flow.evicted", 20000, UINT64_MAX);
	siege_counted(s, "detect.refused", 0, 0);
	siege_over(s, "beginnings without end");
}

void
suite_adversary_meaning(void)
{
	CU_pSuite s = suite_new("adversary: meaning");

	CASE(s, "lookups without end", lookups_without_end);
	CASE(s, "a thousand hosts are turned away at once",
	    a_thousand_hosts_are_turned_away_at_once);
	CASE(s, "a thousand lookups fail at once", a_thousand_lookups_fail_at_once);
	CASE(s, "accounts without end", accounts_without_end);
	CASE(s, "accounts without end behind one address",
	    accounts_without_end_behind_one_address);
	CASE(s, "beginnings without end", beginnings_without_end);
}
