#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/block_text.h"
#include "report/summary.h"
#include "tests/sample_events.h"
#include "tests/suite.h"

#define ATTEMPTS_MAX 16

/*
 * A story is told in attempts, "7 dR gS; 8 dR": the host's last byte, then its paths by
 * a letter for the path and one for what became of it.
 */
static const struct result {
	char letter;
	enum outcome outcome;
	enum reason reason;
	const char *by, *server, *host;
	uint16_t code;
	bool forged;
} results[] = {
    {'S', OUTCOME_SIGNED_IN, REASON_NONE, NULL, NULL, "", 0, false},
    {'J', OUTCOME_REJECTED, REASON_NONE, NULL, NULL, "", 911, false},
    {'A', OUTCOME_ABANDONED, REASON_NONE, NULL, NULL, "", 0, false},
    {'U', OUTCOME_UNFINISHED, REASON_NONE, NULL, NULL, "", 0, false},
    {'I', OUTCOME_IN_SESSION, REASON_NONE, NULL, NULL, "", 0, false},
    {'R', OUTCOME_BLOCKED, REASON_REFUSED, NULL, NULL, "", 0, false},
    {'r', OUTCOME_BLOCKED, REASON_REFUSED, "10.0.0.1", NULL, "", 0, false},
    {'F', OUTCOME_BLOCKED, REASON_REFUSED, NULL, NULL, "", 0, true},
    {'N', OUTCOME_BLOCKED, REASON_NO_ANSWER, NULL, NULL, "", 0, false},
    {'P', OUTCOME_BLOCKED, REASON_PROHIBITED, "10.0.0.1", NULL, "", 0, false},
    {'p', OUTCOME_BLOCKED, REASON_PROHIBITED, "2001:db8::1", NULL, "", 0, false},
    {'X', OUTCOME_BLOCKED, REASON_SINKHOLED, "10.0.0.53", NULL, "m.example", 0, false},
    {'L', OUTCOME_BLOCKED, REASON_SINKHOLED, "10.0.0.53", "127.0.0.1", "m.example", 0,
	false},
    {'O', OUTCOME_BLOCKED, REASON_SINKHOLED, "10.0.0.53", "127.0.0.1", "o.example", 0,
	false},
    {'D', OUTCOME_BLOCKED, REASON_PROXY_DENIED, "10.0.0.8", NULL, "m.example", 403,
	false},
    {'d', OUTCOME_BLOCKED, REASON_PROXY_DENIED, "10.0.0.8", NULL, "m.example", 407,
	false},
};

static const struct result *
result_of(char letter)
{
	size_t i;

	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (results[i].letter == letter)
			return &results[i];
	abort();
}

static void
add_path(struct event *ev, const char *letters, int64_t at)
{
	const struct result *r = result_of(letters[1]);
	enum path path = (enum path)(strchr("dgcs", letters[0]) - "dgcs");
	struct path_try *p = sample_path(ev, path, r->outcome, 1);

	p->reason = r->reason;
	p->code = r->code;
	p->forged = r->forged;
	p->first = at;
	text_put(p->host, sizeof(p->host), r->host);
	if (r->by != NULL)
		p->by = sample_endpoint(r->by, 0).addr;
	if (r->reason == REASON_SINKHOLED)
		p->server.port = 0;
	if (r->server != NULL)
		p->server.addr = sample_endpoint(r->server, 0).addr;
	ev->u.attempt.outcome = r->outcome;
}

/* One attempt, the n-th of its story; returns what follows it. */
static const char *
attempt_of(const char *text, int n, struct event *ev)
{
	char *rest;
	unsigned long host = strtoul(text, &rest, 10);
	int64_t at = SAMPLE_START + (int64_t)n * 60 * NS_PER_S;

	*ev = sample_try("10.1.2.0", OUTCOME_UNFINISHED, n * 60);
	ev->tuple.client.addr.v[15] = (uint8_t)host;
	for (; rest[0] == ' '; rest += 3)
		add_path(ev, rest + 1, at++);
	return rest + strspn(rest, "; ");
}

static struct summary *
summary_of(const char *story, bool backwards)
{
	struct event ev[ATTEMPTS_MAX];
	struct summary *s = NULL;
	struct err e = {""};
	int i, n = 0;

	while (*story != '\0' && n < ATTEMPTS_MAX) {
		story = attempt_of(story, n, &ev[n]);
		n++;
	}
	if (summary_open(&s, &e) != 0)
		abort();
	for (i = 0; i < n; i++)
		summary_add(s, &ev[backwards ? n - 1 - i : i]);
	return s;
}

static void
sentences_of(const struct verdict *v, char *out, size_t size)
{
	struct line l;
	size_t i, n = 0;

	out[0] = '\0';
	for (i = 0; i <= v->n_blocks; i++) {
		l = (struct line){"", 0};
		if (i < v->n_blocks)
			block_sentence(&v->blocks[i], &l);
		else
			block_unmet(v, &l);
		if (l.n != 0)
			n += (size_t)snprintf(
			    out + n, size - n, "%s%s", n != 0 ? "\n" : "", l.text);
	}
}

static const struct {
	const char *story;
	enum holding holding;
	const char *sentences;
} stories[] = {
    {"1 dr gS; 2 dr gS; 3 dr gS; 4 dr gS; 5 dr gS; 6 dr gS; 7 dr gS; 8 dr; 9 dr",
	HOLDING_LEAKS,
	"1863 is refused by 10.0.0.1; 7 of 9 hosts then signed in through the gateway on "
	"port 80, 2 did not get in: the block leaks."},
    {"1 dS; 2 gJ", HOLDING_NONE, "1 host signed in directly without meeting a block."},
    {"1 dR; 2 dR; 3 dR; 4 gS", HOLDING_HOLDS,
	"1863 is refused; none of the 3 hosts that met it got in: the block holds.\n"
	"1 host signed in through the gateway on port 80 without meeting a block."},
    {"1 dP gS; 2 dP gS", HOLDING_LEAKS,
	"1863 is prohibited by 10.0.0.1 (ICMP); both hosts that met it then signed in "
	"through the gateway on port 80: the block leaks."},
    {"1 dp; 1 dp; 2 dp", HOLDING_HOLDS,
	"1863 is prohibited by 2001:db8::1 (ICMP); neither of the 2 hosts that met it "
	"got "
	"in: the block holds."},
    {"1 dN; 1 gS", HOLDING_LEAKS,
	"1863 is left unanswered; 1 host met it and then signed in through the gateway "
	"on "
	"port 80: the block leaks."},
    {"1 gS; 1 dN", HOLDING_HOLDS,
	"1863 is left unanswered; 1 host met it and did not get in: the block holds."},
    {"1 dN dS", HOLDING_LEAKS,
	"1863 is left unanswered; 1 host met it and then signed in directly all the "
	"same: "
	"if this is a block, it leaks."},
    {"1 dF dS", HOLDING_LEAKS,
	"1863 is refused by a device on the way (forged resets); 1 host met it and then "
	"signed in directly all the same: the block leaks."},
    {"1 dX dS; 2 dX gS; 3 dX", HOLDING_LEAKS,
	"m.example gets no address from the resolver 10.0.0.53; 2 of 3 hosts then signed "
	"in (1 directly by an address known already, 1 through the gateway on port 80), "
	"1 "
	"did not get in: the block leaks."},
    {"1 dL", HOLDING_HOLDS,
	"m.example is answered with 127.0.0.1 by the resolver 10.0.0.53; 1 host met it "
	"and "
	"did not get in: the block holds."},
    {"1 dL; 2 dX; 2 dO", HOLDING_HOLDS,
	"m.example and other names are sinkholed by the resolver 10.0.0.53; neither of "
	"the "
	"2 hosts that met it got in: the block holds."},
    {"1 cD gS", HOLDING_LEAKS,
	"CONNECT to m.example is denied (403) by the proxy 10.0.0.8; 1 host met it and "
	"then signed in through the gateway on port 80: the block leaks."},
    {"1 cd; 2 cd cS", HOLDING_LEAKS,
	"CONNECT to m.example is denied (407, asking for a login) by the proxy 10.0.0.8; "
	"1 "
	"of 2 hosts then signed in through an HTTP proxy all the same, 1 did not get in: "
	"the block leaks."},
    {"1 gD; 1 gd", HOLDING_HOLDS,
	"The gateway is denied (403 and others) by the proxy 10.0.0.8; 1 host met it and "
	"did not get in: the block holds."},
    {"1 sD dS", HOLDING_LEAKS,
	"SOCKS to m.example is denied (403) by the proxy 10.0.0.8; 1 host met it and "
	"then "
	"signed in directly: the block leaks."},
    {"1 dR gJ; 2 dR gA", HOLDING_LEAKS,
	"1863 is refused; both hosts that met it then reached the service through the "
	"gateway on port 80 without signing in: the block leaks."},
    {"1 dR gU", HOLDING_UNDECIDED,
	"1863 is refused; 1 host met it and was still trying when last seen: whether the "
	"block holds is not seen."},
    {"1 dR gU; 2 dR", HOLDING_HOLDS,
	"1863 is refused; 1 of 2 hosts was still trying when last seen, 1 did not get "
	"in: "
	"the block holds as far as seen."},
    {"1 dR gR; 2 dR gR; 3 dR sS", HOLDING_LEAKS,
	"1863 is refused; 1 of 3 hosts then signed in through a SOCKS proxy, 2 did not "
	"get "
	"in: the block leaks.\n"
	"The gateway on port 80 is refused; neither of the 2 hosts that met it got in: "
	"the "
	"block holds."},
    {"1 dR gS; 1 dR dS", HOLDING_LEAKS,
	"1863 is refused; 1 host met it and then signed in directly all the same and "
	"through the gateway on port 80: the block leaks."},
    {"1 gI; 1 dR", HOLDING_HOLDS,
	"1863 is refused; 1 host met it and did not get in: the block holds."},
};

static void
each_story_has_its_verdict(void)
{
	char got[4096];
	struct summary *s;
	struct verdict v;
	size_t i;
	int turn;

	for (i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		for (turn = 0; turn < 2; turn++) {
			s = summary_of(stories[i].story, turn == 1);
			summary_judge(s, &v);
			sentences_of(&v, got, sizeof(got));
			/* The first told lends its details: these forwards only. */
			if (turn == 0 || strstr(got, "other") == NULL)
				CU_ASSERT_STRING_EQUAL(got, stories[i].sentences);
			CU_ASSERT_EQUAL(v.holding, stories[i].holding);
			summary_close(s);
		}
	}
}

static void
hosts_are_counted_once(void)
{
	struct summary *s =
	    summary_of("1 dR gS; 2 dR gN; 3 gS; 4 dR gJ; 5 dI; 1 dR", false);
	struct verdict v;

	summary_judge(s, &v);
	CU_ASSERT_EQUAL(v.tried, 4);
	CU_ASSERT_EQUAL(v.signed_in, 2);
	CU_ASSERT_EQUAL(v.met, 3);
	CU_ASSERT_EQUAL(v.fate[FATE_LEAKED], 1);
	CU_ASSERT_EQUAL(v.fate[FATE_REACHED], 1);
	CU_ASSERT_EQUAL(v.fate[FATE_HELD], 1);
	CU_ASSERT_EQUAL(v.unmet, 1);
	CU_ASSERT_EQUAL(v.n_blocks, 2);
	CU_ASSERT_EQUAL(v.blocks[0].hosts, 3);
	CU_ASSERT_EQUAL(v.blocks[0].tries, 4);
	CU_ASSERT_EQUAL(v.n_hosts, 3);
	CU_ASSERT_EQUAL(v.hosts[1].addr.v[15], 2);
	CU_ASSERT_EQUAL(v.hosts[1].fate, FATE_HELD);
	CU_ASSERT_EQUAL(v.hosts[1].met, 3);
	CU_ASSERT_EQUAL(v.hosts[2].ways, 1U << PATH_GATEWAY);
	summary_close(s);
}

/* Each host meets a block of its own, one by one further up the addresses. */
static struct summary *
many(unsigned hosts, bool own_block)
{
	struct summary *s = summary_of("", false);
	struct event ev;
	unsigned i;

	for (i = hosts; i > 0; i--) {
		(void)attempt_of("0 dP", 1, &ev);
		ev.tuple.client.addr.v[14] = (uint8_t)(i >> 8);
		ev.tuple.client.addr.v[15] = (uint8_t)i;
		if (own_block)
			ev.u.attempt.paths[0].by.v[15] = (uint8_t)i;
		summary_add(s, &ev);
	}
	return s;
}

static void
what_lies_beyond_is_counted(void)
{
	struct summary *s = many(VERDICT_HOSTS_MAX + 6, false);
	struct verdict v;

	summary_judge(s, &v);
	CU_ASSERT_EQUAL(v.met, VERDICT_HOSTS_MAX + 6);
	CU_ASSERT_EQUAL(v.n_hosts, VERDICT_HOSTS_MAX);
	CU_ASSERT_EQUAL(v.more_hosts, 6);
	CU_ASSERT_EQUAL(v.hosts[0].addr.v[15], 1);
	CU_ASSERT_EQUAL(v.hosts[63].addr.v[15], 64);
	summary_close(s);
	s = many(VERDICT_BLOCKS_MAX + 4, true);
	summary_judge(s, &v);
	CU_ASSERT_EQUAL(v.n_blocks, VERDICT_BLOCKS_MAX);
	CU_ASSERT_EQUAL(v.more_tries, 4);
	CU_ASSERT_EQUAL(v.fate[FATE_HELD], VERDICT_BLOCKS_MAX + 4);
	CU_ASSERT_EQUAL(v.hosts[0].met, 0);
	CU_ASSERT_EQUAL(v.blocks[0].by.v[15], 5);
	CU_ASSERT_EQUAL(v.hosts[4].met, 1);
	summary_close(s);
	s = many(SUMMARY_HOSTS + 9, false);
	summary_judge(s, &v);
	CU_ASSERT_EQUAL(v.met, SUMMARY_HOSTS);
	CU_ASSERT_EQUAL(v.blocks[0].tries, SUMMARY_HOSTS);
	CU_ASSERT_EQUAL(v.uncounted, 9);
	summary_close(s);
}

static void
a_hint_is_no_block(void)
{
	struct summary *s = summary_of("", false);
	struct verdict v;
	struct event ev;

	(void)attempt_of("1 dR", 1, &ev);
	ev.u.attempt.confidence = CONFIDENCE_HINT;
	summary_add(s, &ev);
	summary_judge(s, &v);
	CU_ASSERT_EQUAL(v.holding, HOLDING_NONE);
	CU_ASSERT_EQUAL(v.n_blocks, 0);
	CU_ASSERT_EQUAL(v.tried, 0);
	summary_close(s);
}

void
suite_block(void)
{
	CU_pSuite s = suite_new("block");

	CASE(s, "each story has its verdict", each_story_has_its_verdict);
	CASE(s, "hosts are counted once", hosts_are_counted_once);
	CASE(s, "what lies beyond is counted", what_lies_beyond_is_counted);
	CASE(s, "a hint is no block", a_hint_is_no_block);
}
