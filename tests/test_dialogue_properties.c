/*
 * A whole sign-in with a conversation comes to the same attempt however its bytes are cut
 * into segments; and with any segment lost it is at most one attempt, of nobody else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/expect.h"
#include "tests/suite.h"

#define PROFILE "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsprofile\r\n\r\n"
#define CHAT                                                             \
	"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nlook:\r\n" \
	"USR 3 TWN I victim@example.com\r\n"

_Static_assert(sizeof(CHAT) - 1 == 86, "as the turns below say");
_Static_assert(sizeof(PROFILE "\r\n") - 1 == 59, "as the turns below say");

enum where { SERVICE, BOARD };

struct turn {
	enum where where;
	enum side side;
	const char *text;
};

static const struct turn turns[] = {
    {SERVICE, SIDE_CLIENT, "VER 1 MSNP12 MSNP11 CVR0\r\n"},
    {SERVICE, SIDE_SERVER, "VER 1 MSNP12\r\n"},
    {SERVICE, SIDE_CLIENT,
	"CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs a@example.com\r\n"},
    {SERVICE, SIDE_SERVER, "CVR 2 7.5.0324 7.5.0324 1.0 http://a/ http://b/\r\n"},
    {SERVICE, SIDE_CLIENT, "USR 3 TWN I a@example.com\r\n"},
    {SERVICE, SIDE_SERVER, "GCF 0 6\r\n<a />\nUSR 3 TWN S ct=1,rver=1,lc=1,id=1\r\n"},
    {SERVICE, SIDE_CLIENT, "USR 4 TWN S t=ticket&p=profile\r\n"},
    {SERVICE, SIDE_SERVER, "USR 4 OK a@example.com 1 0\r\n"},
    {SERVICE, SIDE_SERVER, "MSG Hotmail Hotmail 59\r\n" PROFILE "\r\n"},
    {SERVICE, SIDE_CLIENT, "SYN 5 0 0\r\nCHG 6 NLN 0\r\n"},
    {SERVICE, SIDE_SERVER, "SYN 5 1 1 1\r\nCHG 6 NLN 0\r\nCHL 0 1663122458434562\r\n"},
    {SERVICE, SIDE_CLIENT,
	"QRY 7 PROD0090YUAUV{2B 32\r\n0123456789abcdef0123456789abcdef"},
    {SERVICE, SIDE_SERVER, "QRY 7\r\nILN 6 NLN b@example.com B 0\r\n"},
    {SERVICE, SIDE_CLIENT, "XFR 8 SB\r\n"},
    {SERVICE, SIDE_SERVER, "XFR 8 SB 64.4.13.60:1863 CKI 17.1.2\r\n"},
    {BOARD, SIDE_CLIENT, "USR 1 a@example.com 17.1.2\r\n"},
    {BOARD, SIDE_SERVER, "USR 1 OK a@example.com A\r\n"},
    {BOARD, SIDE_CLIENT, "CAL 2 b@example.com\r\n"},
    {BOARD, SIDE_SERVER, "CAL 2 RINGING 17\r\nJOI b@example.com B\r\n"},
    {BOARD, SIDE_CLIENT, "MSG 3 A 86\r\n" CHAT},
    {BOARD, SIDE_SERVER, "ACK 3\r\nMSG b@example.com B 86\r\n" CHAT},
    {BOARD, SIDE_CLIENT, "OUT\r\n"},
    {SERVICE, SIDE_CLIENT, "PNG\r\n"},
    {SERVICE, SIDE_SERVER, "QNG 50\r\n"},
    {SERVICE, SIDE_CLIENT, "OUT\r\n"},
};
#define TURNS (sizeof(turns) / sizeof(turns[0]))

/* How the bytes are put into segments. */
struct cutting {
	size_t most; /* bytes in a segment */
	size_t at;   /* byte of all the dialogue's before which one more cut is made */
	size_t lost; /* segment that the capture does not hold; SIZE_MAX: none */
};

static const struct cutting whole = {SCENE_MSS, 0, SIZE_MAX};

struct player {
	struct scene *scene;
	struct line *line[2];
	size_t bytes, segments; /* played so far */
};

static void
play_turn(struct player *p, const struct turn *t, const struct cutting *how)
{
	struct line *l = p->line[t->where];
	struct bytes rest = bytes_str(t->text), one;

	while (rest.n != 0) {
		one = bytes_take(rest, how->most);
		if (how->at > p->bytes && how->at < p->bytes + one.n)
			one.n = how->at - p->bytes;
		rest = bytes_skip(rest, one.n);
		p->bytes += one.n;
		if (p->segments++ == how->lost)
			line_lose(l, t->side, one.n);
		else
			line_send(l, t->side, one.p, one.n);
	}
}

/* Plays it all; the scene has ended. */
static struct player
play(const struct cutting *how)
{
	struct player p = {.scene = scene_new()};
	size_t i;

	p.line[SERVICE] = scene_connect(p.scene, "10.0.0.7", "64.4.13.50", 1863);
	for (i = 0; i < TURNS; i++) {
		if (turns[i].where == BOARD && p.line[BOARD] == NULL)
			p.line[BOARD] =
			    scene_connect(p.scene, "10.0.0.7", "64.4.13.60", 1863);
		play_turn(&p, &turns[i], how);
	}
	line_close(p.line[BOARD], SIDE_CLIENT);
	line_close(p.line[SERVICE], SIDE_CLIENT);
	scene_end(p.scene);
	return p;
}

/* The attempt without its times. */
static struct attempt
timeless(const struct attempt *a)
{
	struct attempt t = *a;
	size_t i;

	t.start = t.end = t.signed_in_at = t.signed_in_ns = 0;
	for (i = 0; i < ATTEMPT_PATHS_MAX; i++)
		t.paths[i].first = t.paths[i].last = 0;
	return t;
}

static bool
same_attempt(const struct attempt *a, const struct attempt *b)
{
	struct attempt x = timeless(a), y = timeless(b);

	return x.outcome == y.outcome && x.confidence == y.confidence &&
	       x.n_paths == y.n_paths && x.fallback == y.fallback &&
	       x.paths[0].outcome == y.paths[0].outcome &&
	       x.paths[0].count == y.paths[0].count &&
	       strcmp(x.account, y.account) == 0 && x.dialect == y.dialect &&
	       x.n_offered == y.n_offered &&
	       memcmp(x.offered, y.offered, sizeof(x.offered)) == 0 &&
	       strcmp(x.client.version, y.client.version) == 0 &&
	       strcmp(x.client.product, y.client.product) == 0 &&
	       x.error_code == y.error_code && x.tries == y.tries &&
	       x.conversations == y.conversations && x.bytes_client == y.bytes_client &&
	       x.bytes_server == y.bytes_server;
}

static void
fails(const char *what, size_t n)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "%s %zu", what, n);
	(void)CU_assertImplementation(CU_FALSE, 0, text, "the dialogue", "", CU_FALSE);
}

static void
expect_the_same(
    const struct scene *one, const struct cutting *how, const char *what, size_t n)
{
	struct player other = play(how);

	if (one->n_attempts != 1 || other.scene->n_attempts != 1 ||
	    one->n_signs != other.scene->n_signs ||
	    !same_attempt(&one->attempts[0], &other.scene->attempts[0]))
		fails(what, n);
	scene_free(other.scene);
}

static void
whole_dialogue(void)
{
	struct player p = play(&whole);
	const struct attempt *a = &p.scene->attempts[0];

	CU_ASSERT_EQUAL(a->conversations, 1);
	CU_ASSERT_EQUAL(a->tries, 1);
	CU_ASSERT_EQUAL(a->n_offered, 2);
	CU_ASSERT_EQUAL(a->confidence, CONFIDENCE_CERTAIN);
	CU_ASSERT_EQUAL(a->bytes_client + a->bytes_server, p.bytes);
	expect_usual(p.scene, "whole");
}

static void
cut_anywhere(void)
{
	struct cutting how = whole;
	struct player p = play(&whole);

	for (how.at = 1; how.at < p.bytes; how.at++)
		expect_the_same(p.scene, &how, "cut at byte", how.at);
	scene_free(p.scene);
}

static void
any_segment_size(void)
{
	struct cutting how = whole;
	struct player p = play(&whole);

	for (how.most = 1; how.most <= 64; how.most++)
		expect_the_same(p.scene, &how, "segments of", how.most);
	scene_free(p.scene);
}

/* What must hold whatever is lost. */
static void
expect_no_lie(const struct scene *s, size_t lost)
{
	size_t i;

	if (s->n_attempts > 1)
		fails("more than one attempt without segment", lost);
	for (i = 0; i < s->n_attempts; i++)
		if (*s->attempts[i].account != '\0' &&
		    strcmp(s->attempts[i].account, USUAL_ACCOUNT) != 0)
			fails("somebody else without segment", lost);
	for (i = 0; i < s->n_signs; i++)
		if (*s->signs[i].account != '\0' &&
		    strcmp(s->signs[i].account, USUAL_ACCOUNT) != 0)
			fails("a sign of somebody else without segment", lost);
}

static void
any_segment_lost(void)
{
	static const size_t sizes[] = {SCENE_MSS, 64, 40, 23, 11};
	struct cutting how;
	size_t i, segments;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		how = (struct cutting){sizes[i], 0, 0};
		do {
			struct player p = play(&how);

			expect_no_lie(p.scene, how.lost);
			if (i == 0 && p.scene->n_attempts != 1)
				fails("nothing without turn", how.lost);
			if (i == 0 && p.scene->n_attempts == 1 &&
			    p.scene->attempts[0].outcome != OUTCOME_SIGNED_IN)
				fails("no sign-in without turn", how.lost);
			segments = p.segments;
			scene_free(p.scene);
		} while (++how.lost < segments);
	}
}

void
suite_dialogue_properties(void)
{
	CU_pSuite s = suite_new("dialogue_properties");

	CASE(s, "a whole dialogue is one attempt", whole_dialogue);
	CASE(s, "a cut at any byte changes nothing", cut_anywhere);
	CASE(s, "segments of any size change nothing", any_segment_size);
	CASE(s, "whatever is lost, nobody else is named", any_segment_lost);
}
