/*
 * A model of two ends that talk past a sensor which wants to end it: TCP as far as a
 * reset is concerned, on a clock of its own.  The ends take a RST by RFC 5961, delay
 * their acknowledgements, repeat what is lost, and answer with a RST when they are gone.
 * The sensor sees what passes it, late; sends with enforce/reset when the client has said
 * its first words, and follows with enforce/pursuit.
 */
#ifndef TESTS_DUEL_H
#define TESTS_DUEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "enforce/pursuit.h"

#define DUEL_US INT64_C(1000)
#define DUEL_MS INT64_C(1000000)

struct duel_end {
	int64_t away;      /* from the sensor, one way */
	int64_t think;     /* before it says something */
	int64_t ack_delay; /* 0: it acknowledges at once */
	bool by_acked;     /* it compares a RST with what it acknowledged last */
	bool unseen;       /* what it sends does not pass the sensor */
};

struct duel_opts {
	uint64_t seed;
	struct duel_end end[2];
	uint32_t start[2]; /* first number of each */
	int64_t capture;   /* until the sensor has a frame that passed, at most */
	int64_t send;      /* until its own frame is on the wire */
	int64_t stall;     /* it begins to look so late, at what passed until then */
	unsigned rounds;   /* words and answers until the client has what it wants */
	unsigned loss;     /* of 1000 segments, between sensor and ends */
	unsigned deaf;     /* volleys that reach nobody, the first ones */
	bool mirrored;     /* its own frames come back to the sensor */
	bool parts;        /* the client closes in the end */
	bool overtakes;    /* a RST comes before what was sent before it */
};

struct duel_result {
	bool parted;    /* both said that they have no more to say */
	bool done;      /* the client has what it wanted */
	bool reset[2];  /* the end was told by a RST */
	bool alive[2];  /* it would still take part */
	unsigned words; /* of the client's, until the end */
	unsigned frames, volleys, own, told;
	enum effect effect; /* the last one told */
	int64_t life_ns;
	int64_t told_ns; /* after the first frame */
};

void duel(const struct duel_opts *o, struct duel_result *out);

#endif
