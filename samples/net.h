/*
 * A small network seen from a SPAN port near the clients: nodes, TCP connections that
 * behave like ones, name lookups, and the ways a block shows.  Times are nanoseconds
 * since 1970; every function takes when something begins and returns when it is over
 * for the client.
 */
#ifndef SAMPLES_NET_H
#define SAMPLES_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "samples/rng.h"
#include "samples/trace.h"

#define NET_MS INT64_C(1000000)
#define NET_S  INT64_C(1000000000)

#define NODE_NAME_MAX 32
#define NODE_DNS_MAX  80

/* A host or a server; hosts have rtt 0. */
struct node {
	char name[NODE_NAME_MAX];
	char dns[NODE_DNS_MAX]; /* its name in the DNS; "" : none */
	struct addr v4, v6;     /* all zero: none */
	uint8_t mac[6];
	uint16_t vlan;
	uint8_t ttl;
	uint16_t port; /* server: where it listens; host: the next to use */
	uint16_t ip_id;
	int64_t rtt;
	/* A messenger service's habits. */
	unsigned speaks;       /* highest dialect; 0: any */
	bool chunked;          /* gateway answers in chunks */
	bool gzip;             /* gateway answers compressed */
	struct node *hands_to; /* what the gateway names in GW-IP; NULL: itself */
};

struct net {
	struct trace trace;
	struct rng rng;
	struct node *resolver; /* NULL: nobody asks for names */
	struct node *router;   /* sends ICMP; NULL: the server answers for it */
};

struct conn {
	struct net *net;
	struct node *node[2]; /* by enum side */
	struct endpoint end[2];
	uint32_t seq[2];     /* next to send */
	unsigned pending[2]; /* segments received and not acknowledged */
	int64_t since[2];    /* when the first of them came */
	int64_t floor[2];    /* nothing of this side goes earlier */
	int64_t said;        /* when data last went either way */
	bool open;
};

/* The connection's handshake, from the host's next port. */
int64_t conn_open(
    struct conn *c, struct net *net, struct node *client, struct node *server, int64_t t);
/* Data of one side in segments; the answering side may send from the time returned on. */
int64_t conn_send(struct conn *c, int64_t t, enum side side, struct bytes data);
int64_t conn_close(struct conn *c, int64_t t, enum side first);
int64_t conn_reset(struct conn *c, int64_t t, enum side side);

/* One round trip on the connection, a few milliseconds of the server's included. */
int64_t conn_trip(struct conn *c);

enum net_block { NET_NO_ANSWER, NET_REFUSED, NET_PROHIBITED };

/* A connection that a block keeps from opening. */
int64_t net_blocked(struct net *net, struct node *client, struct node *server,
    enum net_block how, int64_t t);

/* The answer to a question for a name: an address, or all zero for "no such name". */
int64_t net_lookup(struct net *net, struct node *client, const char *name,
    const struct addr *answer, int64_t t);

/* As net_lookup with the server's own address, when the scenario has a resolver and the
 * server a name. */
int64_t net_find(
    struct net *net, struct node *client, const struct node *server, int64_t t);

#endif
