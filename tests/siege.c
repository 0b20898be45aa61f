#include "tests/siege.h"
#include "tests/put.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "capture/decode.h"
#include "tests/heap.h"
#include "tests/scene_reach.h"

#define DLT_ETHERNET 1
#define MICROSECOND  1000
#define HEAP_MOST    (64 * 1024) /* what the scene itself takes for its connections */
#define SEGMENT_MOST 16000
#define IP_AT        14
#define TCP_AT       34
#define SYN_BYTES    54

static size_t heap;
static uint32_t next;

static void
check(bool holds, const char *what, const char *name, uint64_t got)
{
	char text[160];

	(void)snprintf(
	    text, sizeof(text), "%s %s: %llu", what, name, (unsigned long long)got);
	(void)CU_assertImplementation(holds, 0, text, "a siege", "", CU_FALSE);
}

struct scene *
siege_new(void (*flood)(struct scene *s))
{
	struct scene *s = scene_new();

	s->only = USUAL_ACCOUNT;
	s->between = flood;
	heap = heap_used();
	next = 0;
	return s;
}

uint32_t
siege_next(void)
{
	return next++;
}

struct endpoint
siege_stranger(uint32_t n, uint16_t port)
{
	uint8_t v4[4] = {
	    172, (uint8_t)(16 | (n >> 16 & 15)), (uint8_t)(n >> 8), (uint8_t)n};

	if (n >> 20 != 0) {
		v4[0] = 198;
		v4[1] = (uint8_t)(18 | (n >> 16 & 1));
	}
	return (struct endpoint){addr_v4(v4), port};
}

void
siege_frame(struct scene *s, struct endpoint src, struct endpoint dst)
{
	struct frame f;

	wire_ip(s->wire, src, dst);
	wire_ethernet(s->wire);
	f = wire_frame(s->wire, DLT_ETHERNET);
	scene_frame(s, &f, MICROSECOND);
}

void
siege_segment(struct scene *s, const struct wire_tcp *t, struct bytes data)
{
	wire_start(s->wire, data);
	wire_tcp(s->wire, t);
	siege_frame(s, t->src, t->dst);
}

struct siege_line
siege_line(uint32_t n, const char *server, uint16_t port)
{
	return (struct siege_line){{siege_stranger(n, (uint16_t)(1024 + n % 60000)),
				       wire_endpoint(server, port)},
	    {1, 1}};
}

static void
send_one(struct scene *s, struct siege_line *l, enum side side, struct bytes data,
    uint8_t flags)
{
	enum side other = side_other(side);
	struct wire_tcp t = {.src = l->end[side],
	    .dst = l->end[other],
	    .seq = l->seq[side],
	    .ack = l->seq[other],
	    .flags = flags};

	siege_segment(s, &t, data);
	l->seq[side] += (uint32_t)data.n;
}

void
siege_say(struct scene *s, struct siege_line *l, enum side side, struct bytes data)
{
	struct bytes part;

	for (; data.n != 0; data = bytes_skip(data, part.n)) {
		part = bytes_take(data, SEGMENT_MOST);
		send_one(s, l, side, part, TCP_ACK | TCP_PSH);
	}
}

void
siege_hang_up(struct scene *s, struct siege_line *l)
{
	send_one(s, l, SIDE_CLIENT, bytes_str(""), TCP_RST | TCP_ACK);
}

/* An Ethernet frame of IPv4 and TCP without options, nothing but what a SYN needs. */
static void
bare_segment(struct scene *s, const struct endpoint *src, const struct endpoint *dst,
    uint8_t flags)
{
	uint8_t frame[SYN_BYTES] = {[12] = 8,
	    [IP_AT] = 0x45,
	    [IP_AT + 3] = 40,
	    [IP_AT + 8] = 64,
	    [IP_AT + 9] = 6};
	struct frame f = {.data = bytes_of(frame, SYN_BYTES),
	    .wire_len = SYN_BYTES,
	    .linktype = DLT_ETHERNET,
	    .origin = "siege"};
	uint32_t sum = 0;
	size_t i;

	memcpy(frame + IP_AT + 12, src->addr.v + 12, 4);
	memcpy(frame + IP_AT + 16, dst->addr.v + 12, 4);
	for (i = 0; i < 20; i += 2)
		sum += (uint32_t)frame[IP_AT + i] << 8 | frame[IP_AT + i + 1];
	put16(frame + IP_AT + 10, ~((sum & 0xffff) + (sum >> 16)) & 0xffff);
	put16(frame + TCP_AT, src->port);
	put16(frame + TCP_AT + 2, dst->port);
	store_be32(frame + TCP_AT + 4, 1000);
	store_be32(frame + TCP_AT + 8, (flags & TCP_ACK) != 0 ? 1001 : 0);
	frame[TCP_AT + 12] = 5 << 4;
	frame[TCP_AT + 13] = flags;
	scene_frame(s, &f, MICROSECOND);
}

void
siege_syn(struct scene *s, uint32_t n, struct endpoint to, bool answered)
{
	struct endpoint from = siege_stranger(n, (uint16_t)(1024 + n % 60000));

	bare_segment(s, &from, &to, TCP_SYN);
	if (answered)
		bare_segment(s, &to, &from, TCP_SYN | TCP_ACK);
}

void
siege_counted(struct scene *s, const char *name, uint64_t least, uint64_t most)
{
	uint64_t n = scene_counted(s, name);

	check(n >= least && n <= most, "counted", name, n);
}

void
siege_over(struct scene *s, const char *what)
{
	size_t now;

	s->between = NULL;
	scene_end(s);
	now = heap_used();
	check(now < heap + HEAP_MOST, what, "grew memory by", now - heap);
	expect_usual(s, what);
}
