#include <string.h>

#include "tests/reshape/ends.h"
#include "tests/reshape/lower.h"
#include "tests/reshape/steps.h"

#define HEAD_MAX 8192

/* One direction of a gateway connection. */
struct http {
	char head[HEAD_MAX];
	size_t n;    /* bytes of the head so far */
	size_t body; /* bytes of the body to come */
	bool messenger;
};

struct talk {
	struct tuple key;
	bool begun;
	uint32_t next;
	struct lower lower;
	struct http http;
};

static bool
contains(struct bytes in, const char *what)
{
	size_t i;

	for (i = 0; i < in.n; i++)
		if (bytes_starts_fold(bytes_skip(in, i), what))
			return true;
	return false;
}

static size_t
content_length(struct bytes head)
{
	struct bytes line;
	uint64_t n = 0;

	for (; head.n > 0; head = bytes_skip(head, line.n + 1)) {
		line = bytes_take(head, bytes_find(head, '\n'));
		if (!bytes_starts_fold(line, "content-length:"))
			continue;
		line = bytes_skip(bytes_take(line, bytes_find(line, '\r')), 15);
		(void)bytes_decimal(bytes_trim(line), UINT32_MAX, &n);
	}
	return (size_t)n;
}

static void
head_byte(struct http *h, struct lower *l, uint8_t c)
{
	struct bytes head;

	if (h->n == HEAD_MAX)
		h->n = 0;
	h->head[h->n++] = (char)c;
	if (c != '\n' || h->n < 4 || memcmp(h->head + h->n - 4, "\r\n\r\n", 4) != 0)
		return;
	head = bytes_of(h->head, h->n);
	h->body = content_length(head);
	h->messenger =
	    contains(head, "gateway.dll") || contains(head, "x-msn-messenger:");
	h->n = 0;
	*l = (struct lower){0};
}

static void
gateway_byte(struct talk *t, uint8_t *c, bool from_client)
{
	if (t->http.body == 0) {
		head_byte(&t->http, &t->lower, *c);
		return;
	}
	t->http.body--;
	if (t->http.messenger)
		lower_byte(&t->lower, c, from_client);
}

static bool
either_port(const struct tuple *t, uint16_t low, uint16_t high)
{
	return (t->client.port >= low && t->client.port <= high) ||
	       (t->server.port >= low && t->server.port <= high);
}

/* Three characters of a verb and a separator: a line begins here. */
static bool
begins_line(struct bytes data)
{
	size_t i;

	for (i = 0; i < 3 && i < data.n; i++)
		if (!byte_is_digit(data.p[i]) && (data.p[i] < 'A' || data.p[i] > 'Z'))
			return false;
	return data.n < 4 || data.p[3] == ' ' || data.p[3] == '\r';
}

static void
lower_segment(
    struct talk *t, struct rec *r, const struct view *v, const struct tuple *ends)
{
	bool gateway = either_port(ends, 80, 80), client = ends_from_client(ends);
	uint32_t seq = load_be32(r->p + v->l4 + 4);
	size_t i;

	if (t->begun && seq != t->next)
		return;
	if (!t->begun && !gateway &&
	    !begins_line(bytes_of(r->p + v->data, view_payload(v))))
		return;
	for (i = v->data; i < v->end; i++) {
		if (gateway)
			gateway_byte(t, r->p + i, client);
		else
			lower_byte(&t->lower, r->p + i, client);
	}
	t->begun = true;
	t->next = seq + (uint32_t)view_payload(v);
	wire_fix(r->p, v);
}

static void
lower_rec(struct table *talks, struct rec *r)
{
	struct tuple ends;
	struct talk *t;
	struct view v;

	if (!view_tcp(r, &v))
		return;
	ends = view_ends(r, &v);
	if (!either_port(&ends, 80, 80) && !either_port(&ends, 1863, 1864))
		return;
	t = ends_get(talks, &ends);
	if (v.flags & TCP_SYN)
		t->begun = false;
	else if (view_payload(&v) > 0)
		lower_segment(t, r, &v, &ends);
}

void
step_lower(const struct trace *in, struct trace *out, const char *arg)
{
	struct table *talks = ends_open(sizeof(struct talk));
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++)
		lower_rec(talks, trace_copy(out, &in->r[i]));
	table_close(talks);
}

static void
move_port(uint8_t *p)
{
	static const uint16_t moves[][2] = {{1863, 4443}, {80, 8000}};
	size_t i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (load_be16(p) == moves[i][0]) {
			put16(p, moves[i][1]);
			return;
		}
	}
}

static void
move_ports(uint8_t *l4)
{
	move_port(l4);
	move_port(l4 + 2);
}

/*
 * What an unreachable message quotes: the segment's ports, if they are there; else
 * NULL.
 */
static uint8_t *
quoted_ports(uint8_t *icmp, size_t n, bool v6)
{
	uint8_t *ip = icmp + 8;
	size_t header = IP6_LEN;

	if (n < 8 + IP4_LEN || icmp[0] != (v6 ? 1 : 3))
		return NULL;
	if (!v6)
		header = (size_t)(ip[0] & 15) * 4;
	if (ip[v6 ? 6 : 9] != P_TCP || n < 8 + header + 4)
		return NULL;
	return ip + header;
}

void
step_ports(const struct trace *in, struct trace *out, const char *arg)
{
	uint8_t *ports;
	struct rec *r;
	struct view v;
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++) {
		r = trace_copy(out, &in->r[i]);
		ports = NULL;
		if (view_tcp(r, &v))
			ports = r->p + v.l4;
		else if (view_of(r, &v) && v.proto == (v.v6 ? P_ICMP6 : P_ICMP))
			ports = quoted_ports(r->p + v.l4, v.end - v.l4, v.v6);
		if (ports == NULL)
			continue;
		move_ports(ports);
		wire_fix(r->p, &v);
	}
}
