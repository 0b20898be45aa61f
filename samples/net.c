#include "samples/net.h"

#include <string.h>

#include "samples/net_inside.h"

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

struct addr
node_addr(const struct node *n, bool v6)
{
	return v6 ? n->v6 : n->v4;
}

uint16_t
node_port(struct node *client)
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

struct wire
node_wire(struct node *from, const struct node *to, uint16_t vlan)
{
	struct wire w = {.vlan = vlan, .ttl = from->ttl, .id = from->ip_id++};

	node_mac(w.src_mac, from);
	node_mac(w.dst_mac, to);
	return w;
}

struct wire
conn_wire(struct conn *c, enum side side)
{
	struct wire w = node_wire(
	    c->node[side], c->node[side_other(side)], c->node[SIDE_CLIENT]->vlan);

	w.src = c->end[side];
	w.dst = c->end[side_other(side)];
	return w;
}

void
conn_segment(struct conn *c, int64_t t, enum side side, unsigned flags, struct bytes data)
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
	conn_segment(c, t, side, TCP_ACK, bytes_of("", 0));
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

void
conn_init(struct conn *c, struct net *net, struct node *client, struct node *server)
{
	bool v6 = family_v6(client, server);

	memset(c, 0, sizeof(*c));
	c->net = net;
	c->node[SIDE_CLIENT] = client;
	c->node[SIDE_SERVER] = server;
	c->end[SIDE_CLIENT] = (struct endpoint){node_addr(client, v6), node_port(client)};
	c->end[SIDE_SERVER] = (struct endpoint){node_addr(server, v6), server->port};
	c->seq[SIDE_CLIENT] = (uint32_t)rng_next(&net->rng);
	c->seq[SIDE_SERVER] = (uint32_t)rng_next(&net->rng);
}

int64_t
conn_open(
    struct conn *c, struct net *net, struct node *client, struct node *server, int64_t t)
{
	conn_init(c, net, client, server);
	conn_segment(c, t, SIDE_CLIENT, TCP_SYN, bytes_of("", 0));
	net_mislead(c, t + NET_MS / 2);
	t += server->rtt;
	conn_segment(c, t, SIDE_SERVER, TCP_SYN | TCP_ACK, bytes_of("", 0));
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
		conn_segment(
		    c, t, side, TCP_ACK | (part.n == data.n ? TCP_PSH : 0), part);
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
	conn_segment(c, t, first, TCP_FIN | TCP_ACK, bytes_of("", 0));
	t = t + there < c->floor[peer] ? c->floor[peer] : t + there;
	conn_segment(c, t, peer, TCP_FIN | TCP_ACK, bytes_of("", 0));
	acknowledge(c, t + back, first);
	return t + back;
}

void
conn_forge(struct conn *c, int64_t t, enum side side, struct node *by,
    const struct tcp_part *part)
{
	uint8_t out[FRAME_MAX];
	struct wire w = conn_wire(c, side);

	w.ttl = by->ttl;
	w.id = by->ip_id++;
	if (t < c->floor[SIDE_CLIENT])
		t = c->floor[SIDE_CLIENT];
	trace_add(&c->net->trace, t, side == SIDE_CLIENT,
	    bytes_of(out, frame_tcp(out, &w, part)));
}

int64_t
conn_reset(struct conn *c, int64_t t, enum side side)
{
	if (!c->open)
		return t;
	c->open = false;
	acknowledge_due(c, t);
	conn_segment(c, t, side, TCP_RST | TCP_ACK, bytes_of("", 0));
	return t;
}
