/* A flow table with a caller that tracks every packet of one client and one server. */
#ifndef TESTS_NET_H
#define TESTS_NET_H

#include "capture/flow.h"
#include "tests/counted.h"
#include "tests/suite.h"

#define SEC INT64_C(1000000000)

static const char *const ends[] = {"open", "client", "server", "rst client", "rst server",
    "idle", "prohibited", "reused", "evicted", "stopped"};

/* What a caller keeps beside the flow. */
struct session {
	struct flow flow;
	char read[2][64]; /* what each stream gave */
	size_t n[2];
	uint32_t lost[2];
};

struct net {
	struct flows *fs;
	struct session *last; /* of the packet before, forgotten or not */
	enum flow_end end;    /* how that packet ended it */
	int64_t now;
	uint16_t client_port;
};

static inline struct net
net_open(size_t entries)
{
	struct flow_opts opts = {.entries = entries,
	    .entry_size = sizeof(struct session),
	    .young_ns = 30 * SEC,
	    .idle_ns = 3600 * SEC,
	    .windows = 4,
	    .favoured = 2};
	struct net n = {.now = 1000 * SEC, .client_port = 1025};
	struct err e = {""};

	if (flow_open(&n.fs, &opts, &e) != 0)
		abort();
	return n;
}

static inline uint64_t
counted(const struct net *n, const char *name)
{
	struct counters c = {.n = 0};

	flow_counters(n->fs, &c);
	return counter_of(&c, name);
}

static inline void
net_close(struct net *n)
{
	struct flow *f;

	while ((f = flow_left(n->fs)) != NULL)
		flow_forget(n->fs, f);
	CU_ASSERT_EQUAL(counted(n, "stream.windows"), 0);
	CU_ASSERT_EQUAL(counted(n, "flow.tracked"), 0);
	flow_close(n->fs);
}

static inline void
take(struct net *n, struct session *s, enum side side)
{
	struct stream *st = &s->flow.stream[side];
	struct run run;

	while (stream_next(st, flow_pool(n->fs), &run)) {
		if (s->n[side] + run.data.n < sizeof(s->read[side])) {
			memcpy(s->read[side] + s->n[side], run.data.p, run.data.n);
			s->n[side] += run.data.n;
		}
		s->lost[side] += run.lost;
		stream_consume(st, flow_pool(n->fs), run.data.n);
	}
}

static inline struct packet
packet(const struct net *n, enum side from, uint8_t flags, uint32_t seq, uint32_t ack)
{
	struct endpoint c = {addr_v4((const uint8_t[]){192, 168, 1, 77}), n->client_port};
	struct endpoint s = {addr_v4((const uint8_t[]){64, 4, 13, 50}), 1863};
	struct packet p = {.src = from == SIDE_CLIENT ? c : s,
	    .dst = from == SIDE_CLIENT ? s : c,
	    .ts = n->now,
	    .proto = 6,
	    .tcp_flags = flags,
	    .seq = seq,
	    .ack = ack};

	return p;
}

/* Tracks every packet, as a caller does; the named side is what it guesses. */
static inline void
put_as(struct net *n, struct packet *p, enum side named)
{
	enum side side = named;
	struct flow *f = flow_find(n->fs, p, &side);

	if (f == NULL) {
		f = flow_begin(n->fs, p, named);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f);
		CU_ASSERT_PTR_EQUAL(flow_find(n->fs, p, &side), f);
	}
	n->last = (struct session *)f;
	n->end = flow_note(n->fs, f, p, side);
	take(n, n->last, SIDE_CLIENT);
	take(n, n->last, SIDE_SERVER);
}

static inline void
put(struct net *n, enum side from, uint8_t flags, uint32_t seq, uint32_t ack)
{
	struct packet p = packet(n, from, flags, seq, ack);

	put_as(n, &p, from);
}

static inline void
say(struct net *n, enum side from, uint32_t seq, uint32_t ack, const char *text)
{
	struct packet p = packet(n, from, TCP_ACK | TCP_PSH, seq, ack);

	p.payload = bytes_str(text);
	p.wire_payload = (uint32_t)p.payload.n;
	put_as(n, &p, from);
}

static inline bool
heard(const struct net *n, enum side side, const char *text)
{
	return n->last->n[side] == strlen(text) &&
	       memcmp(n->last->read[side], text, strlen(text)) == 0;
}

#define EXPECT_END(n, name) CU_ASSERT_STRING_EQUAL(ends[(n).end], (name))

static inline void
shake(struct net *n)
{
	put(n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	put(n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 1001);
	put(n, SIDE_CLIENT, TCP_ACK, 1001, 5001);
}

static inline void
talk(struct net *n)
{
	shake(n);
	say(n, SIDE_CLIENT, 1001, 5001, "VER 1 MSNP8\r\n");
	say(n, SIDE_SERVER, 5001, 1014, "VER 1\r\n");
}

#endif
