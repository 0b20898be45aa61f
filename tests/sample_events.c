#include "tests/sample_events.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define AT(s, us) (SAMPLE_START + (s)*NS_PER_S + INT64_C(1000) * (us))

struct endpoint
sample_endpoint(const char *addr, uint16_t port)
{
	struct endpoint e = {.port = port};

	if (!addr_parse(addr, &e.addr))
		abort();
	return e;
}

struct event
sample_event(enum event_type type)
{
	struct event ev = {.type = type, .ts = AT(62, 123456), .seq = 7};

	if (type == EVENT_STATS || type == EVENT_COVERAGE || type == EVENT_VERDICT)
		return ev;
	ev.has_tuple = true;
	ev.tuple.client = sample_endpoint("10.1.2.7", 49152);
	ev.tuple.server = sample_endpoint("207.46.110.48", 80);
	return ev;
}

static struct client_claim
client_of(void)
{
	return (struct client_claim){.name = "MSNMSGR",
	    .version = "7.5.0324",
	    .brand = "msmsgs",
	    .os = "winnt 5.1",
	    .locale = "0x0409",
	    .arch = "i386",
	    .product = "MSN Messenger 7.5"};
}

struct event
sample_full_attempt(void)
{
	struct event ev = sample_event(EVENT_ATTEMPT);
	struct attempt *a = &ev.u.attempt;

	ev.origin = "office.pcap";
	ev.pcap_cnt = 4711;
	ev.vlan[0] = 12;
	ev.vlan[1] = 300;
	ev.has_mac = true;
	memcpy(ev.client_mac, "\x02\x00\x5e\x10\x00\xff", 6);
	ev.flow_id = (UINT64_C(1) << 53) - 1;
	*a = (struct attempt){.outcome = OUTCOME_SIGNED_IN,
	    .confidence = CONFIDENCE_CERTAIN,
	    .fallback = true,
	    .n_paths = 2,
	    .more_paths = 3,
	    .account = "a@example.com",
	    .signin_host = "login.live.com",
	    .dialect = 12,
	    .offered = {12, 11},
	    .n_offered = 2,
	    .client = client_of(),
	    .tries = 1,
	    .conversations = 2,
	    .bytes_client = 1500,
	    .bytes_server = 40000,
	    .start = AT(60, 0),
	    .end = AT(71, 500000),
	    .signed_in_at = AT(63, 500000),
	    .signed_in_ns = 8 * NS_PER_S};
	a->paths[0] = (struct path_try){.path = PATH_DIRECT,
	    .outcome = OUTCOME_BLOCKED,
	    .reason = REASON_REFUSED,
	    .server = sample_endpoint("64.4.13.50", 1863),
	    .host = "messenger.hotmail.com",
	    .by = sample_endpoint("10.0.0.1", 0).addr,
	    .syns = 6,
	    .forged = true,
	    .count = 2,
	    .first = AT(60, 0),
	    .last = AT(61, 0)};
	a->paths[1] = (struct path_try){.path = PATH_GATEWAY,
	    .outcome = OUTCOME_SIGNED_IN,
	    .server = ev.tuple.server,
	    .host = "gateway.messenger.hotmail.com",
	    .count = 1,
	    .first = AT(62, 0),
	    .last = AT(71, 500000)};
	return ev;
}

struct event
sample_rejected_attempt(void)
{
	struct event ev = sample_event(EVENT_ATTEMPT);

	ev.tuple.client = sample_endpoint("2001:db8::7", 49153);
	ev.tuple.server = sample_endpoint("2001:db8:1::50", 1863);
	ev.u.attempt = (struct attempt){.outcome = OUTCOME_REJECTED,
	    .confidence = CONFIDENCE_CERTAIN,
	    .n_paths = 1,
	    .error_code = 911,
	    .tries = 1};
	ev.u.attempt.paths[0] = (struct path_try){.path = PATH_DIRECT,
	    .outcome = OUTCOME_REJECTED,
	    .server = ev.tuple.server,
	    .code = 911,
	    .count = 1};
	return ev;
}

/* A name that the resolver sank: there is a client and no server. */
struct event
sample_sunk_attempt(void)
{
	struct event ev = sample_event(EVENT_ATTEMPT);

	ev.tuple.server = (struct endpoint){.port = 0};
	ev.u.attempt = (struct attempt){.outcome = OUTCOME_BLOCKED,
	    .reason = REASON_SINKHOLED,
	    .confidence = CONFIDENCE_LIKELY,
	    .n_paths = 1};
	ev.u.attempt.paths[0] = (struct path_try){.path = PATH_DIRECT,
	    .outcome = OUTCOME_BLOCKED,
	    .reason = REASON_SINKHOLED,
	    .host = "messenger.hotmail.com",
	    .count = 1};
	return ev;
}

struct event
sample_session_attempt(void)
{
	struct event ev = sample_event(EVENT_ATTEMPT);

	ev.u.attempt = (struct attempt){
	    .outcome = OUTCOME_IN_SESSION, .confidence = CONFIDENCE_CERTAIN};
	return ev;
}

struct event
sample_redirect(void)
{
	struct event ev = sample_event(EVENT_MESSENGER);

	ev.u.messenger = (struct messenger){.sign = SIGN_REDIRECTED,
	    .path = PATH_GATEWAY,
	    .confidence = CONFIDENCE_CERTAIN,
	    .account = "a@example.com",
	    .dialect = 12,
	    .client = client_of(),
	    .host = "gateway.messenger.hotmail.com",
	    .redirect = sample_endpoint("2001:db8:1::50", 1863)};
	return ev;
}

struct event
sample_turned_away(void)
{
	struct event ev = sample_event(EVENT_MESSENGER);

	ev.u.messenger = (struct messenger){.sign = SIGN_BLOCKED,
	    .path = PATH_DIRECT,
	    .confidence = CONFIDENCE_LIKELY,
	    .reason = REASON_PROHIBITED,
	    .by = sample_endpoint("10.0.0.1", 0).addr,
	    .host = "messenger.hotmail.com"};
	return ev;
}

struct event
sample_conversation(void)
{
	struct event ev = sample_event(EVENT_MESSENGER);

	ev.u.messenger = (struct messenger){.sign = SIGN_CONVERSATION,
	    .path = PATH_DIRECT,
	    .confidence = CONFIDENCE_CERTAIN,
	    .switchboard = true};
	return ev;
}

static void
put_blocks(struct verdict *v)
{
	v->blocks[0] = (struct verdict_block){.path = PATH_DIRECT,
	    .reason = REASON_REFUSED,
	    .port = 1863,
	    .forged = true,
	    .tries = 31,
	    .syns = 93,
	    .hosts = 9,
	    .fate = {[FATE_HELD] = 1, [FATE_REACHED] = 1, [FATE_LEAKED] = 7},
	    .leaks = {[PATH_GATEWAY] = {7, 80}, [PATH_SOCKS] = {1, 0}},
	    .reaches = {[PATH_GATEWAY] = {1, 80}}};
	v->blocks[1] = (struct verdict_block){.path = PATH_GATEWAY,
	    .reason = REASON_SINKHOLED,
	    .by = sample_endpoint("2001:db8::53", 0).addr,
	    .answer = sample_endpoint("127.0.0.1", 0).addr,
	    .name = "gateway.messenger.hotmail.com",
	    .several = SEVERAL_NAMES,
	    .tries = 1,
	    .hosts = 1,
	    .fate = {[FATE_HELD] = 1}};
	v->blocks[2] = (struct verdict_block){.path = PATH_CONNECT,
	    .reason = REASON_PROXY_DENIED,
	    .by = sample_endpoint("10.0.0.8", 0).addr,
	    .port = 3128,
	    .code = 403,
	    .tries = 2,
	    .hosts = 1,
	    .fate = {[FATE_UNDECIDED] = 1}};
	v->n_blocks = 3;
}

struct event
sample_verdict(void)
{
	struct event ev = sample_event(EVENT_VERDICT);
	struct verdict *v = &ev.u.verdict;

	*v = (struct verdict){.holding = HOLDING_LEAKS,
	    .tried = 14,
	    .signed_in = 10,
	    .met = 11,
	    .fate = {2, 1, 1, 7},
	    .unmet = 3,
	    .unmet_by = {[PATH_DIRECT] = {2, 1863}, [PATH_GATEWAY] = {1, 80}},
	    .more_tries = 4,
	    .more_hosts = 9,
	    .uncounted = 5,
	    .n_hosts = 2};
	put_blocks(v);
	v->hosts[0] = (struct verdict_host){sample_endpoint("10.1.2.7", 0).addr,
	    FATE_LEAKED, 3, 1U << PATH_GATEWAY | 1U << PATH_SOCKS};
	v->hosts[1] = (struct verdict_host){
	    sample_endpoint("2001:db8::7", 0).addr, FATE_HELD, 0, 0};
	return ev;
}

struct event
sample_reset(void)
{
	struct event ev = sample_event(EVENT_RESET);
	struct reset *r = &ev.u.reset;

	ev.origin = "eth1";
	ev.live = true;
	ev.has_mac = true;
	memcpy(ev.client_mac, "\x02\x00\x5e\x10\x00\xff", 6);
	ev.flow_id = (UINT64_C(1) << 53) - 1;
	*r = (struct reset){.rule = "cut",
	    .effect = "closed",
	    .evidence = SIGN_OPENED,
	    .path = PATH_GATEWAY,
	    .volleys = 1,
	    .frames = 3,
	    .latency_ns = 87345,
	    .life_ns = 410000};
	text_put(r->account, sizeof(r->account), "a@example.com");
	text_put(r->host, sizeof(r->host), "gateway.messenger.hotmail.com");
	return ev;
}

struct event
sample_dry_reset(void)
{
	struct event ev = sample_reset();

	ev.u.reset.dry_run = true;
	ev.u.reset.effect = NULL;
	ev.u.reset.volleys = ev.u.reset.frames = 0;
	ev.u.reset.latency_ns = ev.u.reset.life_ns = 0;
	return ev;
}

struct event
sample_limit(void)
{
	struct event ev = sample_event(EVENT_RESET);

	ev.tuple = (struct tuple){.client.addr = ev.tuple.client.addr};
	ev.u.reset = (struct reset){.rule = "host-limit", .limit = 60, .refused = 4};
	return ev;
}

struct event
sample_quiet_verdict(void)
{
	return sample_event(EVENT_VERDICT);
}

struct event
sample_stats(void)
{
	struct event ev = sample_event(EVENT_STATS);

	counters_add(&ev.u.stats, "decoder.pkts", "packets", 102032);
	counters_add(&ev.u.stats, "decoder.bad", "bad packets", 0);
	counters_add(&ev.u.stats, "flow.begun", "flows", 17);
	counters_add(&ev.u.stats, "decoder.cut", "cut packets", UINT64_MAX);
	counters_add(&ev.u.stats, "uptime", "seconds", 3);
	return ev;
}

struct event
sample_damage(void)
{
	struct event ev = sample_event(EVENT_COVERAGE);
	struct coverage *c = &ev.u.coverage;

	c->kind = COVERAGE_DAMAGED;
	text_put(c->origin, sizeof(c->origin), "night.pcap");
	c->offset = 4096;
	text_put(c->text, sizeof(c->text),
	    "night.pcap: damaged at byte 4096; the rest is lost");
	return ev;
}

struct event
sample_loss(void)
{
	struct event ev = sample_event(EVENT_COVERAGE);

	ev.u.coverage.kind = COVERAGE_LOST;
	ev.u.coverage.count = 12;
	return ev;
}

struct event
sample_try(const char *host, enum outcome outcome, int at)
{
	struct event ev = {.type = EVENT_ATTEMPT, .has_tuple = true};

	ev.tuple.client = sample_endpoint(host, 49152);
	ev.u.attempt = (struct attempt){.outcome = outcome,
	    .confidence = CONFIDENCE_CERTAIN,
	    .start = AT(at, 0),
	    .end = AT(at + 9, 0),
	    .tries = 1};
	return ev;
}

struct path_try *
sample_path(struct event *ev, enum path path, enum outcome outcome, uint32_t count)
{
	struct attempt *a = &ev->u.attempt;
	struct path_try *p = &a->paths[a->n_paths++];

	*p = (struct path_try){.path = path,
	    .outcome = outcome,
	    .count = count,
	    .server.port = path == PATH_DIRECT ? 1863 : 80};
	a->fallback = a->n_paths > 1;
	return p;
}

void
sample_name(struct event *ev, const char *account, uint8_t dialect, const char *product)
{
	struct attempt *a = &ev->u.attempt;

	text_put(a->account, sizeof(a->account), account);
	text_put(a->client.product, sizeof(a->client.product), product);
	a->dialect = dialect;
}
