#include "app/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "app/doubt.h"
#include "app/hold.h"
#include "app/pipeline_flow.h"
#include "app/timeline.h"

#define LINKS_MAX 16

struct pipeline {
	struct rooms rooms;
	struct decode_stats decode;
	struct decode_stats overheard; /* counted by another worker */
	struct decode_stats *count;    /* one of the two */
	struct defrag *defrag;
	struct {
		int linktype;
		uint64_t frames;
	} unknown[LINKS_MAX];
	size_t n_unknown;
	struct timeline time;
	struct doubt doubt;
	int64_t tick;  /* packet time of the next look at what has expired */
	bool ticking;  /* more has expired than was told at once */
	bool settling; /* frames that wait are taken */
	bool draining; /* events may be waiting */
};

int
pipeline_open(struct pipeline **out, const struct pipeline_opts *opts, struct err *e)
{
	struct pipeline *p = calloc(1, sizeof(*p));
	struct defrag_opts defrag = {
	    .datagrams = opts->tables, .buffers = opts->tables, .steady = opts->steady};

	if (p == NULL)
		return err_set(e, "out of memory for the pipeline");
	p->tick = INT64_MIN;
	p->count = &p->decode;
	p->rooms.time = &p->time;
	if (rooms_open(&p->rooms, opts, e) != 0 ||
	    defrag_open(&p->defrag, &defrag, e) != 0 || doubt_open(&p->doubt, e) != 0) {
		pipeline_close(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
pipeline_tune(struct pipeline *p, struct detect_tuning *t)
{
	detect_tune(p->rooms.detect, t);
}

void
pipeline_close(struct pipeline *p)
{
	if (p == NULL)
		return;
	rooms_close(&p->rooms);
	defrag_close(p->defrag);
	doubt_close(&p->doubt);
	free(p);
}

static void
count_link(struct pipeline *p, int linktype)
{
	size_t i;

	for (i = 0; i < p->n_unknown && p->unknown[i].linktype != linktype; i++)
		;
	if (i == LINKS_MAX)
		return;
	if (i == p->n_unknown)
		p->unknown[p->n_unknown++].linktype = linktype;
	p->unknown[i].frames++;
}

/* Pieces are put together until something whole comes out, tunnels inside included. */
static enum decode
put_together(struct pipeline *p, struct packet *pkt, const struct frame *f)
{
	enum decode what = DECODE_FRAGMENT;
	struct packet piece;
	struct bytes whole;
	size_t depth;

	for (depth = 0; what == DECODE_FRAGMENT && depth < DECODE_NEST_MAX; depth++) {
		piece = *pkt;
		if (p->rooms.hold != NULL)
			hold_put(p->rooms.hold, defrag_key(&piece) | ROOMS_PIECES, f);
		if (!defrag_push(p->defrag, &piece, &whole))
			return DECODE_OTHER;
		p->rooms.pieces = defrag_key(&piece) | ROOMS_PIECES;
		what = decode_datagram(&piece, whole, pkt, p->count);
	}
	return what == DECODE_FRAGMENT ? DECODE_OTHER : what;
}

/* at: the time of the frame by our clock. */
static void
take(struct pipeline *p, const struct frame *f, int64_t at)
{
	struct packet pkt;
	enum decode what;

	p->rooms.pieces = 0;
	p->rooms.at = at;
	what = decode_frame(f, &pkt, p->count);
	pkt.ts = at;
	if (at >= p->tick) {
		p->ticking = !rooms_tick(&p->rooms, at);
		p->tick = at + NS_PER_S;
		p->draining = true;
	}
	if (what == DECODE_FRAGMENT)
		what = put_together(p, &pkt, f);
	if (what == DECODE_TCP)
		p->draining |= rooms_tcp(&p->rooms, &pkt, f);
	else if (what == DECODE_UDP)
		p->draining |= rooms_udp(&p->rooms, &pkt, f);
	else if (what == DECODE_ICMP)
		p->draining |= rooms_icmp(&p->rooms, &pkt, f);
	else if (what == DECODE_LINK)
		count_link(p, f->linktype);
}

static void
overhear(struct pipeline *p, const struct frame *f, int64_t at)
{
	p->count = &p->overheard;
	take(p, f, at);
	p->count = &p->decode;
}

/* Whether most of the frames after it say that the oldest one's time is out of line. */
static bool
is_refuted(const struct pipeline *p)
{
	const struct doubt *d = &p->doubt;
	size_t i, against = 0;

	for (i = 1; i < d->n; i++)
		against += timeline_refutes(&p->time, d->frame[0].ts, d->frame[i].ts);
	return against > (d->n - 1) / 2;
}

/*
 * Takes the oldest frame that waits, once those after it tell what to think of its
 * time, or at once when there is no waiting any longer; false when it waits on.
 */
static bool
take_doubted(struct pipeline *p, bool now)
{
	const struct frame *f = &p->doubt.frame[0];
	bool near, refuted;
	int64_t at;

	if (p->doubt.n == 0)
		return false;
	near = !p->time.running || timeline_near(&p->time, f->ts);
	refuted = !near && is_refuted(p);
	if (!near && !refuted && !now && p->doubt.n < DOUBT_FRAMES_MAX)
		return false;
	at = refuted ? timeline_outlier(&p->time) : timeline_believe(&p->time, f->ts);
	if (p->doubt.overheard[0])
		overhear(p, f, at);
	else
		take(p, f, at);
	doubt_drop(&p->doubt);
	return true;
}

/* The time of a frame that need not wait; false for one whose time is in doubt. */
static inline bool
in_line(struct pipeline *p, const struct frame *f, int64_t *at)
{
	if (p->doubt.n != 0)
		return false;
	*at = f->ts;
	if (timeline_step(&p->time, f->ts))
		return true;
	if (!timeline_near(&p->time, f->ts))
		return false;
	*at = timeline_go(&p->time, f->ts);
	return true;
}

/* Keeps a frame whose time is in doubt; false when it is too large for that. */
static bool
keep(struct pipeline *p, const struct frame *f, bool overheard)
{
	p->draining = true;
	while (!doubt_put(&p->doubt, f, overheard))
		if (!take_doubted(p, true))
			return false;
	return true;
}

bool
pipeline_frame(struct pipeline *p, const struct frame *f)
{
	(void)pipeline_frames(p, f, 1);
	return p->draining;
}

size_t
pipeline_frames(struct pipeline *p, const struct frame *f, size_t n)
{
	size_t i;
	int64_t at;

	for (i = 0; i < n && (i == 0 || !p->draining); i++)
		if (in_line(p, &f[i], &at))
			take(p, &f[i], at);
		else if (!keep(p, &f[i], false))
			take(p, &f[i], timeline_believe(&p->time, f[i].ts));
	return i;
}

bool
pipeline_overhear(struct pipeline *p, const struct frame *f)
{
	int64_t at;

	if (in_line(p, f, &at))
		overhear(p, f, at);
	else if (!keep(p, f, true))
		overhear(p, f, timeline_believe(&p->time, f->ts));
	return p->draining;
}

void
pipeline_idle(struct pipeline *p, int64_t now)
{
	p->draining = true;
	p->settling = p->doubt.n != 0;
	if (p->settling || !timeline_near(&p->time, now))
		return;
	now = timeline_go(&p->time, now);
	if (now >= p->tick) {
		p->ticking = !rooms_tick(&p->rooms, now);
		p->tick = now + NS_PER_S;
	}
}

void
pipeline_guard(struct pipeline *p, int64_t now)
{
	rooms_guard_tell(&p->rooms, now);
}

void
pipeline_blind(struct pipeline *p)
{
	if (p->rooms.guard != NULL)
		rooms_guard_blind(&p->rooms);
}

bool
pipeline_news(struct pipeline *p, struct coverage *out)
{
	return rooms_news(&p->rooms, out);
}

/* What waits in the pipeline when there is nothing to tell: one step of it. */
static bool
go_on(struct pipeline *p)
{
	if (!p->ticking) {
		p->settling &= p->doubt.n != 0;
		return take_doubted(p, p->settling);
	}
	p->ticking = !rooms_tick(&p->rooms, p->rooms.now);
	p->draining = true;
	/* Who folds in another thread may need this processor to make room. */
	return !p->ticking || p->rooms.ring == NULL;
}

bool
pipeline_next(struct pipeline *p, struct event *out)
{
	do {
		if (p->draining)
			p->draining = rooms_next(&p->rooms, out);
		if (p->draining) {
			timeline_tell(&p->time, out);
			return true;
		}
	} while (go_on(p));
	return false;
}

bool
pipeline_finish(struct pipeline *p)
{
	p->draining = true;
	return take_doubted(p, true) || rooms_finish(&p->rooms);
}

void
pipeline_span(const struct pipeline *p, int64_t *first, int64_t *last)
{
	*first = p->time.first;
	*last = p->time.last > p->time.newest ? p->time.last : p->time.newest;
}

void
pipeline_counters(const struct pipeline *p, struct counters *to)
{
	timeline_counters(&p->time, to);
	decode_counters(&p->decode, to);
	defrag_counters(p->defrag, to);
	rooms_counters(&p->rooms, to);
}

uint64_t
pipeline_lost(const struct pipeline *p)
{
	return p->rooms.lost_bytes;
}

bool
pipeline_unknown_link(const struct pipeline *p, size_t i, int *linktype, uint64_t *frames)
{
	if (i >= p->n_unknown)
		return false;
	*linktype = p->unknown[i].linktype;
	*frames = p->unknown[i].frames;
	return true;
}
