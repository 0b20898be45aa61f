/*
 * One connection that got resets: what its segments say of them, by the rules that stand
 * in pursuit.h.  For enforce/pursuit alone.
 */
#ifndef ENFORCE_CHASE_H
#define ENFORCE_CHASE_H

#include "enforce/pursuit.h"

#define CHASE_NEVER INT64_MIN

/* The caller's note stands behind it. */
struct chase {
	struct tuple key; /* first: the table's key */
	struct reset_seat seat;
	uint64_t flow;
	int64_t first_sent, last_sent;
	int64_t said[2]; /* when each end's last segment came, or CHASE_NEVER */
	int64_t heard;   /* the last segment that was no RST, or the last volley */
	int64_t life;    /* the last sign of it, or CHASE_NEVER */
	int64_t sure;    /* when there was enough of it to be survival, or CHASE_NEVER */
	int64_t rst;     /* a foreign RST with no life after it, or CHASE_NEVER */
	uint32_t aim[2]; /* the furthest number each end was sent */
	bool aimed[2];
	bool missed[2]; /* by the last volley, as it seems */
	bool passed[2]; /* that is proven */
	bool alive[2];  /* after the grace */
	bool fin[2];
	bool talking, blind;
	bool reused; /* a SYN of another connection came */
	bool asked;  /* for the next volley */
	bool told;
	bool urgent;   /* in the queue of those */
	uint32_t pass; /* in which it was looked at last */
	uint8_t volleys, frames;
	enum effect effect; /* with told */
};

enum chase_step {
	CHASE_WAIT,
	CHASE_FIRE,
	CHASE_FORGET, /* no volley was sent */
	CHASE_CLOSED,
	CHASE_SURVIVED,
	CHASE_UNKNOWN,
};

/* All but the key is zero before. */
void chase_begin(struct chase *c, const struct pursuit_want *w);

void chase_sent(struct chase *c, const struct reset_frame *frames, size_t n, int64_t ts);

void chase_heard(struct chase *c, const struct pursuit_segment *s);

/* What comes next if nothing more is heard, and when. */
enum chase_step chase_next(const struct chase *c, int64_t *due);

/* The same when there is no waiting any longer. */
enum chase_step chase_last(const struct chase *c);

/* Whether a volley is due, or will be unless something comes. */
bool chase_is_urgent(const struct chase *c);

/* How many frames the next volley may have. */
unsigned chase_most(const struct chase *c);

/* Whether there is life that takes back what was told. */
bool chase_revives(const struct chase *c);

#endif
