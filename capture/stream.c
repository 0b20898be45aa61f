#include "capture/stream.h"

#include <string.h>

#include "capture/window.h"

/* Sequence numbers wrap: a comes after b when less than half the circle ahead. */
static bool
after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static uint32_t
edge(const struct stream *s)
{
	return s->next + s->ready;
}

static bool
lent_in_order(const struct stream *s)
{
	return s->lent.n > 0 && s->lent_seq == edge(s);
}

static void
aim_at(struct stream *s, uint32_t seq)
{
	s->start = s->next = s->high = s->acked = seq;
	s->known = true;
}

void
stream_start(struct stream *s, uint32_t seq)
{
	if (s->known && !s->soft)
		return;
	aim_at(s, seq);
	s->soft = false;
}

void
stream_expect(struct stream *s, uint32_t seq)
{
	if (s->known)
		return;
	aim_at(s, seq);
	s->soft = true;
}

bool
stream_near(const struct stream *s, uint32_t seq, uint32_t reach)
{
	uint32_t top = after(s->high, s->acked) ? s->high : s->acked;

	return seq - (s->acked - reach) <= top - s->acked + 2 * reach;
}

static void
add_lost(struct stream *s, uint32_t n)
{
	s->lost = s->lost > UINT32_MAX - n ? UINT32_MAX : s->lost + n;
}

static void
drop_window(struct stream *s, struct stream_pool *p)
{
	if (s->window != 0)
		window_return(p, s->window);
	s->window = 0;
	s->ready = 0;
}

static void
trim_lent(struct stream *s, uint32_t upto)
{
	uint32_t old = upto - s->lent_seq;

	if (s->lent.n == 0 || !after(upto, s->lent_seq))
		return;
	s->lent = bytes_skip(s->lent, old);
	s->lent_seq = upto;
}

static void
refresh_ready(struct stream *s, const struct stream_pool *p)
{
	s->ready = s->window == 0 ? 0 : (uint16_t)window_ready(window_at(p, s->window)).n;
}

/* Leaves n bytes behind, whether they are there or not. */
static void
pass(struct stream *s, struct stream_pool *p, uint32_t n)
{
	s->next += n;
	s->shown = s->shown > n ? (uint16_t)(s->shown - n) : 0;
	trim_lent(s, s->next);
	if (s->window != 0 && !window_pass(window_at(p, s->window), n))
		drop_window(s, p);
	refresh_ready(s, p);
	if (after(s->next, s->high))
		s->high = s->next;
	/* In a capture of one direction acked would fall half a circle behind. */
	if (s->next - s->acked > 1U << 30 && after(s->next, s->acked))
		s->acked = s->next - (1U << 30);
}

/* Applies skip to what has arrived: all before offset extent. */
static void
swallow(struct stream *s, struct stream_pool *p, uint32_t extent)
{
	uint32_t n = s->skip < extent ? (uint32_t)s->skip : extent;

	if (n == 0)
		return;
	s->skip -= n;
	pass(s, p, n);
}

/* A segment where nobody expects one; whether it shows where the stream really is. */
static bool
claim(struct stream *s, struct stream_pool *p, uint32_t seq, uint32_t wire_len)
{
	if (!s->claimed || seq - s->claim + STREAM_REACH > 2 * STREAM_REACH) {
		s->claim = seq + wire_len;
		s->claimed = true;
		p->beyond++;
		return false;
	}
	s->claimed = false;
	if (after(seq, s->high)) {
		s->acked = s->high = seq;
		return true;
	}
	drop_window(s, p);
	aim_at(s, seq);
	s->skip = 0;
	s->shown = 0;
	s->fin = false;
	add_lost(s, 1);
	return true;
}

/* Whether the segment belongs here; settles where a stream starts. */
static bool
aim(struct stream *s, struct stream_pool *p, uint32_t seq, uint32_t wire_len)
{
	bool near;

	stream_expect(s, seq);
	near = stream_near(s, seq, STREAM_REACH);
	if (!s->soft)
		return near || claim(s, p, seq, wire_len);
	if (wire_len == 1 && seq == s->next - 1)
		return false; /* more likely a keep-alive probe than data */
	if (!near)
		aim_at(s, seq);
	else if (after(s->next, seq) && s->next - seq <= STREAM_WINDOW)
		s->start = s->next = s->high = seq;
	s->soft = false;
	return true;
}

uint32_t
stream_push(struct stream *s, struct stream_pool *p, uint32_t seq, struct bytes data,
    uint32_t wire_len)
{
	uint32_t end, grown = 0;

	s->lent.n = 0;
	if (s->shown > s->ready)
		s->shown = s->ready;
	if (wire_len > STREAM_REACH || wire_len < data.n)
		wire_len = (uint32_t)data.n;
	if (s->fin && wire_len == 1 && seq == s->fin_seq)
		return 0; /* a keep-alive probe after the FIN */
	if (wire_len == 0 || !aim(s, p, seq, wire_len))
		return 0;
	end = seq + wire_len;
	if (after(end, s->high)) {
		grown = end - s->high;
		s->high = end;
	}
	if (s->fin && after(end, s->fin_seq))
		s->fin = false;
	s->lent = data;
	s->lent_seq = seq;
	if (after(s->next, seq))
		p->duplicate_bytes += after(end, s->next) ? s->next - seq : wire_len;
	trim_lent(s, s->next);
	if (after(end, s->next))
		swallow(s, p, end - s->next);
	if (s->lent.n > 0 && after(s->lent_seq, edge(s)))
		p->out_of_order++;
	return grown;
}

void
stream_acked(struct stream *s, struct stream_pool *p, uint32_t ack)
{
	if (!s->known)
		return;
	if (stream_near(s, ack, STREAM_REACH)) {
		s->acks = true;
		if (after(ack, s->acked))
			s->acked = ack;
	} else if (s->soft) {
		aim_at(s, ack);
	} else {
		s->claim = ack;
		s->claimed = true;
		p->beyond++;
	}
}

bool
stream_fin(struct stream *s, uint32_t seq)
{
	stream_expect(s, seq);
	if (after(s->high, seq) || seq - s->high > STREAM_REACH)
		return s->fin && s->fin_seq == seq;
	s->fin = true;
	s->fin_seq = seq;
	return true;
}

void
stream_flush(struct stream *s)
{
	s->lent.n = 0;
	if (s->known && after(s->high, s->acked))
		s->acked = s->high;
}

/* Copies what it can of lent into the window; false when nothing could be. */
static bool
stow(struct stream *s, struct stream_pool *p)
{
	uint32_t off = s->lent_seq - s->next;
	struct bytes part;

	if (off >= STREAM_WINDOW)
		return false;
	if (s->window == 0)
		s->window = window_lend(p);
	if (s->window == 0)
		return false;
	part = bytes_take(s->lent, STREAM_WINDOW - off);
	if (!window_put(window_at(p, s->window), off, part))
		return false;
	s->lent = bytes_skip(s->lent, part.n);
	s->lent_seq += (uint32_t)part.n;
	refresh_ready(s, p);
	return true;
}

/* Everything in order from next on, as far as it can be shown in one piece. */
static struct bytes
gather(struct stream *s, struct stream_pool *p)
{
	size_t had = s->lent.n;

	trim_lent(s, edge(s));
	p->duplicate_bytes += had - s->lent.n;
	if (s->window == 0 && lent_in_order(s))
		return bytes_take(s->lent, STREAM_WINDOW);
	if (lent_in_order(s))
		(void)stow(s, p);
	if (s->window == 0)
		return bytes_of(NULL, 0);
	return window_ready(window_at(p, s->window));
}

/* Gives up n bytes from next on, the first ready ones of which were shown. */
static void
give_up(struct stream *s, struct stream_pool *p, uint32_t n)
{
	p->lost_bytes += n - s->ready;
	p->unread_bytes += s->ready;
	add_lost(s, n);
	pass(s, p, n);
}

/* Drops n bytes that are there and were shown, but cannot be kept. */
static void
drop_unread(struct stream *s, struct stream_pool *p, uint32_t n)
{
	p->unread_bytes += n;
	add_lost(s, n);
	pass(s, p, n);
}

/* Offset from next of the first thing behind a hole; 0 when nothing waits. */
static uint32_t
waiting(const struct stream *s, const struct stream_pool *p)
{
	uint32_t at =
	    s->window == 0 ? 0 : (uint32_t)window_waiting(window_at(p, s->window));

	if (s->lent.n > 0 && (at == 0 || s->lent_seq - s->next < at))
		at = s->lent_seq - s->next;
	if (at == 0 && s->fin && after(s->fin_seq, edge(s)))
		at = s->fin_seq - s->next;
	return at;
}

/* Nothing new is in order: makes one step towards it; false when there is none. */
static bool
unblock(struct stream *s, struct stream_pool *p)
{
	uint32_t at;

	if (s->shown == STREAM_WINDOW) {
		drop_unread(s, p, STREAM_WINDOW);
		return true;
	}
	if (lent_in_order(s)) {
		if (!stow(s, p))
			drop_unread(s, p, (uint32_t)s->lent.n);
		return true;
	}
	at = waiting(s, p);
	if (at != 0 && !after(s->next + at, s->acked)) {
		give_up(s, p, at);
		return true;
	}
	if (s->lent.n == 0 || (stow(s, p) && s->lent.n == 0))
		return false;
	if (!s->acks || s->high - edge(s) > STREAM_REACH) {
		give_up(s, p, at);
		return true;
	}
	p->beyond++;
	s->lent.n = 0;
	return false;
}

bool
stream_next(struct stream *s, struct stream_pool *p, struct run *out)
{
	struct bytes run = gather(s, p);

	while (run.n <= s->shown) {
		if (!unblock(s, p))
			return false;
		run = gather(s, p);
	}
	s->shown = (uint16_t)run.n;
	out->data = run;
	out->lost = s->lost;
	s->lost = 0;
	return true;
}

void
stream_consume(struct stream *s, struct stream_pool *p, size_t n)
{
	uint32_t shown = n < s->shown ? (uint32_t)n : s->shown;
	uint32_t held, lent_end;

	pass(s, p, shown);
	if (n == shown)
		return;
	s->skip = n - shown > UINT64_MAX - s->skip ? UINT64_MAX : s->skip + n - shown;
	held = s->window == 0 ? 0 : (uint32_t)window_end(window_at(p, s->window));
	lent_end = s->lent.n == 0 ? 0 : s->lent_seq - s->next + (uint32_t)s->lent.n;
	swallow(s, p, held > lent_end ? held : lent_end);
}

bool
stream_ended(struct stream *s, struct stream_pool *p)
{
	uint32_t end;

	if (!s->fin)
		return false;
	(void)gather(s, p);
	end = edge(s) + (lent_in_order(s) ? (uint32_t)s->lent.n : 0);
	return !after(s->fin_seq, end) || !after(s->fin_seq, s->acked);
}

void
stream_drop(struct stream *s, struct stream_pool *p)
{
	drop_window(s, p);
	memset(s, 0, sizeof(*s));
}
