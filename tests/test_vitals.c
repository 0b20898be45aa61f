#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/metrics.h"
#include "report/vitals_json.h"
#include "tests/sample_events.h"
#include "tests/suite.h"

static struct vitals
sample(void)
{
	struct vitals v = {.pid = 4711,
	    .pid_mark = 123456789,
	    .started = SAMPLE_START,
	    .updated = SAMPLE_START + 90 * NS_PER_S,
	    .newest = SAMPLE_START + 89 * NS_PER_S + 250000000,
	    .packets = 1000000,
	    .bytes = 700000000,
	    .events = 12,
	    .packets_per_s = 8000,
	    .bits_per_s = 44800000,
	    .n_interfaces = 2};
	struct event ev = sample_full_attempt();

	text_put(v.version, sizeof(v.version), "1.2.3");
	text_put(v.sensor, sizeof(v.sensor), "lab \"span\"\\1\n");
	v.interface[0] = (struct vitals_interface){"eth0", VITALS_WATCHED, 1000, 7, 3};
	v.interface[1] = (struct vitals_interface){"eth1", VITALS_AWAY, 0, 0, 0};
	tally_add(&v.tally, &ev);
	return v;
}

static void
a_status_reads_as_it_was_written(void)
{
	struct vitals v = sample(), got;
	char *text = vitals_json_text(&v), *again;
	struct err e = {{0}};

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_EQUAL_FATAL(vitals_json_read(bytes_str(text), &got, &e), 0);
	CU_ASSERT_STRING_EQUAL(got.sensor, v.sensor);
	CU_ASSERT_EQUAL(got.pid_mark, v.pid_mark);
	CU_ASSERT_EQUAL(got.updated, v.updated);
	CU_ASSERT_EQUAL(got.newest, v.newest);
	CU_ASSERT_EQUAL(got.interface[1].state, VITALS_AWAY);
	CU_ASSERT(!got.ended);
	again = vitals_json_text(&got);
	CU_ASSERT_STRING_EQUAL(again, text);
	free(again);
	free(text);
	v.ended = true;
	v.newest = 0;
	v.n_interfaces = 0;
	text = vitals_json_text(&v);
	CU_ASSERT_EQUAL(vitals_json_read(bytes_str(text), &got, &e), 0);
	CU_ASSERT(got.ended);
	CU_ASSERT_EQUAL(got.newest, 0);
	CU_ASSERT_EQUAL(got.n_interfaces, 0);
	free(text);
}

static void
what_is_no_status_is_refused(void)
{
	struct vitals v = sample(), got;
	char *text = vitals_json_text(&v);
	size_t i, n = strlen(text);
	struct err e = {{0}};

	for (i = 0; i < n - 2; i++)
		CU_ASSERT_EQUAL(
		    vitals_json_read(bytes_of((uint8_t *)text, i), &got, &e), -1);
	CU_ASSERT_STRING_EQUAL(e.text, "it is no status that msnwatch wrote");
	CU_ASSERT_EQUAL(vitals_json_read(bytes_str("{}"), &got, &e), -1);
	CU_ASSERT_EQUAL(vitals_json_read(bytes_str("[]"), &got, &e), -1);
	free(text);
}

/* The sample with one value of another type, or none at all. */
static int
read_with(const char *key, json_t *value)
{
	struct vitals v = sample(), got;
	char *text = vitals_json_text(&v), *changed;
	json_t *j = json_loads(text, 0, NULL);
	struct err e = {{0}};
	int r;

	if (value != NULL)
		(void)json_object_set_new(j, key, value);
	else
		(void)json_object_del(j, key);
	changed = json_dumps(j, 0);
	r = vitals_json_read(bytes_str(changed), &got, &e);
	json_decref(j);
	free(changed);
	free(text);
	return r;
}

static void
every_value_is_checked(void)
{
	static const char *const needed[] = {"program", "state", "pid", "pid_mark",
	    "started", "updated", "packets", "bytes", "packets_per_s", "bits_per_s",
	    "events", "attempts", "interfaces"};
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		CU_ASSERT_EQUAL(read_with(needed[i], NULL), -1);
		CU_ASSERT_EQUAL(read_with(needed[i], json_true()), -1);
		CU_ASSERT_EQUAL(read_with(needed[i], json_integer(-1)), -1);
	}
	CU_ASSERT_EQUAL(read_with("newest_packet", NULL), 0);
	CU_ASSERT_EQUAL(read_with("newest_packet", json_string("today")), -1);
	CU_ASSERT_EQUAL(read_with("state", json_string("idle")), -1);
	CU_ASSERT_EQUAL(read_with("interfaces", json_pack("[{}]")), -1);
	CU_ASSERT_EQUAL(read_with("further", json_integer(1)), 0);
}

static void
attempts_are_counted_by_their_words(void)
{
	struct event ev = sample_try("10.1.2.7", OUTCOME_SIGNED_IN, 0);
	struct tally t = {0};

	sample_path(&ev, PATH_DIRECT, OUTCOME_BLOCKED, 3)->reason = REASON_REFUSED;
	(void)sample_path(&ev, PATH_GATEWAY, OUTCOME_SIGNED_IN, 1);
	(void)sample_path(&ev, PATH_DIRECT, OUTCOME_UNFINISHED, 1);
	tally_add(&t, &ev);
	CU_ASSERT_EQUAL(t.attempts[OUTCOME_SIGNED_IN][PATH_GATEWAY], 1);
	CU_ASSERT_EQUAL(t.tries[PATH_DIRECT][OUTCOMES + REASON_REFUSED - 1], 3);
	CU_ASSERT_STRING_EQUAL(
	    tally_result_word(OUTCOMES + REASON_REFUSED - 1), "refused");
	CU_ASSERT_EQUAL(t.tries[PATH_DIRECT][OUTCOME_UNFINISHED], 1);
	ev = sample_try("10.1.2.8", OUTCOME_BLOCKED, 0);
	(void)sample_path(&ev, PATH_CONNECT, OUTCOME_BLOCKED, 1);
	(void)sample_path(&ev, PATH_DIRECT, OUTCOME_BLOCKED, 1);
	tally_add(&t, &ev);
	CU_ASSERT_EQUAL(t.attempts[OUTCOME_BLOCKED][PATH_CONNECT], 1);
	CU_ASSERT_EQUAL(tally_outcome(&t, OUTCOME_BLOCKED), 1);
	ev = sample_stats();
	tally_add(&t, &ev);
	CU_ASSERT_EQUAL(tally_outcome(&t, OUTCOME_SIGNED_IN), 1);
}

static void
has(const char *text, const char *line)
{
	const char *p = strstr(text, line);

	CU_ASSERT_PTR_NOT_NULL(p);
	CU_ASSERT(p == NULL || p == text || p[-1] == '\n');
	if (p == NULL)
		(void)fprintf(stderr, "missing: %s", line);
}

#define SENSOR "sensor=\"lab \\\"span\\\"\\\\\\\\1\\\\x0a\""

static void
metrics_have_names_types_and_labels(void)
{
	struct counters c = {.n = 0};
	struct vitals v = sample();
	char *text;

	counters_add(&c, "decoder.pkts", "frames \\ seen", 42);
	counters_level(&c, "flow.peak", "most at once", 7);
	text = metrics_text(&v, &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	has(text, "# HELP msnwatch_decoder_pkts_total frames \\\\ seen\n"
		  "# TYPE msnwatch_decoder_pkts_total counter\n"
		  "msnwatch_decoder_pkts_total{" SENSOR "} 42\n");
	has(text, "# TYPE msnwatch_flow_peak gauge\nmsnwatch_flow_peak{" SENSOR "} 7\n");
	has(text, "msnwatch_info{" SENSOR ",version=\"1.2.3\"} 1\n");
	has(text, "msnwatch_running{" SENSOR "} 1\n");
	has(text, "msnwatch_newest_packet_time_seconds{" SENSOR "} 1795420889.250\n");
	has(text, "msnwatch_interface_dropped_total{" SENSOR
		  ",interface=\"eth0\",by=\"ring\"} 7\n");
	has(text, "msnwatch_interface_watched{" SENSOR ",interface=\"eth1\"} 0\n");
	has(text, "msnwatch_attempts_total{" SENSOR
		  ",outcome=\"signed-in\",path=\"gateway\"} 1\n");
	has(text, "msnwatch_tries_total{" SENSOR ",path=\"direct\",result=\"refused\"} ");
	CU_ASSERT_PTR_NULL(strstr(text, "10.1.2.7"));
	CU_ASSERT_PTR_NULL(strstr(text, "example.com"));
	free(text);
}

void
suite_vitals(void)
{
	CU_pSuite s = suite_new("vitals");

	CASE(s, "a status reads as it was written", a_status_reads_as_it_was_written);
	CASE(s, "what is no status is refused", what_is_no_status_is_refused);
	CASE(s, "every value of a status is checked", every_value_is_checked);
	CASE(s, "attempts are counted by their words",
	    attempts_are_counted_by_their_words);
	CASE(s, "metrics have names, types and labels",
	    metrics_have_names_types_and_labels);
}
