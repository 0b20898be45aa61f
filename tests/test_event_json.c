#define _POSIX_C_SOURCE 200809L
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/event_json.h"
#include "tests/sample_events.h"
#include "tests/suite.h"

#define GOLDEN SOURCE_DIR "/tests/golden/events.jsonl"

static struct event (*const samples[])(void) = {sample_full_attempt,
    sample_rejected_attempt, sample_sunk_attempt, sample_session_attempt, sample_redirect,
    sample_turned_away, sample_conversation, sample_reset, sample_dry_reset, sample_limit,
    sample_verdict, sample_quiet_verdict, sample_stats, sample_damage, sample_loss};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static char *
line_of(struct event ev)
{
	char *line = event_json_line(&ev, "lab-span1");

	if (line == NULL)
		abort();
	return line;
}

/* The parsed line, strictly: no doubled keys, nothing behind the object. */
static json_t *
parsed(struct event ev)
{
	char *line = line_of(ev);
	json_t *j = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(j);
	CU_ASSERT_PTR_NULL(strchr(line, '\n'));
	free(line);
	return j;
}

static const char *
text_at(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "(none)" : s;
}

/* MSNWATCH_ACCEPT=1 in the environment writes the golden file anew. */
static void
lines_are_those_published(void)
{
	bool accept = getenv("MSNWATCH_ACCEPT") != NULL;
	FILE *f = fopen(GOLDEN, accept ? "w" : "r");
	char want[8192], *got;
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	for (i = 0; i < SAMPLES; i++) {
		got = line_of(samples[i]());
		if (accept) {
			(void)fprintf(f, "%s\n", got);
		} else {
			CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(want, sizeof(want), f));
			want[strcspn(want, "\n")] = '\0';
			CU_ASSERT_STRING_EQUAL(got, want);
		}
		free(got);
	}
	CU_ASSERT_TRUE(accept || fgets(want, sizeof(want), f) == NULL);
	(void)fclose(f);
}

static void
an_attempt_says_all_it_knows(void)
{
	json_t *j = parsed(sample_full_attempt()), *a = json_object_get(j, "attempt"), *p;

	CU_ASSERT_STRING_EQUAL(
	    text_at(j, "timestamp"), "2026-11-23T08:01:02.123456+0000");
	CU_ASSERT_STRING_EQUAL(text_at(j, "sensor"), "lab-span1");
	CU_ASSERT_STRING_EQUAL(text_at(j, "src_ip"), "10.1.2.7");
	CU_ASSERT_EQUAL(
	    json_integer_value(json_object_get(j, "flow_id")), 9007199254740991);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(j, "vlan")), 2);
	CU_ASSERT_STRING_EQUAL(
	    text_at(json_object_get(j, "ether"), "src_mac"), "02:00:5e:10:00:ff");
	CU_ASSERT_STRING_EQUAL(text_at(a, "dialect"), "MSNP12");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(a, "offered")), 2);
	CU_ASSERT_EQUAL(json_real_value(json_object_get(a, "signed_in_s")), 8.0);
	p = json_array_get(json_object_get(a, "paths"), 0);
	CU_ASSERT_STRING_EQUAL(text_at(p, "result"), "refused");
	CU_ASSERT_STRING_EQUAL(text_at(p, "by"), "10.0.0.1");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(p, "count")), 2);
	p = json_array_get(json_object_get(a, "paths"), 1);
	CU_ASSERT_STRING_EQUAL(text_at(p, "result"), "signed-in");
	CU_ASSERT_PTR_NULL(json_object_get(p, "count"));
	json_decref(j);
}

static void
what_is_not_known_is_left_out(void)
{
	struct event ev = {.type = EVENT_MESSENGER};
	char *line = event_json_line(&ev, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	CU_ASSERT_STRING_EQUAL(line, "{\"timestamp\":\"1970-01-01T00:00:00.000000+0000\","
				     "\"event_type\":\"messenger\","
				     "\"messenger\":{\"sign\":\"opened\",\"path\":"
				     "\"direct\",\"confidence\":\"hint\"}}");
	free(line);
}

static void
durations_are_rounded_to_tenths(void)
{
	static const struct {
		int64_t ns;
		const char *text;
	} want[] = {{0, "\"signed_in_s\":0.0,"}, {NS_PER_S / 10, "\"signed_in_s\":0.1,"},
	    {8 * NS_PER_S, "\"signed_in_s\":8.0,"},
	    {8 * NS_PER_S + NS_PER_S / 20, "\"signed_in_s\":8.1,"},
	    {-NS_PER_S, "\"signed_in_s\":0.0,"},
	    {INT64_MAX, "\"signed_in_s\":9223372036.9,"},
	    {90000 * NS_PER_S + 3 * (NS_PER_S / 10), "\"signed_in_s\":90000.3,"}};
	struct event ev = sample_full_attempt();
	char *line;
	size_t i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		ev.u.attempt.signed_in_ns = want[i].ns;
		line = line_of(ev);
		CU_ASSERT_PTR_NOT_NULL(strstr(line, want[i].text));
		free(line);
	}
}

static void
odd_times_have_the_same_form(void)
{
	static const struct {
		int64_t ns;
		const char *text;
	} want[] = {{-1, "1969-12-31T23:59:59.999999+0000"},
	    {-NS_PER_S, "1969-12-31T23:59:59.000000+0000"},
	    {951782400 * NS_PER_S, "2000-02-29T00:00:00.000000+0000"},
	    {INT64_MAX, "2262-04-11T23:47:16.854775+0000"},
	    {INT64_MIN, "1677-09-21T00:12:43.145224+0000"}};
	struct event ev = sample_event(EVENT_MESSENGER);
	json_t *j;
	size_t i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		ev.ts = want[i].ns;
		j = parsed(ev);
		CU_ASSERT_STRING_EQUAL(text_at(j, "timestamp"), want[i].text);
		json_decref(j);
	}
}

static void
a_verdict_says_where_a_block_leaks(void)
{
	json_t *j = parsed(sample_verdict()), *v = json_object_get(j, "verdict"), *b, *h;

	CU_ASSERT_PTR_NULL(json_object_get(j, "src_ip"));
	CU_ASSERT_STRING_EQUAL(text_at(v, "holding"), "leaks");
	b = json_array_get(json_object_get(v, "blocks"), 0);
	CU_ASSERT_STRING_EQUAL(text_at(b, "reason"), "refused");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(b, "leaked")), 7);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(b, "leaked_by")), 2);
	CU_ASSERT_STRING_EQUAL(text_at(b, "text"),
	    "1863 is refused by a device on the way (forged resets); 7 of 9 hosts then "
	    "signed in (7 through the gateway on port 80, 1 through a SOCKS proxy), 1 "
	    "then "
	    "reached the service through the gateway on port 80 without signing in, 1 "
	    "did "
	    "not get in: the block leaks.");
	b = json_array_get(json_object_get(v, "blocks"), 1);
	CU_ASSERT_STRING_EQUAL(text_at(b, "answer"), "127.0.0.1");
	CU_ASSERT_PTR_NULL(json_object_get(b, "leaked_by"));
	CU_ASSERT_PTR_NULL(json_object_get(b, "port"));
	h = json_array_get(json_object_get(v, "hosts"), 0);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(h, "by_path")), 2);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(h, "met")), 2);
	h = json_array_get(json_object_get(v, "hosts"), 1);
	CU_ASSERT_STRING_EQUAL(text_at(h, "src_ip"), "2001:db8::7");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(h, "met")), 0);
	json_decref(j);
}

static void
counters_are_nested_by_group(void)
{
	json_t *j = parsed(sample_stats()), *s = json_object_get(j, "stats");
	json_t *d = json_object_get(s, "decoder");

	CU_ASSERT_EQUAL(json_object_size(s), 3);
	CU_ASSERT_EQUAL(json_object_size(d), 3);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(d, "pkts")), 102032);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(d, "cut")), INT64_MAX);
	CU_ASSERT_TRUE(json_is_integer(json_object_get(d, "bad")));
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(s, "uptime")), 3);
	json_decref(j);
}

static void
full_counters_fit(void)
{
	static char names[COUNTERS_MAX][32];
	struct event ev = sample_event(EVENT_STATS);
	json_t *j;
	int i;

	for (i = 0; i < COUNTERS_MAX; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "g%d.c%d", i % 7, i);
		counters_add(&ev.u.stats, names[i], "", 1);
	}
	j = parsed(ev);
	CU_ASSERT_EQUAL(json_object_size(json_object_get(j, "stats")), 7);
	json_decref(j);
}

static void
hostile_text_comes_back_as_it_was(void)
{
	static const char *const texts[] = {"\"}],{\"a\":1", "a\\\\b", "\\x1b[31m",
	    "<script>alert(1)</script>", "J\xc3\xb6rg \xf0\x9f\x98\x80",
	    "%0d%0aSet-Cookie"};
	struct event ev = sample_full_attempt();
	struct attempt *a = &ev.u.attempt;
	json_t *j;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text_put(a->account, sizeof(a->account), texts[i]);
		text_put(a->client.os, sizeof(a->client.os), texts[i]);
		text_put(a->paths[0].host, sizeof(a->paths[0].host), texts[i]);
		j = parsed(ev);
		CU_ASSERT_STRING_EQUAL(
		    text_at(json_object_get(j, "attempt"), "account"), texts[i]);
		CU_ASSERT_STRING_EQUAL(
		    text_at(
			json_object_get(json_object_get(j, "attempt"), "client"), "os"),
		    texts[i]);
		json_decref(j);
	}
}

static void
a_file_name_may_be_anything(void)
{
	struct event ev = sample_event(EVENT_MESSENGER);
	json_t *j;

	ev.origin = "caf\xe9\n.pcap";
	j = parsed(ev);
	CU_ASSERT_STRING_EQUAL(text_at(j, "pcap_filename"), "caf\\xe9\\x0a.pcap");
	json_decref(j);
}

static void
lists_beyond_their_bound_are_not_read(void)
{
	struct event ev = sample_full_attempt();
	json_t *j, *a;

	ev.u.attempt.n_paths = 255;
	ev.u.attempt.n_offered = 255;
	j = parsed(ev);
	a = json_object_get(j, "attempt");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(a, "paths")), ATTEMPT_PATHS_MAX);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(a, "offered")), DIALECTS_MAX);
	json_decref(j);
}

static void
a_redirect_names_its_port(void)
{
	struct event ev = sample_redirect();
	json_t *j = parsed(ev);

	CU_ASSERT_STRING_EQUAL(text_at(json_object_get(j, "messenger"), "redirect"),
	    "[2001:db8:1::50]:1863");
	json_decref(j);
	ev.u.messenger.redirect = sample_endpoint("207.46.110.48", 1863);
	j = parsed(ev);
	CU_ASSERT_STRING_EQUAL(
	    text_at(json_object_get(j, "messenger"), "redirect"), "207.46.110.48:1863");
	json_decref(j);
}

void
suite_event_json(void)
{
	CU_pSuite s = suite_new("event_json");

	CASE(s, "lines are those published", lines_are_those_published);
	CASE(s, "an attempt says all it knows", an_attempt_says_all_it_knows);
	CASE(s, "what is not known is left out", what_is_not_known_is_left_out);
	CASE(s, "durations are rounded to tenths", durations_are_rounded_to_tenths);
	CASE(s, "odd times have the same form", odd_times_have_the_same_form);
	CASE(s, "a verdict says where a block leaks", a_verdict_says_where_a_block_leaks);
	CASE(s, "counters are nested by group", counters_are_nested_by_group);
	CASE(s, "full counters fit", full_counters_fit);
	CASE(s, "hostile text comes back as it was", hostile_text_comes_back_as_it_was);
	CASE(s, "a file name may be anything", a_file_name_may_be_anything);
	CASE(s, "lists beyond their bound are not read",
	    lists_beyond_their_bound_are_not_read);
	CASE(s, "a redirect names its port", a_redirect_names_its_port);
}
