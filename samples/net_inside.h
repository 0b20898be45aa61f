/* What net.c, block.c and lookup.c share of the network's inside. */
#ifndef SAMPLES_NET_INSIDE_H
#define SAMPLES_NET_INSIDE_H

#include "samples/frame.h"
#include "samples/net.h"

struct addr node_addr(const struct node *n, bool v6);

/* The host's next port. */
uint16_t node_port(struct node *client);

/* MAC addresses, TTL and the next IP id; the endpoints are the caller's to set. */
struct wire node_wire(struct node *from, const struct node *to, uint16_t vlan);
struct wire conn_wire(struct conn *c, enum side side);

/* Ends and first sequence numbers; no packet yet. */
void conn_init(struct conn *c, struct net *net, struct node *client, struct node *server);

/* One segment of that side, its flags and sequence numbers kept account of. */
void conn_segment(
    struct conn *c, int64_t t, enum side side, unsigned flags, struct bytes data);

/* A segment that by sends in the name of that side, of which no account is kept. */
void conn_forge(struct conn *c, int64_t t, enum side side, struct node *by,
    const struct tcp_part *part);

/* What net->misleads sends when the client's SYN went out at about t. */
void net_mislead(struct conn *c, int64_t t);

#endif
