/* Whether the short way through decode gives what the layers give. */
#ifndef TESTS_ALIKE_H
#define TESTS_ALIKE_H

#include "capture/peel.h"

static inline bool
alike_headers(const struct packet *a, const struct packet *b)
{
	return a->ts == b->ts && a->proto == b->proto && a->ttl == b->ttl &&
	       a->tcp_flags == b->tcp_flags && a->nest == b->nest && a->seq == b->seq &&
	       a->ack == b->ack && a->window == b->window &&
	       a->tcp_header == b->tcp_header && a->has_mac == b->has_mac &&
	       memcmp(a->vlan, b->vlan, sizeof(a->vlan)) == 0 &&
	       memcmp(a->src_mac, b->src_mac, sizeof(a->src_mac)) == 0 &&
	       memcmp(a->dst_mac, b->dst_mac, sizeof(a->dst_mac)) == 0;
}

static inline bool
alike_packets(const struct packet *a, const struct packet *b)
{
	return endpoint_eq(&a->src, &b->src) && endpoint_eq(&a->dst, &b->dst) &&
	       alike_headers(a, b) && a->cut == b->cut && a->payload.p == b->payload.p &&
	       a->payload.n == b->payload.n && a->wire_payload == b->wire_payload &&
	       a->ip.p == b->ip.p && a->ip.n == b->ip.n;
}

/* Of an Ethernet frame. */
static inline bool
alike(const struct frame *f)
{
	static const struct decode_stats none;
	struct decode_stats quick = none, whole = none;
	struct packet a, b;
	enum decode what = peel_straight(f, &a, &quick);

	if (what == DECODE_OTHER)
		return memcmp(&quick, &none, sizeof(none)) == 0;
	return peel_layers(f, &b, &whole) == what &&
	       memcmp(&quick, &whole, sizeof(whole)) == 0 && alike_packets(&a, &b);
}

#endif
