#include "tests/dialogue.h"
#include "tests/suite.h"

#define BIT(sign) (1U << SIGN_##sign)

static const struct signin_view whole = {.at_start = true};

static void
expect(const struct signin *s, enum signin_stage stage, const char *account)
{
	CU_ASSERT_EQUAL(s->stage, stage);
	CU_ASSERT_STRING_EQUAL(s->account, account);
}

static void
each_generation_signs_in(void)
{
	static const struct {
		const char *script;
		uint8_t dialect;
	} cases[] = {
	    {"C VER 0 MSNP2 CVR0\nS VER 0 MSNP2\nC INF 1\nS INF 1 MD5 CTP\n"
	     "C USR 2 CTP I a@example.com\nS USR 2 CTP S\nC USR 3 CTP S secret\n"
	     "S USR 3 OK a@example.com Ann\n",
		2},
	    {"C VER 0 MSNP7 MSNP6 MSNP5 MSNP4 CVR0\nS VER 0 MSNP7\nC INF 1\nS INF 1 MD5\n"
	     "C USR 2 MD5 I a@example.com\nS USR 2 MD5 S 1234567890.1\n"
	     "C USR 3 MD5 S 0123456789abcdef0123456789abcdef\n"
	     "S USR 3 OK a@example.com Ann 1\n",
		7},
	    {"C VER 1 MSNP8 CVR0\nS VER 1 MSNP8 CVR0\n"
	     "C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 5.0.0544 MSMSGS a@example.com\n"
	     "S CVR 2 5.0.0544 5.0.0544 1.0.0000 http://x http://y\n"
	     "C USR 3 TWN I a@example.com\nS USR 3 TWN S lc=1033,id=507\n"
	     "C USR 4 TWN S t=x&p=y\nS USR 4 OK a@example.com Ann 1 0\n",
		8},
	    {"C VER 1 MSNP12 MSNP11 MSNP10 CVR0\nS VER 1 MSNP12\n"
	     "C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs a@example.com\n"
	     "S CVR 2 7.5.0324 7.5.0324 1.0.0000 http://x http://y\n"
	     "C USR 3 TWN I a@example.com\nS USR 3 TWN S lc=1033\n"
	     "C USR 4 TWN S t=x&p=y\nS USR 4 OK a@example.com 1 0\n",
		12},
	    {"C VER 1 MSNP18 MSNP17 CVR0\nS VER 1 MSNP18\n"
	     "C CVR 2 0x0409 winnt 6.0 i386 MSNMSGR 14.0.8117.0416 msmsgs a@example.com\n"
	     "S CVR 2 14.0 14.0 14.0 http://x http://y\n"
	     "C USR 3 SSO I a@example.com\nS USR 3 SSO S MBI_KEY_OLD AAAA\n"
	     "C USR 4 SSO S t=x HAAAAAEAAAAD {0-0}\nS USR 4 OK 1:a@example.com 1 0\n",
		18},
	};
	struct signin s;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = dialogue_hear(&whole, cases[i].script);
		expect(&s, STAGE_YES, "a@example.com");
		CU_ASSERT_EQUAL(s.dialect, cases[i].dialect);
		CU_ASSERT_EQUAL(
		    s.news, BIT(OPENED) | BIT(NAMED) | BIT(CHALLENGED) | BIT(SIGNED_IN));
		CU_ASSERT_EQUAL(signin_proof(&s, &whole), CONFIDENCE_CERTAIN);
		CU_ASSERT_TRUE(s.answered);
		CU_ASSERT_EQUAL(s.alien, 0);
	}
}

static void
what_the_client_claims_is_kept(void)
{
	struct signin s = dialogue_hear(&whole,
	    "C VER 1 MSNP12 MSNP11 CVR0\n"
	    "C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs A@Example.com\n");

	CU_ASSERT_STRING_EQUAL(s.client.name, "MSNMSGR");
	CU_ASSERT_STRING_EQUAL(s.client.version, "7.5.0324");
	CU_ASSERT_STRING_EQUAL(s.client.brand, "msmsgs");
	CU_ASSERT_STRING_EQUAL(s.client.os, "winnt 5.1");
	CU_ASSERT_STRING_EQUAL(s.client.locale, "0x0409");
	CU_ASSERT_STRING_EQUAL(s.client.arch, "i386");
	CU_ASSERT_STRING_EQUAL(s.client.product, "MSN Messenger 7.5");
	CU_ASSERT_EQUAL(s.n_offered, 2);
	CU_ASSERT_EQUAL(s.offered[0], 12);
	CU_ASSERT_EQUAL(s.offered[1], 11);
	expect(&s, STAGE_OFFERED, "a@example.com");
}

static void
the_best_source_names_the_account(void)
{
	struct signin s = dialogue_hear(&whole,
	    "C VER 1 MSNP8 CVR0\n"
	    "C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 5.0 MSMSGS old@example.com\n"
	    "C USR 3 TWN I typed@example.com\n"
	    "C CVR 4 0x0409 winnt 5.1 i386 MSNMSGR 5.0 MSMSGS old@example.com\n");

	expect(&s, STAGE_NAMED, "typed@example.com");
	s = dialogue_hear(&whole,
	    "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\nC USR 3 TWN I typed@example.com\n"
	    "S USR 3 TWN S x\nC USR 4 TWN S y\nS USR 4 OK true@example.com Ann 1 0\n");
	expect(&s, STAGE_YES, "true@example.com");
	s = dialogue_hear(&whole, "C VER 1 MSNP8 CVR0\nC USR 3 TWN I nobody\n");
	expect(&s, STAGE_NAMED, "");
}

static void
a_redirect_is_neither_yes_nor_no(void)
{
	struct signin s = dialogue_hear(&whole,
	    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 3 TWN I a@example.com\n"
	    "S XFR 3 NS 10.0.0.5:1864 0 10.0.0.1:1863\n");

	expect(&s, STAGE_NAMED, "a@example.com");
	CU_ASSERT_EQUAL(s.news, BIT(OPENED) | BIT(NAMED) | BIT(REDIRECTED));
	CU_ASSERT_EQUAL(s.redirect.port, 1864);
	s = dialogue_hear(&whole,
	    "C VER 1 MSNP21 CVR0\nS VER 1 MSNP21\nC USR 3 SSO I a@example.com\n"
	    "S XFR 3 NS x.gateway.edge.messenger.live.com:80 G D AAAA\n");
	CU_ASSERT_TRUE(s.news & BIT(REDIRECTED));
	CU_ASSERT_TRUE(addr_is_unset(&s.redirect.addr));
}

static void
a_switchboard_grant_is_no_redirect(void)
{
	struct signin s = dialogue_hear(&whole,
	    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 3 TWN I a@example.com\n"
	    "S USR 3 TWN S x\nC USR 4 TWN S y\nS USR 4 OK a@example.com 1 0\n"
	    "C XFR 5 SB\nS XFR 5 SB 10.0.0.9:1863 CKI 1.2.3\n");

	CU_ASSERT_FALSE(s.news & BIT(REDIRECTED));
	expect(&s, STAGE_YES, "a@example.com");
}

static void
a_restart_on_the_same_connection_begins_again(void)
{
	struct signin s = dialogue_hear(&whole,
	    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 3 TWN I a@example.com\n"
	    "S XFR 0 NS 0\nC VER 4 MSNP10\nS VER 4 MSNP10\n"
	    "C USR 5 TWN I a@example.com\nS USR 5 TWN S x\nC USR 6 TWN S y\n"
	    "S USR 6 OK a@example.com 1 0\n");

	expect(&s, STAGE_YES, "a@example.com");
	CU_ASSERT_EQUAL(s.dialect, 10);
	CU_ASSERT_FALSE(s.news & BIT(REDIRECTED));
}

static void
errors_of_the_sign_in_are_a_no(void)
{
	static const struct {
		const char *script;
		uint16_t code;
	} cases[] = {
	    {"C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\nC USR 2 TWN I a@example.com\n"
	     "S USR 2 TWN S x\nC USR 3 TWN S y\nS 911 3\n",
		911},
	    {"C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\nC USR 2 TWN I a@example.com\nS 928 2\n",
		928},
	    {"C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\nC CVR 2 x\nS 731 2\n", 731},
	    {"C VER 1 MSNP8 CVR0\nS 601 1\n", 601},
	    {"C VER 1 MSNP8 CVR0\nS VER 1 0\n", 0},
	    {"C VER 1 MSNP8 CVR0\nS VER 1 CVR0\n", 0},
	    {"C VER 0 MSNP7 CVR0\nS VER 0 MSNP7\nC INF 1\nS 502 1\n", 502},
	};
	struct signin s;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = dialogue_hear(&whole, cases[i].script);
		CU_ASSERT_EQUAL(s.stage, STAGE_NO);
		CU_ASSERT_EQUAL(s.error_code, cases[i].code);
		CU_ASSERT_TRUE(s.news & BIT(REJECTED));
		CU_ASSERT_EQUAL(signin_proof(&s, &whole), CONFIDENCE_CERTAIN);
	}
}

static void
errors_of_other_commands_are_not(void)
{
	static const char *const cases[] = {
	    "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\nC USR 2 TWN I a@example.com\n"
	    "S USR 2 TWN S x\nC USR 3 TWN S y\nS USR 3 OK a@example.com Ann 1 0\n"
	    "C USR 4 SHA A ticket\nS 911 4\n",
	    "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\nC USR 2 TWN I a@example.com\n"
	    "S USR 2 TWN S x\nC USR 3 TWN S y\nS USR 3 OK a@example.com Ann 1 0\n"
	    "C XFR 4 SB\nS 913 4\n",
	};
	struct signin s;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = dialogue_hear(&whole, cases[i]);
		CU_ASSERT_EQUAL(s.stage, STAGE_YES);
		CU_ASSERT_EQUAL(s.error_code, 0);
		CU_ASSERT_FALSE(s.news & BIT(REJECTED));
	}
	s = dialogue_hear(&whole,
	    "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\nC PNG\nC CHG 7 NLN\nS 201 7\nS 911 99\n");
	CU_ASSERT_EQUAL(s.stage, STAGE_OFFERED);
}

static void
a_second_yes_is_no_news(void)
{
	struct msnp_line line;
	struct signin s = dialogue_hear(&whole,
	    "C VER 1 MSNP18 CVR0\nS VER 1 MSNP18\nC USR 2 SSO I a@example.com\n"
	    "S USR 2 SSO S x y\nC USR 3 SSO S t=x y\nS USR 3 OK a@example.com 1 0\n");

	s.news = 0;
	(void)msnp_line(bytes_str("USR 4 SHA A x\r\n"), &line);
	signin_line(&s, &whole, SIDE_CLIENT, &line);
	(void)msnp_line(bytes_str("USR 4 OK a@example.com 0 0\r\n"), &line);
	signin_line(&s, &whole, SIDE_SERVER, &line);
	CU_ASSERT_EQUAL(s.news, 0);
	expect(&s, STAGE_YES, "a@example.com");
}

static void
several_commands_at_once_are_answered_later(void)
{
	struct signin s = dialogue_hear(&whole,
	    "C VER 1 MSNP15 CVR0\n"
	    "C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 8.5.1302 BC01 a@example.com\n"
	    "C USR 3 SSO I a@example.com\n"
	    "S VER 1 MSNP15\nS CVR 2 1 1 1 http://x http://y\nS GCF 0 0\n"
	    "S USR 3 SSO S MBI_KEY_OLD AAAA\nC USR 4 SSO S t=x y\n"
	    "S USR 4 OK a@example.com 1 0\n");

	expect(&s, STAGE_YES, "a@example.com");
	CU_ASSERT_EQUAL(s.dialect, 15);
	CU_ASSERT_STRING_EQUAL(s.client.product, "Pidgin");
}

static void
answers_may_be_captured_before_their_questions(void)
{
	struct signin s =
	    dialogue_hear(&whole, "S VER 1 MSNP12\nC VER 1 MSNP12 CVR0\n"
				  "S USR 3 TWN S x\nC USR 3 TWN I a@example.com\n"
				  "S USR 4 OK a@example.com 1 0\nC USR 4 TWN S y\n");

	expect(&s, STAGE_YES, "a@example.com");
	CU_ASSERT_EQUAL(s.dialect, 12);
	CU_ASSERT_EQUAL(signin_proof(&s, &whole), CONFIDENCE_CERTAIN);
	s = dialogue_hear(&whole,
	    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 2 TWN I a@example.com\n"
	    "S USR 2 TWN S x\nS 911 3\nC USR 3 TWN S y\n");
	CU_ASSERT_EQUAL(s.stage, STAGE_NO);
	CU_ASSERT_EQUAL(s.error_code, 911);
	s = dialogue_hear(
	    &whole, "S 911 2\nC VER 1 MSNP12 CVR0\nC USR 2 TWN I a@example.com\n");
	CU_ASSERT_EQUAL(s.stage, STAGE_NO);
}

void
suite_signin(void)
{
	CU_pSuite s = suite_new("signin");

	CASE(s, "each generation signs in", each_generation_signs_in);
	CASE(s, "what the client claims is kept", what_the_client_claims_is_kept);
	CASE(s, "the best source names the account", the_best_source_names_the_account);
	CASE(s, "a redirect is neither yes nor no", a_redirect_is_neither_yes_nor_no);
	CASE(s, "a switchboard grant is no redirect", a_switchboard_grant_is_no_redirect);
	CASE(s, "a restart on the same connection begins again",
	    a_restart_on_the_same_connection_begins_again);
	CASE(s, "errors of the sign-in are a no", errors_of_the_sign_in_are_a_no);
	CASE(s, "errors of other commands are not", errors_of_other_commands_are_not);
	CASE(s, "a second yes is no news", a_second_yes_is_no_news);
	CASE(s, "several commands at once are answered later",
	    several_commands_at_once_are_answered_later);
	CASE(s, "answers may be captured before their questions",
	    answers_may_be_captured_before_their_questions);
}
