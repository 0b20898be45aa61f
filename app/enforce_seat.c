#include "app/enforce_seat.h"

#include <string.h>

#include "base/clock.h"

#define LINKTYPE_ETHERNET 1
#define MACS              12 /* bytes of the two addresses */
#define TAG               4

static bool
is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* Ethernet with no more than tags before the IP header, as the frame at hand has it. */
static bool
link_of(const struct frame *f, const struct packet *p, struct reset_link *out)
{
	size_t at = MACS, n = 0;
	uint16_t type;

	if (f->linktype != LINKTYPE_ETHERNET || p->nest != 0 || !p->has_mac)
		return false;
	memcpy(out->to, f->data.p, sizeof(out->to));
	memcpy(out->from, f->data.p + sizeof(out->to), sizeof(out->from));
	for (; f->data.n >= at + TAG && is_tag(type = load_be16(f->data.p + at));
	     at += TAG) {
		if (n == 2)
			return false;
		out->tpid[n] = type;
		out->vlan[n++] = load_be16(f->data.p + at + 2) & 0x0fff;
	}
	if (f->data.n < at + 2)
		return false;
	type = load_be16(f->data.p + at);
	out->known = type == 0x0800 || type == 0x86dd;
	return out->known;
}

static void
end_of(const struct flow *f, enum side side, struct reset_end *out)
{
	const struct stream *s = &f->stream[side];

	out->seen = f->seen[side];
	out->has_sent = s->known && !s->soft && f->seen[side];
	out->sent = s->high;
	if (s->fin && s->fin_seq == s->high)
		out->sent++;
	out->has_acked = s->acks;
	out->acked = s->acked;
	out->ttl = f->ttl[side];
}

void
guard_seat(const struct guard_sight *s, struct reset_seat *out)
{
	*out = (struct reset_seat){.speaker = s->sender};
	flow_tuple(s->flow, &out->tuple);
	end_of(s->flow, SIDE_CLIENT, &out->end[SIDE_CLIENT]);
	end_of(s->flow, SIDE_SERVER, &out->end[SIDE_SERVER]);
	if (!link_of(s->frame, s->packet, &out->end[s->sender].link))
		out->end[s->sender].link = (struct reset_link){.known = false};
}

struct conn
guard_conn(const struct guard_sight *s, const struct tuple *ends)
{
	const struct flow *f = s->flow;
	struct conn c = {.tuple = *ends,
	    .began = f->first,
	    .ts = s->packet->ts,
	    .flow_id = f->id,
	    .frame = s->frame->number,
	    .origin = s->frame->origin,
	    .vlan = {f->vlan[0], f->vlan[1]},
	    .has_mac = f->has_mac};

	memcpy(c.client_mac, f->client_mac, sizeof(c.client_mac));
	return c;
}

enum rule
guard_ask(const struct policy *p, const struct reset *facts, const struct tuple *ends,
    struct suspect who)
{
	enum rule r;

	who.client = ends->client.addr;
	who.server = ends->server.addr;
	who.path = facts->path;
	who.account = facts->account;
	who.conversation = facts->switchboard;
	who.now = clock_wall();
	if (who.seen == 0)
		who.seen = who.now;
	r = policy_decide(p, &who);
	if (r != RULE_CUT)
		return r;
	/* A look at the file system only for what would be cut. */
	who.panic = policy_panic(p);
	return policy_decide(p, &who);
}

struct pursuit_segment
guard_segment(const struct packet *p)
{
	return (struct pursuit_segment){.src = p->src,
	    .dst = p->dst,
	    .ts = p->ts,
	    .seq = p->seq,
	    .ack = p->ack,
	    .length = p->wire_payload,
	    .syn = (p->tcp_flags & TCP_SYN) != 0,
	    .fin = (p->tcp_flags & TCP_FIN) != 0,
	    .rst = (p->tcp_flags & TCP_RST) != 0,
	    .has_ack = (p->tcp_flags & TCP_ACK) != 0};
}
