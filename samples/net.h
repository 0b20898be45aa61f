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
	bool linux_stack; /* host: how it goes on when nobody answers */
	bool dual;        /* host: asks for A and AAAA of every name */
	bool socks4;      /* proxy: SOCKS 4, where 5 is the rule */
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
	struct node *misleads; /* sends what must be ignored into new connections; NULL */
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

/*
 * A RST that by sends in the name of that side; the connection does not notice.  off is
 * added to the right sequence number.
 */
void conn_forge_reset(
    struct conn *c, int64_t t, enum side side, struct node *by, uint32_t off);

/* One round trip on the connection, a few milliseconds of the server's included. */
int64_t conn_trip(struct conn *c);

enum net_block { NET_NO_ANSWER, NET_REFUSED, NET_PROHIBITED };

struct refusal {
	enum net_block how;
	struct node *by; /* sends the RST or the ICMP; NULL: the server, the router */
	uint8_t code;    /* of the ICMP; 0: 13, with IPv6 always 1 */
	bool once;       /* a single SYN, whatever becomes of it */
};

/* A connection that a block keeps from opening, with the retries of the host's kernel. */
int64_t net_blocked(struct net *net, struct node *client, struct node *server,
    const struct refusal *b, int64_t t);

/* "Prohibited" about a SYN the host never sent to that server. */
void net_icmp_unasked(struct net *net, struct node *client, struct node *server,
    const struct refusal *b, int64_t t);

/* "Prohibited" about the connection, its sequence number guessed wrong. */
void conn_icmp_wrong(struct conn *c, const struct refusal *b, int64_t t);

enum lookup_says {
	LOOKUP_ADDRESS,
	LOOKUP_NOTHING, /* no error and no address */
	LOOKUP_NO_SUCH_NAME,
	LOOKUP_FAILED,
	LOOKUP_REFUSED,
	LOOKUP_NEVER, /* no answer at all */
};

struct lookup {
	const char *name;
	enum lookup_says says;
	struct addr answer;
	struct node *by;    /* NULL: the resolver */
	bool unasked;       /* the answer alone */
	bool raced;         /* answers with other ids come first */
	struct addr forged; /* what those say */
};

/*
 * A question for the name and what comes back.  A host that asks for both families gets
 * the address in its own family and nothing in the other.
 */
int64_t net_lookup(
    struct net *net, struct node *client, const struct lookup *l, int64_t t);

/* As net_lookup with the server's own address, when the scenario has a resolver and the
 * server a name. */
int64_t net_find(
    struct net *net, struct node *client, const struct node *server, int64_t t);

#endif
