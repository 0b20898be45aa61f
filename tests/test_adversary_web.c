/* Floods of HTTP: sessions, heads, lengths and bodies, with a sign-in in the middle. */
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "detect/gateway.h"
#include "tests/siege.h"
#include "tests/suite.h"
#include "tests/trip.h"

#define OPEN "/gateway/gateway.dll?Action=open&Server=NS&IP=messenger.hotmail.com"
#define MEGA (1024 * 1024)

static const struct trip usual;

static struct line *
connect_usual(struct scene *s)
{
	return scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);
}

static void
sign_in(struct scene *s)
{
	trip_sign_in(connect_usual(s), &usual);
}

/* A request of a gateway, and an answer that names a session. */
static void
ask(struct scene *s, struct siege_line *l, const char *target, const char *body)
{
	char text[512];

	(void)snprintf(text, sizeof(text),
	    "POST %s HTTP/1.1\r\nHost: g\r\nContent-Length: %zu\r\n\r\n%s", target,
	    strlen(body), body);
	siege_say(s, l, SIDE_CLIENT, bytes_str(text));
}

static void
reply(struct scene *s, struct siege_line *l, uint32_t session, const char *body)
{
	char text[512];

	(void)snprintf(text, sizeof(text),
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=%u.1; GW-IP=10.8.8.8\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    session, strlen(body), body);
	siege_say(s, l, SIDE_SERVER, bytes_str(text));
}

static void
flood_sessions(struct scene *s)
{
	struct siege_line l;
	unsigned i;

	for (i = 0; i < 1000; i++) {
		l = siege_line(siege_next(), TRIP_SERVER, 80);
		ask(s, &l, OPEN, "VER 1 MSNP12 CVR0\r\n");
		reply(s, &l, siege_next(), "VER 1 MSNP12\r\n");
	}
}

static void
sessions_without_end(void)
{
	struct scene *s = siege_new(flood_sessions);

	sign_in(s);
	siege_counted(s, "gateway.sessions", 16000, UINT64_MAX);
	siege_counted(s, "gateway.evicted", 10000, UINT64_MAX);
	siege_counted(s, "detect.refused", 0, 0);
	siege_over(s, "sessions without end");
}

/* All on one connection of the host itself, as behind a proxy. */
static void
flood_one_connection(struct scene *s)
{
	struct siege_line l = siege_line(0, TRIP_SERVER, 80);
	char target[96];
	unsigned i;

	l.end[SIDE_CLIENT] = wire_endpoint(TRIP_HOST, (uint16_t)(2000 + siege_next()));
	for (i = 0; i < 1000; i++) {
		(void)snprintf(target, sizeof(target),
		    "/gateway/gateway.dll?SessionID=%u.1", siege_next());
		ask(s, &l, target, "PNG\r\n");
		reply(s, &l, siege_next(), "QNG 50\r\n");
	}
}

static void
sessions_without_end_on_a_connection(void)
{
	struct scene *s = siege_new(flood_one_connection);

	sign_in(s);
	siege_counted(s, "gateway.sessions", 16000, UINT64_MAX);
	siege_counted(s, "gateway.evicted", 10000, UINT64_MAX);
	siege_over(s, "sessions without end on one connection");
}

static struct bytes
much(const char *line, size_t n)
{
	static char text[MEGA];
	size_t k = strlen(line), at;

	for (at = 0; at + k <= n && at + k <= sizeof(text); at += k)
		memcpy(text + at, line, k);
	return bytes_of(text, at);
}

/* Half of them never come to an end of their heads, half have one endless line. */
static void
flood_heads(struct scene *s)
{
	struct siege_line l;
	unsigned i;

	for (i = 0; i < 4; i++) {
		l = siege_line(siege_next(), TRIP_SERVER, 80);
		siege_say(s, &l, SIDE_CLIENT, bytes_str("POST " OPEN " HTTP/1.1\r\nA: "));
		siege_say(
		    s, &l, SIDE_CLIENT, much(i % 2 ? "X: y\r\n" : "aaaaaaaa", MEGA));
	}
}

static void
heads_without_end(void)
{
	struct scene *s = siege_new(NULL);
	struct line *l = connect_usual(s);
	struct bytes fields = much("X-Filler: nothing\r\n", MEGA);

	line_client(l, "POST /gateway/gateway.dll?SessionID=9.9 HTTP/1.1\r\nHost: g\r\n");
	line_send(l, SIDE_CLIENT, fields.p, fields.n);
	fields = much("a", MEGA);
	line_send(l, SIDE_CLIENT, fields.p, fields.n);
	line_client(l, ": b\r\nContent-Length: 0\r\n\r\n");
	line_answer(l, 200, "", "");
	s->between = flood_heads;
	trip_sign_in(l, &usual);
	siege_counted(s, "detect.lines_cut", 30, UINT64_MAX);
	siege_counted(s, "detect.refused", 0, 0);
	siege_over(s, "heads without end");
}

/* Answers of a gateway whose bodies are not what their heads say. */
static const char *const lies[] = {
    "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nVER 1 MSNP12\r\n",
    "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nVER 1 MSNP12\r\n",
    "Transfer-Encoding: chunked\r\n\r\n-1\r\nVER 1 MSNP12\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n3\r\nVER 1 MSNP12\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n0x10\r\nVER 1 MSNP12\r\n0\r\n\r\n",
    "Content-Length: 18446744073709551615\r\n\r\nVER 1 MSNP12\r\n",
    "Content-Length: 99999999999999999999999999999\r\n\r\nVER 1 MSNP12\r\n",
    "Content-Length: -5\r\n\r\nVER 1 MSNP12\r\n",
    "Content-Length: 5\r\nContent-Length: 500000\r\n\r\nVER 1 MSNP12\r\n",
    "Content-Length: 5, 7, x\r\nTransfer-Encoding: chunked\r\n\r\nVER 1\r\n",
    "Content-Length: 999999999999999999\r\n\r\nVER 1 MSNP12\r\n",
    "Content-Length: 1\r\n\r\nVER 1 MSNP12\r\n",
};
#define LIES (sizeof(lies) / sizeof(lies[0]))

static void
flood_lies(struct scene *s)
{
	struct siege_line l;
	char text[512];
	size_t i;

	for (i = 0; i < LIES * 5; i++) {
		l = siege_line(siege_next(), TRIP_SERVER, 80);
		ask(s, &l, OPEN, "VER 1 MSNP12 CVR0\r\n");
		(void)snprintf(text, sizeof(text),
		    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=%u; "
		    "GW-IP=1.2.3.4\r\n%s",
		    siege_next(), lies[i % LIES]);
		siege_say(s, &l, SIDE_SERVER, bytes_str(text));
		siege_say(s, &l, SIDE_SERVER, much("VER 1 MSNP8\r\n", 2000));
		ask(s, &l, OPEN, "VER 1 MSNP12 CVR0\r\n");
		reply(s, &l, siege_next(), "VER 1 MSNP12\r\n");
	}
}

static void
lengths_that_lie(void)
{
	struct scene *s = siege_new(flood_lies);

	sign_in(s);
	siege_counted(s, "gateway.astray", 100, UINT64_MAX);
	siege_over(s, "lengths that lie");
}

/* Zeros without end, packed a thousandfold. */
static struct bytes
bomb(void)
{
	static uint8_t packed[64 * 1024], zeros[MEGA];
	z_stream z = {.next_out = packed, .avail_out = sizeof(packed)};
	unsigned i;

	if (deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	for (i = 0; i < 32; i++) {
		z.next_in = zeros;
		z.avail_in = sizeof(zeros);
		if (deflate(&z, i == 31 ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
			abort();
	}
	(void)deflateEnd(&z);
	return bytes_of(packed, z.total_out);
}

static void
flood_bombs(struct scene *s)
{
	static struct bytes packed;
	struct siege_line l;
	char text[256];
	unsigned i;

	if (packed.n == 0)
		packed = bomb();
	for (i = 0; i < 2; i++) {
		l = siege_line(siege_next(), TRIP_SERVER, 80);
		ask(s, &l, OPEN, "VER 1 MSNP12 CVR0\r\n");
		(void)snprintf(text, sizeof(text),
		    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=%u.1\r\n"
		    "Content-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
		    siege_next(), packed.n);
		siege_say(s, &l, SIDE_SERVER, bytes_str(text));
		siege_say(s, &l, SIDE_SERVER, packed);
	}
}

static void
gzip_bombs(void)
{
	static const struct trip packed = {.gzip = true};
	struct scene *s = siege_new(flood_bombs);

	trip_sign_in(connect_usual(s), &packed);
	siege_counted(s, "gateway.bodies_broken", 16, UINT64_MAX);
	siege_over(s, "gzip bombs");
}

/* Packed bodies that never end, each of which keeps a buffer. */
static void
flood_unfinished_bodies(struct scene *s)
{
	struct siege_line l;
	unsigned i;

	for (i = 0; i < 100; i++) {
		l = siege_line(siege_next(), TRIP_SERVER, 80);
		ask(s, &l, OPEN, "VER 1 MSNP12 CVR0\r\n");
		siege_say(s, &l, SIDE_SERVER,
		    bytes_str("HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=1.1\r\n"
			      "Transfer-Encoding: chunked\r\n\r\nff\r\nVER 1 MS"));
	}
}

static void
bodies_that_never_end(void)
{
	static const struct trip packed = {.chunked = true};
	struct scene *s = siege_new(flood_unfinished_bodies);

	trip_sign_in(connect_usual(s), &packed);
	siege_counted(s, "gateway.bodies_refused", 100, UINT64_MAX);
	siege_over(s, "bodies that never end");
}

/* What is told of a name is bounded, and says that it was cut. */
static void
names_of_a_kilobyte(void)
{
	struct scene *s = siege_new(NULL);
	char fields[1100];
	struct trip t = {.fields = fields};
	const char *host;

	(void)snprintf(fields, sizeof(fields), "Host: %01000d.test\r\n", 0);
	trip_sign_in(connect_usual(s), &t);
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	host = s->attempts[0].paths[0].host;
	CU_ASSERT_EQUAL(strlen(host), GATEWAY_HOST_MAX - 1);
	CU_ASSERT_STRING_EQUAL(host + strlen(host) - 3, "...");
	siege_over(s, "names of a kilobyte");
}

void
suite_adversary_web(void)
{
	CU_pSuite s = suite_new("adversary: HTTP");

	CASE(s, "sessions without end", sessions_without_end);
	CASE(s, "sessions without end on a connection",
	    sessions_without_end_on_a_connection);
	CASE(s, "heads without end", heads_without_end);
	CASE(s, "lengths that lie", lengths_that_lie);
	CASE(s, "gzip bombs", gzip_bombs);
	CASE(s, "bodies that never end", bodies_that_never_end);
	CASE(s, "names of a kilobyte", names_of_a_kilobyte);
}
