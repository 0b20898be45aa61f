/*
 * The way out of detect/: facts wait here until the pipeline takes them.  Small and
 * bounded, since the pipeline empties it after every packet.
 */
#ifndef DETECT_TELLING_H
#define DETECT_TELLING_H

#include "detect/observation.h"
#include "detect/talk.h"

#define TELLING_MAX 64

struct telling {
	struct observation o[TELLING_MAX];
	struct signin
	    who[TELLING_MAX]; /* copies: a dialogue may be gone when it is told */
	size_t first, n;
	uint64_t told;
	uint64_t dropped;
	uint64_t cut, stumbles; /* of all dialogues: see struct talk */
};

/* Tells what the dialogue has to tell by now. */
void telling_news(struct telling *q, struct talk *t, const struct conn *c);

/* As talk_feed, and tells each piece of news as of the line that gave it. */
uint64_t telling_feed(
    struct telling *q, struct talk *t, const struct conn *c, const struct piece *in);

/*
 * The dialogue is over; nothing is told of one that was never proven.  bytes is the
 * payload by side; status an HTTP error that ended it, or 0.
 */
struct ending {
	enum closing closing;
	uint64_t bytes[2];
	unsigned status;
};
void telling_closed(
    struct telling *q, struct talk *t, const struct conn *c, const struct ending *end);

/*
 * Room for one more, filled from fact, whose who is copied; NULL when there is none,
 * which is counted.
 */
struct observation *telling_put(struct telling *q, const struct observation *fact);

/* So many wait that more should not be told before they are taken, if that can wait. */
static inline bool
telling_crowded(const struct telling *q)
{
	return q->n >= TELLING_MAX / 4;
}

bool telling_next(struct telling *q, struct observation *out);

#endif
