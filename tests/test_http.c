#include "detect/http.h"
#include "tests/guard.h"
#include "tests/suite.h"

static struct bytes
guarded(const char *text)
{
	return guard_copy(text, strlen(text));
}

static void
expect_text(struct bytes got, const char *want)
{
	CU_ASSERT_TRUE(bytes_eq(got, bytes_str(want)));
}

static void
lines_end_in_crlf_or_lf(void)
{
	static const struct {
		const char *in;
		ssize_t n;
		const char *line;
	} cases[] = {{"a: b\r\nc", 6, "a: b"}, {"a: b\nc", 5, "a: b"}, {"\r\nc", 2, ""},
	    {"\nc", 1, ""}, {"a\rb\r\n", 5, "a\rb"}, {"a\r\r\n", 4, "a\r"}};
	struct bytes line;
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(http_line(guarded(cases[i].in), &line), cases[i].n);
		expect_text(line, cases[i].line);
		for (n = 0; n < (size_t)cases[i].n; n++)
			CU_ASSERT_EQUAL(http_line(guard_copy(cases[i].in, n), &line), 0);
	}
}

static void
a_long_line_comes_in_pieces(void)
{
	static char text[2 * HTTP_LINE_MAX];
	struct bytes in, line;
	ssize_t n;

	memset(text, 'x', sizeof(text));
	memcpy(text + HTTP_LINE_MAX + 3, "\r\n", 2);
	in = guard_copy(text, HTTP_LINE_MAX + 5);
	CU_ASSERT_EQUAL(http_line(bytes_take(in, HTTP_LINE_MAX - 1), &line), 0);
	n = http_line(in, &line);
	CU_ASSERT_EQUAL(n, HTTP_LINE_MAX);
	CU_ASSERT_TRUE(http_cut(n, line));
	n = http_line(bytes_skip(in, HTTP_LINE_MAX), &line);
	CU_ASSERT_EQUAL(n, 5);
	CU_ASSERT_FALSE(http_cut(n, line));
	expect_text(line, "xxx");
	text[HTTP_LINE_MAX - 1] = '\n';
	n = http_line(guard_copy(text, HTTP_LINE_MAX), &line);
	CU_ASSERT_EQUAL(n, HTTP_LINE_MAX);
	CU_ASSERT_FALSE(http_cut(n, line));
}

static void
request_lines_are_read(void)
{
	static const struct {
		const char *line;
		const char *method; /* NULL: refused */
		const char *target;
		unsigned minor;
	} cases[] = {
	    {"POST /gateway/gateway.dll?Action=open HTTP/1.1", "POST",
		"/gateway/gateway.dll?Action=open", 1},
	    {"POST http://h/p HTTP/1.0", "POST", "http://h/p", 0},
	    {"CONNECT messenger.hotmail.com:1863 HTTP/1.0", "CONNECT",
		"messenger.hotmail.com:1863", 0},
	    {"GET  \t/  http/1.1  ", "GET", "/", 1},
	    {"GET /a b HTTP/1.1", "GET", "/a b", 1},
	    {"OPTIONS * HTTP/1.1", "OPTIONS", "*", 1},
	    {"M-SEARCH * HTTP/1.1", "M-SEARCH", "*", 1},
	    {"GET / HTTP/2.0", NULL, NULL, 0},
	    {"GET /", NULL, NULL, 0},
	    {"GET HTTP/1.1", NULL, NULL, 0},
	    {"GET /xHTTP/1.1", NULL, NULL, 0},
	    {"GET / HTTP/1.x", NULL, NULL, 0},
	    {"VER 1 MSNP8 CVR0", NULL, NULL, 0},
	    {"G\xc3\x8bT / HTTP/1.1", NULL, NULL, 0},
	    {" GET / HTTP/1.1", NULL, NULL, 0},
	    {"ABCDEFGHIJABCDEFGHIJABCDEFGHIJABC / HTTP/1.1", NULL, NULL, 0},
	    {"HTTP/1.1 200 OK", NULL, NULL, 0},
	    {"GET", NULL, NULL, 0},
	    {"", NULL, NULL, 0},
	};
	struct http_request r;
	size_t i;
	bool ok;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok = http_request_line(guarded(cases[i].line), &r);
		CU_ASSERT_EQUAL(ok, cases[i].method != NULL);
		if (!ok || cases[i].method == NULL)
			continue;
		expect_text(r.method, cases[i].method);
		expect_text(r.target, cases[i].target);
		CU_ASSERT_EQUAL(r.minor, cases[i].minor);
	}
}

static void
status_lines_are_read(void)
{
	static const struct {
		const char *line;
		unsigned status; /* 0: refused */
		const char *phrase;
		unsigned minor;
	} cases[] = {
	    {"HTTP/1.1 200 OK", 200, "OK", 1},
	    {"HTTP/1.0  200 Connection established", 200, "Connection established", 0},
	    {"HTTP/1.1 100", 100, "", 1},
	    {"HTTP/1.1 407 ", 407, "", 1},
	    {"http/1.1 999 x", 999, "x", 1},
	    {"HTTP/1.1 099 x", 0, "", 0},
	    {"HTTP/1.1 20", 0, "", 0},
	    {"HTTP/1.1 2000", 0, "", 0},
	    {"HTTP/1.1200 OK", 0, "", 0},
	    {"HTTP/2 200", 0, "", 0},
	    {"HTTP/1.1", 0, "", 0},
	    {"ICY 200 OK", 0, "", 0},
	    {"", 0, "", 0},
	};
	struct http_response r;
	size_t i;
	bool ok;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok = http_status_line(guarded(cases[i].line), &r);
		CU_ASSERT_EQUAL(ok, cases[i].status != 0);
		if (!ok)
			continue;
		CU_ASSERT_EQUAL(r.status, cases[i].status);
		expect_text(r.phrase, cases[i].phrase);
		CU_ASSERT_EQUAL(r.minor, cases[i].minor);
	}
}

static void
the_start_of_a_stream_is_told_apart(void)
{
	static const struct {
		const char *in;
		int request, response;
	} cases[] = {
	    {"", 0, 0},
	    {"\r\n", 0, 0},
	    {"POST", 0, -1},
	    {"POST ", 0, -1},
	    {"HTTP/1.1200", -1, -1},
	    {"POST /gateway", 1, -1},
	    {"\r\nPOST /gateway", 1, -1},
	    {"POST http://h", 1, -1},
	    {"GET /\r\n", -1, -1},
	    {"GET / HTTP/1.1\r\n", 1, -1},
	    {"CONNECT h:1863", 0, -1},
	    {"CONNECT h:1863 HTTP/1.1\n", 1, -1},
	    {"VER 1 MSNP8", 0, -1},
	    {"VER 1 MSNP8 CVR0\r\n", -1, -1},
	    {"H", 0, 0},
	    {"HTTP/1.", -1, 0},
	    {"HTTP/1.1 ", -1, 0},
	    {"HTTP/1.1 20", -1, 0},
	    {"HTTP/1.1 200", -1, 0},
	    {"HTTP/1.1 200 O", -1, 1},
	    {"HTTP/1.1 200\r", -1, 1},
	    {"HTTP/1.1 200\n", -1, 1},
	    {"HTTP/1.1 2x", -1, -1},
	    {"HTTP/1.1 0", -1, -1},
	    {"HTTP/2", -1, -1},
	    {"\x16\x03\x01", -1, -1},
	    {"SSH-2.0-x", 0, -1},
	    {"SSH-2.0-x\r\n", -1, -1},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(
		    http_request_like(guarded(cases[i].in)), cases[i].request);
		CU_ASSERT_EQUAL(
		    http_response_like(guarded(cases[i].in)), cases[i].response);
	}
}

static void
a_first_line_beyond_the_limit_is_no_request(void)
{
	static char text[HTTP_LINE_MAX];

	memset(text, 'x', sizeof(text));
	memcpy(text, "GET /", 5);
	CU_ASSERT_EQUAL(http_request_like(guard_copy(text, sizeof(text) - 1)), 1);
	CU_ASSERT_EQUAL(http_request_like(guard_copy(text, sizeof(text))), -1);
}

static void
no_prefix_of_a_message_is_refused(void)
{
	static const char request[] =
	    "POST /gateway/gateway.dll?Action=poll HTTP/1.1\r\n";
	static const char response[] = "HTTP/1.0  200 OK\r\n";
	size_t n;

	for (n = 0; n < sizeof(request); n++)
		CU_ASSERT_NOT_EQUAL(http_request_like(guard_copy(request, n)), -1);
	for (n = 0; n < sizeof(response); n++)
		CU_ASSERT_NOT_EQUAL(http_response_like(guard_copy(response, n)), -1);
}

static void
fields_are_split_and_trimmed(void)
{
	static const struct {
		const char *line;
		enum http_name name;
		const char *value; /* NULL: refused */
	} cases[] = {
	    {"Host: a:80", HTTP_HOST, "a:80"},
	    {"x-msn-messenger:SessionID=1.2 ", HTTP_MESSENGER, "SessionID=1.2"},
	    {"Content-Length :\t18", HTTP_CONTENT_LENGTH, "18"},
	    {"CONTENT-encoding: gzip", HTTP_CONTENT_ENCODING, "gzip"},
	    {"Transfer-Encoding:chunked", HTTP_TRANSFER_ENCODING, "chunked"},
	    {"Connection: close", HTTP_CONNECTION, "close"},
	    {"Proxy-Connection: close", HTTP_CONNECTION, "close"},
	    {"Content-Lengths: 18", HTTP_OTHER, ""},
	    {"Content_Length: 18", HTTP_OTHER, ""},
	    {"Content-Length x: 18", HTTP_OTHER, ""},
	    {"Pragma:", HTTP_OTHER, ""},
	    {" folded: x", HTTP_OTHER, NULL},
	    {"\tx", HTTP_OTHER, NULL},
	    {": x", HTTP_OTHER, NULL},
	    {"a b: x", HTTP_OTHER, ""},
	    {"a", HTTP_OTHER, NULL},
	    {"a ", HTTP_OTHER, NULL},
	    {"rubbish", HTTP_OTHER, NULL},
	    {"", HTTP_OTHER, NULL},
	};
	struct http_field f;
	size_t i;
	bool ok;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok = http_field(guarded(cases[i].line), &f);
		CU_ASSERT_EQUAL(ok, cases[i].value != NULL);
		if (!ok || cases[i].value == NULL)
			continue;
		CU_ASSERT_EQUAL(f.name, cases[i].name);
		expect_text(f.value, cases[i].value);
	}
}

static void
a_folded_line_gives_its_text(void)
{
	struct bytes text;

	CU_ASSERT_TRUE(http_folded(guarded("\t GW-IP=1.2.3.4 "), &text));
	expect_text(text, "GW-IP=1.2.3.4");
	CU_ASSERT_FALSE(http_folded(guarded("GW-IP=1.2.3.4"), &text));
	CU_ASSERT_FALSE(http_folded(guarded("  "), &text));
	CU_ASSERT_FALSE(http_folded(guarded(""), &text));
}

void
suite_http(void)
{
	CU_pSuite s = suite_new("http");

	CASE(s, "lines end in CR LF or LF", lines_end_in_crlf_or_lf);
	CASE(s, "a long line comes in pieces", a_long_line_comes_in_pieces);
	CASE(s, "request lines are read", request_lines_are_read);
	CASE(s, "status lines are read", status_lines_are_read);
	CASE(s, "the start of a stream is told apart",
	    the_start_of_a_stream_is_told_apart);
	CASE(s, "a first line beyond the limit is no request",
	    a_first_line_beyond_the_limit_is_no_request);
	CASE(s, "no prefix of a message is refused", no_prefix_of_a_message_is_refused);
	CASE(s, "fields are split and trimmed", fields_are_split_and_trimmed);
	CASE(s, "a folded line gives its text", a_folded_line_gives_its_text);
}
