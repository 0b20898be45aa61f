#include "samples/net.h"

#include <string.h>

#include "samples/frame.h"
#include "samples/msg.h"

#define SEGMENT     1460
#define CLIENT_LAG  (NET_MS / 5)
#define CLIENT_ACK  (150 * NET_MS)
#define SERVER_ACK  (40 * NET_MS)
#define CLIENT_PACE (4 * NET_MS)
#define SERVER_PACE (6 * NET_MS / 5)
#define WINDOW      65535
#define FIRST_PORT  1025
#define LAST_PORT   4999

static const uint8_t router_mac[6] = {0x02, 0, 0x5e, 0, 0, 0x01};

static bool
family_v6(const struct node *client, const struct node *server)
{
	return !addr_is_unset(&client->v6) && !addr_is_unset(&server->v6);
}

static struct addr
node_addr(const struct node *n, bool v6)
{
	return v6 ? n->v6 : n->v4;
}

static uint16_t
next_port(struct node *client)
{
	if (client->port < FIRST_PORT || client->port > LAST_PORT)
		client->port = FIRST_PORT;
	return client->port++;
}

/* A node without a MAC of its own is behind the router. */
static void
node_mac(uint8_t to[6], const struct node *n)
{
	static const uint8_t none[6];

	memcpy(to, memcmp(n->mac, none, 6) == 0 ? router_mac : n->mac, 6);
}

static struct wire
wire_of(struct node *from, const struct node *to, uint16_t vlan)
{
	struct wire w = {.vlan = vlan, .ttl = from->ttl, .id = from->ip_id++};

	node_mac(w.src_mac, from);
	node_mac(w.dst_mac, to);
	return w;
}

static struct wire
conn_wire(struct conn *c, enum side side)
{
	struct wire w =
	    wire_of(c->node[side], c->node[side_other(side)], c->node[SIDE_CLIENT]->vlan);

	w.src = c->end[side];
	w.dst = c->end[side_other(side)];
	return w;
}

static void
segment(struct conn *c, int64_t t, enum side side, unsigned flags, struct bytes data)
{
	uint8_t out[FRAME_MAX];
	enum side peer = side_other(side);
	struct wire w = conn_wire(c, side);
	struct tcp_part part = {c->seq[side], c->seq[peer], (uint8_t)flags,
	    flags & TCP_RST ? 0 : WINDOW, data};

	if (t < c->floor[side])
		t = c->floor[side];
	if (data.n > 0 && t < c->said)
		t = c->said;
	if (data.n > 0)
		c->said = t;
	trace_add(&c->net->trace, t, side == SIDE_CLIENT,
	    bytes_of(out, frame_tcp(out, &w, &part)));
	c->floor[side] = t;
	c->seq[side] += (uint32_t)data.n + ((flags & (TCP_SYN | TCP_FIN)) != 0);
	c->pending[side] = 0;
	if (data.n == 0 && !(flags & TCP_FIN))
		return;
	if (c->pending[peer]++ == 0)
		c->since[peer] = t + (peer == SIDE_SERVER ? c->node[peer]->rtt : 0);
}

static void
acknowledge(struct conn *c, int64_t t, enum side side)
{
	segment(c, t, side, TCP_ACK, bytes_of("", 0));
}

/* The delayed acknowledgements that fell due before t. */
static void
acknowledge_due(struct conn *c, int64_t t)
{
	int64_t due;

	due = c->since[SIDE_CLIENT] + CLIENT_ACK;
	if (c->pending[SIDE_CLIENT] > 0 && due < t)
		acknowledge(c, due, SIDE_CLIENT);
	due = c->since[SIDE_SERVER] + SERVER_ACK;
	if (c->pending[SIDE_SERVER] > 0 && due < t)
		acknowledge(c, due, SIDE_SERVER);
}

static void
conn_init(struct conn *c, struct net *net, struct node *client, struct node *server)
{
	bool v6 = family_v6(client, server);

	memset(c, 0, sizeof(*c));
	c->net = net;
	c->node[SIDE_CLIENT] = client;
	c->node[SIDE_SERVER] = server;
	c->end[SIDE_CLIENT] = (struct endpoint){node_addr(client, v6), next_port(client)};
	c->end[SIDE_SERVER] = (struct endpoint){node_addr(server, v6), server->port};
	c->seq[SIDE_CLIENT] = (uint32_t)rng_next(&net->rng);
	c->seq[SIDE_SERVER] = (uint32_t)rng_next(&net->rng);
}

int64_t
conn_open(
    struct conn *c, struct net *net, struct node *client, struct node *server, int64_t t)
{
	conn_init(c, net, client, server);
	segment(c, t, SIDE_CLIENT, TCP_SYN, bytes_of("", 0));
	t += server->rtt;
	segment(c, t, SIDE_SERVER, TCP_SYN | TCP_ACK, bytes_of("", 0));
	t += CLIENT_LAG;
	acknowledge(c, t, SIDE_CLIENT);
	c->open = true;
	return t + CLIENT_LAG;
}

int64_t
conn_trip(struct conn *c)
{
	return c->node[SIDE_SERVER]->rtt + NET_MS * (1 + rng_below(&c->net->rng, 8));
}

int64_t
conn_send(struct conn *c, int64_t t, enum side side, struct bytes data)
{
	enum side peer = side_other(side);
	int64_t ack_lag = peer == SIDE_SERVER ? c->node[peer]->rtt : CLIENT_LAG / 2;
	struct bytes part;

	acknowledge_due(c, t);
	if (t < c->floor[side])
		t = c->floor[side];
	for (; data.n > 0; data = bytes_skip(data, SEGMENT)) {
		part = bytes_take(data, SEGMENT);
		segment(c, t, side, TCP_ACK | (part.n == data.n ? TCP_PSH : 0), part);
		if (c->pending[peer] >= 2)
			acknowledge(c, t + ack_lag, peer);
		if (data.n > SEGMENT)
			t += side == SIDE_CLIENT ? CLIENT_PACE : SERVER_PACE;
	}
	return t;
}

int64_t
conn_close(struct conn *c, int64_t t, enum side first)
{
	enum side peer = side_other(first);
	int64_t there = first == SIDE_CLIENT ? c->node[peer]->rtt : CLIENT_LAG;
	int64_t back = first == SIDE_CLIENT ? CLIENT_LAG : c->node[first]->rtt;

	if (!c->open)
		return t;
	c->open = false;
	acknowledge_due(c, t);
	if (t < c->floor[first])
		t = c->floor[first];
	segment(c, t, first, TCP_FIN | TCP_ACK, bytes_of("", 0));
	t = t + there < c->floor[peer] ? c->floor[peer] : t + there;
	segment(c, t, peer, TCP_FIN | TCP_ACK, bytes_of("", 0));
	acknowledge(c, t + back, first);
	return t + back;
}

int64_t
conn_reset(struct conn *c, int64_t t, enum side side)
{
	if (!c->open)
		return t;
	c->open = false;
	acknowledge_due(c, t);
	segment(c, t, side, TCP_RST | TCP_ACK, bytes_of("", 0));
	return t;
}

static int64_t
no_answer(struct conn *c, int64_t t)
{
	static const int again_s[] = {0, 3, 9};
	uint32_t seq = c->seq[SIDE_CLIENT];
	size_t i;

	for (i = 0; i < sizeof(again_s) / sizeof(again_s[0]); i++) {
		c->seq[SIDE_CLIENT] = seq;
		segment(c, t + again_s[i] * NET_S, SIDE_CLIENT, TCP_SYN, bytes_of("", 0));
	}
	return t + 21 * NET_S;
}

static int64_t
prohibited(struct conn *c, int64_t t)
{
	const struct trace *trace = &c->net->trace;
	struct node *client = c->node[SIDE_CLIENT], *by = c->net->router;
	bool v4 = addr_is_v4(&c->end[SIDE_CLIENT].addr);
	const struct trace_frame *f;
	uint8_t out[FRAME_MAX];
	struct bytes syn;
	struct wire w;

	segment(c, t, SIDE_CLIENT, TCP_SYN, bytes_of("", 0));
	if (trace->failed)
		return t;
	f = &trace->frame[trace->n_frames - 1];
	syn =
	    bytes_skip(bytes_of(trace->data + f->at, f->n), client->vlan != 0 ? 18 : 14);
	syn = bytes_take(syn, v4 ? 48 : 68);
	if (by == NULL)
		by = c->node[SIDE_SERVER];
	w = wire_of(by, client, client->vlan);
	w.src.addr = node_addr(by, !v4);
	w.dst.addr = c->end[SIDE_CLIENT].addr;
	trace_add(&c->net->trace, t + NET_MS, false,
	    bytes_of(out, frame_prohibited(out, &w, syn)));
	return t + 2 * NET_MS;
}

int64_t
net_blocked(struct net *net, struct node *client, struct node *server, enum net_block how,
    int64_t t)
{
	struct conn c;

	conn_init(&c, net, client, server);
	switch (how) {
	case NET_NO_ANSWER:
		return no_answer(&c, t);
	case NET_PROHIBITED:
		return prohibited(&c, t);
	case NET_REFUSED:
		break;
	}
	segment(&c, t, SIDE_CLIENT, TCP_SYN, bytes_of("", 0));
	c.seq[SIDE_SERVER] = 0;
	t += server->rtt;
	segment(&c, t, SIDE_SERVER, TCP_RST | TCP_ACK, bytes_of("", 0));
	return t + CLIENT_LAG;
}

static void
question(struct msg *m, const char *name, bool v6)
{
	size_t n;

	for (; *name != '\0'; name += n + (name[n] == '.')) {
		n = strcspn(name, ".");
		msg_u8(m, (unsigned)n);
		msg_put(m, bytes_of(name, n));
	}
	msg_u8(m, 0);
	msg_be16(m, v6 ? 28 : 1);
	msg_be16(m, 1);
}

static void
dns_head(struct msg *m, unsigned id, unsigned flags, unsigned answers)
{
	msg_init(m);
	msg_be16(m, id);
	msg_be16(m, flags);
	msg_be16(m, 1);
	msg_be16(m, answers);
	msg_be32(m, 0);
}

static void
datagram(
    struct net *net, int64_t t, bool outbound, const struct wire *w, const struct msg *m)
{
	uint8_t out[FRAME_MAX];

	trace_add(
	    &net->trace, t, outbound, bytes_of(out, frame_udp(out, w, msg_bytes(m))));
}

int64_t
net_lookup(struct net *net, struct node *client, const char *name,
    const struct addr *answer, int64_t t)
{
	struct node *by = net->resolver;
	bool none = addr_is_unset(answer), v6 = !none && !addr_is_v4(answer);
	bool over6 = addr_is_unset(&client->v4);
	unsigned id = (unsigned)rng_below(&net->rng, 65536);
	struct endpoint asker = {node_addr(client, over6), next_port(client)};
	struct wire w = wire_of(client, by, client->vlan);
	struct msg m;

	w.src = asker;
	w.dst = (struct endpoint){node_addr(by, over6), 53};
	dns_head(&m, id, 0x0100, 0);
	question(&m, name, v6);
	datagram(net, t, true, &w, &m);
	w = wire_of(by, client, client->vlan);
	w.src = (struct endpoint){node_addr(by, over6), 53};
	w.dst = asker;
	dns_head(&m, id, none ? 0x8183 : 0x8180, !none);
	question(&m, name, v6);
	if (!none) {
		msg_be16(&m, 0xc00c);
		msg_be16(&m, v6 ? 28 : 1);
		msg_be16(&m, 1);
		msg_be32(&m, 300);
		msg_be16(&m, v6 ? 16 : 4);
		msg_put(&m, bytes_of(answer->v + (v6 ? 0 : 12), v6 ? 16 : 4));
	}
	t += by->rtt + NET_MS * rng_below(&net->rng, 20);
	datagram(net, t, false, &w, &m);
	return t + NET_MS;
}

int64_t
net_find(struct net *net, struct node *client, const struct node *server, int64_t t)
{
	if (net->resolver == NULL || server->dns[0] == '\0')
		return t;
	if (family_v6(client, server))
		t = net_lookup(net, client, server->dns, &server->v6, t);
	else
		t = net_lookup(net, client, server->dns, &server->v4, t);
	return t;
}
