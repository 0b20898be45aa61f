/* Tables that are full: what finds no room is counted, and the rest goes on. */
#include "detect/detect.h"
#include "detect/telling.h"
#include "tests/counted.h"
#include "tests/story.h"
#include "tests/suite.h"

static struct conn
conn_of(uint16_t port, uint8_t host)
{
	struct conn c = {.flow_id = host, .handshake = true, .answered = true};

	c.tuple.client =
	    (struct endpoint){addr_v4((const uint8_t[4]){10, 0, 0, host}), 2000};
	c.tuple.server =
	    (struct endpoint){addr_v4((const uint8_t[4]){64, 4, 13, 50}), port};
	c.seen[SIDE_CLIENT] = c.seen[SIDE_SERVER] = true;
	return c;
}

static void
say(struct detect *d, struct watch *w, const struct conn *c, enum side side,
    const char *text)
{
	struct piece piece = {.side = side, .data = bytes_str(text)};

	(void)detect_feed(d, w, c, &piece);
}

/* The first words of a client; true when the connection is given up. */
static bool
given_up(struct detect *d, uint16_t port, uint8_t host, struct watch *w, const char *text)
{
	struct conn c = conn_of(port, host);
	struct observation o;

	*w = (struct watch){.kind = WATCH_YOUNG};
	say(d, w, &c, SIDE_CLIENT, text);
	while (detect_next(d, &o))
		;
	return w->kind == WATCH_NEVER;
}

static void
connections_that_find_no_room_are_given_up_and_counted(void)
{
	static const struct {
		const char *text;
		uint16_t port;
	} cases[] = {{"VER 1 MSNP12 CVR0\r\n", 1863},
	    {"POST /gateway/gateway.dll?Action=open HTTP/1.1\r\n\r\n", 80}};
	struct detect_opts opts = {
	    .talks = 2, .exchanges = 2, .sessions = 2, .carries = 1};
	struct counters n = {.n = 0};
	struct watch watch[4];
	struct detect *d;
	struct err e = {{0}};
	size_t i;
	uint8_t host;

	for (i = 0; i < 2; i++) {
		n.n = 0;
		CU_ASSERT_EQUAL_FATAL(detect_open(&d, &opts, &e), 0);
		for (host = 0; host < 4; host++)
			CU_ASSERT_EQUAL(
			    given_up(d, cases[i].port, host, &watch[host], cases[i].text),
			    host > 1);
		detect_counters(d, &n);
		CU_ASSERT_EQUAL(counter_of(&n, "detect.refused"), 2);
		detect_close(d);
	}
}

/* A caller that does not take what is told loses it, and can see that. */
static void
what_is_not_taken_in_time_is_counted(void)
{
	static const uint64_t none[2];
	struct detect_opts opts = {.talks = 100};
	struct counters n = {.n = 0};
	struct watch watch[100] = {{0}};
	struct observation o;
	struct detect *d;
	struct err e = {{0}};
	uint64_t taken = 0;
	struct conn c;
	uint8_t i;

	CU_ASSERT_EQUAL_FATAL(detect_open(&d, &opts, &e), 0);
	for (i = 0; i < 100; i++) {
		c = conn_of(1863, i);
		say(d, &watch[i], &c, SIDE_CLIENT, "VER 1 MSNP12 CVR0\r\n");
		say(d, &watch[i], &c, SIDE_SERVER, "VER 1 MSNP12\r\n");
		detect_end(d, &watch[i], &c, CLOSING_CLIENT, none);
	}
	while (detect_next(d, &o))
		taken++;
	detect_counters(d, &n);
	CU_ASSERT_EQUAL(taken, TELLING_MAX);
	CU_ASSERT_EQUAL(counter_of(&n, "detect.observations"), taken);
	CU_ASSERT_EQUAL(counter_of(&n, "detect.dropped"), 200 - taken);
	detect_close(d);
}

#define HOSTS 40

static void
every_attempt_is_told_or_counted(void)
{
	struct story *s = story_new(2, 0);
	struct counters n = {.n = 0};
	uint8_t host;

	for (host = 1; host <= HOSTS; host++)
		story_blocked(s, story_try(s, host, PATH_DIRECT), REASON_REFUSED);
	story_end(s);
	attempt_counters(s->attempts, &n);
	CU_ASSERT(s->n_told < HOSTS);
	CU_ASSERT_EQUAL(counter_of(&n, "attempt.told"), s->n_told);
	CU_ASSERT(counter_of(&n, "attempt.evicted") >= HOSTS - 2);
	story_free(s);
}

static void
dialogues_find_room_again_once_attempts_are_taken(void)
{
	struct story *s = story_new(2, 0);
	uint8_t host;

	for (host = 1; host <= HOSTS / 2; host++)
		story_name(s, story_party(s, host, PATH_DIRECT), "a@example.com");
	story_tell(s, story_party(s, 99, PATH_DIRECT), SIGN_IN_SESSION);
	story_end(s);
	s->n_told = 0;
	story_name(s, story_party(s, 100, PATH_DIRECT), "a@example.com");
	story_end(s);
	CU_ASSERT_EQUAL(s->n_told, 1);
	story_free(s);
}

void
suite_full(void)
{
	CU_pSuite s = suite_new("full");

	CASE(s, "connections that find no room are given up and counted",
	    connections_that_find_no_room_are_given_up_and_counted);
	CASE(s, "what is not taken in time is counted",
	    what_is_not_taken_in_time_is_counted);
	CASE(s, "every attempt is told or counted", every_attempt_is_told_or_counted);
	CASE(s, "dialogues find room again once attempts are taken",
	    dialogues_find_room_again_once_attempts_are_taken);
}
