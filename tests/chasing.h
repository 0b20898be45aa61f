/* A connection with resets in it, told segment by segment; times in milliseconds. */
#ifndef TESTS_CHASING_H
#define TESTS_CHASING_H

#include "enforce/pursuit.h"
#include "tests/suite.h"
#include "tests/wire.h"

#define MS INT64_C(1000000)

struct chasing {
	struct pursuit *p;
	struct reset_seat seat;
	int64_t looked; /* up to when it was asked what is to be told */
};

/* Before the first volley: the client's VER is on its way, 1001 to 1020. */
static inline struct chasing
chasing_open(size_t entries)
{
	struct chasing c = {
	    .seat = {.end = {{true, true, true, 1020, 1001, 64, {.known = false}},
			 {true, true, true, 5001, 5001, 64, {.known = false}}}}};

	c.seat.tuple.client = wire_endpoint("10.1.0.7", 1025);
	c.seat.tuple.server = wire_endpoint("64.4.13.50", 1863);
	if (pursuit_open(&c.p, entries, sizeof(uint32_t), &(struct err){""}) != 0)
		abort();
	return c;
}

/* Sends the volley that news ask for; how many frames it has. */
static inline size_t
chasing_fire(struct chasing *c, const struct pursuit_news *news, int64_t at)
{
	static const struct hash_key key = {{1, 2, 3, 4}};
	const struct reset_how how = {.layer = RESET_IP, .key = &key};
	struct reset_frame f[RESET_VOLLEY_MAX];
	size_t n = reset_build(&news->seat, &how, f);

	CU_ASSERT_TRUE(news->fire);
	if (n > news->most)
		n = news->most;
	pursuit_sent(c->p, &news->seat.tuple, f, n, at * MS);
	c->looked = at;
	return n;
}

/* The first volley; the note says how many frames it will have. */
static inline void
chasing_begin(struct chasing *c, const struct reset_seat *seat, int64_t at, bool talking)
{
	struct pursuit_want w = {
	    .seat = seat, .flow = 77, .talking = talking, .note = &(uint32_t){3}};
	struct pursuit_news news;

	CU_ASSERT_TRUE_FATAL(pursuit_want(c->p, &w));
	CU_ASSERT_TRUE_FATAL(pursuit_next(c->p, at * MS, &news));
	CU_ASSERT_EQUAL(news.volleys, 0);
	CU_ASSERT_EQUAL(chasing_fire(c, &news, at), 3);
}

static inline bool
chasing_may(struct chasing *c, const struct reset_seat *seat)
{
	return pursuit_want(c->p, &(struct pursuit_want){.seat = seat, .note = c});
}

static inline struct chasing
chasing_fired(bool talking)
{
	struct chasing c = chasing_open(4);

	chasing_begin(&c, &c.seat, 1000, talking);
	return c;
}

/* "C" or "S" speaks; flags are some of "YFR". */
static inline bool
chasing_hear(struct chasing *c, int64_t at, const char *what, uint32_t seq, uint32_t ack)
{
	bool client = what[0] == 'C';
	const struct tuple *t = &c->seat.tuple;
	struct pursuit_segment s = {.src = client ? t->client : t->server,
	    .dst = client ? t->server : t->client,
	    .ts = at * MS,
	    .seq = seq,
	    .ack = ack,
	    .length = (uint32_t)strtoul(what + 1, NULL, 10),
	    .syn = strchr(what, 'Y') != NULL,
	    .fin = strchr(what, 'F') != NULL,
	    .rst = strchr(what, 'R') != NULL,
	    .has_ack = ack != 0};

	return pursuit_heard(c->p, &s);
}

/* What is told up to that time, looking every 50 ms: "fire", an effect, or "". */
static inline const char *
chasing_told(struct chasing *c, int64_t until, struct pursuit_news *n)
{
	for (; c->looked <= until; c->looked += 50)
		if (pursuit_next(c->p, c->looked * MS, n))
			return n->fire ? "fire" : effect_word(n->effect);
	return "";
}

/* The next thing told, by then at the latest, with what goes with it in news. */
#define EXPECT_TOLD(c, until, what) \
	CU_ASSERT_STRING_EQUAL(chasing_told(&(c), (until), &news), (what))

static inline void
chasing_close(struct chasing *c)
{
	pursuit_close(c->p);
}

#endif
