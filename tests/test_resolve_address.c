#include "tests/resolve_scene.h"

static void
expect_known(struct scene *s, const char *address, const char *name, bool own)
{
	const struct resolved *is = known(s, address);

	CU_ASSERT_PTR_NOT_NULL_FATAL(is);
	CU_ASSERT_STRING_EQUAL(is->name, name);
	CU_ASSERT_EQUAL(is->own, own);
}

static void
look_up(struct scene *s, const char *name, const char *addresses)
{
	ask(s, 1, name, DNS_A);
	answer(s, 1, DNS_NOERROR, addresses);
	s->told[0] = '\0';
}

static void
an_answer_must_fit_its_question(void)
{
	struct scene s = scene_open(NULL);
	struct tuple t = s.t;

	ask(&s, 1, DISPATCH, DNS_A);
	s.told[0] = '\0';
	s.t.client.port++;
	answer(&s, 1, DNS_NOERROR, "192.0.2.66");
	s.t = t;
	s.t.server.addr.v[15]++;
	answer(&s, 1, DNS_NOERROR, "192.0.2.66");
	s.t = t;
	s.t.server.port++;
	answer(&s, 1, DNS_NOERROR, "192.0.2.66");
	s.t = t;
	s.asked[2] = s.asked[1];
	answer(&s, 2, DNS_NOERROR, "192.0.2.66");
	s.asked[1].type = DNS_AAAA;
	answer(&s, 1, DNS_NXDOMAIN, "");
	s.asked[1].type = DNS_A;
	CU_ASSERT_PTR_NULL(known(&s, "192.0.2.66"));
	CU_ASSERT_EQUAL(counted(&s, "dns.stray"), 5);
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	EXPECT(&s, "answered messenger.hotmail.com 64.4.13.50");
	answer(&s, 1, DNS_NXDOMAIN, "");
	answer(&s, 1, DNS_NOERROR, "192.0.2.66");
	pass(&s, 60);
	CU_ASSERT_PTR_NULL(known(&s, "192.0.2.66"));
	expect_known(&s, "64.4.13.50", DISPATCH, true);
	scene_close(&s);
}

static void
an_answer_comes_in_time_or_not_at_all(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	pass(&s, 30);
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	EXPECT(&s, "asked messenger.hotmail.com");
	CU_ASSERT_PTR_NULL(known(&s, "64.4.13.50"));
	ask(&s, 1, DISPATCH, DNS_A);
	EXPECT(&s, "asked messenger.hotmail.com");
	scene_close(&s);
}

static void
the_case_of_a_name_does_not_matter(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, "mesSenger.hOTmail.coM", DNS_A);
	s.asked[1].name = "Messenger.Hotmail.com";
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "answered messenger.hotmail.com 64.4.13.50");
	scene_close(&s);
}

static void
answers_alone_teach_addresses_and_no_more(void)
{
	struct scene s = scene_open(NULL);

	s.asked[1].name = DISPATCH;
	s.asked[1].type = DNS_A;
	answer(&s, 1, DNS_NOERROR, "64.4.13.50 127.0.0.1");
	answer(&s, 1, DNS_NXDOMAIN, "");
	pass(&s, 60);
	expect_known(&s, "64.4.13.50", DISPATCH, false);
	CU_ASSERT_PTR_NULL(known(&s, "127.0.0.1"));
	CU_ASSERT_FALSE(resolve_asked(s.r, &s.t.client.addr, NAME_DISPATCH, s.now));
	s.t.client.addr = at("192.168.1.78");
	CU_ASSERT_PTR_NULL(known(&s, "64.4.13.50"));
	scene_close(&s);
}

static void
an_address_is_known_to_its_host_and_less_surely_to_others(void)
{
	struct scene s = scene_open(NULL);

	look_up(&s, DISPATCH, "64.4.13.50");
	expect_known(&s, "64.4.13.50", DISPATCH, true);
	s.t.client.addr = at("192.168.1.78");
	expect_known(&s, "64.4.13.50", DISPATCH, false);
	CU_ASSERT_PTR_NULL(known(&s, "64.4.13.51"));
	pass(&s, 3599);
	expect_known(&s, "64.4.13.50", DISPATCH, false);
	pass(&s, 1);
	CU_ASSERT_PTR_NULL(known(&s, "64.4.13.50"));
	s.t.client.addr = at("192.168.1.77");
	CU_ASSERT_PTR_NULL(known(&s, "64.4.13.50"));
	scene_close(&s);
}

static void
what_weighs_more_is_kept(void)
{
	struct scene s = scene_open(NULL);

	look_up(&s, "login.live.com", "192.0.2.1");
	expect_known(&s, "192.0.2.1", "login.live.com", true);
	look_up(&s, DISPATCH, "192.0.2.1");
	look_up(&s, "config.messenger.msn.com", "192.0.2.1");
	expect_known(&s, "192.0.2.1", DISPATCH, true);
	look_up(&s, GATEWAY, "192.0.2.1");
	expect_known(&s, "192.0.2.1", GATEWAY, true);
	s.asked[1].name = "msnmsgr.escargot.chat";
	answer(&s, 1, DNS_NOERROR, "192.0.2.1");
	expect_known(&s, "192.0.2.1", GATEWAY, true);
	pass(&s, 3600);
	look_up(&s, "login.live.com", "192.0.2.1");
	expect_known(&s, "192.0.2.1", "login.live.com", true);
	scene_close(&s);
}

static void
what_is_stale_makes_room_first(void)
{
	struct scene s = scene_sized(NULL, 64, 4);

	look_up(&s, DISPATCH, "64.4.13.50 64.4.13.51");
	pass(&s, 3600);
	look_up(&s, "login.live.com", "192.0.2.1 192.0.2.2");
	expect_known(&s, "192.0.2.1", "login.live.com", true);
	expect_known(&s, "192.0.2.2", "login.live.com", true);
	CU_ASSERT_EQUAL(counted(&s, "dns.evicted"), 0);
	scene_close(&s);
}

static void
names_of_no_interest_leave_no_trace(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, "www.example.com", DNS_A);
	answer(&s, 1, DNS_NOERROR, "192.0.2.1");
	ask(&s, 2, "client-s.gateway.messenger.live.com", DNS_A);
	answer(&s, 2, DNS_NXDOMAIN, "");
	ask(&s, 3,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    ".gateway.messenger.hotmail.com",
	    DNS_A);
	ask(&s, 4, "messenger.hotmail.com.corp.example", DNS_A);
	answer(&s, 4, DNS_NXDOMAIN, "");
	pass(&s, 60);
	CU_ASSERT_PTR_NULL(known(&s, "192.0.2.1"));
	CU_ASSERT_EQUAL(counted(&s, "dns.asked"), 0);
	scene_close(&s);
}

static void
resolvers_among_themselves_are_passed_over(void)
{
	struct scene s = scene_open(NULL);

	s.flags = DNS_QUERY;
	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NOERROR, "");
	pass(&s, 60);
	CU_ASSERT_EQUAL(counted(&s, "dns.asked"), 0);
	scene_close(&s);
}

static void
hints_are_remembered_without_news(void)
{
	struct scene s = scene_open(NULL);
	struct addr other = at("192.168.1.78");

	ask(&s, 1, "login.live.com", DNS_A);
	answer(&s, 1, DNS_NXDOMAIN, "");
	pass(&s, 60);
	CU_ASSERT_TRUE(resolve_asked(s.r, &s.t.client.addr, NAME_SIGNIN, s.now));
	CU_ASSERT_FALSE(resolve_asked(s.r, &s.t.client.addr, NAME_DISPATCH, s.now));
	CU_ASSERT_FALSE(resolve_asked(s.r, &other, NAME_SIGNIN, s.now));
	pass(&s, 3540);
	CU_ASSERT_FALSE(resolve_asked(s.r, &s.t.client.addr, NAME_SIGNIN, s.now));
	scene_close(&s);
}

static void
the_messenger_itself_names_addresses(void)
{
	struct scene s = scene_open(NULL);
	struct resolve_name name = {"gateway of a session", NAME_GATEWAY};
	struct addr a = at("207.46.110.48");

	resolve_learn(s.r, &s.t.client.addr, &a, &name, s.now);
	expect_known(&s, "207.46.110.48", "gateway of a session", true);
	CU_ASSERT_EQUAL(known(&s, "207.46.110.48")->role, NAME_GATEWAY);
	s.t.client.addr = at("192.168.1.78");
	expect_known(&s, "207.46.110.48", "gateway of a session", false);
	scene_close(&s);
}

static void
next_host(struct scene *s)
{
	s->t.client.addr.v[15]++;
}

static void
hints_do_not_crowd_out_what_matters(void)
{
	struct scene s = scene_sized(NULL, 4, 4);
	struct tuple first = s.t;
	int i;

	look_up(&s, DISPATCH, "64.4.13.50");
	ask(&s, 2, GATEWAY, DNS_A);
	answer(&s, 2, DNS_NXDOMAIN, "");
	for (i = 0; i < 12; i++) {
		next_host(&s);
		look_up(&s, "login.live.com", "192.0.2.1");
	}
	s.t = first;
	expect_known(&s, "64.4.13.50", DISPATCH, true);
	pass(&s, 2);
	EXPECT(&s, "sinkholed gateway.messenger.hotmail.com nxdomain ::");
	CU_ASSERT_TRUE(resolve_asked(s.r, &first.client.addr, NAME_GATEWAY, s.now));
	CU_ASSERT_EQUAL(counted(&s, "dns.evicted"), 0);
	scene_close(&s);
}

static void
lookups_about_to_be_told_outlive_others(void)
{
	struct scene s = scene_sized(NULL, 4, 4);
	int i;

	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NXDOMAIN, "");
	for (i = 0; i < 8; i++) {
		next_host(&s);
		ask(&s, 2, DISPATCH, DNS_A);
	}
	CU_ASSERT_EQUAL(counted(&s, "dns.evicted"), 5);
	s.told[0] = '\0';
	pass(&s, 2);
	EXPECT(&s, "sinkholed messenger.hotmail.com nxdomain ::");
	scene_close(&s);
}

static void
of_those_the_oldest_goes(void)
{
	struct scene s = scene_sized(NULL, 2, 2);
	struct addr second;
	int i;

	for (i = 0; i < 3; i++) {
		next_host(&s);
		if (i == 1)
			second = s.t.client.addr;
		ask(&s, 1, DISPATCH, DNS_A);
		answer(&s, 1, DNS_NXDOMAIN, "");
	}
	s.told[0] = '\0';
	CU_ASSERT_EQUAL(counted(&s, "dns.evicted"), 1);
	s.now += 2 * NS_PER_S;
	CU_ASSERT_TRUE(resolve_expire(s.r, s.now, &s.news));
	CU_ASSERT_EQUAL(addr_cmp(&s.news.host.addr, &second), 0);
	CU_ASSERT_TRUE(resolve_expire(s.r, s.now, &s.news));
	CU_ASSERT_EQUAL(addr_cmp(&s.news.host.addr, &s.t.client.addr), 0);
	CU_ASSERT_FALSE(resolve_expire(s.r, s.now, &s.news));
	scene_close(&s);
}

/*
 * Any order of questions, answers and times: never two verdicts without a question
 * between them, never a sinkhole after a good answer of the same round.
 */
static void
chance_keeps_the_order_of_news(void)
{
	static const char *const addresses[] = {"", "127.0.0.1", "64.4.13.50"};
	static const unsigned rcodes[] = {
	    DNS_NOERROR, DNS_SERVFAIL, DNS_NXDOMAIN, DNS_REFUSED};
	struct scene s = scene_sized(NULL, 2, 2);
	char before[sizeof(s.told)] = "";
	uint32_t chance = 1;
	unsigned id, i;

	for (i = 0; i < 20000; i++) {
		chance = chance * 1664525 + 1013904223;
		id = 1 + (chance >> 8) % 4;
		if ((chance >> 12) % 8 == 0)
			pass(&s, (chance >> 16) % 4);
		else if ((chance >> 15) % 2 == 0 || s.asked[id].name == NULL)
			ask(&s, id, DISPATCH, id % 2 ? DNS_A : DNS_AAAA);
		else
			answer(&s, id, rcodes[(chance >> 16) % 4],
			    id % 2 ? addresses[(chance >> 18) % 3] : "");
		if (s.told[0] == '\0')
			continue;
		CU_ASSERT_PTR_NULL(strchr(s.told, '\n'));
		if (strncmp(s.told, "sinkholed", 9) == 0)
			CU_ASSERT_EQUAL(strncmp(before, "asked", 5), 0);
		if (strncmp(s.told, "answered", 8) == 0)
			CU_ASSERT_NOT_EQUAL(strncmp(before, "answered", 8), 0);
		memcpy(before, s.told, sizeof(before));
		s.told[0] = '\0';
	}
	scene_close(&s);
}

static void
times_may_be_extreme(void)
{
	struct scene s = scene_open(NULL);

	s.now = INT64_MIN;
	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NXDOMAIN, "");
	s.told[0] = '\0';
	pass(&s, INT64_MAX);
	EXPECT(&s, "sinkholed messenger.hotmail.com nxdomain ::");
	ask(&s, 1, DISPATCH, DNS_A);
	s.now = INT64_MIN;
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	CU_ASSERT_PTR_NOT_NULL(known(&s, "64.4.13.50"));
	s.told[0] = '\0';
	scene_close(&s);
}

void
suite_resolve_address(void)
{
	CU_pSuite s = suite_new("resolve_address");

	CASE(s, "an answer must fit its question", an_answer_must_fit_its_question);
	CASE(s, "an answer comes in time or not at all",
	    an_answer_comes_in_time_or_not_at_all);
	CASE(s, "the case of a name does not matter", the_case_of_a_name_does_not_matter);
	CASE(s, "answers alone teach addresses and no more",
	    answers_alone_teach_addresses_and_no_more);
	CASE(s, "an address is known to its host, and less surely to others",
	    an_address_is_known_to_its_host_and_less_surely_to_others);
	CASE(s, "what weighs more is kept", what_weighs_more_is_kept);
	CASE(s, "what is stale makes room first", what_is_stale_makes_room_first);
	CASE(s, "names of no interest leave no trace",
	    names_of_no_interest_leave_no_trace);
	CASE(s, "resolvers among themselves are passed over",
	    resolvers_among_themselves_are_passed_over);
	CASE(s, "hints are remembered without news", hints_are_remembered_without_news);
	CASE(s, "the messenger itself names addresses",
	    the_messenger_itself_names_addresses);
	CASE(s, "hints do not crowd out what matters",
	    hints_do_not_crowd_out_what_matters);
	CASE(s, "lookups about to be told outlive others",
	    lookups_about_to_be_told_outlive_others);
	CASE(s, "of those the oldest goes", of_those_the_oldest_goes);
	CASE(s, "chance keeps the order of news", chance_keeps_the_order_of_news);
	CASE(s, "times may be extreme", times_may_be_extreme);
}
