#include "tests/dialogue.h"
#include "tests/suite.h"

/* How far the sign-in machine believes what it hears. */

#define BIT(sign) (1U << SIGN_##sign)

static const struct signin_view whole = {.at_start = true};
static const struct signin_view middle = {0};

static enum confidence
proof(const struct signin_view *view, const char *script)
{
	struct signin s = dialogue_hear(view, script);

	return signin_proof(&s, view);
}

static void
a_switchboard_is_joined_when_it_says_so(void)
{
	static const char *const cases[] = {
	    "C USR 1 a@example.com 1.2.3\nS USR 1 OK a@example.com Ann\n",
	    "C USR 1 a@example.com;{0-0} 0011aabb\nS USR 1 OK a@example.com Ann\n",
	    "C ANS 1 a@example.com 1.2.3 99\nS IRO 1 1 1 b@example.com Bob\nS ANS 1 OK\n",
	    "C ANS 1 a@example.com 1.2.3 99\nS ANS 1 OK\n",
	};
	struct signin s;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = dialogue_hear(&whole, cases[i]);
		CU_ASSERT_TRUE(s.switchboard);
		CU_ASSERT_TRUE(s.joined);
		CU_ASSERT_EQUAL(s.stage, STAGE_NONE);
		CU_ASSERT_STRING_EQUAL(s.account, "a@example.com");
		CU_ASSERT_EQUAL(s.news, BIT(OPENED) | BIT(CONVERSATION));
		CU_ASSERT_EQUAL(signin_proof(&s, &whole), CONFIDENCE_CERTAIN);
	}
}

static void
a_switchboard_that_says_no_is_not_joined(void)
{
	struct signin s = dialogue_hear(&whole, "C USR 1 a@example.com 1.2.3\nS 911 1\n");

	CU_ASSERT_TRUE(s.switchboard);
	CU_ASSERT_FALSE(s.joined);
	CU_ASSERT_EQUAL(s.stage, STAGE_NONE);
	CU_ASSERT_FALSE(s.news & (BIT(REJECTED) | BIT(CONVERSATION)));
}

static void
a_switchboard_met_in_the_middle_is_joined_by_what_it_answers(void)
{
	struct signin s =
	    dialogue_hear(&middle, "C USR 4 a@example.com 1.2.3\nC MSG 5 A 9\nS ACK 5\n");

	CU_ASSERT_TRUE(s.joined);
	s = dialogue_hear(
	    &middle, "S USR 1 OK a@example.com Ann\nC USR 1 a@example.com 1.2.3\n");
	CU_ASSERT_TRUE(s.joined);
	CU_ASSERT_STRING_EQUAL(s.account, "a@example.com");
	CU_ASSERT_EQUAL(s.stage, STAGE_NONE);
}

static void
an_echo_is_no_service(void)
{
	static const char *const cases[] = {
	    "C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 5.0 MSMSGS a@example.com\n"
	    "S CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 5.0 MSMSGS a@example.com\n",
	    "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8 CVR0\nC USR 3 TWN I a@example.com\n"
	    "S USR 3 TWN I a@example.com\n",
	    "S USR 3 TWN I a@example.com\n",
	    "C USR 1 a@example.com 1.2.3\nS USR 1 a@example.com 1.2.3\n",
	    "C PNG\nS PNG\n",
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_TRUE(dialogue_hear(&whole, cases[i]).echo);
		CU_ASSERT_EQUAL(proof(&whole, cases[i]), CONFIDENCE_HINT);
		CU_ASSERT_EQUAL(proof(&middle, cases[i]), CONFIDENCE_HINT);
	}
}

static void
a_client_alone_is_signed_in_when_it_goes_on(void)
{
	static const char *const after[] = {
	    "SYN 5 0", "CHG 5 NLN", "ADL 5 10", "BLP 5 AL", "PUT 5 10", "UUX 5 10"};
	struct signin_view blind = {.at_start = true, .unseen = {false, true}};
	char script[512];
	struct signin s;
	size_t i;

	for (i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
		(void)snprintf(script, sizeof(script),
		    "C VER 1 MSNP12 CVR0\nC USR 3 TWN I a@example.com\n"
		    "C USR 4 TWN S y\nC %s\n",
		    after[i]);
		s = dialogue_hear(&blind, script);
		CU_ASSERT_EQUAL(s.stage, STAGE_YES);
		CU_ASSERT_EQUAL(dialogue_hear(&whole, script).stage, STAGE_CREDENTIAL);
	}
	s = dialogue_hear(
	    &blind, "C VER 1 MSNP12 CVR0\nC USR 3 TWN I a@example.com\nC SYN 5 0\n");
	CU_ASSERT_EQUAL(s.stage, STAGE_NAMED);
}

static void
a_service_alone_shows_what_it_answered(void)
{
	struct signin_view deaf = {.at_start = true, .unseen = {true, false}};
	struct signin s = dialogue_hear(&deaf,
	    "S VER 1 MSNP12\nS CVR 2 1 1 1 http://x http://y\nS USR 3 TWN S x\n"
	    "S USR 4 OK a@example.com 1 0\n");

	CU_ASSERT_EQUAL(s.stage, STAGE_YES);
	CU_ASSERT_EQUAL(s.dialect, 12);
	CU_ASSERT_STRING_EQUAL(s.account, "a@example.com");
	CU_ASSERT_EQUAL(
	    s.news, BIT(OPENED) | BIT(NAMED) | BIT(CHALLENGED) | BIT(SIGNED_IN));
	CU_ASSERT_NOT_EQUAL(signin_proof(&s, &deaf), CONFIDENCE_HINT);
	s = dialogue_hear(&deaf, "S VER 1 MSNP12\nS USR 3 TWN S x\nS 911 4\n");
	CU_ASSERT_EQUAL(s.stage, STAGE_NO);
	CU_ASSERT_EQUAL(s.error_code, 911);
}

static void
pairs_of_both_sides_show_a_session(void)
{
	static const char *const yes[] = {"C CHG 7 NLN\nS CHG 7 NLN 0\n",
	    "C PNG\nS QNG 50\n", "S QNG 50\nC PNG\n",
	    "C XFR 9 SB\nS XFR 9 SB 10.0.0.9:1863 CKI 1.2.3\n",
	    "C SYN 5 0 0\nS SYN 5 1 2\n"};
	static const char *const no[] = {"C PNG\n", "S QNG 50\n",
	    "C CHG 7 NLN\nS CHG 8 NLN 0\n", "C CHG 7 NLN\nC CHG 7 NLN 0\n",
	    "C CHG 7 NLN\nS CHG 7 NLN\n", "C MSG 7 N 3\nS MSG b@example.com Bob 3\n"};
	struct signin s;
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		s = dialogue_hear(&middle, yes[i]);
		CU_ASSERT_TRUE(s.in_session);
		CU_ASSERT_EQUAL(s.news, BIT(IN_SESSION));
		CU_ASSERT_EQUAL(signin_proof(&s, &middle), CONFIDENCE_CERTAIN);
	}
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		s = dialogue_hear(&middle, no[i]);
		CU_ASSERT_FALSE(s.in_session);
		CU_ASSERT_EQUAL(signin_proof(&s, &middle), CONFIDENCE_HINT);
	}
}

static void
an_error_met_in_the_middle_agrees_but_says_nothing_of_a_session(void)
{
	struct signin s = dialogue_hear(&middle, "C CHG 7 NLN\nS 201 7\n");

	CU_ASSERT_FALSE(s.in_session);
	CU_ASSERT_EQUAL(s.stage, STAGE_NONE);
}

/* Lines of a sign-in in the middle of a session are somebody's words. */
static void
who_is_inside_does_not_sign_in(void)
{
	static const char *const cases[] = {
	    "C PNG\nS QNG 50\nC USR 3 TWN I v@example.com\nS USR 3 TWN S x\n"
	    "C USR 4 TWN S y\nS USR 4 OK v@example.com 1 0\n",
	    "C CHG 3 NLN\nS CHG 3 NLN 0\nC VER 1 MSNP8 CVR0\nS VER 1 MSNP8\n"
	    "C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 5.0 MSMSGS v@example.com\n",
	    "C MSG 3 A 0\nS ACK 3\nC USR 4 v@example.com 1.2.3\n",
	    "C USR 9 SHA A ticket\nS USR 9 OK v@example.com 0 0\nC PNG\nS QNG 50\n",
	};
	struct signin s;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = dialogue_hear(&middle, cases[i]);
		CU_ASSERT_TRUE(s.in_session);
		CU_ASSERT_EQUAL(s.news, BIT(IN_SESSION));
		CU_ASSERT_EQUAL(s.stage, STAGE_NONE);
		CU_ASSERT_STRING_EQUAL(s.account, "");
	}
}

static void
contacts_are_never_the_account(void)
{
	struct signin s = dialogue_hear(&middle,
	    "C PNG\nS QNG 50\nS NLN NLN b@example.com Bob 0\nS FLN c@example.com\n"
	    "S RNG 1 10.0.0.9:1863 CKI 1.2 d@example.com Dan\nS ILN 7 NLN e@example.com "
	    "E\n"
	    "S JOI f@example.com F\nS UBX g@example.com 0\nC CAL 9 h@example.com\n");

	CU_ASSERT_STRING_EQUAL(s.account, "");
}

static void
proof_grows_with_what_is_said(void)
{
	CU_ASSERT_EQUAL(proof(&whole, "C VER 1 MSNP8 CVR0\n"), CONFIDENCE_LIKELY);
	CU_ASSERT_EQUAL(proof(&middle, "C VER 1 MSNP8 CVR0\n"), CONFIDENCE_HINT);
	CU_ASSERT_EQUAL(
	    proof(&whole, "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\n"), CONFIDENCE_CERTAIN);
	CU_ASSERT_EQUAL(
	    proof(&middle, "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8\n"), CONFIDENCE_CERTAIN);
	CU_ASSERT_EQUAL(proof(&whole, "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8 CVR0\n"),
	    CONFIDENCE_CERTAIN);
	CU_ASSERT_EQUAL(
	    proof(&middle, "C VER 1 MSNP8 CVR0\nS VER 1 MSNP8 CVR0\n"), CONFIDENCE_HINT);
	CU_ASSERT_EQUAL(proof(&whole, "C VER 1 2.0\n"), CONFIDENCE_HINT);
	CU_ASSERT_EQUAL(proof(&whole, "C USR 3 TWN I a@example.com\n"), CONFIDENCE_HINT);
	CU_ASSERT_EQUAL(
	    proof(&whole, "C VER 1 MSNP8 CVR0\nS VER 1 MSNP15\n") == CONFIDENCE_HINT, 0);
}

static void
a_dialect_that_was_not_offered_is_not_in_force(void)
{
	struct signin s =
	    dialogue_hear(&whole, "C VER 1 MSNP9 MSNP8 CVR0\nS VER 1 MSNP15\n");

	CU_ASSERT_EQUAL(s.dialect, 0);
	s = dialogue_hear(&whole, "C VER 1 MSNP9 MSNP8 CVR0\nS VER 1 CVR0 MSNP8 MSNP9\n");
	CU_ASSERT_EQUAL(s.dialect, 8);
}

static void
out_is_told_with_who_said_it(void)
{
	struct signin s = dialogue_hear(&whole, "C VER 1 MSNP8 CVR0\nC OUT\n");

	CU_ASSERT_TRUE(s.left && !s.dismissed);
	CU_ASSERT_TRUE(s.news & BIT(SIGNED_OUT));
	s = dialogue_hear(&whole, "C VER 1 MSNP8 CVR0\nS OUT OTH\n");
	CU_ASSERT_TRUE(!s.left && s.dismissed);
}

void
suite_evidence(void)
{
	CU_pSuite s = suite_new("evidence");

	CASE(s, "a switchboard is joined when it says so",
	    a_switchboard_is_joined_when_it_says_so);
	CASE(s, "a switchboard that says no is not joined",
	    a_switchboard_that_says_no_is_not_joined);
	CASE(s, "a switchboard met in the middle is joined by what it answers",
	    a_switchboard_met_in_the_middle_is_joined_by_what_it_answers);
	CASE(s, "an echo is no service", an_echo_is_no_service);
	CASE(s, "a client alone is signed in when it goes on",
	    a_client_alone_is_signed_in_when_it_goes_on);
	CASE(s, "a service alone shows what it answered",
	    a_service_alone_shows_what_it_answered);
	CASE(s, "pairs of both sides show a session", pairs_of_both_sides_show_a_session);
	CASE(s, "an error met in the middle says nothing of a session",
	    an_error_met_in_the_middle_agrees_but_says_nothing_of_a_session);
	CASE(s, "who is inside does not sign in", who_is_inside_does_not_sign_in);
	CASE(s, "contacts are never the account", contacts_are_never_the_account);
	CASE(s, "proof grows with what is said", proof_grows_with_what_is_said);
	CASE(s, "a dialect that was not offered is not in force",
	    a_dialect_that_was_not_offered_is_not_in_force);
	CASE(s, "OUT is told with who said it", out_is_told_with_who_said_it);
}
