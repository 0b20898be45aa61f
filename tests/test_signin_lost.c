/* A sign-in whose yes the capture lost, and who may stand witness for it. */
#include "tests/dialogue.h"
#include "tests/suite.h"

static const char begun[] =
    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\n"
    "C USR 3 TWN I a@example.com\nS USR 3 TWN S lc=1033\nC USR 4 TWN S t=x&p=y\n";

static enum signin_stage
stage_after(bool lossy, const char *line)
{
	struct signin_view view = {.at_start = true};
	char script[512];

	view.lossy[SIDE_SERVER] = lossy;
	(void)snprintf(script, sizeof(script), "%s%s\n", begun, line);
	return (enum signin_stage)dialogue_hear(&view, script).stage;
}

static const char *const witnesses[] = {"S SBS 0 null", "S ILN 7 NLN b@example.com Bob 0",
    "S NLN NLN b@example.com Bob 0", "S CHL 0 15570131571988941333",
    "S LST N=b@example.com F=Bob 3 0", "S QNG 50", "S MSG Hotmail Hotmail 500"};

static void
what_only_members_are_told_stands_for_the_yes_that_was_lost(void)
{
	size_t i;

	for (i = 0; i < sizeof(witnesses) / sizeof(witnesses[0]); i++)
		CU_ASSERT_EQUAL(stage_after(true, witnesses[i]), STAGE_YES);
}

static void
where_nothing_is_lost_only_the_yes_counts(void)
{
	size_t i;

	for (i = 0; i < sizeof(witnesses) / sizeof(witnesses[0]); i++)
		CU_ASSERT_NOT_EQUAL(stage_after(false, witnesses[i]), STAGE_YES);
	CU_ASSERT_EQUAL(stage_after(false, "S USR 4 OK a@example.com 1 0"), STAGE_YES);
}

static void
what_anybody_is_told_is_no_witness(void)
{
	static const char *const others[] = {"S XFR 5 NS 10.0.0.1:1863 0 10.0.0.2:1863",
	    "S MSG b@example.com Bob 80", "S MSG Hotmail Hotmail", "S GCF 0 10", "C PNG",
	    "S USR 4"};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CU_ASSERT_NOT_EQUAL(stage_after(true, others[i]), STAGE_YES);
}

void
suite_signin_lost(void)
{
	CU_pSuite s = suite_new("signin_lost");

	CASE(s, "what only members are told stands for the yes that was lost",
	    what_only_members_are_told_stands_for_the_yes_that_was_lost);
	CASE(s, "where nothing is lost only the yes counts",
	    where_nothing_is_lost_only_the_yes_counts);
	CASE(s, "what anybody is told is no witness", what_anybody_is_told_is_no_witness);
}
