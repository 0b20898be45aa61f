/* Captures in which something stood in the way, and what is told of them. */
#include "capture/decode.h"

#include "tests/expect.h"
#include "tests/scene_reach.h"
#include "tests/suite.h"

#define HOST   "10.0.0.7"
#define ROUTER "10.0.0.1"

/* A scene whose host has looked up where messenger is. */
static struct scene *
begin(void)
{
	struct scene *s = scene_new();

	scene_names(s, HOST);
	return s;
}

static void
gateway_sign_in(struct scene *s)
{
	static const char *const turns[][2] = {
	    {"VER 1 MSNP12 CVR0\r\nUSR 2 TWN I " USUAL_ACCOUNT "\r\n",
		"VER 1 MSNP12\r\nUSR 2 TWN S ct=1\r\n"},
	    {"USR 3 TWN S t=1\r\n", "USR 3 OK " USUAL_ACCOUNT " 1 0\r\n"}};
	struct line *l = scene_connect(s, HOST, GATEWAY, 80);

	line_post(l,
	    "/gateway/gateway.dll?Action=open&Server=NS&IP=messenger.hotmail.com",
	    "Host: " GATEWAY_NAME "\r\n", turns[0][0]);
	line_answer(
	    l, 200, "X-MSN-Messenger: SessionID=1.2; GW-IP=" GATEWAY "\r\n", turns[0][1]);
	line_post(l, "/gateway/gateway.dll?SessionID=1.2", "Host: " GATEWAY "\r\n",
	    turns[1][0]);
	line_answer(
	    l, 200, "X-MSN-Messenger: SessionID=1.2; GW-IP=" GATEWAY "\r\n", turns[1][1]);
}

static void
a_server_that_does_not_answer(void)
{
	struct scene *s = begin();

	(void)scene_syn(s, HOST, DISPATCH, 1863, 3);
	expect_told(
	    s, "no answer to three SYNs", HOST " blocked: direct no-answer of 3 SYNs");

	s = begin();
	(void)scene_syn(s, HOST, DISPATCH, 1863, 2);
	scene_wait(s, 60 * NS_PER_S);
	(void)scene_syn(s, HOST, DISPATCH, 1863, 3);
	expect_told(s, "two connections of two and three SYNs",
	    HOST " blocked: direct no-answer x2 of 5 SYNs");

	s = begin();
	(void)scene_syn(s, HOST, DISPATCH, 1863, 3);
	scene_wait(s, 60 * NS_PER_S);
	gateway_sign_in(s);
	expect_told(s, "then the gateway",
	    HOST " signed-in " USUAL_ACCOUNT
		 " fallback: direct no-answer of 3 SYNs, gateway signed-in");
}

static void
a_server_that_refuses(void)
{
	struct scene *s = begin();

	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	line_refuse(scene_syn(s, HOST, GATEWAY, 80, 1));
	expect_told(s, "refused on both ways",
	    HOST " blocked fallback: direct refused x2, gateway refused");

	s = begin();
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	gateway_sign_in(s);
	expect_told(s, "then the gateway",
	    HOST " signed-in " USUAL_ACCOUNT
		 " fallback: direct refused, gateway signed-in");
}

/* Each SYN sent again is prohibited again, and belongs to the same try. */
static void
a_router_that_prohibits(void)
{
	static const uint8_t codes[] = {0, 1, 3, 9, 10, 13};
	struct scene *s;
	struct line *l;
	size_t i;
	bool v6;

	for (i = 0; i < 2 * sizeof(codes); i++) {
		v6 = i % 2 != 0;
		s = scene_new();
		s->ipv6 = v6;
		scene_lookup(s, &(struct scene_lookup){.host = HOST,
				    .name = DISPATCH_NAME,
				    .type = v6 ? DNS_AAAA : DNS_A,
				    .answer = v6 ? "2001:db8::4004:d32" : DISPATCH});
		l = scene_syn(s, HOST, DISPATCH, 1863, 1);
		line_prohibit(s, l, ROUTER, codes[i / 2]);
		scene_wait(s, NS_PER_S);
		line_segment(l, SIDE_CLIENT, -1, NULL, 0, TCP_SYN);
		line_prohibit(s, l, ROUTER, codes[i / 2]);
		expect_told(s, v6 ? "ICMPv6" : "ICMP",
		    v6 ? "2001:db8::a00:7 blocked: direct prohibited x2 by "
			 "2001:db8::a00:1"
		       : HOST " blocked: direct prohibited x2 by " ROUTER);
	}
}

static void
forged_icmp_changes_nothing(void)
{
	struct scene *s = begin();
	struct line *l = scene_connect(s, HOST, DISPATCH, 1863);
	struct wire_tcp syn = line_syn(l), other = syn;

	line_client(l, "VER 1 MSNP12 CVR0\r\n");
	line_prohibit(s, l, ROUTER, 13);
	other.dst.port = 1864;
	scene_prohibit(s, &other, ROUTER, 13);
	line_close(l, SIDE_CLIENT);
	l = scene_syn(s, HOST, DISPATCH, 1863, 1);
	syn = line_syn(l);
	syn.seq += 4711;
	scene_prohibit(s, &syn, ROUTER, 13);
	syn = line_syn(l);
	other = (struct wire_tcp){.src = syn.dst, .dst = syn.src, .seq = syn.seq};
	scene_prohibit(s, &other, ROUTER, 13);
	line_segment(l, SIDE_SERVER, -1, NULL, 0, TCP_SYN | TCP_ACK);
	line_segment(l, SIDE_CLIENT, 0, NULL, 0, TCP_ACK);
	line_sign_in(l, USUAL_ACCOUNT);
	CU_ASSERT_EQUAL(scene_counted(s, "flow.prohibited"), 0);
	scene_end(s);
	CU_ASSERT_EQUAL(s->attempts[s->n_attempts - 1].outcome, OUTCOME_SIGNED_IN);
	scene_free(s);
}

/* The second packet of the client, or the first of the server, makes it too late. */
static void
reset_after_the_first_words(void)
{
	struct scene *s = begin();
	struct line *l = scene_connect(s, HOST, DISPATCH, 1863);

	s->ttl = 52;
	line_client(l, "VER 1 MSNP12 CVR0\r\n");
	s->ttl = 63;
	line_reset(l, SIDE_SERVER);
	expect_told(s, "by something in between", HOST " blocked: direct refused forged");

	s = begin();
	l = scene_connect(s, HOST, DISPATCH, 1863);
	line_client(l, "VER 1 MSNP12 CVR0\r\n");
	line_reset(l, SIDE_SERVER);
	expect_told(s, "by the server", HOST " blocked: direct refused");
}

static void
a_redirect_whose_second_server_is_out_of_reach(void)
{
	struct scene *s = begin();
	struct line *l = scene_connect(s, HOST, DISPATCH, 1863);

	line_script(l, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I " USUAL_ACCOUNT
		       "\nS XFR 2 NS 64.4.13.99:1863 0 64.4.13.50:1863\n");
	line_close(l, SIDE_SERVER);
	line_refuse(scene_syn(s, HOST, "64.4.13.99", 1863, 1));
	expect_told(s, "refused", HOST " blocked " USUAL_ACCOUNT ": direct refused");
}

/* Asked for again after so long, when it is another try, and the gateway at once. */
static void
sinkholed(const char *answer, int64_t wait, const char *want)
{
	struct scene *s = scene_new();
	struct scene_lookup q = {.host = HOST, .name = DISPATCH_NAME, .answer = answer};

	q.tcp = true;
	scene_lookup(s, &q);
	scene_wait(s, wait);
	q.tcp = false;
	scene_lookup(s, &q);
	gateway_sign_in(s);
	expect_told(s, answer, want);
}

static void
sinkholes(void)
{
	static const char *const answers[] = {"127.0.0.1", "0.0.0.0", "NXDOMAIN"};
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		sinkholed(answers[i], 0,
		    HOST " signed-in " USUAL_ACCOUNT
			 " fallback: direct sinkholed by " RESOLVER
			 ", gateway signed-in");
		sinkholed(answers[i], 10 * NS_PER_S,
		    HOST " signed-in " USUAL_ACCOUNT
			 " fallback: direct sinkholed x2 by " RESOLVER
			 ", gateway signed-in");
	}
}

static void
lookups_that_lead_nowhere_but_are_no_block(void)
{
	static const struct scene_lookup q[] = {
	    {.host = HOST, .name = DISPATCH_NAME, .answer = DISPATCH},
	    {.host = HOST, .name = DISPATCH_NAME, .answer = NULL},
	    {.host = HOST, .name = DISPATCH_NAME, .answer = "SERVFAIL"},
	    {.host = HOST, .name = DISPATCH_NAME, .answer = "NXDOMAIN", .unasked = true},
	    {.host = HOST, .name = "login.live.com", .answer = "NXDOMAIN"},
	    {.host = HOST, .name = "www.example.com", .answer = "127.0.0.1"},
	    {.host = HOST,
		.name = "db3.gateway.messenger.live.com",
		.answer = "NXDOMAIN"},
	};
	struct scene *s;
	size_t i;

	for (i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		s = scene_new();
		scene_lookup(s, &q[i]);
		scene_wait(s, 60 * NS_PER_S);
		expect_told(s, q[i].answer != NULL ? q[i].answer : "none", "");
	}
}

static void
a_resolver_that_refuses_and_another_that_does_not(void)
{
	struct scene *s = scene_new();
	struct line *l;

	scene_lookup(s, &(struct scene_lookup){
			    .host = HOST, .name = DISPATCH_NAME, .answer = "REFUSED"});
	scene_lookup(s, &(struct scene_lookup){.host = HOST,
			    .name = DISPATCH_NAME,
			    .resolver = "10.0.0.54",
			    .answer = DISPATCH});
	l = scene_connect(s, HOST, DISPATCH, 1863);
	line_sign_in(l, USUAL_ACCOUNT);
	expect_told(s, "asked at another one",
	    HOST " signed-in " USUAL_ACCOUNT ": direct signed-in");
}

/* An answer to another question, host or port: believed of nobody who asked. */
static void
forged_answers_change_nothing(void)
{
	static const struct scene_lookup forged[] = {
	    {.host = HOST, .name = DISPATCH_NAME, .answer = "127.0.0.1", .id = 99},
	    {.host = HOST,
		.name = DISPATCH_NAME,
		.answer = "127.0.0.1",
		.id = 7,
		.resolver = "10.0.0.54"},
	    {.host = "10.0.0.8", .name = DISPATCH_NAME, .answer = "127.0.0.1", .id = 7},
	    {.host = HOST,
		.name = DISPATCH_NAME,
		.answer = "NXDOMAIN",
		.id = 7,
		.type = DNS_AAAA},
	    {.host = HOST, .name = GATEWAY_NAME, .answer = "NXDOMAIN", .id = 7}};
	struct scene_lookup q;
	struct scene *s;
	size_t i;

	for (i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		s = scene_new();
		scene_lookup(s,
		    &(struct scene_lookup){.host = HOST, .name = DISPATCH_NAME, .id = 7});
		q = forged[i];
		q.unasked = true;
		scene_lookup(s, &q);
		scene_lookup(s, &(struct scene_lookup){.host = HOST,
				    .name = DISPATCH_NAME,
				    .id = 7,
				    .answer = DISPATCH,
				    .unasked = true});
		line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
		expect_told(s, q.answer, HOST " blocked: direct refused");
	}
}

static void
two_families(void)
{
	static const char host6[] = "2001:db8:1::7", server6[] = "2001:db8:2::50";
	struct scene *s = scene_new();

	scene_lookup(s, &(struct scene_lookup){.host = HOST,
			    .name = DISPATCH_NAME,
			    .type = DNS_AAAA,
			    .answer = server6});
	line_refuse(scene_syn(s, host6, server6, 1863, 1));
	expect_told(s, "looked up over IPv4, tried over IPv6",
	    "2001:db8:1::7 blocked: direct refused");

	s = scene_new();
	scene_lookup(s, &(struct scene_lookup){
			    .host = HOST, .name = DISPATCH_NAME, .answer = DISPATCH});
	scene_lookup(s, &(struct scene_lookup){.host = HOST,
			    .name = DISPATCH_NAME,
			    .type = DNS_AAAA,
			    .answer = "NODATA"});
	line_refuse(scene_syn(s, HOST, DISPATCH, 1863, 1));
	expect_told(s, "no AAAA is no block", HOST " blocked: direct refused");
}

void
suite_blocked(void)
{
	CU_pSuite s = suite_new("blocked");

	CASE(s, "a server that does not answer", a_server_that_does_not_answer);
	CASE(s, "a server that refuses", a_server_that_refuses);
	CASE(s, "a router that prohibits", a_router_that_prohibits);
	CASE(s, "forged ICMP changes nothing", forged_icmp_changes_nothing);
	CASE(s, "reset after the first words", reset_after_the_first_words);
	CASE(s, "a redirect whose second server is out of reach",
	    a_redirect_whose_second_server_is_out_of_reach);
	CASE(s, "sinkholes", sinkholes);
	CASE(s, "lookups that lead nowhere but are no block",
	    lookups_that_lead_nowhere_but_are_no_block);
	CASE(s, "a resolver that refuses and another that does not",
	    a_resolver_that_refuses_and_another_that_does_not);
	CASE(s, "forged answers change nothing", forged_answers_change_nothing);
	CASE(s, "two families", two_families);
}
