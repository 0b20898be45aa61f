#define _POSIX_C_SOURCE 200809L
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/summary.h"
#include "tests/sample_events.h"
#include "tests/suite.h"

#define AT(s)     (START + (s)*NS_PER_S)
#define PAGE_MAX  (1 << 16)
#define PRODUCT75 "MSN Messenger 7.5"

static const struct summary_span office_span = {.packets = 102032,
    .bytes = 61234567,
    .first = SAMPLE_START,
    .last = SAMPLE_START + 4360 * NS_PER_S,
    .files = 3};

static struct summary *
summary_new(void)
{
	struct summary *s = NULL;
	struct err e = {""};

	if (summary_open(&s, &e) != 0)
		abort();
	return s;
}

static void
add_signed_in(struct summary *s)
{
	struct event ev = sample_try("10.1.2.7", OUTCOME_SIGNED_IN, 62);

	sample_path(&ev, PATH_DIRECT, OUTCOME_BLOCKED, 2)->reason = REASON_REFUSED;
	(void)sample_path(&ev, PATH_GATEWAY, OUTCOME_SIGNED_IN, 1);
	sample_name(&ev, "anna@example.com", 12, PRODUCT75);
	ev.u.attempt.signed_in_ns = 735 * NS_PER_S;
	ev.u.attempt.conversations = 2;
	summary_add(s, &ev);
	ev = sample_try("10.1.2.23", OUTCOME_SIGNED_IN, 300);
	(void)sample_path(&ev, PATH_DIRECT, OUTCOME_SIGNED_IN, 1);
	sample_name(&ev, "carl@example.com", 18, "Windows Live Messenger 2009");
	ev.u.attempt.signed_in_ns = 3725 * NS_PER_S;
	ev.u.attempt.conversations = 11;
	summary_add(s, &ev);
	ev = sample_try("10.1.2.40", OUTCOME_IN_SESSION, 1);
	(void)sample_path(&ev, PATH_DIRECT, OUTCOME_IN_SESSION, 1);
	sample_name(&ev, "J\xc3\xb6rg@example.com", 0, "");
	summary_add(s, &ev);
}

static void
add_kept_out(struct summary *s)
{
	struct event ev = sample_try("10.1.3.4", OUTCOME_REJECTED, 40);
	struct path_try *p = sample_path(&ev, PATH_DIRECT, OUTCOME_REJECTED, 1);

	p->code = 911;
	ev.u.attempt.error_code = 911;
	sample_name(&ev, "dora@example.com", 9, "MSN Messenger 6.2");
	summary_add(s, &ev);
	ev = sample_try("10.1.3.4", OUTCOME_ABANDONED, 20);
	(void)sample_path(&ev, PATH_DIRECT, OUTCOME_ABANDONED, 3);
	sample_name(&ev, "dora2@example.com", 9, "MSN Messenger 6.2");
	summary_add(s, &ev);
	ev = sample_try("10.1.9.99", OUTCOME_BLOCKED, 500);
	sample_path(&ev, PATH_DIRECT, OUTCOME_BLOCKED, 4)->reason = REASON_NO_ANSWER;
	p = sample_path(&ev, PATH_GATEWAY, OUTCOME_BLOCKED, 2);
	p->reason = REASON_PROXY_DENIED;
	p->server.port = 8080;
	summary_add(s, &ev);
	ev = sample_try("10.1.2.41", OUTCOME_BLOCKED, 1);
	ev.u.attempt.confidence = CONFIDENCE_HINT;
	summary_add(s, &ev);
}

static void
add_damage(struct summary *s)
{
	struct event ev = {.type = EVENT_COVERAGE};

	ev.u.coverage = (struct coverage){.kind = COVERAGE_DAMAGED,
	    .origin = "night.pcap",
	    .offset = 48213004,
	    .text = "night.pcap: damaged at byte 48213004; what came before is reported"};
	summary_add(s, &ev);
	ev.u.coverage = (struct coverage){.kind = COVERAGE_LINK_TYPE,
	    .count = 12,
	    .origin = "wifi.pcap",
	    .text = "link type IEEE802_11 is not decoded"};
	summary_add(s, &ev);
}

static struct counters
office_counters(void)
{
	struct counters c = {.n = 0};

	counters_add(&c, "decoder.pkts", "packets", 102032);
	counters_add(&c, "decoder.cut", "packets cut by the snap length", 1204);
	counters_add(&c, "stream.lost_bytes", "bytes of followed connections", 17);
	counters_add(&c, "defrag.timeouts", "datagrams not complete in time", 2);
	counters_add(&c, "defrag.overlaps", "datagrams with overlapping pieces", 1);
	counters_add(&c, "flow.evicted", "connections forgotten, table full", 3);
	return c;
}

static struct summary *
office(void)
{
	struct summary *s = summary_new();

	add_signed_in(s);
	add_kept_out(s);
	add_damage(s);
	return s;
}

/* The page as a string, good until the next call. */
static const char *
page_of(struct summary *s, const struct counters *c, struct summary_style style)
{
	static char page[PAGE_MAX];
	FILE *f = fmemopen(page, sizeof(page), "w");

	if (f == NULL)
		abort();
	CU_ASSERT_EQUAL(summary_text(s, &office_span, c, &style, f), 0);
	(void)fclose(f);
	return page;
}

/* MSNWATCH_ACCEPT=1 in the environment writes the golden pages anew. */
static void
check_golden(unsigned width, bool utf8)
{
	struct summary *s = office();
	struct counters c = office_counters();
	const char *page = page_of(s, &c, (struct summary_style){width, utf8, false});
	bool accept = getenv("MSNWATCH_ACCEPT") != NULL;
	static char want[PAGE_MAX];
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/tests/golden/summary_%u_%s.txt",
	    SOURCE_DIR, width, utf8 ? "utf8" : "ascii");
	f = fopen(path, accept ? "w" : "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	if (accept)
		(void)fputs(page, f);
	else
		want[fread(want, 1, sizeof(want) - 1, f)] = '\0';
	CU_ASSERT_TRUE(accept || strcmp(want, page) == 0);
	(void)fclose(f);
	summary_close(s);
}

static void
pages_are_those_agreed_on(void)
{
	static const unsigned widths[] = {40, 80, 132};
	size_t i;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		check_golden(widths[i], true);
		check_golden(widths[i], false);
	}
}

/* No line is wider than the page, ends in a blank or carries a control character. */
static void
check_lines(const char *page, unsigned width, bool utf8)
{
	char line[4096];
	size_t n, i;

	for (; *page != '\0'; page += n + 1) {
		n = strcspn(page, "\n");
		if (n >= sizeof(line))
			abort();
		memcpy(line, page, n);
		line[n] = '\0';
		CU_ASSERT_TRUE(text_width(bytes_str(line)) <= width);
		CU_ASSERT_TRUE(n == 0 || line[n - 1] != ' ');
		for (i = 0; i < n; i++) {
			CU_ASSERT_TRUE((unsigned char)line[i] >= 0x20);
			CU_ASSERT_TRUE(utf8 || (unsigned char)line[i] < 0x7f);
		}
	}
}

static void
add_hostile(struct summary *s)
{
	static const char raw[] =
	    "\x1b]0;owned\x07\r\n\xe2\x80\xae@\xff\xfe|\\ \xc3\xb6\xc3\xb6"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
	struct event ev =
	    sample_try("2001:470:e5bf:dead:4957:2174:e82c:4887", OUTCOME_BLOCKED, 9);
	struct path_try *p;
	size_t i;

	for (i = 0; i < ATTEMPT_PATHS_MAX; i++) {
		p = sample_path(&ev, (enum path)(i % 4), OUTCOME_BLOCKED, UINT32_MAX);
		p->reason = i < 4 ? REASON_PROXY_DENIED : REASON_SINKHOLED;
		p->by = ev.tuple.client.addr;
		(void)text_safe(p->host, sizeof(p->host), bytes_of(raw, sizeof(raw) - 1));
	}
	ev.u.attempt.more_paths = UINT32_MAX;
	(void)text_safe(ev.u.attempt.account, sizeof(ev.u.attempt.account),
	    bytes_of(raw, sizeof(raw) - 1));
	(void)text_safe(ev.u.attempt.client.name, sizeof(ev.u.attempt.client.name),
	    bytes_of(raw, sizeof(raw) - 1));
	(void)text_safe(ev.u.attempt.client.version, sizeof(ev.u.attempt.client.version),
	    bytes_of(raw, sizeof(raw) - 1));
	summary_add(s, &ev);
	ev = (struct event){.type = EVENT_COVERAGE};
	(void)text_safe(ev.u.coverage.text, sizeof(ev.u.coverage.text),
	    bytes_of(raw, sizeof(raw) - 1));
	summary_add(s, &ev);
}

static void
every_line_fits_every_page(void)
{
	struct summary *s = office();
	struct counters c = office_counters();
	unsigned width;

	add_hostile(s);
	for (width = 40; width <= 200; width++) {
		check_lines(page_of(s, &c, (struct summary_style){width, true, false}),
		    width, true);
		check_lines(page_of(s, &c, (struct summary_style){width, false, false}),
		    width, false);
	}
	check_lines(page_of(s, &c, (struct summary_style){0, false, false}), 40, false);
	summary_close(s);
}

static void
wide_characters_take_two_cells(void)
{
	struct summary *s = summary_new();
	struct counters c = {.n = 0};
	struct event ev = sample_try("10.1.2.7", OUTCOME_SIGNED_IN, 1);
	unsigned width;

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		abort();
	sample_name(&ev,
	    "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97@"
	    "example.com",
	    12,
	    "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6"
	    "\xbc\xa2");
	summary_add(s, &ev);
	CU_ASSERT_EQUAL(text_width(bytes_str("\xe6\xbc\xa2")), 2);
	for (width = 40; width <= 132; width++)
		check_lines(page_of(s, &c, (struct summary_style){width, true, false}),
		    width, true);
	(void)setlocale(LC_CTYPE, "C");
	summary_close(s);
}

static void
colour_changes_nothing_but_colour(void)
{
	struct summary *s = office();
	struct counters c = office_counters();
	static char plain[PAGE_MAX], bare[PAGE_MAX];
	const char *page;
	size_t n = 0, escapes = 0;

	text_put(plain, sizeof(plain),
	    page_of(s, &c, (struct summary_style){100, true, false}));
	CU_ASSERT_PTR_NULL(strchr(plain, '\033'));
	page = page_of(s, &c, (struct summary_style){100, true, true});
	for (; *page != '\0'; page++) {
		if (*page != '\033') {
			bare[n++] = *page;
			continue;
		}
		escapes++;
		page += strcspn(page, "m");
	}
	bare[n] = '\0';
	CU_ASSERT_TRUE(escapes > 10);
	CU_ASSERT_STRING_EQUAL(bare, plain);
	summary_close(s);
}

static void
a_full_disk_is_noticed(void)
{
	struct summary *s = office();
	struct counters c = office_counters();
	struct summary_style style = {.width = 80};
	FILE *f = fopen("/dev/full", "w");

	if (f != NULL) {
		CU_ASSERT_EQUAL(summary_text(s, &office_span, &c, &style, f), -1);
		(void)fclose(f);
	}
	summary_close(s);
}

void
suite_summary(void)
{
	CU_pSuite s = suite_new("summary");

	CASE(s, "pages are those agreed on", pages_are_those_agreed_on);
	CASE(s, "every line fits every page", every_line_fits_every_page);
	CASE(s, "wide characters take two cells", wide_characters_take_two_cells);
	CASE(s, "colour changes nothing but colour", colour_changes_nothing_but_colour);
	CASE(s, "a full disk is noticed", a_full_disk_is_noticed);
}
