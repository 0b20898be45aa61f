#include <string.h>

#include "app/pipeline_flow.h"
#include "capture/icmp.h"

#define PORT_DNS 53

/* Who asks and who knows: the resolver is the one on the DNS port. */
static struct conn
lookup_conn(const struct packet *p, const struct frame *f)
{
	bool answer = p->src.port == PORT_DNS;
	struct conn c = {.tuple = {answer ? p->dst : p->src, answer ? p->src : p->dst},
	    .began = p->ts,
	    .ts = p->ts,
	    .frame = f->number,
	    .origin = f->origin,
	    .vlan = {p->vlan[0], p->vlan[1]},
	    .has_mac = p->has_mac};

	memcpy(c.client_mac, answer ? p->dst_mac : p->src_mac, sizeof(c.client_mac));
	return c;
}

bool
rooms_udp(struct rooms *r, const struct packet *p, const struct frame *f)
{
	struct conn c;

	if (p->src.port != PORT_DNS && p->dst.port != PORT_DNS)
		return false;
	c = lookup_conn(p, f);
	if (detect_lookup(r->detect, &c, p->payload))
		rooms_save(r, f);
	return rooms_take(r);
}

/* The quoted segment names the connection; only its own unanswered SYN ends it. */
bool
rooms_icmp(struct rooms *r, const struct packet *p, const struct frame *f)
{
	struct ended e = {.how = FLOW_PROHIBITED, .by = p->src.addr, .frame = f};
	struct packet quoted = {.ts = p->ts};
	struct icmp_quote q;
	struct flow *fl;
	enum side side;

	if (!icmp_unreachable(p, &q))
		return false;
	quoted.src = q.src;
	quoted.dst = q.dst;
	fl = flow_find(r->flows, &quoted, &side);
	if (fl == NULL || !flow_prohibit(r->flows, fl, side, q.seq))
		return false;
	if (((struct session *)fl)->wanted)
		rooms_save(r, f);
	return rooms_end(r, (struct session *)fl, &e);
}
