#include "tests/resolve_scene.h"

static void
a_good_answer_settles_at_once(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	EXPECT(&s, "asked messenger.hotmail.com");
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	EXPECT(&s, "answered messenger.hotmail.com 64.4.13.50");
	pass(&s, 60);
	EXPECT(&s, "");
	scene_close(&s);
}

static void
loopback_alone_is_sinkholed_after_a_while(void)
{
	struct scene s = scene_open(NULL);
	int64_t asked;

	ask(&s, 1, DISPATCH, DNS_A);
	asked = s.now;
	answer(&s, 1, DNS_NOERROR, "127.0.0.1");
	pass(&s, 1);
	EXPECT(&s, "asked messenger.hotmail.com");
	pass(&s, 1);
	EXPECT(&s, "sinkholed messenger.hotmail.com loopback 127.0.0.1");
	CU_ASSERT_EQUAL(s.news.ts, asked);
	CU_ASSERT_EQUAL(s.news.began, asked);
	CU_ASSERT_EQUAL(s.news.role, NAME_DISPATCH);
	CU_ASSERT_EQUAL(s.news.host.port, s.t.client.port);
	CU_ASSERT_EQUAL(s.news.server.port, 53);
	scene_close(&s);
}

static void
every_kind_of_dead_end_is_told(void)
{
	static const struct {
		unsigned rcode;
		const char *address, *news;
	} cases[] = {
	    {DNS_NXDOMAIN, "", "nxdomain ::"},
	    {DNS_REFUSED, "", "refused ::"},
	    {DNS_NOERROR, "", "nodata ::"},
	    {DNS_NOERROR, "0.0.0.0", "unspecified 0.0.0.0"},
	    {DNS_NOERROR, "127.8.8.8", "loopback 127.8.8.8"},
	    {DNS_NOERROR, "192.168.1.250", "sinkhole 192.168.1.250"},
	    {DNS_NOERROR, "192.168.7.7", "sinkhole 192.168.7.7"},
	};
	const char *const sinkholes[] = {"192.168.1.250", "192.168.7.0/24", NULL};
	struct scene s;
	char want[96];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = scene_open(sinkholes);
		ask(&s, 1, GATEWAY, DNS_A);
		answer(&s, 1, cases[i].rcode, cases[i].address);
		EXPECT(&s, "asked gateway.messenger.hotmail.com");
		pass(&s, 2);
		(void)snprintf(
		    want, sizeof(want), "sinkholed %s %s", GATEWAY, cases[i].news);
		EXPECT(&s, want);
		scene_close(&s);
	}
}

static void
answers_that_say_nothing_are_no_verdict(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_SERVFAIL, "");
	ask(&s, 2, DISPATCH, DNS_A);
	s.flags = DNS_TC;
	answer(&s, 2, DNS_NOERROR, "");
	s.flags = 0;
	ask(&s, 2, DISPATCH, DNS_A);
	s.cut = true;
	answer(&s, 2, DNS_NOERROR, "");
	s.cut = false;
	pass(&s, 60);
	EXPECT(&s, "asked messenger.hotmail.com");
	ask(&s, 3, DISPATCH, DNS_AAAA);
	answer(&s, 3, DNS_NOERROR, "");
	pass(&s, 60);
	EXPECT(&s, "asked messenger.hotmail.com");
	scene_close(&s);
}

static void
both_families_answered_settle_at_once(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	ask(&s, 2, DISPATCH, DNS_AAAA);
	answer(&s, 2, DNS_NOERROR, "");
	EXPECT(&s, "asked messenger.hotmail.com");
	answer(&s, 1, DNS_NOERROR, "0.0.0.0");
	EXPECT(&s, "sinkholed messenger.hotmail.com unspecified 0.0.0.0");
	CU_ASSERT_EQUAL(s.news.asked, 2);
	pass(&s, 60);
	EXPECT(&s, "");
	scene_close(&s);
}

static void
a_good_family_outweighs_the_other_in_any_order(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	ask(&s, 2, DISPATCH, DNS_AAAA);
	answer(&s, 1, DNS_NXDOMAIN, "");
	answer(&s, 2, DNS_NOERROR, "2001:db8:40::50");
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "answered messenger.hotmail.com 2001:db8:40::50");
	pass(&s, 60);
	ask(&s, 3, GATEWAY, DNS_A);
	answer(&s, 3, DNS_NOERROR, "207.46.110.48");
	ask(&s, 4, GATEWAY, DNS_AAAA);
	answer(&s, 4, DNS_REFUSED, "");
	pass(&s, 60);
	EXPECT(&s, "asked gateway.messenger.hotmail.com\n"
		   "answered gateway.messenger.hotmail.com 207.46.110.48");
	scene_close(&s);
}

static void
a_refusal_waits_for_the_next_server(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_AAAA);
	answer(&s, 1, DNS_REFUSED, "");
	s.t.client.port++;
	ask(&s, 1, DISPATCH, DNS_AAAA);
	answer(&s, 1, DNS_REFUSED, "");
	s.t.client.port++;
	ask(&s, 2, DISPATCH, DNS_A);
	answer(&s, 2, DNS_NOERROR, "64.4.13.50");
	pass(&s, 60);
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "answered messenger.hotmail.com 64.4.13.50");
	ask(&s, 3, GATEWAY, DNS_A);
	ask(&s, 4, GATEWAY, DNS_AAAA);
	answer(&s, 3, DNS_REFUSED, "");
	answer(&s, 4, DNS_REFUSED, "");
	s.t.server.addr.v[15]++;
	ask(&s, 3, GATEWAY, DNS_A);
	ask(&s, 4, GATEWAY, DNS_AAAA);
	answer(&s, 3, DNS_NXDOMAIN, "");
	answer(&s, 4, DNS_NXDOMAIN, "");
	EXPECT(&s, "asked gateway.messenger.hotmail.com\n"
		   "sinkholed gateway.messenger.hotmail.com nxdomain ::");
	scene_close(&s);
}

static void
servers_asked_side_by_side_are_waited_for(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	ask(&s, 2, DISPATCH, DNS_AAAA);
	s.t.server.addr.v[15]++;
	ask(&s, 1, DISPATCH, DNS_A);
	s.t.server.addr.v[15]--;
	answer(&s, 1, DNS_NXDOMAIN, "");
	answer(&s, 2, DNS_NXDOMAIN, "");
	EXPECT(&s, "asked messenger.hotmail.com");
	s.t.server.addr.v[15]++;
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	EXPECT(&s, "answered messenger.hotmail.com 64.4.13.50");
	scene_close(&s);
}

static void
who_asks_again_later_is_told_again(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NXDOMAIN, "");
	pass(&s, 5);
	ask(&s, 2, DISPATCH, DNS_A);
	answer(&s, 2, DNS_NXDOMAIN, "");
	pass(&s, INT64_MAX);
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "sinkholed messenger.hotmail.com nxdomain ::\n"
		   "asked messenger.hotmail.com\n"
		   "sinkholed messenger.hotmail.com nxdomain ::");
	scene_close(&s);
}

static void
repeats_within_a_lookup_are_one(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	pass(&s, 5);
	ask(&s, 1, DISPATCH, DNS_A);
	pass(&s, 5);
	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NXDOMAIN, "");
	pass(&s, 1);
	ask(&s, 2, DISPATCH, DNS_A);
	answer(&s, 2, DNS_NXDOMAIN, "");
	pass(&s, 1);
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "sinkholed messenger.hotmail.com nxdomain ::");
	CU_ASSERT_EQUAL(s.news.asked, 4);
	answer(&s, 2, DNS_NOERROR, "64.4.13.50");
	EXPECT(&s, "");
	scene_close(&s);
}

static void
a_late_answer_is_waited_for_like_any(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	pass(&s, 29);
	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NXDOMAIN, "");
	pass(&s, 1);
	ask(&s, 2, DISPATCH, DNS_A);
	EXPECT(&s, "asked messenger.hotmail.com");
	pass(&s, 1);
	EXPECT(&s, "sinkholed messenger.hotmail.com nxdomain ::");
	scene_close(&s);
}

static void
bad_answers_of_an_earlier_lookup_are_over(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	ask(&s, 2, DISPATCH, DNS_AAAA);
	answer(&s, 1, DNS_NXDOMAIN, "");
	answer(&s, 2, DNS_NXDOMAIN, "");
	pass(&s, 10);
	s.told[0] = '\0';
	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NXDOMAIN, "");
	EXPECT(&s, "asked messenger.hotmail.com");
	ask(&s, 2, DISPATCH, DNS_AAAA);
	answer(&s, 2, DNS_NOERROR, "2001:db8:40::50");
	EXPECT(&s, "answered messenger.hotmail.com 2001:db8:40::50");
	scene_close(&s);
}

static void
a_good_answer_after_all_is_told(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	ask(&s, 2, DISPATCH, DNS_AAAA);
	answer(&s, 1, DNS_NXDOMAIN, "");
	answer(&s, 2, DNS_NXDOMAIN, "");
	ask(&s, 3, DISPATCH, DNS_A);
	answer(&s, 3, DNS_NOERROR, "64.4.13.50");
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "sinkholed messenger.hotmail.com nxdomain ::\n"
		   "answered messenger.hotmail.com 64.4.13.50");
	scene_close(&s);
}

static void
a_kept_answer_outweighs_later_ones_of_the_other_family(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	pass(&s, 600);
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "answered messenger.hotmail.com 64.4.13.50");
	ask(&s, 2, DISPATCH, DNS_AAAA);
	answer(&s, 2, DNS_REFUSED, "");
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "answered messenger.hotmail.com 64.4.13.50");
	pass(&s, 3600);
	ask(&s, 3, DISPATCH, DNS_AAAA);
	answer(&s, 3, DNS_REFUSED, "");
	pass(&s, 2);
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "sinkholed messenger.hotmail.com refused ::");
	scene_close(&s);
}

static void
a_block_put_in_place_shows(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NOERROR, "64.4.13.50");
	pass(&s, 600);
	ask(&s, 2, DISPATCH, DNS_A);
	answer(&s, 2, DNS_NXDOMAIN, "");
	pass(&s, 2);
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "answered messenger.hotmail.com 64.4.13.50\n"
		   "asked messenger.hotmail.com\n"
		   "sinkholed messenger.hotmail.com nxdomain ::");
	scene_close(&s);
}

static void
one_good_address_among_bad_ones_is_enough(void)
{
	struct scene s = scene_open(NULL);

	ask(&s, 1, DISPATCH, DNS_A);
	answer(&s, 1, DNS_NOERROR, "127.0.0.1 64.4.13.50 0.0.0.0");
	EXPECT(&s, "asked messenger.hotmail.com\n"
		   "answered messenger.hotmail.com 64.4.13.50");
	CU_ASSERT_PTR_NULL(known(&s, "127.0.0.1"));
	CU_ASSERT_PTR_NOT_NULL(known(&s, "64.4.13.50"));
	scene_close(&s);
}

static void
a_bad_sinkhole_opens_nothing(void)
{
	const char *const wrong[] = {"sinkhole.example", NULL};
	struct resolve_opts opts = {.sinkholes = wrong};
	struct resolve *r = NULL;
	struct err e = {""};

	CU_ASSERT_EQUAL(resolve_open(&r, &opts, &e), -1);
	CU_ASSERT_PTR_NULL(r);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "sinkhole.example"));
}

void
suite_resolve(void)
{
	CU_pSuite s = suite_new("resolve");

	CASE(s, "a good answer settles at once", a_good_answer_settles_at_once);
	CASE(s, "loopback alone is sinkholed after a while",
	    loopback_alone_is_sinkholed_after_a_while);
	CASE(s, "every kind of dead end is told", every_kind_of_dead_end_is_told);
	CASE(s, "answers that say nothing are no verdict",
	    answers_that_say_nothing_are_no_verdict);
	CASE(s, "both families answered settle at once",
	    both_families_answered_settle_at_once);
	CASE(s, "a good family outweighs the other in any order",
	    a_good_family_outweighs_the_other_in_any_order);
	CASE(s, "a refusal waits for the next server",
	    a_refusal_waits_for_the_next_server);
	CASE(s, "servers asked side by side are waited for",
	    servers_asked_side_by_side_are_waited_for);
	CASE(s, "who asks again later is told again", who_asks_again_later_is_told_again);
	CASE(s, "repeats within a lookup are one", repeats_within_a_lookup_are_one);
	CASE(s, "a late answer is waited for like any",
	    a_late_answer_is_waited_for_like_any);
	CASE(s, "bad answers of an earlier lookup are over",
	    bad_answers_of_an_earlier_lookup_are_over);
	CASE(s, "a good answer after all is told", a_good_answer_after_all_is_told);
	CASE(s, "a kept answer outweighs later ones of the other family",
	    a_kept_answer_outweighs_later_ones_of_the_other_family);
	CASE(s, "a block put in place shows", a_block_put_in_place_shows);
	CASE(s, "one good address among bad ones is enough",
	    one_good_address_among_bad_ones_is_enough);
	CASE(s, "a bad sinkhole opens nothing", a_bad_sinkhole_opens_nothing);
}
