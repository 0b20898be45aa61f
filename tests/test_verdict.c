#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/summary.h"
#include "tests/sample_events.h"
#include "tests/suite.h"

#define PRODUCT75 "MSN Messenger 7.5"

static struct summary *
summary_new(void)
{
	struct summary *s = NULL;
	struct err e = {""};

	if (summary_open(&s, &e) != 0)
		abort();
	return s;
}

static bool
says(struct summary *s, const struct counters *c, const char *sentence)
{
	struct summary_span span = {.packets = 17, .bytes = 1700};
	struct summary_style style = {.width = 500};
	size_t size = 0;
	char *page = NULL;
	FILE *f = open_memstream(&page, &size);
	bool found;

	if (f == NULL || summary_text(s, &span, c, &style, f) != 0 || fclose(f) != 0)
		abort();
	found = strstr(page, sentence) != NULL;
	free(page);
	return found;
}

static void
quiet_is_said_only_of_what_was_read(void)
{
	struct event damage;
	struct summary *s = summary_new();
	struct counters c = {.n = 0}, odd = {.n = 0};

	CU_ASSERT_TRUE(says(s, &c, "No Messenger sign-in was seen.\n"));
	counters_add(&odd, "stream.lost_bytes", "of connections nobody watches", 7);
	counters_add(&odd, "decoder.cut", "packets cut", 1);
	CU_ASSERT_TRUE(says(s, &odd, "No Messenger sign-in was seen.\n"));
	CU_ASSERT_FALSE(says(s, &odd, "nobody watches"));
	CU_ASSERT_TRUE(says(s, &odd, "1 packet cut short by the capture's snap length"));
	damage = sample_damage();
	summary_add(s, &damage);
	CU_ASSERT_TRUE(says(
	    s, &c, "No Messenger sign-in was seen in the part that could be read.\n"));
	CU_ASSERT_FALSE(says(s, &c, "Hosts"));
	CU_ASSERT_TRUE(says(s, &c, "damaged at byte 4096"));
	summary_close(s);
}

static void
a_skipped_file_takes_nothing_away(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = {.type = EVENT_COVERAGE};

	ev.u.coverage = (struct coverage){
	    .kind = COVERAGE_SKIPPED, .origin = "notes.txt", .text = "no capture"};
	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c, "No Messenger sign-in was seen.\n"));
	CU_ASSERT_TRUE(says(s, &c, "notes.txt: no capture"));
	summary_close(s);
}

static void
no_packet_is_no_verdict(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct summary_span none = {.files = 1};
	struct summary_style style = {.width = 80};
	char page[2048] = "";
	FILE *f = fmemopen(page, sizeof(page), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL(summary_text(s, &none, &c, &style, f), 0);
	(void)fclose(f);
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "nothing can be said"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "0 packets, 0 bytes, 1 file\n"));
	summary_close(s);
}

static void
verdict_of(enum outcome outcome, enum path path, const char *sentence)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.7", outcome, 1);

	(void)sample_path(&ev, path, outcome, 1);
	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c, sentence));
	summary_close(s);
}

static void
one_host_has_its_own_sentences(void)
{
	verdict_of(OUTCOME_SIGNED_IN, PATH_DIRECT,
	    "1 host tried and signed in to Messenger, directly.\n");
	verdict_of(OUTCOME_SIGNED_IN, PATH_SOCKS,
	    "1 host tried and signed in to Messenger, through a SOCKS proxy.\n");
	verdict_of(OUTCOME_REJECTED, PATH_DIRECT,
	    "1 host tried to sign in to Messenger and did not get in: rejected.\n");
	verdict_of(OUTCOME_IN_SESSION, PATH_GATEWAY,
	    "1 host was already signed in to Messenger when the capture began.\n");
}

static void
many_hosts_are_told_apart_by_path(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.7", OUTCOME_SIGNED_IN, 1);

	(void)sample_path(&ev, PATH_DIRECT, OUTCOME_SIGNED_IN, 1);
	summary_add(s, &ev);
	ev = sample_try("10.1.2.8", OUTCOME_SIGNED_IN, 1);
	(void)sample_path(&ev, PATH_DIRECT, OUTCOME_SIGNED_IN, 1);
	summary_add(s, &ev);
	CU_ASSERT_TRUE(
	    says(s, &c, "All 2 hosts that tried signed in to Messenger directly.\n"));
	ev = sample_try("10.1.2.8", OUTCOME_SIGNED_IN, 5);
	(void)sample_path(&ev, PATH_GATEWAY, OUTCOME_SIGNED_IN, 1);
	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c,
	    "All 2 hosts that tried signed in to Messenger: 2 directly, "
	    "1 through the HTTP gateway.\n"));
	ev = sample_try("10.1.2.9", OUTCOME_BLOCKED, 5);
	sample_path(&ev, PATH_DIRECT, OUTCOME_BLOCKED, 1)->reason = REASON_REFUSED;
	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c,
	    "2 of 3 hosts that tried signed in to Messenger: 2 directly, "
	    "1 through the HTTP gateway. The other host was stopped.\n"));
	CU_ASSERT_EQUAL(summary_attempts(s), 4);
	summary_close(s);
}

static void
add_host(struct summary *s, const char *host, enum outcome outcome)
{
	struct event ev = sample_try(host, outcome, 1);
	struct path_try *p = sample_path(&ev, PATH_DIRECT, outcome, 1);

	if (outcome == OUTCOME_BLOCKED)
		p->reason = REASON_NO_ANSWER;
	summary_add(s, &ev);
}

static void
who_was_stopped_is_said_so(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};

	add_host(s, "10.1.2.1", OUTCOME_BLOCKED);
	CU_ASSERT_TRUE(
	    says(s, &c, "1 host tried to sign in to Messenger and was stopped.\n"));
	add_host(s, "10.1.2.2", OUTCOME_BLOCKED);
	CU_ASSERT_TRUE(
	    says(s, &c, "2 hosts tried to sign in to Messenger and each was stopped.\n"));
	add_host(s, "10.1.2.3", OUTCOME_ABANDONED);
	CU_ASSERT_TRUE(says(s, &c,
	    "3 hosts tried to sign in to Messenger and none got in. 2 of 3 hosts were "
	    "stopped. The other host: abandoned.\n"));
	add_host(s, "10.1.2.4", OUTCOME_SIGNED_IN);
	CU_ASSERT_TRUE(says(s, &c,
	    "1 of 4 hosts that tried signed in to Messenger directly. 2 of 4 hosts were "
	    "stopped. The other host: abandoned.\n"
	    "- 1863 is left unanswered; neither of the 2 hosts that met it got in: the "
	    "block holds.\n"
	    "- 1 host signed in directly without meeting a block.\n\nHosts"));
	add_host(s, "10.1.2.3", OUTCOME_BLOCKED);
	CU_ASSERT_TRUE(says(s, &c,
	    "1 of 4 hosts that tried signed in to Messenger directly. The other 3 were "
	    "stopped.\n"));
	summary_close(s);
}

static void
a_few_blocks_are_told_and_the_rest_counted(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.1", OUTCOME_BLOCKED, 1);
	struct path_try *p = sample_path(&ev, PATH_DIRECT, OUTCOME_BLOCKED, 1);
	uint8_t i;

	p->reason = REASON_PROHIBITED;
	for (i = 1; i <= VERDICT_BLOCKS_MAX + 2; i++) {
		p->by = sample_endpoint("10.0.0.1", 0).addr;
		p->by.v[15] = i;
		summary_add(s, &ev);
		if (i == 5)
			CU_ASSERT_TRUE(says(s, &c, "- and 1 more kind of block\n\n"));
	}
	CU_ASSERT_TRUE(says(s, &c, "- 1863 is prohibited by 10.0.0.4 (ICMP); "));
	CU_ASSERT_FALSE(says(s, &c, "- 1863 is prohibited by 10.0.0.5 (ICMP); "));
	CU_ASSERT_TRUE(says(s, &c,
	    "- and 12 more kinds of block\n"
	    "- 2 tries were turned away in still other ways\n\n"));
	CU_ASSERT_TRUE(says(s, &c, "direct prohibited, direct prohibited +14  "));
	summary_close(s);
}

static void
a_forged_reset_is_explained(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.1", OUTCOME_BLOCKED, 1);
	struct path_try *p = sample_path(&ev, PATH_DIRECT, OUTCOME_BLOCKED, 2);

	p->reason = REASON_REFUSED;
	summary_add(s, &ev);
	CU_ASSERT_FALSE(says(s, &c, "forged"));
	p->forged = true;
	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c, "direct refused (forged) x2\n"));
	CU_ASSERT_TRUE(says(s, &c, "\nforged        a device on the way"));
	summary_close(s);
}

static void
hints_are_counted_apart(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.7", OUTCOME_SIGNED_IN, 1);

	ev.u.attempt.confidence = CONFIDENCE_HINT;
	summary_add(s, &ev);
	summary_add(s, &ev);
	CU_ASSERT_EQUAL(summary_attempts(s), 0);
	CU_ASSERT_TRUE(says(s, &c, "No Messenger sign-in was seen.\n"));
	CU_ASSERT_TRUE(says(s, &c, "2 tries only looked like Messenger"));
	summary_close(s);
}

static void
accounts_beyond_two_are_a_number(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.7", OUTCOME_SIGNED_IN, 1);
	char account[32];
	int i;

	for (i = 0; i < 40; i++) {
		(void)snprintf(account, sizeof(account), "u%d@example.com", i / 2);
		sample_name(&ev, account, 12, PRODUCT75);
		summary_add(s, &ev);
		if (i == 9)
			CU_ASSERT_TRUE(
			    says(s, &c, "u0@example.com, u1@example.com +3  "));
	}
	CU_ASSERT_TRUE(says(s, &c, "u0@example.com, u1@example.com +14 or more  "));
	summary_close(s);
}

static void
what_lies_beyond_the_bounds_is_counted(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.0.0.0", OUTCOME_REJECTED, 1);
	size_t i;

	for (i = 0; i < SUMMARY_ATTEMPTS + 5; i++) {
		ev.tuple.client.addr.v[14] = (uint8_t)(i >> 8);
		ev.tuple.client.addr.v[15] = (uint8_t)i;
		summary_add(s, &ev);
	}
	CU_ASSERT_EQUAL(summary_attempts(s), SUMMARY_ATTEMPTS + 5);
	CU_ASSERT_TRUE(says(s, &c, "\n+ 5 further attempts, counted and not listed\n"));
	CU_ASSERT_TRUE(says(s, &c, "\n+ 5,909 attempts of further hosts"));
	CU_ASSERT_TRUE(says(s, &c,
	    "Of the first hosts seen: 4,096 hosts tried to sign in to Messenger and none "
	    "got in: all rejected.\n"));
	summary_close(s);
}

static void
times_grow_with_the_span(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.7", OUTCOME_REJECTED, 1);

	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c, "Hosts  2026-11-23, times in UTC\n"));
	ev = sample_try("10.1.2.7", OUTCOME_REJECTED, 86400);
	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c, "Hosts  2026, times in UTC\n"));
	CU_ASSERT_TRUE(says(s, &c, "\n11-24 08:00:00  10.1.2.7"));
	ev = sample_try("10.1.2.7", OUTCOME_REJECTED, 86400 * 60);
	summary_add(s, &ev);
	CU_ASSERT_TRUE(says(s, &c, "Hosts  times in UTC\n"));
	CU_ASSERT_TRUE(says(s, &c, "\n2027-01-22 08:00:00  10.1.2.7"));
	summary_close(s);
}

void
suite_verdict(void)
{
	CU_pSuite s = suite_new("verdict");

	CASE(s, "quiet is said only of what was read",
	    quiet_is_said_only_of_what_was_read);
	CASE(s, "a skipped file takes nothing away", a_skipped_file_takes_nothing_away);
	CASE(s, "no packet is no verdict", no_packet_is_no_verdict);
	CASE(s, "one host has its own sentences", one_host_has_its_own_sentences);
	CASE(s, "many hosts are told apart by path", many_hosts_are_told_apart_by_path);
	CASE(s, "who was stopped is said so", who_was_stopped_is_said_so);
	CASE(s, "a few blocks are told and the rest counted",
	    a_few_blocks_are_told_and_the_rest_counted);
	CASE(s, "a forged reset is explained", a_forged_reset_is_explained);
	CASE(s, "hints are counted apart", hints_are_counted_apart);
	CASE(s, "accounts beyond two are a number", accounts_beyond_two_are_a_number);
	CASE(s, "what lies beyond the bounds is counted",
	    what_lies_beyond_the_bounds_is_counted);
	CASE(s, "times grow with the span", times_grow_with_the_span);
}
