#include "detect/socks.h"
#include "tests/guard.h"
#include "tests/suite.h"

#define BYTES(text) text, sizeof(text) - 1

static ssize_t
read_granted4(struct bytes in, struct socks_target *out)
{
	bool granted;
	ssize_t n = socks4_reply(in, &granted);

	out->to.port = granted;
	return n;
}

static ssize_t
read_greeting(struct bytes in, struct socks_target *out)
{
	(void)out;
	return socks5_greeting(in);
}

static ssize_t
read_method(struct bytes in, struct socks_target *out)
{
	uint8_t method;
	ssize_t n = socks5_method(in, &method);

	out->to.port = method;
	return n;
}

static ssize_t
read_auth(struct bytes in, struct socks_target *out)
{
	(void)out;
	return socks5_auth(in);
}

static ssize_t
read_granted5(struct bytes in, struct socks_target *out)
{
	bool granted;
	ssize_t n = socks5_auth_reply(in, &granted);

	out->to.port = granted;
	return n;
}

static ssize_t
read_reply5(struct bytes in, struct socks_target *out)
{
	uint8_t code;
	ssize_t n = socks5_reply(in, &code);

	out->to.port = code;
	return n;
}

static const struct {
	ssize_t (*read)(struct bytes in, struct socks_target *out);
	const char *in;
	size_t n;
	ssize_t want;
	unsigned port; /* or what else the message says */
	const char *addr;
	const char *name;
} cases[] = {
    {socks4_request, BYTES("\4\1\x07\x47\x40\4\x0d\x32user\0VER"), 13, 1863, "64.4.13.50",
	""},
    {socks4_request, BYTES("\4\1\x07\x47\x40\4\x0d\x32\0"), 9, 1863, "64.4.13.50", ""},
    {socks4_request, BYTES("\4\1\x07\x47\0\0\0\1u\0messenger.hotmail.com\0"), 32, 1863,
	"::", "messenger.hotmail.com"},
    {socks4_request, BYTES("\4\1\x07\x47\0\0\0\1\0\0"), -1, 0, NULL, NULL},
    {socks4_request, BYTES("\4\2\x07\x47\x40\4\x0d\x32\0"), -1, 0, NULL, NULL},
    {socks4_request, BYTES("\4\1\0\0\x40\4\x0d\x32\0"), -1, 0, NULL, NULL},
    {socks4_request, BYTES("\5\1\0"), -1, 0, NULL, NULL},
    {read_granted4, BYTES("\0\x5a\0\0\0\0\0\0VER"), 8, 1, NULL, NULL},
    {read_granted4, BYTES("\0\x5b\0\0\0\0\0\0"), 8, 0, NULL, NULL},
    {read_granted4, BYTES("\0\x5e\0\0\0\0\0\0"), -1, 0, NULL, NULL},
    {read_granted4, BYTES("\4\x5a\0\0\0\0\0\0"), -1, 0, NULL, NULL},
    {read_greeting, BYTES("\5\1\0\5\1"), 3, 0, NULL, NULL},
    {read_greeting, BYTES("\5\3\0\1\2"), 5, 0, NULL, NULL},
    {read_greeting, BYTES("\5\0"), -1, 0, NULL, NULL},
    {read_greeting, BYTES("VER 1"), -1, 0, NULL, NULL},
    {read_method, BYTES("\5\2\5"), 2, 2, NULL, NULL},
    {read_method, BYTES("\5\xff"), 2, 0xff, NULL, NULL},
    {read_method, BYTES("\4\0"), -1, 0xff, NULL, NULL},
    {read_auth, BYTES("\1\4user\6secret\5"), 13, 0, NULL, NULL},
    {read_auth, BYTES("\1\0\0"), 3, 0, NULL, NULL},
    {read_auth, BYTES("\5\4user\6secret"), -1, 0, NULL, NULL},
    {read_granted5, BYTES("\1\0\5"), 2, 1, NULL, NULL},
    {read_granted5, BYTES("\1\1"), 2, 0, NULL, NULL},
    {read_granted5, BYTES("\5\0"), -1, 0, NULL, NULL},
    {socks5_request, BYTES("\5\1\0\3\x15messenger.hotmail.com\x07\x47VER"), 28, 1863,
	"::", "messenger.hotmail.com"},
    {socks5_request, BYTES("\5\1\0\1\x40\4\x0d\x32\x07\x47"), 10, 1863, "64.4.13.50", ""},
    {socks5_request, BYTES("\5\1\0\4\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x07\x47"), 22,
	1863, "2001:db8::1", ""},
    {socks5_request, BYTES("\5\2\0\1\x40\4\x0d\x32\x07\x47"), -1, 0, NULL, NULL},
    {socks5_request, BYTES("\5\1\1\1\x40\4\x0d\x32\x07\x47"), -1, 0, NULL, NULL},
    {socks5_request, BYTES("\5\1\0\2\x40\4\x0d\x32\x07\x47"), -1, 0, NULL, NULL},
    {socks5_request, BYTES("\5\1\0\3\0\x07\x47"), -1, 0, NULL, NULL},
    {socks5_request, BYTES("\5\1\0\1\x40\4\x0d\x32\0\0"), -1, 0, NULL, NULL},
    {read_reply5, BYTES("\5\0\0\1\0\0\0\0\0\0VER"), 10, 0, NULL, NULL},
    {read_reply5, BYTES("\5\2\0\1\0\0\0\0\0\0"), 10, 2, NULL, NULL},
    {read_reply5, BYTES("\5\0\0\3\1h\0\0"), 8, 0, NULL, NULL},
    {read_reply5, BYTES("\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 22, 0, NULL,
	NULL},
    {read_reply5, BYTES("\5\0\0\5\0\0\0\0\0\0"), -1, 0xff, NULL, NULL},
    {read_reply5, BYTES("\5\0\1\1\0\0\0\0\0\0"), -1, 0xff, NULL, NULL},
    {read_reply5, BYTES("HTTP/1.1"), -1, 0xff, NULL, NULL},
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void
messages_are_read(void)
{
	struct socks_target t;
	char text[ADDR_TEXT_MAX];
	size_t i;

	for (i = 0; i < CASES; i++) {
		memset(&t, 0, sizeof(t));
		CU_ASSERT_EQUAL(cases[i].read(guard_copy(cases[i].in, cases[i].n), &t),
		    cases[i].want);
		if (cases[i].want < 0 && cases[i].port == 0)
			continue;
		CU_ASSERT_EQUAL(t.to.port, cases[i].port);
		if (cases[i].addr == NULL)
			continue;
		CU_ASSERT_STRING_EQUAL(addr_text(&t.to.addr, text), cases[i].addr);
		CU_ASSERT_TRUE(bytes_eq(t.name, bytes_str(cases[i].name)));
	}
}

static void
every_prefix_gives_more_or_the_final_answer(void)
{
	struct socks_target t;
	ssize_t got;
	size_t i, n;
	bool whole;

	for (i = 0; i < CASES; i++)
		for (n = 0; n <= cases[i].n; n++) {
			got = cases[i].read(guard_copy(cases[i].in, n), &t);
			whole = got == cases[i].want && (ssize_t)n >= cases[i].want;
			CU_ASSERT_TRUE(
			    got == 0 ? (ssize_t)n < cases[i].want || cases[i].want < 0
				     : whole);
		}
}

static void
nothing_is_granted_before_the_answer_is_whole(void)
{
	uint8_t code;
	bool granted;

	CU_ASSERT_EQUAL(socks5_reply(guard_copy("\5\0\0\1\0\0", 6), &code), 0);
	CU_ASSERT_NOT_EQUAL(code, 0);
	CU_ASSERT_EQUAL(socks4_reply(guard_copy("\0\x5a\0\0", 4), &granted), 0);
	CU_ASSERT_FALSE(granted);
	CU_ASSERT_EQUAL(socks5_auth_reply(guard_copy("\1", 1), &granted), 0);
	CU_ASSERT_FALSE(granted);
}

static void
socks4_texts_end_within_255_bytes(void)
{
	uint8_t in[600] = {4, 1, 0x07, 0x47, 0, 0, 0, 9};
	struct socks_target t;

	memset(in + 8, 'u', 255);
	memset(in + 8 + 256, 'n', 255);
	CU_ASSERT_EQUAL(socks4_request(guard_copy(in, 8 + 512), &t), 8 + 512);
	CU_ASSERT_EQUAL(t.name.n, 255);
	in[8 + 511] = 'n';
	CU_ASSERT_EQUAL(socks4_request(guard_copy(in, 8 + 511), &t), 0);
	CU_ASSERT_EQUAL(socks4_request(guard_copy(in, 8 + 512), &t), -1);
	in[8 + 255] = 'u';
	CU_ASSERT_EQUAL(socks4_request(guard_copy(in, 8 + 255), &t), 0);
	CU_ASSERT_EQUAL(socks4_request(guard_copy(in, 8 + 256), &t), -1);
}

void
suite_socks(void)
{
	CU_pSuite s = suite_new("socks");

	CASE(s, "messages are read", messages_are_read);
	CASE(s, "every prefix gives more or the final answer",
	    every_prefix_gives_more_or_the_final_answer);
	CASE(s, "nothing is granted before the answer is whole",
	    nothing_is_granted_before_the_answer_is_whole);
	CASE(s, "SOCKS4 texts end within 255 bytes", socks4_texts_end_within_255_bytes);
}
