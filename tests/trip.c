#include "tests/trip.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define TEXT_MAX 8192

/* Grown at its end; one byte too many ends the run. */
struct text {
	char s[TEXT_MAX];
	size_t n;
};

static void
add_bytes(struct text *t, const void *p, size_t n)
{
	if (t->n + n >= TEXT_MAX)
		abort();
	memcpy(t->s + t->n, p, n);
	t->n += n;
}

static void
add(struct text *t, const char *s)
{
	add_bytes(t, s, strlen(s));
}

/* format holds one %s. */
static void
add_with(struct text *t, const char *format, const char *value)
{
	const char *at = strstr(format, "%s");

	if (at == NULL) {
		add(t, format);
		return;
	}
	add_bytes(t, format, (size_t)(at - format));
	add(t, value);
	add(t, at + 2);
}

static const char *
or_usual(const char *given, const char *usual)
{
	return given != NULL ? given : usual;
}

static void
session_id(const struct trip *t, unsigned i, char id[80])
{
	const char *stable = or_usual(t->session, "954547325");

	if (t->fixed)
		(void)snprintf(id, 80, "%s", stable);
	else
		(void)snprintf(id, 80, "%s.%u", stable, 13160 + 7 * i);
}

static void
send_text(struct line *l, const struct trip *t, enum side side, const struct text *text)
{
	size_t at, n;

	for (at = 0; at < text->n; at += n) {
		n = t->cut != 0 && t->cut < text->n - at ? t->cut : text->n - at;
		line_send(l, side, text->s + at, n);
	}
}

static const char *
question(const struct trip *t, unsigned i)
{
	static const char *const says[] = {"VER 1 MSNP12 CVR0\r\n",
	    "CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs a@example.com\r\n",
	    "USR 3 TWN I a@example.com\r\n", "USR 4 TWN S t=1&p=2\r\n"};

	if (t->empty_open)
		return i == 0 ? "" : says[i - 1];
	return says[i];
}

static const char *
answer(const struct trip *t, unsigned i)
{
	static const char *const says[] = {"VER 1 MSNP12\r\n",
	    "CVR 2 7.5.0324 7.5.0324 1.0.0000 http://x http://y\r\n",
	    "USR 3 TWN S ct=1\r\n",
	    "USR 4 OK a@example.com 1 0\r\nMSG Hotmail Hotmail 5\r\nx\r\n\r\n"};

	if (t->empty_open)
		return i == 0 ? "" : says[i - 1];
	return says[i];
}

static void
add_length(struct text *text, const struct trip *t, size_t n)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", n);
	add_with(text, or_usual(t->length, "Content-Length: %s"), number);
	add(text, or_usual(t->eol, "\r\n"));
}

void
trip_ask(struct line *l, const struct trip *t, unsigned i)
{
	const char *eol = or_usual(t->eol, "\r\n"), *body = question(t, i);
	static struct text text;
	char id[80], target[512];

	session_id(t, i - 1, id);
	text.n = 0;
	add_with(&text, or_usual(t->command, "/gateway/gateway.dll?SessionID=%s"), id);
	(void)snprintf(target, sizeof(target), "%.*s", (int)text.n, text.s);
	text.n = 0;
	if (i == 0)
		(void)snprintf(target, sizeof(target), "%s",
		    or_usual(t->open, "/gateway/gateway.dll?Action=open&Server=NS&"
				      "IP=messenger.hotmail.com"));
	add_with(&text, or_usual(t->post, "POST %s HTTP/1.1"), target);
	add(&text, eol);
	add(&text, or_usual(t->fields, "Host: gateway.messenger.hotmail.com\r\n"));
	add_length(&text, t, strlen(body));
	add(&text, eol);
	add(&text, body);
	send_text(l, t, SIDE_CLIENT, &text);
}

static size_t
pack(const char *body, uint8_t *out, size_t room)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)body,
	    .avail_in = (uInt)strlen(body),
	    .next_out = out,
	    .avail_out = (uInt)room};

	if (deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	(void)deflateEnd(&z);
	return room - z.avail_out;
}

/* In chunks of three bytes, so that lines cross them. */
static void
add_chunks(struct text *text, const uint8_t *body, size_t n)
{
	char size[16];
	size_t at, k;

	for (at = 0; at < n; at += k) {
		k = n - at < 3 ? n - at : 3;
		(void)snprintf(size, sizeof(size), "%zX\r\n", k);
		add(text, size);
		add_bytes(text, body + at, k);
		add(text, "\r\n");
	}
	add(text, "0\r\n\r\n");
}

void
trip_reply(struct line *l, const struct trip *t, unsigned i)
{
	const char *eol = or_usual(t->eol, "\r\n"), *says = answer(t, i);
	uint8_t body[1024];
	size_t n = strlen(says);
	static struct text text;
	char id[80];

	memcpy(body, says, n);
	if (t->gzip)
		n = pack(says, body, sizeof(body));
	session_id(t, i, id);
	text.n = 0;
	add(&text, or_usual(t->status, "HTTP/1.1 200 OK"));
	add(&text, eol);
	add_with(&text,
	    or_usual(t->named, "X-MSN-Messenger: SessionID=%s; GW-IP=10.9.9.9"), id);
	add(&text, eol);
	add(&text, or_usual(t->more, ""));
	if (t->gzip)
		add(&text, "Content-Encoding: gzip\r\n");
	if (t->chunked)
		add(&text, "Transfer-Encoding: chunked\r\n");
	else if (!t->to_close)
		add_length(&text, t, n);
	add(&text, eol);
	if (t->chunked)
		add_chunks(&text, body, n);
	else
		add_bytes(&text, body, n);
	send_text(l, t, SIDE_SERVER, &text);
}

void
trip_step(struct line *l, const struct trip *t, unsigned i)
{
	trip_ask(l, t, i);
	trip_reply(l, t, i);
}

void
trip_sign_in(struct line *l, const struct trip *t)
{
	unsigned i, steps = TRIP_STEPS + (t->empty_open ? 1 : 0);

	for (i = 0; i < steps; i++)
		trip_step(l, t, i);
}

void
expect_path(struct scene *s, const char *what, enum path path)
{
	scene_end(s);
	if (s->n_attempts != 0) {
		const struct attempt *a = &s->attempts[0];

		CU_ASSERT_EQUAL(a->paths[0].path, path);
		CU_ASSERT_EQUAL(a->n_paths, 1);
		CU_ASSERT_EQUAL(a->tries, 1);
		CU_ASSERT_EQUAL(a->confidence, CONFIDENCE_CERTAIN);
	}
	expect_usual(s, what);
}

void
expect_trip(const struct trip *t, const char *what)
{
	struct scene *s = scene_new();

	trip_sign_in(scene_connect(s, TRIP_HOST, TRIP_SERVER, 80), t);
	expect_path(s, what, PATH_GATEWAY);
}
