#include "tests/duel.h"

#include <stdlib.h>
#include <string.h>

#include "capture/decode.h"
#include "tests/duel_inside.h"

#define EPOCH INT64_C(1100000000000000000)
#define TICK  (50 * DUEL_MS)
#define LAST  (EPOCH + 120 * NS_PER_S)

/* Past the sensor: on to the other end, and up to the sensor. */
static void
pass(struct duel *d, const struct event_at *e, bool injected)
{
	enum side to = side_other(e->who);
	struct event_at on = *e, up = *e;
	int64_t way = d->o->end[to].away;

	on.what = ARRIVES;
	on.at = d->now + (injected && d->o->overtakes ? way / 2 : way);
	if (!duel_lost(d))
		duel_put(d, &on);
	if (d->o->end[e->who].unseen || (injected && !d->o->mirrored))
		return;
	up.what = HEARD;
	up.s.ts = d->now;
	up.at = d->now + d->o->capture / 2 +
		rng_below(&d->rng, (uint32_t)(d->o->capture / 2 + 1));
	if (up.at < EPOCH + d->o->stall)
		up.at = EPOCH + d->o->stall;
	/* A ring keeps its order. */
	if (up.at < d->heard)
		up.at = d->heard;
	d->heard = up.at;
	duel_put(d, &up);
}

static void
inject(struct duel *d, const struct reset_frame *f)
{
	static struct decode_stats st;
	struct frame in = {.data = bytes_of(f->octets, f->n), .linktype = 101};
	struct event_at e = {.what = PASSES, .who = side_other(f->to)};
	struct packet p;

	in.wire_len = (uint32_t)f->n;
	if (decode_frame(&in, &p, &st) != DECODE_TCP || !decode_tcp_checksum_ok(&p))
		abort();
	e.s = (struct pursuit_segment){.src = p.src,
	    .dst = p.dst,
	    .seq = p.seq,
	    .ack = p.ack,
	    .rst = (p.tcp_flags & TCP_RST) != 0,
	    .has_ack = (p.tcp_flags & TCP_ACK) != 0};
	e.window = p.window;
	pass(d, &e, true);
}

static void
fire(struct duel *d, const struct pursuit_news *news)
{
	struct reset_how how = {.layer = RESET_IP, .key = &d->key};
	struct reset_frame f[RESET_VOLLEY_MAX];
	size_t i, n = reset_build(&news->seat, &how, f);
	int64_t began = d->now;

	if (n == 0 || news->volleys != d->out->volleys)
		abort();
	if (n > news->most)
		n = news->most;
	if (news->volleys == 0)
		d->first = d->now;
	pursuit_sent(d->pursuit, &d->ends, f, n, d->now);
	d->now += d->o->send;
	for (i = 0; i < n && d->out->volleys >= d->o->deaf; i++)
		inject(d, &f[i]);
	d->now = began;
	d->out->volleys++;
	d->out->frames += (unsigned)n;
}

static void
look(struct duel *d, int64_t now)
{
	struct pursuit_news news;

	while (pursuit_next(d->pursuit, now, &news)) {
		if (memcmp(news.note, "\1\2\3", 3) != 0 || news.flow != 7)
			abort();
		if (news.fire) {
			fire(d, &news);
			continue;
		}
		d->out->told++;
		d->out->effect = news.effect;
		d->out->life_ns = news.life_ns;
		d->out->told_ns = now - d->first;
	}
}

/* Whether there is more to hear at the same time. */
static bool
hears_more(const struct duel *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (d->event[i].what == HEARD && d->event[i].at == d->now)
			return true;
	return false;
}

static void
track(struct duel *d, enum side from, const struct pursuit_segment *s)
{
	struct reset_end *end = &d->seat.end[from];
	struct reset_end *other = &d->seat.end[side_other(from)];
	uint32_t to = s->seq + s->length + s->fin;

	end->seen = true;
	if (!end->has_sent || reset_after(to, end->sent))
		end->sent = to;
	if (!other->has_acked || reset_after(s->ack, other->acked))
		other->acked = s->ack;
	end->has_sent = other->has_acked = true;
	if (s->length > 0)
		d->seat.speaker = from;
}

static void
hear(struct duel *d, const struct event_at *e)
{
	struct pursuit_want w = {
	    .seat = &d->seat, .flow = 7, .talking = true, .note = "\1\2\3"};

	if (e->s.rst && reset_is_own(&d->key, &d->ends, e->s.seq, e->window)) {
		d->out->own++;
		return;
	}
	(void)pursuit_heard(d->pursuit, &e->s);
	if (!e->s.rst)
		track(d, e->who, &e->s);
	if (d->seat.end[SIDE_SERVER].sent - d->o->start[SIDE_SERVER] >= d->answers)
		pursuit_calm(d->pursuit, &d->ends);
	if (!d->struck && e->s.length > 0)
		d->struck = pursuit_want(d->pursuit, &w);
	if (!hears_more(d))
		look(d, e->s.ts);
}

static void
happen(struct duel *d, const struct event_at *e)
{
	switch (e->what) {
	case ARRIVES:
		duel_arrive(d, e->who, &e->s);
		break;
	case PASSES:
		pass(d, e, false);
		break;
	case HEARD:
		hear(d, e);
		break;
	case SPEAKS:
		duel_speak(d, e->who);
		break;
	case ACKS:
		duel_acknowledge(d, e->who);
		break;
	case REPEATS:
		duel_repeat(d, e->who);
		break;
	case TICKS:
		look(d, d->now - d->o->capture);
		duel_timer(d, d->now + TICK, TICKS, e->who);
		break;
	}
}

static void
begin(struct duel *d)
{
	enum side s;

	hash_key_draw(&d->key);
	if (!addr_parse("10.1.0.7", &d->ends.client.addr) ||
	    !addr_parse("64.4.13.50", &d->ends.server.addr) ||
	    pursuit_open(&d->pursuit, 4, 3, &(struct err){""}) != 0)
		abort();
	d->ends.client.port = 1025;
	d->ends.server.port = 1863;
	d->seat.tuple = d->ends;
	d->answers = d->o->rounds * DUEL_WORD;
	for (s = SIDE_CLIENT; s <= SIDE_SERVER; s++) {
		d->tcp[s].nxt = d->tcp[s].una = d->o->start[s];
		d->tcp[s].rcv = d->tcp[s].wup = d->o->start[side_other(s)];
		d->seat.end[s] = (struct reset_end){.seen = !d->o->end[s].unseen,
		    .has_sent = !d->o->end[s].unseen,
		    .has_acked = !d->o->end[side_other(s)].unseen,
		    .sent = d->o->start[s],
		    .acked = d->o->start[s]};
	}
	d->now = EPOCH;
	duel_timer(d, EPOCH, SPEAKS, SIDE_CLIENT);
	duel_timer(d, EPOCH, TICKS, SIDE_CLIENT);
}

void
duel(const struct duel_opts *o, struct duel_result *out)
{
	static struct duel d;
	struct event_at e;
	enum side s;

	memset(out, 0, sizeof(*out));
	memset(&d, 0, sizeof(d));
	d.o = o;
	d.out = out;
	d.rng.state = o->seed;
	begin(&d);
	while (duel_take(&d, &e) && e.at < LAST)
		happen(&d, &e);
	out->parted = d.tcp[SIDE_CLIENT].fin && d.tcp[SIDE_SERVER].fin;
	for (s = SIDE_CLIENT; s <= SIDE_SERVER; s++) {
		out->reset[s] = d.tcp[s].reset;
		out->alive[s] = !d.tcp[s].gone;
	}
	pursuit_close(d.pursuit);
}
