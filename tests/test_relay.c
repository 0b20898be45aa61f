#include "detect/relay.h"
#include "tests/guard.h"
#include "tests/suite.h"
#include "tests/turn.h"

struct dialogue {
	struct turn turn[6];
	size_t turns;
	const char *name;
	uint16_t port;
};

/* Each is granted; the relayed stream begins behind it. */
static const struct dialogue granted[] = {
    {{TURN(C, "\4\1\7\107\100\4\15\62user\0"), TURN(S, "\0\132\0\0\0\0\0\0")}, 2, "",
	1863},
    {{TURN(C, "\4\1\7\107\0\0\0\1\0messenger.hotmail.com\0"),
	 TURN(S, "\0\132\0\0\0\0\0\0")},
	2, "messenger.hotmail.com", 1863},
    {{TURN(C, "\5\2\0\2"), TURN(S, "\5\0"),
	 TURN(C, "\5\1\0\3\25messenger.hotmail.com\7\107"),
	 TURN(S, "\5\0\0\1\12\0\0\1\4\70")},
	4, "messenger.hotmail.com", 1863},
    {{TURN(C, "\5\1\2"), TURN(S, "\5\2"), TURN(C, "\1\4user\6secret"), TURN(S, "\1\0"),
	 TURN(C, "\5\1\0\1\100\4\15\62\7\110"), TURN(S, "\5\0\0\1\12\0\0\1\4\70")},
	6, "", 1864},
};

/* Fed in pieces of size bytes, what is not consumed coming again; bytes left over. */
static size_t
feed(struct relay *r, const struct conn *c, const struct turn *t, size_t size)
{
	size_t have = 0, from = 0, n;
	struct piece in = {.side = t->side};

	do {
		have = t->n - have > size ? have + size : t->n;
		in.data = guard_copy(t->bytes + from, have - from);
		n = relay_feed(r, c, &in);
		CU_ASSERT_TRUE(n <= in.data.n);
		from += n;
	} while (have < t->n);
	return t->n - from;
}

static void
the_relayed_stream_is_found_however_it_is_cut(void)
{
	const struct conn c = {.seen = {true, true}};
	const struct dialogue *d;
	struct relay r;
	size_t i, k, size;

	for (i = 0; i < sizeof(granted) / sizeof(granted[0]); i++)
		for (size = 1; size < 40; size++) {
			d = &granted[i];
			relay_begin(&r, (uint8_t)d->turn[0].bytes[0]);
			for (k = 0; k < d->turns; k++) {
				CU_ASSERT_NOT_EQUAL(r.stage, RELAY_OPEN);
				CU_ASSERT_EQUAL(feed(&r, &c, &d->turn[k], size), 0);
			}
			CU_ASSERT_EQUAL(r.stage, RELAY_OPEN);
			CU_ASSERT_STRING_EQUAL(r.name, d->name);
			CU_ASSERT_EQUAL(r.to.port, d->port);
		}
}

static void
what_comes_too_early_waits_for_the_proxy(void)
{
	static const struct turn early =
	    TURN(C, "\4\1\7\107\100\4\15\62\0VER 1 MSNP8 CVR0\r\n");
	static const struct turn yes = TURN(S, "\0\132\0\0\0\0\0\0VER 1 MSNP8\r\n");
	const struct conn c = {.seen = {true, true}};
	struct relay r;

	relay_begin(&r, 4);
	CU_ASSERT_EQUAL(feed(&r, &c, &early, 100), 18);
	CU_ASSERT_EQUAL(r.stage, RELAY_REPLY);
	CU_ASSERT_EQUAL(feed(&r, &c, &yes, 100), 13);
	CU_ASSERT_EQUAL(r.stage, RELAY_OPEN);
}

static void
a_client_alone_goes_on_when_it_was_let_in(void)
{
	static const struct turn four =
	    TURN(C, "\4\1\7\107\100\4\15\62\0VER 1 MSNP8 CVR0\r\n");
	static const struct turn five =
	    TURN(C, "\5\1\0\5\1\0\1\100\4\15\62\7\107VER 1 MSNP8 CVR0\r\n");
	const struct conn c = {.seen = {true, false}};
	struct relay r;

	relay_begin(&r, 4);
	CU_ASSERT_EQUAL(feed(&r, &c, &four, 100), 18);
	CU_ASSERT_EQUAL(r.stage, RELAY_OPEN);
	relay_begin(&r, 5);
	CU_ASSERT_EQUAL(feed(&r, &c, &five, 100), 18);
	CU_ASSERT_EQUAL(r.stage, RELAY_OPEN);
}

static void
a_refusal_is_the_end(void)
{
	static const struct dialogue refused[] = {
	    {{TURN(C, "\4\1\7\107\100\4\15\62\0"), TURN(S, "\0\133\0\0\0\0\0\0")}, 2, "",
		0},
	    {{TURN(C, "\5\1\0"), TURN(S, "\5\377")}, 2, "", 0},
	    {{TURN(C, "\5\1\2"), TURN(S, "\5\2"), TURN(C, "\1\1a\1b"), TURN(S, "\1\1")},
		4, "", 0},
	    {{TURN(C, "\5\1\0"), TURN(S, "\5\0"), TURN(C, "\5\1\0\1\100\4\15\62\7\107"),
		 TURN(S, "\5\2\0\1\0\0\0\0\0\0")},
		4, "", 0},
	    {{TURN(C, "\5\0\0\0\0\0\0")}, 1, "", 0},
	    {{TURN(C, "\4\11\7\107\100\4\15\62\0")}, 1, "", 0},
	};
	const struct conn c = {.seen = {true, true}};
	struct relay r;
	size_t i, k;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		relay_begin(&r, (uint8_t)refused[i].turn[0].bytes[0]);
		for (k = 0; k < refused[i].turns; k++)
			(void)feed(&r, &c, &refused[i].turn[k], 100);
		CU_ASSERT_EQUAL(r.stage, RELAY_REFUSED);
	}
}

static void
a_loss_inside_is_the_end(void)
{
	const struct conn c = {.seen = {true, true}};
	struct piece in = {.side = C, .data = bytes_str("x"), .lost = 3};
	struct relay r;

	relay_begin(&r, 5);
	(void)relay_feed(&r, &c, &in);
	CU_ASSERT_EQUAL(r.stage, RELAY_REFUSED);
}

void
suite_relay(void)
{
	CU_pSuite s = suite_new("relay");

	CASE(s, "the relayed stream is found however it is cut",
	    the_relayed_stream_is_found_however_it_is_cut);
	CASE(s, "what comes too early waits for the proxy",
	    what_comes_too_early_waits_for_the_proxy);
	CASE(s, "a client alone goes on when it was let in",
	    a_client_alone_goes_on_when_it_was_let_in);
	CASE(s, "a refusal is the end", a_refusal_is_the_end);
	CASE(s, "a loss inside is the end", a_loss_inside_is_the_end);
}
