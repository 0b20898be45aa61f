#include "tests/scene.h"

#include <stdlib.h>

#include "capture/decode.h"

#define DLT_ETHERNET 1
#define FIRST_PORT   1025

struct line {
	struct scene *scene;
	struct line *next;
	struct endpoint end[2];
	uint32_t first[2]; /* sequence number of each side's first byte */
	int64_t sent[2];
	bool hidden[2]; /* not captured */
	bool opening;   /* its handshake has not gone out yet */
};

static void *
must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

struct scene *
scene_new(void)
{
	struct scene *s = must(calloc(1, sizeof(*s)));
	struct pipeline_opts opts = {0};
	struct err e;

	s->wire = must(malloc(sizeof(*s->wire)));
	s->now = INT64_C(1100000000) * NS_PER_S;
	if (pipeline_open(&s->pipeline, &opts, &e) != 0)
		abort();
	return s;
}

void
scene_free(struct scene *s)
{
	struct line *l, *next;

	for (l = s->lines; l != NULL; l = next) {
		next = l->next;
		free(l);
	}
	pipeline_close(s->pipeline);
	free(s->wire);
	free(s);
}

static void
keep_attempt(struct scene *s, const struct event *ev)
{
	if (ev->u.attempt.confidence == CONFIDENCE_HINT) {
		s->n_hints++;
		return;
	}
	if (s->only != NULL && strcmp(s->only, ev->u.attempt.account) != 0) {
		s->n_others++;
		return;
	}
	if (s->n_attempts == SCENE_ATTEMPTS_MAX)
		abort();
	s->attempts[s->n_attempts] = ev->u.attempt;
	s->attempt_events[s->n_attempts++] = *ev;
}

static void
keep_sign(struct scene *s, const struct event *ev)
{
	if (s->only != NULL && strcmp(s->only, ev->u.messenger.account) != 0)
		return;
	if (s->n_signs == SCENE_EVENTS_MAX)
		abort();
	s->signs[s->n_signs++] = ev->u.messenger;
}

static void
drain(struct scene *s)
{
	struct event ev;

	while (pipeline_next(s->pipeline, &ev)) {
		if (ev.type == EVENT_ATTEMPT)
			keep_attempt(s, &ev);
		else if (ev.type == EVENT_MESSENGER)
			keep_sign(s, &ev);
	}
}

static void
set_ttl(struct wire *w, uint8_t ttl)
{
	uint8_t *ip = w->room + w->at;

	ip[ip[0] >> 4 == 4 ? 8 : 7] = ttl;
	if (ip[0] >> 4 == 4)
		wire_resum(w, 0);
}

static void
dress(struct scene *s, struct endpoint src, struct endpoint dst)
{
	if (s->dress != NULL) {
		s->dress(s->wire, src, dst);
		return;
	}
	wire_ip(s->wire, src, dst);
	if (s->ttl != 0)
		set_ttl(s->wire, s->ttl);
	if (s->vlan)
		wire_tag(s->wire, 0x8100, 42);
	wire_ethernet(s->wire);
}

void
scene_frame(struct scene *s, const struct frame *f, int64_t after)
{
	void (*between)(struct scene * s) = s->between;
	struct frame stamped = *f;

	s->now += after;
	stamped.number = ++s->frames;
	stamped.ts = s->stamp != NULL ? s->stamp(s->now, s->frames) : s->now;
	pipeline_frame(s->pipeline, &stamped);
	drain(s);
	if (between == NULL)
		return;
	s->between = NULL;
	between(s);
	s->between = between;
}

void
scene_packet(struct scene *s, struct endpoint src, struct endpoint dst)
{
	struct frame f;

	dress(s, src, dst);
	f = wire_frame(s->wire, DLT_ETHERNET);
	if (s->snap != 0)
		f.data = bytes_take(f.data, s->snap);
	scene_frame(s, &f, NS_PER_S / 1000);
}

static void
put_packet(
    struct line *l, enum side side, int64_t offset, struct bytes data, uint8_t flags)
{
	enum side other = side_other(side);
	struct wire_tcp t = {.src = l->end[side],
	    .dst = l->end[other],
	    .seq = l->first[side] + (uint32_t)offset,
	    .flags = flags};

	if (l->hidden[side])
		return;
	if ((flags & TCP_ACK) != 0)
		t.ack = l->first[other] + (uint32_t)l->sent[other];
	wire_start(l->scene->wire, data);
	wire_tcp(l->scene->wire, &t);
	scene_packet(l->scene, t.src, t.dst);
}

static void
shake_hands(struct line *l)
{
	struct bytes none = {0};

	l->opening = false;
	put_packet(l, SIDE_CLIENT, -1, none, TCP_SYN);
	put_packet(l, SIDE_SERVER, -1, none, TCP_SYN | TCP_ACK);
	put_packet(l, SIDE_CLIENT, 0, none, TCP_ACK);
}

/* Connections are few, and the list is the latest first. */
static void
open_lines(struct scene *s)
{
	struct line *l, *first;

	do {
		first = NULL;
		for (l = s->lines; l != NULL; l = l->next)
			if (l->opening)
				first = l;
		if (first != NULL)
			shake_hands(first);
	} while (first != NULL);
}

void
scene_wait(struct scene *s, int64_t ns)
{
	open_lines(s);
	s->now += ns;
}

void
scene_end(struct scene *s)
{
	open_lines(s);
	do
		drain(s);
	while (pipeline_finish(s->pipeline));
}

void
scene_forget(struct scene *s)
{
	s->n_attempts = 0;
	s->n_hints = 0;
	s->n_signs = 0;
}

struct endpoint
scene_endpoint(const struct scene *s, const char *addr, uint16_t port)
{
	static const uint8_t net[4] = {0x20, 0x01, 0x0d, 0xb8};
	struct endpoint ep = wire_endpoint(addr, port);

	if (s->ipv6 && addr_is_v4(&ep.addr)) {
		memset(ep.addr.v, 0, 12);
		memcpy(ep.addr.v, net, sizeof(net));
	}
	return ep;
}

/* Sequence numbers wrap around early in many of the connections. */
static struct line *
line_new(struct scene *s, const struct endpoint end[2], bool opening)
{
	struct line *l;
	uint32_t n;

	open_lines(s);
	l = must(calloc(1, sizeof(*l)));
	n = (uint32_t)s->frames * 64000U;
	l->scene = s;
	l->next = s->lines;
	l->end[SIDE_CLIENT] = end[SIDE_CLIENT];
	l->end[SIDE_SERVER] = end[SIDE_SERVER];
	l->first[SIDE_CLIENT] = 0xffffffc0U - n;
	l->first[SIDE_SERVER] = 0xffffff00U + n * 3;
	l->opening = opening;
	s->lines = l;
	return l;
}

static struct line *
line_between(
    struct scene *s, const char *client, const struct endpoint *server, bool opening)
{
	uint16_t port = s->lines == NULL
			    ? FIRST_PORT
			    : (uint16_t)(s->lines->end[SIDE_CLIENT].port + 1);
	struct endpoint end[2];

	end[SIDE_CLIENT] = scene_endpoint(s, client, port);
	end[SIDE_SERVER] = *server;
	return line_new(s, end, opening);
}

struct line *
scene_connect(struct scene *s, const char *client, const char *server, uint16_t port)
{
	struct endpoint to = scene_endpoint(s, server, port);

	return line_between(s, client, &to, true);
}

struct line *
scene_midstream(struct scene *s, const char *client, const char *server, uint16_t port)
{
	struct endpoint to = scene_endpoint(s, server, port);

	return line_between(s, client, &to, false);
}

void
line_capture_only(struct line *l, enum side side)
{
	l->hidden[side_other(side)] = true;
}

struct wire_tcp
line_syn(const struct line *l)
{
	return (struct wire_tcp){.src = l->end[SIDE_CLIENT],
	    .dst = l->end[SIDE_SERVER],
	    .seq = l->first[SIDE_CLIENT] - 1,
	    .flags = TCP_SYN};
}

struct line *
line_reuse(struct line *l)
{
	return line_new(l->scene, l->end, true);
}

void
line_segment(struct line *l, enum side side, int64_t offset, const void *data, size_t n,
    uint8_t flags)
{
	open_lines(l->scene);
	put_packet(l, side, offset, bytes_of(data, n), flags);
}

int64_t
line_sent(const struct line *l, enum side side)
{
	return l->sent[side];
}

static void
send_cut(struct line *l, enum side side, struct bytes data, size_t most)
{
	struct bytes part, none = {0};
	int64_t at;

	open_lines(l->scene);
	while (data.n != 0) {
		part = bytes_take(data, most);
		data = bytes_skip(data, part.n);
		at = l->sent[side];
		l->sent[side] += (int64_t)part.n;
		put_packet(l, side, at, part, TCP_PSH | TCP_ACK);
		put_packet(l, side_other(side), l->sent[side_other(side)], none, TCP_ACK);
	}
}

void
line_send(struct line *l, enum side side, const void *data, size_t n)
{
	send_cut(l, side, bytes_of(data, n), SCENE_MSS);
}

void
line_client(struct line *l, const char *text)
{
	send_cut(l, SIDE_CLIENT, bytes_str(text), SCENE_MSS);
}

void
line_server(struct line *l, const char *text)
{
	send_cut(l, SIDE_SERVER, bytes_str(text), SCENE_MSS);
}

void
line_send_cut(struct line *l, enum side side, const char *text, size_t n)
{
	send_cut(l, side, bytes_str(text), n);
}

void
line_lose(struct line *l, enum side side, size_t n)
{
	open_lines(l->scene);
	l->sent[side] += (int64_t)n;
}

static void
finish(struct line *l, enum side side)
{
	struct bytes none = {0};

	put_packet(l, side, l->sent[side], none, TCP_FIN | TCP_ACK);
	l->sent[side]++;
}

void
line_close(struct line *l, enum side side)
{
	enum side other = side_other(side);
	struct bytes none = {0};

	open_lines(l->scene);
	finish(l, side);
	finish(l, other);
	put_packet(l, side, l->sent[side], none, TCP_ACK);
}

void
line_reset(struct line *l, enum side side)
{
	struct bytes none = {0};

	open_lines(l->scene);
	put_packet(l, side, l->sent[side], none, TCP_RST | TCP_ACK);
}
