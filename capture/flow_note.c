#include "base/elapsed.h"
#include "capture/flow_table.h"

#define SYN_NEAR 0x10000

static bool
is_reuse(const struct flow *f, const struct packet *p, enum side sender)
{
	const struct stream *s = &f->stream[sender];
	const struct stream *other = &f->stream[side_other(sender)];
	uint32_t start = p->seq + 1;

	if ((p->tcp_flags & (TCP_SYN | TCP_RST)) != TCP_SYN || !s->known ||
	    start == s->start)
		return false;
	if (f->end != FLOW_OPEN || f->fin[SIDE_CLIENT] || f->fin[SIDE_SERVER])
		return true;
	if ((p->tcp_flags & TCP_ACK) != 0 && other->known && p->ack == other->start)
		return false;
	if (!f->established && f->bytes[SIDE_CLIENT] == 0)
		return true;
	return !stream_near(s, start, SYN_NEAR);
}

static bool
is_reset(const struct flow *f, const struct packet *p, enum side sender)
{
	const struct stream *s = &f->stream[sender];
	const struct stream *other = &f->stream[side_other(sender)];

	if (s->known && stream_near(s, p->seq, STREAM_REACH))
		return true;
	if ((s->known && !s->soft) || (p->tcp_flags & TCP_ACK) == 0 || !other->known)
		return false;
	return p->ack - other->start <= other->high - other->start;
}

static void
note_syn(struct flow *f, const struct packet *p, enum side sender)
{
	struct stream *s = &f->stream[sender];
	uint32_t start = p->seq + 1;

	if (!s->known || (s->soft && stream_near(s, start, SYN_NEAR)))
		stream_start(s, start);
	if (s->start == start)
		f->handshake = true;
	if (sender == SIDE_CLIENT && f->syns < UINT8_MAX)
		f->syns++;
}

static void
note_ack(struct flows *fs, struct flow *f, const struct packet *p, enum side sender)
{
	struct stream *other = &f->stream[side_other(sender)];

	stream_expect(other, p->ack);
	if (sender == SIDE_SERVER && stream_near(other, p->ack, STREAM_REACH))
		f->established = true;
	stream_acked(other, fs->pool, p->ack);
}

static void
note_payload(struct flows *fs, struct flow *f, const struct packet *p, enum side sender)
{
	struct stream *s = &f->stream[sender];
	uint32_t seq = p->seq + ((p->tcp_flags & TCP_SYN) != 0);
	uint32_t grown;

	stream_expect(s, seq);
	if (p->wire_payload > 0) {
		grown = stream_push(s, fs->pool, seq, p->payload, p->wire_payload);
		f->bytes[sender] += grown;
		if (sender == SIDE_SERVER && grown > 0)
			f->established = true;
	}
	if ((p->tcp_flags & TCP_FIN) != 0 && !stream_fin(s, seq + p->wire_payload))
		fs->fin_ignored++;
}

static bool
pass_fin(struct flows *fs, struct flow *f, enum side side)
{
	if (!f->fin[side] && stream_ended(&f->stream[side], fs->pool)) {
		f->fin[side] = true;
		if (side == SIDE_SERVER && !f->fin[SIDE_CLIENT])
			f->server_first = true;
	}
	return f->fin[side];
}

static enum flow_end
note_end(struct flows *fs, struct flow *f, enum side sender)
{
	enum side other = side_other(sender);
	/* The packet may acknowledge the other side's FIN: that one came first. */
	bool others = pass_fin(fs, f, other);

	if (!pass_fin(fs, f, sender) || (!others && f->seen[other]))
		return FLOW_OPEN;
	return flow_finish(
	    fs, f, f->server_first ? FLOW_CLOSED_SERVER : FLOW_CLOSED_CLIENT);
}

/*
 * Whether the RST comes from elsewhere than its sender's packets: by another way, or with
 * a number that the sender has not come to.  A FIN before it counts one.
 */
static bool
disagrees(const struct flow *f, const struct packet *p, enum side sender)
{
	const struct stream *s = &f->stream[sender];

	if (f->ttl[sender] == 0)
		return false;
	return f->ttl[sender] != p->ttl || (s->known && !s->soft && p->seq - s->high > 1);
}

static enum flow_end
note_reset(struct flows *fs, struct flow *f, const struct packet *p, enum side sender)
{
	if (!is_reset(f, p, sender)) {
		fs->rst_ignored++;
		return FLOW_OPEN;
	}
	flow_touch(fs, f, p->ts);
	f->reset_forged = disagrees(f, p, sender);
	f->seen[sender] = true;
	return flow_cut_off(
	    fs, f, sender == SIDE_CLIENT ? FLOW_RESET_CLIENT : FLOW_RESET_SERVER);
}

void
flow_early_reset(struct flows *fs, const struct packet *p)
{
	if ((p->tcp_flags & (TCP_RST | TCP_ACK)) != (TCP_RST | TCP_ACK))
		return;
	fs->early[fs->n_early++ % EARLY_RESETS] =
	    (struct early_reset){p->dst, p->ack, p->ts};
}

/* Whether the SYN was refused before it was captured. */
static bool
refused_early(const struct flows *fs, const struct packet *p)
{
	const struct early_reset *r;
	size_t i;

	for (i = 1; i <= EARLY_RESETS && i <= fs->n_early; i++) {
		r = &fs->early[(fs->n_early - i) % EARLY_RESETS];
		if (elapsed(p->ts, r->ts) > EARLY_PAST_NS)
			return false;
		if (r->ack == p->seq + 1 && elapsed(p->ts, r->ts) < EARLY_HASTE_NS &&
		    elapsed(r->ts, p->ts) < EARLY_HASTE_NS &&
		    endpoint_eq(&r->to, &p->src))
			return true;
	}
	return false;
}

bool
flow_prohibit(struct flows *fs, struct flow *f, enum side sender, uint32_t seq)
{
	const struct stream *s = &f->stream[SIDE_CLIENT];

	if (sender != SIDE_CLIENT || f->established || f->syns == 0 ||
	    s->start != seq + 1)
		return false;
	(void)flow_cut_off(fs, f, FLOW_PROHIBITED);
	return true;
}

enum flow_end
flow_note(struct flows *fs, struct flow *f, const struct packet *p, enum side sender)
{
	if (is_reuse(f, p, sender)) {
		(void)flow_cut_off(fs, f, FLOW_REUSED);
		return FLOW_REUSED;
	}
	if (f->end != FLOW_OPEN)
		return (enum flow_end)f->end;
	if ((p->tcp_flags & TCP_RST) != 0)
		return note_reset(fs, f, p, sender);
	flow_touch(fs, f, p->ts);
	f->seen[sender] = true;
	f->ttl[sender] = p->ttl;
	if ((p->tcp_flags & TCP_SYN) != 0)
		note_syn(f, p, sender);
	if ((p->tcp_flags & TCP_ACK) != 0)
		note_ack(fs, f, p, sender);
	note_payload(fs, f, p, sender);
	if ((p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && f->syns == 1 &&
	    refused_early(fs, p))
		return flow_cut_off(fs, f, FLOW_RESET_SERVER);
	return note_end(fs, f, sender);
}
