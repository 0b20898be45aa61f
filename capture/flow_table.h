/* The flow table from within, for capture/flow and capture/flow_note alone. */
#ifndef CAPTURE_FLOW_TABLE_H
#define CAPTURE_FLOW_TABLE_H

#include "base/table.h"
#include "capture/flow.h"

/* A RST that answers a SYN not seen yet: captures mix up the two directions. */
struct early_reset {
	struct endpoint to; /* the client */
	uint32_t ack;
	int64_t ts;
};

#define EARLY_RESETS   64
#define EARLY_HASTE_NS UINT64_C(10000000) /* how far two directions can be out of order */
#define EARLY_PAST_NS  (10 * EARLY_HASTE_NS)

struct flows {
	struct hash_key hash;
	struct table *table;
	struct stream_pool *pool;
	int64_t young_ns, idle_ns;
	uint64_t longest; /* step of the clock: any longer one is as good */
	uint64_t clock;   /* runs with packet time, but never back; may wrap */
	int64_t newest;   /* the packet time that clock stands for */
	bool ticking;
	size_t favoured, favoured_max;
	uint64_t begun, peak, rst_ignored, fin_ignored;
	uint64_t ended[FLOW_STOPPED + 1];
	struct early_reset early[EARLY_RESETS]; /* a ring */
	uint32_t n_early;
};

/*
 * The same for both directions, without putting their endpoints in order.  What the two
 * addresses give is multiplied: a sum would let addresses that add up to the same share
 * it.  Ports that change places make no difference, which costs a chain of two at most.
 */
static inline uint64_t
flow_hash(const struct hash_key *key, const struct packet *p)
{
	const uint64_t *k = key->k;
	uint64_t s[2], d[2], ports;

	memcpy(s, p->src.addr.v, sizeof(s));
	memcpy(d, p->dst.addr.v, sizeof(d));
	/* Two numbers are known by their sum and their product. */
	ports = ((uint64_t)p->src.port * p->dst.port << 20) + p->src.port + p->dst.port;
	return hash_mix(hash_mix(hash_mix(s[0] ^ k[0], s[1] ^ k[1]) ^ k[2],
			    hash_mix(d[0] ^ k[0], d[1] ^ k[1]) ^ k[2]) ^
			    k[3],
	    ports ^ k[0]);
}

/* Notes that the flow was alive at packet time now. */
void flow_touch(struct flows *fs, struct flow *f, int64_t now);

/* Sets how the flow ended, unless that is known, and counts it; returns it. */
enum flow_end flow_finish(struct flows *fs, struct flow *f, enum flow_end end);

/* As flow_finish, when no packet will fill a hole any more. */
enum flow_end flow_cut_off(struct flows *fs, struct flow *f, enum flow_end end);

#endif
