#include "detect/reach.h"

#include "tests/dns_make.h"
#include "tests/suite.h"

#define DISPATCH "messenger.hotmail.com"
#define GATEWAY  "gateway.messenger.hotmail.com"
#define HOST     "10.0.0.7"
#define HOST6    "2001:db8:1::7"
#define SERVER   "64.4.13.50"
#define START    (1000 * NS_PER_S)

struct room {
	struct reach reach;
	struct telling telling;
	struct names *names;
	uint64_t next_talk;
	struct observation o; /* told last */
};

static struct endpoint
at(const char *text, uint16_t port)
{
	struct endpoint ep = {.port = port};

	if (!addr_parse(text, &ep.addr))
		abort();
	return ep;
}

static struct room *
room_new(void)
{
	struct room *r = calloc(1, sizeof(*r));
	struct resolve_opts opts = {.lookups = 64, .addresses = 64};
	struct err e;

	if (r == NULL || names_open(&r->names, &e) != 0)
		abort();
	opts.names = r->names;
	r->next_talk = 1;
	r->reach = (struct reach){
	    .names = r->names, .telling = &r->telling, .next_talk = &r->next_talk};
	if (resolve_open(&r->reach.resolve, &opts, &e) != 0)
		abort();
	return r;
}

static void
room_free(struct room *r)
{
	resolve_close(r->reach.resolve);
	names_close(r->names);
	free(r);
}

/* Exactly one fact is told, of that sign. */
static const struct observation *
told(struct room *r, enum sign sign)
{
	struct observation more;

	CU_ASSERT_TRUE_FATAL(telling_next(&r->telling, &r->o));
	CU_ASSERT_EQUAL(r->o.sign, sign);
	CU_ASSERT_FALSE(telling_next(&r->telling, &more));
	CU_ASSERT_STRING_EQUAL(r->o.who->account, "");
	return &r->o;
}

static bool
silent(struct room *r)
{
	return !telling_next(&r->telling, &r->o);
}

static struct conn
conn(const char *host, const char *server, uint16_t port)
{
	return (struct conn){.tuple = {at(host, 1025), at(server, port)},
	    .began = START,
	    .ts = START,
	    .syns = 1};
}

/* A question of the host, and its answer unless address is NULL; "": NXDOMAIN. */
static void
lookup(struct room *r, const char *host, const char *name, const char *address)
{
	struct conn c = conn(host, "10.0.0.53", 53);
	struct dns_message m;
	struct dns_make make;

	make_message(&make, 1, DNS_QUERY, name, DNS_A);
	CU_ASSERT_EQUAL_FATAL(dns_message(made(&make), &m), 1);
	reach_lookup(&r->reach, &c, &m);
	if (address == NULL)
		return;
	make_message(&make, 1, DNS_ANSWER | (address[0] == '\0' ? 3 : 0), name, DNS_A);
	if (address[0] != '\0')
		make_address(&make, NULL, address);
	CU_ASSERT_EQUAL_FATAL(dns_message(made(&make), &m), 1);
	reach_lookup(&r->reach, &c, &m);
}

static void
role_and_port_make_the_path(void)
{
	static const struct {
		const char *name;
		uint16_t port;
		int path; /* -1: none */
	} cases[] = {{DISPATCH, 1863, PATH_DIRECT}, {DISPATCH, 4000, PATH_DIRECT},
	    {DISPATCH, 80, -1}, {DISPATCH, 443, -1}, {GATEWAY, 80, PATH_GATEWAY},
	    {GATEWAY, 1863, PATH_DIRECT}, {GATEWAY, 443, -1}, {GATEWAY, 8080, -1},
	    {"login.live.com", 443, -1}, {"login.live.com", 1863, -1},
	    {"www.example.com", 1863, -1}};
	const struct observation *o;
	struct room *r;
	struct conn c;
	uint64_t talk;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = room_new();
		lookup(r, HOST, cases[i].name, SERVER);
		c = conn(HOST, SERVER, cases[i].port);
		talk = reach_asked(&r->reach, &c);
		CU_ASSERT_EQUAL(talk != 0, cases[i].path >= 0);
		if (talk != 0) {
			o = told(r, SIGN_TRYING);
			CU_ASSERT_EQUAL(o->talk, talk);
			CU_ASSERT_EQUAL(o->path, (enum path)cases[i].path);
			CU_ASSERT_EQUAL(o->confidence, CONFIDENCE_HINT);
			CU_ASSERT_STRING_EQUAL(o->host, cases[i].name);
		}
		CU_ASSERT_TRUE(silent(r));
		CU_ASSERT_EQUAL(
		    r->reach.hints, talk == 0 && cases[i].port == 1863 ? 1 : 0);
		room_free(r);
	}
}

static bool
tries(struct room *r, const char *host, const char *server, uint16_t port)
{
	struct conn c = conn(host, server, port);
	bool yes = reach_asked(&r->reach, &c) != 0;

	CU_ASSERT_EQUAL(silent(r), !yes);
	return yes;
}

static void
a_host_is_believed_about_itself(void)
{
	struct room *r = room_new();
	struct conn c = conn(HOST, SERVER, 1863);
	struct addr given = at("64.4.13.99", 0).addr;

	lookup(r, HOST, DISPATCH, NULL);
	CU_ASSERT_TRUE(tries(r, HOST, "192.0.2.1", 1863));
	CU_ASSERT_FALSE(tries(r, HOST, "192.0.2.1", 1864));
	lookup(r, HOST, DISPATCH, SERVER);
	CU_ASSERT_TRUE(tries(r, HOST, SERVER, 1864));
	CU_ASSERT_FALSE(tries(r, "10.0.0.8", SERVER, 1864));
	CU_ASSERT_FALSE(tries(r, "10.0.0.8", SERVER, 1863));
	CU_ASSERT_EQUAL(r->reach.hints, 1);
	/* a host of two families has an IPv4 address that is not known to be its own */
	CU_ASSERT_TRUE(tries(r, HOST6, SERVER, 1863));
	reach_learn(&r->reach, &c, &given, PATH_GATEWAY);
	CU_ASSERT_TRUE(tries(r, HOST, "64.4.13.99", 80));
	CU_ASSERT_FALSE(tries(r, HOST, "64.4.13.99", 81));
	given = (struct addr){0};
	reach_learn(&r->reach, &c, &given, PATH_DIRECT);
	CU_ASSERT_FALSE(tries(r, HOST6, "::", 1863));
	room_free(r);
}

static void
how_a_connection_ended_is_why_it_was_blocked(void)
{
	static const struct {
		enum closing closing;
		uint8_t syns;
		int64_t until;
		enum reason reason;
	} ends[] = {{CLOSING_RESET_SERVER, 1, 0, REASON_REFUSED},
	    {CLOSING_RESET_CLIENT, 1, 0, REASON_NO_ANSWER},
	    {CLOSING_PROHIBITED, 1, 0, REASON_PROHIBITED},
	    {CLOSING_SILENT, 1, 0, REASON_NO_ANSWER},
	    {CLOSING_STOPPED, 1, 0, REASON_NONE},
	    {CLOSING_STOPPED, 1, 3 * NS_PER_S, REASON_NONE},
	    {CLOSING_STOPPED, 1, 3 * NS_PER_S + 1, REASON_NO_ANSWER},
	    {CLOSING_STOPPED, 2, 0, REASON_NO_ANSWER},
	    {CLOSING_CLIENT, 1, 0, REASON_NONE}, {CLOSING_SERVER, 1, 0, REASON_NONE},
	    {CLOSING_NOT, 1, 0, REASON_NONE}};
	const struct observation *o;
	struct room *r;
	struct conn c;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		r = room_new();
		lookup(r, HOST, GATEWAY, SERVER);
		c = conn(HOST, SERVER, 80);
		c.syns = ends[i].syns;
		c.until = c.ts + ends[i].until;
		c.by = at("10.0.0.1", 0).addr;
		reach_ended(&r->reach, 42, &c, ends[i].closing);
		if (ends[i].reason != REASON_NONE) {
			o = told(r, SIGN_BLOCKED);
			CU_ASSERT_EQUAL(o->reason, ends[i].reason);
			CU_ASSERT_EQUAL(o->talk, 42);
			CU_ASSERT_EQUAL(o->path, PATH_GATEWAY);
			CU_ASSERT_STRING_EQUAL(o->host, GATEWAY);
			CU_ASSERT_EQUAL(o->syns, ends[i].syns);
			CU_ASSERT_EQUAL(o->by.v[15], 1);
			CU_ASSERT_EQUAL(o->confidence, CONFIDENCE_LIKELY);
		}
		CU_ASSERT_TRUE(silent(r));
		room_free(r);
	}
}

static void
an_answer_is_told_under_the_same_number(void)
{
	struct room *r = room_new();
	struct conn c = conn(HOST, SERVER, 1863);

	reach_answered(&r->reach, 42, &c);
	CU_ASSERT_EQUAL(told(r, SIGN_REACHED)->talk, 42);
	room_free(r);
}

static void
denials_count_when_messenger_was_asked_for(void)
{
	static const struct {
		const char *name, *to;
		uint16_t port;
		enum path path;
		bool told;
	} cases[] = {{DISPATCH, "::", 1863, PATH_CONNECT, true},
	    {DISPATCH, "::", 443, PATH_CONNECT, true},
	    {GATEWAY, "::", 80, PATH_SOCKS, true},
	    {"www.example.com", "::", 1863, PATH_CONNECT, true},
	    {"", SERVER, 1863, PATH_SOCKS, true}, {"", SERVER, 25, PATH_SOCKS, true},
	    {"", "192.0.2.1", 25, PATH_SOCKS, false},
	    {"login.live.com", "::", 443, PATH_CONNECT, false},
	    {"www.example.com", "::", 443, PATH_CONNECT, false},
	    {"", "::", 0, PATH_CONNECT, false},
	    {"www.example.com", "::", 80, PATH_GATEWAY, true}};
	struct conn c = conn(HOST, "10.0.0.8", 3128);
	const struct observation *o;
	struct denial no;
	struct room *r;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = room_new();
		lookup(r, HOST, DISPATCH, SERVER);
		no = (struct denial){
		    cases[i].path, cases[i].name, at(cases[i].to, cases[i].port), 403};
		reach_denied(&r->reach, &c, &no);
		if (cases[i].told) {
			o = told(r, SIGN_BLOCKED);
			CU_ASSERT_EQUAL(o->reason, REASON_PROXY_DENIED);
			CU_ASSERT_EQUAL(o->path, cases[i].path);
			CU_ASSERT_EQUAL(o->status, 403);
			CU_ASSERT_EQUAL(o->by.v[15], 8);
			CU_ASSERT_STRING_EQUAL(o->host, cases[i].name);
		}
		CU_ASSERT_TRUE(silent(r));
		room_free(r);
	}
}

static void
a_lookup_that_leads_nowhere_is_told_when_that_is_sure(void)
{
	struct room *r = room_new();
	const struct observation *o;
	uint64_t before;

	lookup(r, HOST, GATEWAY, "127.0.0.1");
	CU_ASSERT_TRUE(silent(r));
	reach_expire(&r->reach, START + RESOLVE_SETTLE_NS - 1);
	CU_ASSERT_TRUE(silent(r));
	before = r->next_talk;
	reach_expire(&r->reach, START + RESOLVE_SETTLE_NS);
	o = told(r, SIGN_BLOCKED);
	CU_ASSERT_EQUAL(o->talk, before);
	CU_ASSERT_EQUAL(o->reason, REASON_SINKHOLED);
	CU_ASSERT_EQUAL(o->path, PATH_GATEWAY);
	CU_ASSERT_EQUAL(o->by.v[15], 53);
	CU_ASSERT_EQUAL(o->conn.tuple.server.addr.v[12], 127);
	CU_ASSERT_EQUAL(o->conn.tuple.server.port, 0);
	CU_ASSERT_EQUAL(o->conn.began, START);
	CU_ASSERT_STRING_EQUAL(o->host, GATEWAY);

	lookup(r, HOST, DISPATCH, "");
	reach_expire(&r->reach, INT64_MAX);
	o = told(r, SIGN_BLOCKED);
	CU_ASSERT_EQUAL(o->path, PATH_DIRECT);
	CU_ASSERT_TRUE(addr_is_unset(&o->conn.tuple.server.addr));
	room_free(r);
}

static void
where_passwords_go_is_a_hint(void)
{
	static const char *const names[] = {"login.live.com", "loginnet.passport.com"};
	static const char *const others[] = {DISPATCH, "www.example.com", ""};
	struct conn c = conn(HOST, SERVER, 443);
	struct room *r = room_new();
	size_t i;

	for (i = 0; i < 2; i++) {
		reach_hello(&r->reach, &c, names[i]);
		CU_ASSERT_STRING_EQUAL(told(r, SIGN_HINTED)->host, names[i]);
		CU_ASSERT_EQUAL(r->o.confidence, CONFIDENCE_HINT);
	}
	for (i = 0; i < 3; i++) {
		reach_hello(&r->reach, &c, others[i]);
		CU_ASSERT_TRUE(silent(r));
	}
	room_free(r);
}

static void
nothing_is_told_without_room(void)
{
	struct room *r = room_new();
	struct conn c = conn(HOST, SERVER, 1863);
	unsigned i;

	lookup(r, HOST, DISPATCH, SERVER);
	for (i = 0; i < TELLING_MAX; i++)
		CU_ASSERT_NOT_EQUAL(reach_asked(&r->reach, &c), 0);
	CU_ASSERT_EQUAL(reach_asked(&r->reach, &c), 0);
	reach_ended(&r->reach, 1, &c, CLOSING_RESET_SERVER);
	reach_answered(&r->reach, 1, &c);
	reach_hello(&r->reach, &c, "login.live.com");
	CU_ASSERT_EQUAL(r->telling.n, TELLING_MAX);
	CU_ASSERT_EQUAL(r->telling.dropped, 4);
	room_free(r);
}

void
suite_reach(void)
{
	CU_pSuite s = suite_new("reach");

	CASE(s, "role and port make the path", role_and_port_make_the_path);
	CASE(s, "a host is believed about itself", a_host_is_believed_about_itself);
	CASE(s, "how a connection ended is why it was blocked",
	    how_a_connection_ended_is_why_it_was_blocked);
	CASE(s, "an answer is told under the same number",
	    an_answer_is_told_under_the_same_number);
	CASE(s, "denials count when messenger was asked for",
	    denials_count_when_messenger_was_asked_for);
	CASE(s, "a lookup that leads nowhere is told when that is sure",
	    a_lookup_that_leads_nowhere_is_told_when_that_is_sure);
	CASE(s, "where passwords go is a hint", where_passwords_go_is_a_hint);
	CASE(s, "nothing is told without room", nothing_is_told_without_room);
}
