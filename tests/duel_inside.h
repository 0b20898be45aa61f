/* The duel from within: what its ends and its sensor share. */
#ifndef TESTS_DUEL_INSIDE_H
#define TESTS_DUEL_INSIDE_H

#include "samples/rng.h"
#include "tests/duel.h"

#define DUEL_EVENTS 512
#define DUEL_WORD   100 /* octets of a word, and of an answer */

enum what { ARRIVES, PASSES, HEARD, SPEAKS, ACKS, REPEATS, TICKS };

struct event_at {
	int64_t at;
	uint64_t order; /* of two at the same time */
	enum what what;
	enum side who; /* the end concerned; of a segment its sender */
	struct pursuit_segment s;
	uint16_t window;
};

struct tcp {
	uint32_t una, nxt; /* sent and acknowledged, sent */
	uint32_t rcv, wup; /* got, and acknowledged */
	uint32_t words;    /* said */
	unsigned tries;
	bool gone, reset, fin;
	int64_t ack_at, repeat_at; /* 0: not due */
};

struct duel {
	const struct duel_opts *o;
	struct duel_result *out;
	struct rng rng;
	struct tuple ends;
	struct tcp tcp[2];
	struct event_at event[DUEL_EVENTS];
	size_t n;
	uint64_t order;
	int64_t now;
	int64_t heard; /* when the sensor gets what it got last */
	int64_t first; /* when it sent something for the first time */
	struct pursuit *pursuit;
	struct reset_seat seat;
	struct hash_key key;
	uint32_t answers; /* octets of them all */
	bool struck;
};

void duel_put(struct duel *d, const struct event_at *e);
void duel_timer(struct duel *d, int64_t at, enum what what, enum side who);

/* The next event, and time is its time; false when there is none. */
bool duel_take(struct duel *d, struct event_at *out);
bool duel_lost(struct duel *d);

/* What an end does: of its own accord, by its clocks, and when a segment comes to it. */
void duel_speak(struct duel *d, enum side who);
void duel_acknowledge(struct duel *d, enum side who);
void duel_repeat(struct duel *d, enum side who);
void duel_arrive(struct duel *d, enum side from, const struct pursuit_segment *s);

#endif
