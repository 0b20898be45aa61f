#include "detect/http.h"
#include "tests/guard.h"
#include "tests/suite.h"

/* Folds the fields of a head, each ended by LF. */
static struct http_body
body_of(const char *head)
{
	struct http_body b = {0};
	struct bytes in = bytes_str(head), line;
	struct http_field f;
	ssize_t n;

	while ((n = http_line(in, &line)) > 0) {
		if (http_field(guard_copy(line.p, line.n), &f))
			http_body_field(&b, &f);
		in = bytes_skip(in, (size_t)n);
	}
	return b;
}

static void
the_framing_of_requests(void)
{
	static const struct {
		const char *head;
		enum http_framing framing;
		uint64_t length;
		bool conflict;
	} cases[] = {
	    {"Host: a\n", HTTP_NO_BODY, 0, false},
	    {"content-LENGTH: 18\n", HTTP_LENGTH, 18, false},
	    {"Content-Length: 0\n", HTTP_NO_BODY, 0, false},
	    {"Content-Length: 18, 18\n", HTTP_LENGTH, 18, false},
	    {"Content-Length: 18\nContent-Length: 19\n", HTTP_LENGTH, 18, true},
	    {"Content-Length: -1\n", HTTP_NO_BODY, 0, true},
	    {"Content-Length: 0x10\n", HTTP_NO_BODY, 0, true},
	    {"Content-Length: 999999999999999999\n", HTTP_LENGTH, 999999999999999999,
		false},
	    {"Content-Length: 9999999999999999999\n", HTTP_NO_BODY, 0, true},
	    {"Content-Length: 00000000000000000000018\n", HTTP_LENGTH, 18, false},
	    {"Transfer-Encoding: chunked\n", HTTP_CHUNKED, 0, false},
	    {"Transfer-Encoding: gzip, Chunked\n", HTTP_CHUNKED, 0, false},
	    {"Transfer-Encoding: identity\nContent-Length: 3\n", HTTP_LENGTH, 3, false},
	    {"Transfer-Encoding: chunked\nContent-Length: 3\n", HTTP_CHUNKED, 3, true},
	    {"Transfer-Encoding: chunked, gzip\n", HTTP_CHUNKED, 0, true},
	};
	struct http_body b;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		b = body_of(cases[i].head);
		http_body_request(&b);
		CU_ASSERT_EQUAL(b.framing, cases[i].framing);
		CU_ASSERT_EQUAL(b.length, cases[i].length);
		CU_ASSERT_EQUAL(b.conflict, cases[i].conflict);
	}
}

static void
the_framing_of_responses(void)
{
	static const struct {
		const char *head;
		unsigned status;
		bool to_head, to_connect;
		enum http_framing framing;
	} cases[] = {
	    {"", 200, false, false, HTTP_TO_CLOSE},
	    {"Content-Length: 5\n", 200, false, false, HTTP_LENGTH},
	    {"Content-Length: 0\n", 200, false, false, HTTP_NO_BODY},
	    {"Transfer-Encoding: chunked\n", 200, false, false, HTTP_CHUNKED},
	    {"Content-Length: 5\n", 100, false, false, HTTP_NO_BODY},
	    {"Content-Length: 5\n", 204, false, false, HTTP_NO_BODY},
	    {"Content-Length: 5\n", 304, false, false, HTTP_NO_BODY},
	    {"Content-Length: 5\n", 200, true, false, HTTP_NO_BODY},
	    {"Content-Length: 5\n", 200, false, true, HTTP_NO_BODY},
	    {"", 200, false, true, HTTP_NO_BODY},
	    {"Content-Length: 5\n", 403, false, true, HTTP_LENGTH},
	};
	struct http_body b;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		b = body_of(cases[i].head);
		http_body_response(
		    &b, cases[i].status, cases[i].to_head, cases[i].to_connect);
		CU_ASSERT_EQUAL(b.framing, cases[i].framing);
	}
}

static void
codings_and_connection_options_are_noted(void)
{
	CU_ASSERT_EQUAL(body_of("Content-Encoding: gzip\n").coding, HTTP_GZIP);
	CU_ASSERT_EQUAL(body_of("Content-Encoding: X-GZIP\n").coding, HTTP_GZIP);
	CU_ASSERT_EQUAL(body_of("Content-Encoding: deflate\n").coding, HTTP_GZIP);
	CU_ASSERT_EQUAL(body_of("Content-Encoding: identity\n").coding, HTTP_PLAIN);
	CU_ASSERT_EQUAL(body_of("Content-Encoding: br\n").coding, HTTP_UNKNOWN_CODING);
	CU_ASSERT_EQUAL(
	    body_of("Content-Encoding: gzip, gzip\n").coding, HTTP_UNKNOWN_CODING);
	CU_ASSERT_EQUAL(body_of("Transfer-Encoding: gzip, chunked\n").coding, HTTP_GZIP);
	CU_ASSERT_TRUE(body_of("Connection: keep-alive, Close\n").close);
	CU_ASSERT_TRUE(body_of("proxy-connection: close\n").close);
	CU_ASSERT_FALSE(body_of("Connection: Keep-Alive\n").close);
	CU_ASSERT_TRUE(body_of("Connection: Upgrade\nUpgrade: websocket\n").upgrade);
	CU_ASSERT_FALSE(body_of("Upgrade-Insecure-Requests: 1\n").upgrade);
}

struct unchunked {
	char data[256];
	size_t n;
	size_t eaten;
	bool done, bad;
};

/* Feeds what has arrived until nothing more comes of it. */
static void
feed(struct http_chunks *c, const char *text, size_t arrived, struct unchunked *u)
{
	struct bytes in, data;
	ssize_t n = 1;

	while (n > 0 && !u->done) {
		in = guard_copy(text + u->eaten, arrived - u->eaten);
		n = http_chunk(c, in, &data, &u->done);
		u->bad = n < 0;
		if (n <= 0)
			break;
		CU_ASSERT_FATAL(u->n + data.n <= sizeof(u->data));
		memcpy(u->data + u->n, data.p, data.n);
		u->n += data.n;
		u->eaten += (size_t)n;
	}
}

static void
every_split_of_a_chunked_body_gives_the_same(void)
{
	static const char text[] = "5\r\nVER 1\r\n0B ;x=\"y\"\r\n MSNP8 CVR0\r\n"
				   "2\n\r\n\n0\r\nTrailer: x\r\n\r\nHTTP/1.1 200";
	static const char want[] = "VER 1 MSNP8 CVR0\r\n";
	struct http_chunks c;
	struct unchunked u;
	size_t end = sizeof(text) - 1 - 12, i, j;

	for (i = 0; i <= end; i++)
		for (j = i; j <= end; j++) {
			memset(&c, 0, sizeof(c));
			memset(&u, 0, sizeof(u));
			feed(&c, text, i, &u);
			feed(&c, text, j, &u);
			CU_ASSERT_EQUAL(u.done, j == end);
			feed(&c, text, sizeof(text) - 1, &u);
			CU_ASSERT_TRUE(u.done && !u.bad);
			CU_ASSERT_EQUAL(u.eaten, end);
			CU_ASSERT_EQUAL(u.n, sizeof(want) - 1);
			CU_ASSERT_EQUAL(memcmp(u.data, want, u.n), 0);
		}
}

static void
what_is_not_chunked_is_refused(void)
{
	static const char *const bad[] = {"x", "\r\n", "-1\r\n", "5x\r\n", "5\rx\n",
	    "1000000000000001\r\n", "ffffffffffffffffffff\r\n", "1\r\naX", "1\r\na\rX",
	    "1\r\na0\r\n", "VER 1 MSNP8\r\n", " 5\r\n"};
	struct http_chunks c;
	struct unchunked u;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&c, 0, sizeof(c));
		memset(&u, 0, sizeof(u));
		feed(&c, bad[i], strlen(bad[i]), &u);
		CU_ASSERT_TRUE(u.bad);
		CU_ASSERT_FALSE(u.done);
	}
}

static void
a_chunk_line_without_end_is_refused(void)
{
	static char text[8192];
	struct http_chunks c = {0};
	struct bytes data;
	bool done;

	memset(text, 'x', sizeof(text));
	memcpy(text, "5;", 2);
	CU_ASSERT_EQUAL(http_chunk(&c, guard_copy(text, 4096), &data, &done), 0);
	CU_ASSERT_EQUAL(http_chunk(&c, guard_copy(text, 4097), &data, &done), -1);
}

static void
a_trailer_cut_at_its_limit_does_not_end_the_body(void)
{
	static char text[HTTP_LINE_MAX + 32];
	struct http_chunks c = {0};
	struct unchunked u = {.n = 0};

	memset(text, 'x', sizeof(text));
	memcpy(text, "0\r\n", 3);
	memcpy(text + 3 + HTTP_LINE_MAX, "\r\nA: b\r\n\r\n", 10);
	feed(&c, text, 3 + HTTP_LINE_MAX + 2, &u);
	CU_ASSERT_FALSE(u.done);
	feed(&c, text, 3 + HTTP_LINE_MAX + 10, &u);
	CU_ASSERT_TRUE(u.done);
	CU_ASSERT_EQUAL(u.eaten, 3 + HTTP_LINE_MAX + 10);
}

static void
a_body_stays_done(void)
{
	struct http_chunks c = {0};
	struct unchunked u = {.n = 0};
	struct bytes data;
	bool done = false;

	feed(&c, "0\n\n", 3, &u);
	CU_ASSERT_TRUE(u.done);
	CU_ASSERT_EQUAL(http_chunk(&c, guard_copy("5\r\nabcde", 8), &data, &done), 0);
	CU_ASSERT_TRUE(done);
}

void
suite_http_body(void)
{
	CU_pSuite s = suite_new("http_body");

	CASE(s, "the framing of requests", the_framing_of_requests);
	CASE(s, "the framing of responses", the_framing_of_responses);
	CASE(s, "codings and connection options are noted",
	    codings_and_connection_options_are_noted);
	CASE(s, "every split of a chunked body gives the same",
	    every_split_of_a_chunked_body_gives_the_same);
	CASE(s, "what is not chunked is refused", what_is_not_chunked_is_refused);
	CASE(s, "a chunk line without end is refused",
	    a_chunk_line_without_end_is_refused);
	CASE(s, "a trailer cut at its limit does not end the body",
	    a_trailer_cut_at_its_limit_does_not_end_the_body);
	CASE(s, "a body stays done", a_body_stays_done);
}
