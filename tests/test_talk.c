#include "detect/talk.h"
#include "tests/dialogue.h"
#include "tests/guard.h"
#include "tests/suite.h"

/* A dialogue whose bytes wait in a window, as a stream's do. */
struct ear {
	struct talk talk;
	uint8_t waiting[2][4096];
	size_t n[2];
	uint64_t skip[2];
};

static void
begin(struct ear *e, bool at_start)
{
	memset(e, 0, sizeof(*e));
	talk_begin(&e->talk, 1, PATH_DIRECT, at_start);
}

static void
hear_bytes(struct ear *e, enum side side, const char *p, size_t size, uint64_t lost)
{
	size_t skip = e->skip[side] < size ? (size_t)e->skip[side] : size;
	uint8_t *w = e->waiting[side];
	uint64_t done, n;

	e->skip[side] -= skip;
	memcpy(w + e->n[side], p + skip, size - skip);
	e->n[side] += size - skip;
	done = n = talk_feed(&e->talk, side, guard_copy(w, e->n[side]), lost);
	while (n != 0 && done < e->n[side]) {
		n = talk_feed(&e->talk, side, guard_copy(w + done, e->n[side] - done), 0);
		done += n;
	}
	if (done > e->n[side]) {
		e->skip[side] = done - e->n[side];
		done = e->n[side];
	}
	e->n[side] -= (size_t)done;
	memmove(w, w + done, e->n[side]);
}

static void
hear_text(struct ear *e, enum side side, const char *text)
{
	hear_bytes(e, side, text, strlen(text), 0);
}

static void
hear_after_loss(struct ear *e, enum side side, const char *text)
{
	hear_bytes(e, side, text, strlen(text), 100);
}

static void
hear(struct ear *e, const char *script)
{
	char text[DIALOGUE_LINE_MAX];
	enum side side;

	while (dialogue_next(&script, &side, text))
		hear_text(e, side, text);
}

static const char *const signed_in =
    "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 3 TWN I a@example.com\n"
    "S USR 3 TWN S x\nC USR 4 TWN S y\nS USR 4 OK a@example.com 1 0\n";

static void
expect_account(const struct ear *e, const char *account)
{
	CU_ASSERT_STRING_EQUAL(e->talk.said.account, account);
	CU_ASSERT_FALSE(e->talk.hopeless);
}

static void
payloads_are_stepped_over_wherever_they_end(void)
{
	static const char head[] = "MSG 5 A 70000\r\n";
	static char body[70001];
	struct ear e;
	uint64_t done;

	begin(&e, true);
	hear(&e, signed_in);
	done = talk_feed(&e.talk, SIDE_CLIENT, guard_copy(head, sizeof(head) - 1), 0);
	CU_ASSERT_EQUAL(done, sizeof(head) - 1 + 70000);
	hear_text(&e, SIDE_CLIENT, "OUT\r\n");
	CU_ASSERT_TRUE(e.talk.said.left);
	begin(&e, true);
	hear(&e, signed_in);
	memset(body, '\n', sizeof(body));
	memcpy(body, head, sizeof(head) - 1);
	done = talk_feed(&e.talk, SIDE_CLIENT, guard_copy(body, 5000), 0);
	CU_ASSERT_EQUAL(done, sizeof(head) - 1 + 70000);
}

static void
text_in_a_payload_is_never_a_line(void)
{
	static const char quoted[] =
	    "MSG 5 A 40\r\n\r\nUSR 3 TWN I victim@example.com\r\nOUT\r\nxOUT\r\n";
	struct ear e;

	begin(&e, false);
	hear(&e, "C PNG\nS QNG 50\n");
	hear_text(&e, SIDE_CLIENT, quoted);
	expect_account(&e, "");
	CU_ASSERT_TRUE(e.talk.said.in_session);
	CU_ASSERT_TRUE(e.talk.said.left);
}

static void
a_line_waits_until_it_is_whole(void)
{
	struct ear e;

	begin(&e, true);
	CU_ASSERT_EQUAL(
	    talk_feed(&e.talk, SIDE_CLIENT, bytes_str("VER 1 MSNP8 CV"), 0), 0);
	CU_ASSERT_EQUAL(
	    talk_feed(&e.talk, SIDE_CLIENT, bytes_str("VER 1 MSNP8 CVR0\r\nUS"), 0), 18);
	CU_ASSERT_EQUAL(e.talk.said.stage, STAGE_OFFERED);
}

/* However the line ends, and wherever the cut falls. */
static void
an_overlong_line_is_cut_and_the_next_one_read(void)
{
	static const char *const ends[] = {"\r\n", "\n", "\r"};
	static char line[MSNP_LINE_MAX + 20];
	struct ear e;
	size_t n, i;
	int out;

	for (n = MSNP_LINE_MAX - 4; n < MSNP_LINE_MAX + 4; n++)
		for (i = 0; i < 3; i++) {
			begin(&e, true);
			hear(&e, signed_in);
			memset(line, 'x', n);
			memcpy(line, "PRP 5 MFN ", 10);
			out = snprintf(line + n, 20, "%sOUT\r\nZ", ends[i]);
			CU_ASSERT_EQUAL(talk_feed(&e.talk, SIDE_CLIENT,
					    guard_copy(line, n + (size_t)out), 0),
			    n + (size_t)out - 1);
			CU_ASSERT_TRUE(e.talk.said.left);
			CU_ASSERT_EQUAL(e.talk.cut, n >= MSNP_LINE_MAX);
		}
}

static void
after_a_loss_two_good_lines_are_needed(void)
{
	struct ear e;

	begin(&e, false);
	hear(&e, "C PNG\nS QNG 50\n");
	hear_after_loss(
	    &e, SIDE_CLIENT, "chat\r\nUSR 3 TWN I victim@example.com\r\nbye\r\n");
	expect_account(&e, "");
	hear_text(&e, SIDE_CLIENT, "CHG 9 NLN\r\nPNG\r\nOUT\r\n");
	CU_ASSERT_TRUE(e.talk.said.left);
	CU_ASSERT_FALSE(e.talk.reader[SIDE_CLIENT].lost);
}

static void
after_a_loss_a_line_that_is_answered_is_believed(void)
{
	struct ear e;

	begin(&e, true);
	hear(&e, "C VER 1 MSNP12 CVR0\nS VER 1 MSNP12\nC USR 3 TWN I a@example.com\n"
		 "S USR 3 TWN S x\nC USR 4 TWN S y\n");
	hear_after_loss(&e, SIDE_SERVER, "tail\r\nUSR 4 OK a@example.com 1 0\r\n");
	CU_ASSERT_EQUAL(e.talk.said.stage, STAGE_YES);
}

static void
a_wrong_length_does_not_turn_chat_into_a_sign_in(void)
{
	static const char text[] = "Hello\r\nUSR 3 TWN I victim@example.com\r\nyou\r\n";
	char line[128];
	struct ear e;
	size_t n;

	for (n = 0; n < sizeof(text) + 20; n++) {
		begin(&e, false);
		hear(&e, "C PNG\nS QNG 50\n");
		(void)snprintf(line, sizeof(line), "MSG 5 A %zu\r\n%s", n, text);
		hear_text(&e, SIDE_CLIENT, line);
		hear(&e, "C CHG 9 NLN\nC PNG\nC PNG\n");
		CU_ASSERT_STRING_EQUAL(e.talk.said.account, "");
	}
}

static void
what_is_no_msnp_is_given_up(void)
{
	static const char *const cases[] = {"GET / HTTP/1.0\r\n", "VER 1.0\r\n",
	    "VER 5 MSNFTP\r\n", "VERSION 2\r\n", "USR 1 2\r\n", "ANS hello there\r\n",
	    "\x16\x03\x01", "VER 1 MSNP\r\n", "VER 1 MSNP100\r\n", "VER 1 MSNP8x\r\n",
	    "VER -1\r\n"};
	struct ear e;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&e, true);
		hear_text(&e, SIDE_CLIENT, cases[i]);
		CU_ASSERT_TRUE(e.talk.hopeless);
		CU_ASSERT_EQUAL(talk_news(&e.talk), 0);
	}
}

static void
a_dialogue_without_proof_is_given_up_in_the_end(void)
{
	struct ear e;
	int i;

	begin(&e, false);
	for (i = 0; i < TALK_DOUBT_LINES && !e.talk.hopeless; i++)
		hear_text(&e, SIDE_CLIENT, "MSG 5 A 0\r\n");
	CU_ASSERT_FALSE(e.talk.hopeless);
	hear_text(&e, SIDE_CLIENT, "MSG 5 A 0\r\n");
	CU_ASSERT_TRUE(e.talk.hopeless);
}

static void
a_proven_dialogue_survives_rubbish(void)
{
	struct ear e;

	begin(&e, true);
	hear(&e, signed_in);
	hear_text(&e, SIDE_CLIENT, "\x80\x81\x82 rubbish\r\nmore of it\r\n");
	CU_ASSERT_FALSE(e.talk.hopeless);
	CU_ASSERT_TRUE(e.talk.reader[SIDE_CLIENT].lost);
	hear(&e, "C PNG\nC OUT\n");
	CU_ASSERT_TRUE(e.talk.said.left);
}

static void
news_wait_for_proof_and_are_told_once(void)
{
	struct ear e;

	begin(&e, false);
	hear(&e, "C VER 1 MSNP12 CVR0\n");
	CU_ASSERT_EQUAL(talk_news(&e.talk), 0);
	CU_ASSERT_FALSE(e.talk.told);
	hear(&e, "S VER 1 MSNP12\n");
	CU_ASSERT_EQUAL(talk_news(&e.talk), 1U << SIGN_OPENED);
	CU_ASSERT_TRUE(e.talk.told);
	CU_ASSERT_EQUAL(talk_news(&e.talk), 0);
}

static void
news_are_told_as_of_their_line(void)
{
	static const char text[] = "VER 1 MSNP12 CVR0\r\nOUT\r\n";
	struct bytes in = guard_copy(text, sizeof(text) - 1);
	struct ear e;

	begin(&e, true);
	CU_ASSERT_EQUAL(talk_feed(&e.talk, SIDE_CLIENT, in, 0), 19);
	CU_ASSERT_FALSE(e.talk.said.left);
	CU_ASSERT_EQUAL(talk_news(&e.talk), 1U << SIGN_OPENED);
	CU_ASSERT_EQUAL(talk_feed(&e.talk, SIDE_CLIENT, bytes_skip(in, 19), 0), 5);
	CU_ASSERT_EQUAL(talk_news(&e.talk), 1U << SIGN_SIGNED_OUT);
	CU_ASSERT_TRUE(e.talk.said.left);
}

void
suite_talk(void)
{
	CU_pSuite s = suite_new("talk");

	CASE(s, "payloads are stepped over wherever they end",
	    payloads_are_stepped_over_wherever_they_end);
	CASE(s, "text in a payload is never a line", text_in_a_payload_is_never_a_line);
	CASE(s, "a line waits until it is whole", a_line_waits_until_it_is_whole);
	CASE(s, "an overlong line is cut and the next one read",
	    an_overlong_line_is_cut_and_the_next_one_read);
	CASE(s, "after a loss two good lines are needed",
	    after_a_loss_two_good_lines_are_needed);
	CASE(s, "after a loss a line that is answered is believed",
	    after_a_loss_a_line_that_is_answered_is_believed);
	CASE(s, "a wrong length does not turn chat into a sign-in",
	    a_wrong_length_does_not_turn_chat_into_a_sign_in);
	CASE(s, "what is no MSNP is given up", what_is_no_msnp_is_given_up);
	CASE(s, "a dialogue without proof is given up in the end",
	    a_dialogue_without_proof_is_given_up_in_the_end);
	CASE(s, "a proven dialogue survives rubbish", a_proven_dialogue_survives_rubbish);
	CASE(s, "news wait for proof and are told once",
	    news_wait_for_proof_and_are_told_once);
	CASE(s, "news are told as of their line", news_are_told_as_of_their_line);
}
