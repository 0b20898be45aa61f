/*
 * The connections worth following, and no other.  A flow is tracked from its SYN, or
 * from first bytes that the caller finds worth it, until the caller forgets it; nearly
 * all are forgotten at their first payload, so the table stays small and a packet of a
 * forgotten flow costs one lookup that misses.
 *
 * A flow knows which endpoint is the client: the sender of the SYN; without one, the
 * side that the caller names.
 */
#ifndef CAPTURE_FLOW_H
#define CAPTURE_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/counters.h"
#include "base/err.h"
#include "capture/decode.h"
#include "capture/stream.h"

/* Both directions of a connection give one key: the lower endpoint comes first. */
struct flow_key {
	struct addr low, high;
	uint16_t low_port, high_port;
};

enum flow_end {
	FLOW_OPEN,
	FLOW_CLOSED_CLIENT, /* the client's FIN came first */
	FLOW_CLOSED_SERVER,
	FLOW_RESET_CLIENT, /* RST sent by the client, or in its name */
	FLOW_RESET_SERVER,
	FLOW_IDLE,       /* silent for longer than its time */
	FLOW_PROHIBITED, /* an ICMP message says that it cannot be */
	FLOW_REUSED,     /* a new SYN on the same ports */
	FLOW_CUT,        /* the caller has cut it off */
	FLOW_EVICTED,    /* the table was full */
	FLOW_STOPPED,    /* the capture ended */
};

struct flow {
	struct flow_key key; /* first: the table's key */
	bool client_low;     /* the client is the low endpoint */
	bool handshake;      /* its SYN or SYN-ACK was seen */
	bool established;    /* bytes or an acknowledgement from the server */
	bool seen[2];        /* packets of that side were seen */
	bool fin[2];         /* that side's FIN was passed */
	bool server_first;   /* the server's FIN was passed first */
	bool watched;      /* the caller wants it: longer idle time, last to be evicted */
	uint8_t queue;     /* enum table_queue: how dear it is */
	uint8_t end;       /* enum flow_end, set once */
	uint8_t syns;      /* the client's SYNs, retransmissions included; 255 and more */
	uint8_t ttl[2];    /* of that side's packets, the last one's */
	bool reset_forged; /* the RST came another way than its sender's packets */
	uint16_t vlan[2];
	bool has_mac;
	uint8_t client_mac[6];
	uint64_t id;         /* below 2^53, never 0 */
	int64_t first, last; /* packet times */
	uint64_t touched;  /* as last, by the table's own clock, which never goes back */
	uint64_t bytes[2]; /* payload sent, by side, each byte once */
	struct stream stream[2];
};

struct flows;

struct flow_opts {
	size_t entries; /* default 65536 */
	size_t
	    entry_size; /* of the caller's struct, whose first member is a struct flow */
	int64_t young_ns; /* idle time of a flow not watched, default 30 s */
	int64_t idle_ns;  /* idle time of a watched flow, default 1 h */
	size_t windows;   /* of the streams (stream_pool_open), default 1024 */
	size_t favoured;  /* flows favoured or watched at most, default 4095 */
};

/* A zero in opts stands for the default; entry_size has none. */
int flow_open(struct flows **out, const struct flow_opts *opts, struct err *e);

/* NULL is accepted. */
void flow_close(struct flows *fs);

/* The flow the packet belongs to, or NULL.  *side says who sent it. */
struct flow *flow_find(struct flows *fs, const struct packet *p, enum side *side);

/* Who of the flow's two sent the packet, which is one of its. */
enum side flow_sender(const struct flow *f, const struct packet *p);

/*
 * Begins to track the packet's connection; give the packet to flow_note next.  Without
 * a SYN the packet's sender is what the caller names; a SYN comes from the client and a
 * SYN-ACK from the server, whatever it names.  The caller has looked with flow_find
 * before.  A full table evicts its oldest flow, young ones first and watched ones
 * last: take it with flow_expired, before flow_begin, whenever flow_full says so; NULL
 * otherwise.
 */
struct flow *flow_begin(struct flows *fs, const struct packet *p, enum side sender);
bool flow_full(const struct flows *fs);

/*
 * A RST of no flow: should it answer a SYN that the capture holds a moment later, that
 * SYN is refused (see flow_note).
 */
void flow_early_reset(struct flows *fs, const struct packet *p);

/*
 * Notes the packet on its flow: times, SYN, FIN, RST, sequence numbers, and puts its
 * payload into the sender's stream and its acknowledgement into the other's.  Returns
 * FLOW_OPEN, or how the connection ended with this packet; runs that are ready, of both
 * streams, must be taken with stream_next after every call and before the flow is
 * forgotten.  RST and FIN count only where their sequence number can be meant for this
 * connection.
 *
 * RST: within STREAM_REACH of its sender's numbers, or the answer to a SYN by its
 * acknowledgement; its payload is not delivered.  FIN: once all bytes before it are
 * there or acknowledged; the connection is over with the second FIN, or with the first
 * when no packet of the other side was ever seen.
 *
 * FLOW_REUSED: the packet is a SYN of another connection on the same ports.  Nothing of
 * it is noted; finish the flow, forget it, and begin a new one with the same packet. A
 * SYN with another number counts as one when the connection has a FIN behind it, when
 * it was never answered, or when the number is farther than 64 KiB from its stream and
 * it does not answer the SYN that is known; otherwise it is a stray.
 */
enum flow_end flow_note(
    struct flows *fs, struct flow *f, const struct packet *p, enum side sender);

/*
 * A flow that is over by time (now is packet time) or, when the table is full and
 * make_room is set, must make room, its end set and what waited in its streams ready as
 * runs; NULL when there is none.  The caller finishes with it and calls flow_forget.
 * Cheap enough for every packet.  Time that jumps back stands still until it goes on.
 */
struct flow *flow_expired(struct flows *fs, int64_t now, bool make_room);

/* Every flow in turn at the end of the capture, as flow_expired gives them; NULL when
 * none is left. */
struct flow *flow_left(struct flows *fs);

/*
 * The sender of the segment at seq has been told that it cannot get through.  True, and
 * the flow is over, when it is a client that has had no answer and that segment is its
 * SYN.
 */
bool flow_prohibit(struct flows *fs, struct flow *f, enum side sender, uint32_t seq);

void flow_forget(struct flows *fs, struct flow *f);

void flow_watch(struct flows *fs, struct flow *f);

/*
 * Its bytes look right so far: it is evicted after those that have sent none.  Beyond
 * the number there may be of them, those watched included, another one must go: the
 * oldest, its end set as flow_expired does, watched ones last.  NULL: none.
 */
struct flow *flow_favour(struct flows *fs, struct flow *f);

/* Its two ends, the client first. */
void flow_tuple(const struct flow *f, struct tuple *out);
struct stream_pool *flow_pool(struct flows *fs);

/* Whether its streams have nothing to hand out. */
static inline bool
flow_quiet(const struct flow *f)
{
	return stream_idle(&f->stream[SIDE_CLIENT]) &&
	       stream_idle(&f->stream[SIDE_SERVER]);
}

/* flow.* counters, and those of the streams. */
void flow_counters(const struct flows *fs, struct counters *to);

#endif
