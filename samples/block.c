/* The ways a block shows, and what looks like one and must be ignored. */
#include "samples/net_inside.h"

#define WRONG      UINT32_C(0x40000000)
#define CLIENT_LAG (NET_MS / 5)
#define GIVE_UP    (21 * NET_S)
#define RETRIES    5

/* When a kernel sends its SYNs, in milliseconds after the first; a later 0 ends them. */
struct retries {
	unsigned at[RETRIES];
	bool waits; /* the caller learns of the failure by its patience alone */
};

static const struct retries once = {{0}, false};

/* Windows tries again after a RST, and takes no word of ICMP. */
static const struct retries windows[] = {
    [NET_NO_ANSWER] = {{0, 3000, 9000}, true},
    [NET_REFUSED] = {{0, 500, 1000}, false},
    [NET_PROHIBITED] = {{0, 3000, 9000}, true},
};
static const struct retries linux_4[] = {
    [NET_NO_ANSWER] = {{0, 1000, 3000, 7000, 15000}, true},
    [NET_REFUSED] = {{0}, false},
    [NET_PROHIBITED] = {{0}, false},
};
static const struct retries linux_6[] = {
    [NET_NO_ANSWER] = {{0, 1000, 3000, 7000, 15000}, true},
    [NET_REFUSED] = {{0}, false},
    [NET_PROHIBITED] = {{0, 1000}, false},
};

static const struct retries *
retries_of(const struct conn *c, const struct refusal *b)
{
	if (b->once)
		return &once;
	if (!c->node[SIDE_CLIENT]->linux_stack)
		return &windows[b->how];
	return addr_is_v4(&c->end[SIDE_CLIENT].addr) ? &linux_4[b->how]
						     : &linux_6[b->how];
}

/* ICMP about a SYN of the connection with that sequence number. */
static void
icmp(struct conn *c, const struct refusal *b, uint32_t seq, int64_t t)
{
	struct node *client = c->node[SIDE_CLIENT], *by = b->by;
	bool v4 = addr_is_v4(&c->end[SIDE_CLIENT].addr);
	struct tcp_part part = {seq, 0, TCP_SYN, 65535, bytes_of("", 0)};
	uint8_t about[FRAME_MAX], out[FRAME_MAX];
	struct wire w = conn_wire(c, SIDE_CLIENT);
	unsigned code = v4 ? (b->code != 0 ? b->code : 13) : 1;
	struct bytes quote;

	client->ip_id--; /* the packet it is about has that one */
	w.id = (uint16_t)(client->ip_id - 1);
	w.vlan = 0;
	quote = bytes_skip(bytes_of(about, frame_tcp(about, &w, &part)), 14);
	/* Other codes are those of older routers, which quote the least there must be. */
	quote = bytes_take(quote, !v4 ? 68 : code == 13 ? 48 : 28);
	if (by == NULL)
		by = c->net->router != NULL ? c->net->router : c->node[SIDE_SERVER];
	w = node_wire(by, client, client->vlan);
	w.src.addr = node_addr(by, !v4);
	w.dst.addr = c->end[SIDE_CLIENT].addr;
	trace_add(&c->net->trace, t, false,
	    bytes_of(out, frame_prohibited(out, &w, code, quote)));
}

static int64_t
answer(struct conn *c, const struct refusal *b, int64_t t)
{
	struct node *server = c->node[SIDE_SERVER];
	struct node *by = b->by != NULL ? b->by : server;
	struct tcp_part rst = {0, c->seq[SIDE_CLIENT], TCP_RST | TCP_ACK, 0, {NULL, 0}};

	switch (b->how) {
	case NET_NO_ANSWER:
		break;
	case NET_REFUSED:
		conn_forge(c, t + by->rtt, SIDE_SERVER, by, &rst);
		return t + by->rtt + CLIENT_LAG;
	case NET_PROHIBITED:
		icmp(c, b, c->seq[SIDE_CLIENT] - 1, t + NET_MS);
		return t + 2 * NET_MS;
	}
	return t;
}

int64_t
net_blocked(struct net *net, struct node *client, struct node *server,
    const struct refusal *b, int64_t t)
{
	const struct retries *r;
	int64_t over = t;
	uint32_t seq;
	struct conn c;
	size_t i;

	conn_init(&c, net, client, server);
	seq = c.seq[SIDE_CLIENT];
	r = retries_of(&c, b);
	for (i = 0; i < RETRIES && (i == 0 || r->at[i] != 0); i++) {
		c.seq[SIDE_CLIENT] = seq;
		conn_segment(
		    &c, t + r->at[i] * NET_MS, SIDE_CLIENT, TCP_SYN, bytes_of("", 0));
		if (i == 0)
			net_mislead(&c, t + NET_MS / 2);
		over = answer(&c, b, t + r->at[i] * NET_MS);
	}
	return r->waits ? t + GIVE_UP : over;
}

void
net_icmp_unasked(struct net *net, struct node *client, struct node *server,
    const struct refusal *b, int64_t t)
{
	struct conn c;

	conn_init(&c, net, client, server);
	icmp(&c, b, c.seq[SIDE_CLIENT], t);
}

void
conn_icmp_wrong(struct conn *c, const struct refusal *b, int64_t t)
{
	icmp(c, b, c->seq[SIDE_CLIENT] + WRONG, t);
}

void
net_mislead(struct conn *c, int64_t t)
{
	struct refusal b = {.how = NET_PROHIBITED, .by = c->net->misleads};

	if (b.by == NULL)
		return;
	conn_icmp_wrong(c, &b, t);
	conn_forge_reset(c, t, SIDE_SERVER, b.by, WRONG);
}

void
conn_forge_reset(struct conn *c, int64_t t, enum side side, struct node *by, uint32_t off)
{
	struct tcp_part rst = {c->seq[side] + off, 0, TCP_RST, 0, {NULL, 0}};

	conn_forge(c, t, side, by, &rst);
}
