#include "detect/talk.h"
#include "tests/guard.h"
#include "tests/suite.h"

/* However a dialogue's bytes are cut, the same is understood. */

struct turn {
	enum side side;
	const char *text;
};

#define C SIDE_CLIENT
#define S SIDE_SERVER

static const struct turn dialogue[] = {
    {C, "VER 1 MSNP12 MSNP11 CVR0\r\n"},
    {S, "VER 1 MSNP12\r\n"},
    {C, "CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs a@example.com\n"
	"USR 3 TWN I a@example.com\r\n"},
    {S, "CVR 2 7.5.0324 7.5.0324 1.0.0000 http://x http://y\r\n"
	"GCF 0 12\r\nUSR 9 OK x@yUSR 3 TWN S lc=1033\r\n"},
    {C, "USR 4 TWN S t=x&p=y\r\n\r\n"},
    {S, "USR 4 OK a@example.com 1 0\r\nMSG Hotmail Hotmail 31\r\n"
	"USR 5 OK v@example.com 1 0\r\nOUTSBS 0 null\rUBX b@example.com 3\r\nOUT"},
    {C, "QRY 5 PROD0119GSJUC$18 32\r\n0123456789abcdef0123456789abcdefXFR 6 SB\r\n"},
    {S, "QRY 5\r\nXFR 6 SB 10.0.0.9:1863 CKI 1.2.3\r\n"},
    {C, "MSG 7 A 5\r\nOUT\r\nPNG\r\n"},
    {S, "QNG 50\r\n"},
    {C, "OUT\r\n"},
};

#define TURNS (sizeof(dialogue) / sizeof(dialogue[0]))

struct window {
	struct talk talk;
	uint8_t waiting[2][512];
	size_t n[2];
	uint64_t skip[2];
};

static void
push(struct window *w, enum side side, const char *p, size_t n)
{
	size_t skip = w->skip[side] < n ? (size_t)w->skip[side] : n;
	uint64_t done = 0, step;

	w->skip[side] -= skip;
	memcpy(w->waiting[side] + w->n[side], p + skip, n - skip);
	w->n[side] += n - skip;
	do {
		step = talk_feed(&w->talk, side,
		    guard_copy(w->waiting[side] + done, w->n[side] - (size_t)done), 0);
		done += step;
	} while (step != 0 && done < w->n[side]);
	if (done > w->n[side]) {
		w->skip[side] = done - w->n[side];
		done = w->n[side];
	}
	w->n[side] -= (size_t)done;
	memmove(w->waiting[side], w->waiting[side] + done, w->n[side]);
}

/* The whole dialogue, each turn cut as size and offset say. */
static struct signin
cut(size_t size, size_t offset)
{
	static struct window w;
	size_t i, at, n, all;

	memset(&w, 0, sizeof(w));
	talk_begin(&w.talk, 1, PATH_DIRECT, true);
	for (i = 0; i < TURNS; i++) {
		all = strlen(dialogue[i].text);
		for (at = 0; at < all; at += n) {
			n = at == 0 && offset != 0 ? offset : size;
			n = n < all - at ? n : all - at;
			push(&w, dialogue[i].side, dialogue[i].text + at, n);
		}
	}
	CU_ASSERT_FALSE(w.talk.hopeless);
	CU_ASSERT_EQUAL(w.n[0] + w.n[1], 0);
	return w.talk.said;
}

static bool
same_pending(const struct signin *a, const struct signin *b)
{
	size_t side, i;

	for (side = 0; side < 2; side++)
		for (i = 0; i < SIGNIN_PENDING; i++) {
			const struct pending *p = &a->pending[side][i];
			const struct pending *q = &b->pending[side][i];

			if (p->code != q->code || p->trid != q->trid ||
			    p->print != q->print || p->error != q->error)
				return false;
		}
	return true;
}

static void
expect_same(const struct signin *a, const struct signin *b)
{
	CU_ASSERT_STRING_EQUAL(a->account, b->account);
	CU_ASSERT_EQUAL(a->stage, b->stage);
	CU_ASSERT_EQUAL(a->dialect, b->dialect);
	CU_ASSERT_EQUAL(a->news, b->news);
	CU_ASSERT_EQUAL(a->alien, b->alien);
	CU_ASSERT_EQUAL(a->left, b->left);
	CU_ASSERT_EQUAL(a->dismissed, b->dismissed);
	CU_ASSERT_EQUAL(a->switchboard, b->switchboard);
	CU_ASSERT_EQUAL(a->n_offered, b->n_offered);
	CU_ASSERT_EQUAL(memcmp(a->offered, b->offered, sizeof(a->offered)), 0);
	CU_ASSERT_EQUAL(memcmp(&a->client, &b->client, sizeof(a->client)), 0);
	CU_ASSERT_TRUE(same_pending(a, b));
}

static void
the_dialogue_is_understood(void)
{
	struct signin s = cut(512, 0);

	CU_ASSERT_EQUAL(s.stage, STAGE_YES);
	CU_ASSERT_STRING_EQUAL(s.account, "a@example.com");
	CU_ASSERT_EQUAL(s.dialect, 12);
	CU_ASSERT_TRUE(s.left);
	CU_ASSERT_FALSE(s.dismissed);
	CU_ASSERT_EQUAL(s.alien, 0);
}

static void
pieces_of_every_size_say_the_same(void)
{
	struct signin whole = cut(512, 0), s;
	size_t size;

	for (size = 1; size < 120; size++) {
		s = cut(size, 0);
		expect_same(&whole, &s);
	}
}

static void
a_cut_at_every_byte_says_the_same(void)
{
	struct signin whole = cut(512, 0), s;
	size_t offset;

	for (offset = 1; offset < 160; offset++) {
		s = cut(512, offset);
		expect_same(&whole, &s);
	}
}

void
suite_talk_splits(void)
{
	CU_pSuite s = suite_new("talk_splits");

	CASE(s, "the dialogue is understood", the_dialogue_is_understood);
	CASE(s, "pieces of every size say the same", pieces_of_every_size_say_the_same);
	CASE(s, "a cut at every byte says the same", a_cut_at_every_byte_says_the_same);
}
