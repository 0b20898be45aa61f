#include <stdlib.h>

#include "tests/duel_inside.h"

#define WINDOW  65536
#define RTO     (200 * DUEL_MS)
#define RETRIES 6

void
duel_put(struct duel *d, const struct event_at *e)
{
	if (d->n == DUEL_EVENTS)
		abort();
	d->event[d->n] = *e;
	d->event[d->n++].order = d->order++;
}

void
duel_timer(struct duel *d, int64_t at, enum what what, enum side who)
{
	duel_put(d, &(struct event_at){.at = at, .what = what, .who = who});
}

bool
duel_take(struct duel *d, struct event_at *out)
{
	size_t i, best = 0;

	for (i = 1; i < d->n; i++)
		if (d->event[i].at < d->event[best].at ||
		    (d->event[i].at == d->event[best].at &&
			d->event[i].order < d->event[best].order))
			best = i;
	if (d->n == 0)
		return false;
	*out = d->event[best];
	d->event[best] = d->event[--d->n];
	d->now = out->at;
	return true;
}

static const struct endpoint *
endpoint_of(const struct duel *d, enum side who)
{
	return who == SIDE_CLIENT ? &d->ends.client : &d->ends.server;
}

bool
duel_lost(struct duel *d)
{
	return rng_below(&d->rng, 1000) < d->o->loss;
}

/* From an end to the sensor; what is sent later does not pass it sooner. */
static void
send_from(struct duel *d, enum side who, const struct pursuit_segment *s)
{
	struct event_at e = {
	    .at = d->now + d->o->end[who].away, .what = PASSES, .who = who, .s = *s};

	e.s.src = *endpoint_of(d, who);
	e.s.dst = *endpoint_of(d, side_other(who));
	if (!duel_lost(d))
		duel_put(d, &e);
}

static void
say(struct duel *d, enum side who, uint32_t seq, uint32_t length)
{
	struct tcp *t = &d->tcp[who];
	struct pursuit_segment s = {
	    .seq = seq, .ack = t->rcv, .length = length, .has_ack = true};

	if (t->fin && length > 0) {
		s.length--;
		s.fin = true;
	}
	t->wup = t->rcv;
	t->ack_at = 0;
	send_from(d, who, &s);
}

static void
say_more(struct duel *d, enum side who, uint32_t length)
{
	struct tcp *t = &d->tcp[who];

	t->nxt += length;
	say(d, who, t->nxt - length, length);
	t->tries = 0;
	t->repeat_at = d->now + RTO;
	duel_timer(d, t->repeat_at, REPEATS, who);
}

void
duel_speak(struct duel *d, enum side who)
{
	struct tcp *t = &d->tcp[who];

	if (t->gone || t->fin)
		return;
	t->words++;
	if (who == SIDE_CLIENT)
		d->out->words++;
	say_more(d, who, DUEL_WORD);
}

static void
part(struct duel *d, enum side who)
{
	if (d->tcp[who].fin || d->tcp[who].gone)
		return;
	d->tcp[who].fin = true;
	say_more(d, who, 1);
}

/* The words of the other end that have come whole; its FIN is none. */
static uint32_t
words_got(const struct duel *d, enum side who)
{
	return (d->tcp[who].rcv - d->o->start[side_other(who)]) / DUEL_WORD;
}

static void
go_on(struct duel *d, enum side who)
{
	const struct tcp *t = &d->tcp[who];
	uint32_t got = words_got(d, who);

	if (who == SIDE_CLIENT && got == d->o->rounds) {
		d->out->done = true;
		if (d->o->parts)
			part(d, who);
	} else if (got > t->words || (who == SIDE_CLIENT && got == t->words)) {
		duel_timer(d, d->now + d->o->end[who].think, SPEAKS, who);
	}
}

static void
acknowledge(struct duel *d, enum side who, bool at_once)
{
	struct tcp *t = &d->tcp[who];

	if (at_once || d->o->end[who].ack_delay == 0) {
		say(d, who, t->nxt, 0);
	} else if (t->ack_at == 0) {
		t->ack_at = d->now + d->o->end[who].ack_delay;
		duel_timer(d, t->ack_at, ACKS, who);
	}
}

static void
take_octets(struct duel *d, enum side who, const struct pursuit_segment *s)
{
	struct tcp *t = &d->tcp[who];
	uint32_t n = s->length + s->fin;
	bool next = s->seq == t->rcv;

	if (next)
		t->rcv += n;
	acknowledge(d, who, !next || s->fin);
	if (next)
		go_on(d, who);
	if (next && s->fin)
		part(d, who);
}

static void
take_rst(struct duel *d, enum side who, const struct pursuit_segment *s)
{
	struct tcp *t = &d->tcp[who];
	uint32_t exact = d->o->end[who].by_acked ? t->wup : t->rcv;

	if (s->seq == exact)
		t->gone = t->reset = true;
	else if (s->seq - exact < WINDOW)
		say(d, who, t->nxt, 0);
}

void
duel_arrive(struct duel *d, enum side from, const struct pursuit_segment *s)
{
	enum side who = side_other(from);
	struct tcp *t = &d->tcp[who];
	struct pursuit_segment answer = {.seq = s->ack, .rst = true};

	if (t->gone && !s->rst)
		send_from(d, who, &answer);
	if (t->gone)
		return;
	if (s->rst) {
		take_rst(d, who, s);
		return;
	}
	if (reset_after(s->ack, t->una))
		t->una = s->ack;
	if (t->una == t->nxt)
		t->repeat_at = 0;
	if (s->length + s->fin > 0)
		take_octets(d, who, s);
}

void
duel_repeat(struct duel *d, enum side who)
{
	struct tcp *t = &d->tcp[who];

	if (t->gone || t->repeat_at != d->now)
		return;
	if (++t->tries > RETRIES) {
		t->gone = true;
		return;
	}
	say(d, who, t->una, t->nxt - t->una);
	t->repeat_at = d->now + (RTO << t->tries);
	duel_timer(d, t->repeat_at, REPEATS, who);
}

void
duel_acknowledge(struct duel *d, enum side who)
{
	const struct tcp *t = &d->tcp[who];

	if (!t->gone && t->ack_at == d->now)
		say(d, who, t->nxt, 0);
}
