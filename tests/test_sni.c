#include "detect/sni.h"
#include "tests/guard.h"
#include "tests/suite.h"

struct hello {
	uint8_t v[8192];
	size_t n;
};

static void
put(struct hello *h, const void *data, size_t n)
{
	if (h->n + n > sizeof(h->v))
		abort();
	memcpy(h->v + h->n, data, n);
	h->n += n;
}

static void
put_be(struct hello *h, size_t v, unsigned octets)
{
	uint8_t byte;

	while (octets-- > 0) {
		byte = (uint8_t)(v >> 8 * octets);
		put(h, &byte, 1);
	}
}

static void
put_extension(struct hello *h, unsigned type, const void *data, size_t n)
{
	put_be(h, type, 2);
	put_be(h, n, 2);
	put(h, data, n);
}

static void
put_name(struct hello *h, const char *name, size_t n)
{
	struct hello x = {.n = 0};

	put_be(&x, n + 3, 2);
	put_be(&x, 0, 1);
	put_be(&x, n, 2);
	put(&x, name, n);
	put_extension(h, 0, x.v, x.n);
}

/* A handshake message with those extensions. */
static struct hello
handshake(const struct hello *extensions)
{
	static const uint8_t zeros[48];
	struct hello body = {.n = 0}, h = {.n = 0};

	put_be(&body, 0x0303, 2);
	put(&body, zeros, 32);
	put_be(&body, 32, 1);
	put(&body, zeros, 32);
	put_be(&body, 4, 2);
	put(&body, "\x13\x01\xc0\x2f", 4);
	put_be(&body, 1, 1);
	put_be(&body, 0, 1);
	put_be(&body, extensions->n, 2);
	put(&body, extensions->v, extensions->n);
	put_be(&h, 1, 1);
	put_be(&h, body.n, 3);
	put(&h, body.v, body.n);
	return h;
}

/* The message in records of at most size bytes. */
static struct hello
records(const struct hello *message, size_t size)
{
	struct hello r = {.n = 0};
	size_t at, n;

	for (at = 0; at < message->n; at += n) {
		n = message->n - at < size ? message->n - at : size;
		put_be(&r, 22, 1);
		put_be(&r, 0x0301, 2);
		put_be(&r, n, 2);
		put(&r, message->v + at, n);
	}
	return r;
}

static struct hello
hello_for(const char *name, size_t padding, size_t size)
{
	static const uint8_t zeros[4096];
	struct hello x = {.n = 0}, m;

	put_extension(&x, 10, "\0\4\0\x1d\0\x17", 6);
	put_extension(&x, 21, zeros, padding);
	if (name != NULL)
		put_name(&x, name, strlen(name));
	put_extension(&x, 16, "\0\3\2h2", 5);
	m = handshake(&x);
	return records(&m, size);
}

static void
expect(const struct hello *h, int want, const char *name)
{
	char got[DNS_NAME_MAX];

	CU_ASSERT_EQUAL(sni_client_hello(guard_copy(h->v, h->n), got), want);
	CU_ASSERT_STRING_EQUAL(got, name);
}

static void
the_name_is_found(void)
{
	struct hello h = hello_for("Login.Live.com", 0, 16384);

	expect(&h, 1, "login.live.com");
	h = hello_for("a\x1b[2J.example", 0, 16384);
	expect(&h, 1, "a\\x1b[2j.example");
}

static void
every_prefix_in_every_split_gives_more_or_the_name(void)
{
	static const size_t sizes[] = {16384, 100, 7, 1};
	char got[DNS_NAME_MAX];
	struct hello h;
	size_t i, n;
	int r, last;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		h = hello_for("login.live.com", 8, sizes[i]);
		last = 0;
		for (n = 0; n <= h.n; n++) {
			r = sni_client_hello(guard_copy(h.v, n), got);
			CU_ASSERT_TRUE(r == 0 || r == 1);
			CU_ASSERT_TRUE(r >= last);
			CU_ASSERT_STRING_EQUAL(got, r == 1 ? "login.live.com" : "");
			last = r;
		}
		CU_ASSERT_EQUAL(last, 1);
	}
}

static void
a_hello_without_a_name_has_none(void)
{
	struct hello h = hello_for(NULL, 0, 16384), x = {.n = 0}, m;

	expect(&h, -1, "");
	m = handshake(&x);
	h = records(&m, 16384);
	expect(&h, -1, "");
	put_name(&x, "", 0);
	m = handshake(&x);
	h = records(&m, 16384);
	expect(&h, -1, "");
}

static void
what_is_no_client_hello_is_told_apart(void)
{
	static const char *const texts[] = {"VER 1 MSNP8 CVR0\r\n", "GET / HTTP/1.1\r\n",
	    "\x17\x03\x03\x01\x01xxxxxx", "\x15\x03\x01\x01\x02\x02\x28",
	    "\x16\x02\x01\x01\x10\x01\x01", "\x16\x03\x01\x01\x10\x02\x01",
	    "\x16\x03\x01\x7f\x10\x01\x01"};
	struct hello h;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		h.n = 0;
		put(&h, texts[i], strlen(texts[i]));
		expect(&h, -1, "");
	}
	h.n = 0;
	put(&h, "\x16\x03\x01\0\0\x16\x03\x01\0\0", 10);
	expect(&h, -1, "");
}

/* The lengths before the name, nearest first, raised beyond what holds them. */
static void
lengths_must_stay_within_each_other(void)
{
	static const size_t back[] = {2, 5, 7, 11, 21, 25, 27, 33, 66};
	struct hello good = hello_for("login.live.com", 0, 16384), h;
	size_t i, name = 0;

	while (memcmp(good.v + name, "login.live.com", 14) != 0)
		name++;
	for (i = 0; i < sizeof(back) / sizeof(back[0]); i++) {
		h = good;
		h.v[name - back[i]] = 0xff;
		expect(&h, -1, "");
	}
}

static void
only_so_much_is_looked_at(void)
{
	struct hello h = hello_for("login.live.com", 3900, 1000);

	expect(&h, 1, "login.live.com");
	h = hello_for("login.live.com", 4000, 1000);
	expect(&h, -1, "");
}

static void
names_that_are_too_long_are_none(void)
{
	char name[300];
	struct hello h;

	memset(name, 'a', sizeof(name));
	name[255] = '\0';
	h = hello_for(name, 0, 16384);
	expect(&h, 1, name);
	name[255] = 'a';
	name[256] = '\0';
	h = hello_for(name, 0, 16384);
	expect(&h, -1, "");
}

void
suite_sni(void)
{
	CU_pSuite s = suite_new("sni");

	CASE(s, "the name is found", the_name_is_found);
	CASE(s, "every prefix in every split gives more or the name",
	    every_prefix_in_every_split_gives_more_or_the_name);
	CASE(s, "a hello without a name has none", a_hello_without_a_name_has_none);
	CASE(s, "what is no ClientHello is told apart",
	    what_is_no_client_hello_is_told_apart);
	CASE(s, "lengths must stay within each other",
	    lengths_must_stay_within_each_other);
	CASE(s, "only so much is looked at", only_so_much_is_looked_at);
	CASE(s, "names that are too long are none", names_that_are_too_long_are_none);
}
