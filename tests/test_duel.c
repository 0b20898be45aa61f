#include "enforce/pursuit.h"
#include "samples/rng.h"
#include "tests/duel.h"
#include "tests/suite.h"

#define DUELS 2000

static struct duel_result result;

/* An office and a service some milliseconds away; the answer comes at once. */
static struct duel_opts
usual(uint64_t seed)
{
	struct rng rng = {seed};
	struct duel_opts o = {.seed = seed,
	    .end = {{.away = 100 * DUEL_US, .think = 200 * DUEL_US},
		{.away = 5 * DUEL_MS, .think = 100 * DUEL_US}},
	    .capture = 60 * DUEL_US,
	    .send = 5 * DUEL_US,
	    .rounds = 4};

	o.start[0] = (uint32_t)rng_next(&rng);
	o.start[1] = (uint32_t)rng_next(&rng);
	return o;
}

/* What is told is so. */
static bool
is_true(const struct duel_result *r)
{
	bool over = !r->alive[SIDE_CLIENT] || !r->alive[SIDE_SERVER];

	if (r->volleys > 3 || r->frames > 6 || r->told == 0)
		return false;
	if (r->effect == EFFECT_CLOSED)
		return over;
	return r->effect == EFFECT_UNKNOWN || r->parted || !over;
}

struct tally {
	unsigned cut, closed, survived, truths, once, own;
	unsigned reset[2]; /* by side */
	unsigned words;    /* the most that a client said */
};

static struct tally
fight(struct duel_opts (*opts)(uint64_t), unsigned n)
{
	struct tally t = {0};
	struct duel_opts o;
	unsigned i;

	for (i = 1; i <= n; i++) {
		o = opts(i);
		duel(&o, &result);
		t.cut += !result.done;
		t.closed += result.effect == EFFECT_CLOSED;
		t.survived += result.effect == EFFECT_SURVIVED;
		t.reset[SIDE_CLIENT] += result.reset[SIDE_CLIENT];
		t.reset[SIDE_SERVER] += result.reset[SIDE_SERVER];
		t.once += result.volleys == 1;
		t.own += result.own;
		if (result.words > t.words)
			t.words = result.words;
		t.truths += is_true(&result);
		if (!is_true(&result))
			printf("\n    seed %u: alive %d %d, told %u times: %s", i,
			    result.alive[0], result.alive[1], result.told,
			    effect_word(result.effect));
	}
	return t;
}

/* All of them, both ends told at once, and the client knows after its first words. */
static void check_cut_at_once(struct duel_opts (*opts)(uint64_t))
{
	struct tally t = fight(opts, DUELS);

	CU_ASSERT_EQUAL(t.cut, DUELS);
	CU_ASSERT_EQUAL(t.once, DUELS);
	CU_ASSERT_EQUAL(t.reset[SIDE_CLIENT], DUELS);
	CU_ASSERT_EQUAL(t.reset[SIDE_SERVER], DUELS);
	CU_ASSERT_EQUAL(t.closed, DUELS);
	CU_ASSERT_EQUAL(t.words, 1);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

static void
a_sign_in_is_cut_at_its_first_words(void)
{
	check_cut_at_once(usual);
}

static struct duel_opts
wrapping(uint64_t seed)
{
	struct duel_opts o = usual(seed);

	o.start[SIDE_CLIENT] = 0U - (uint32_t)(seed % 120);
	o.start[SIDE_SERVER] = 0U - (uint32_t)(seed % 7);
	return o;
}

static void
numbers_may_wrap(void)
{
	check_cut_at_once(wrapping);
}

/* As FreeBSD and macOS take a RST: by what they acknowledged, and they do so late. */
static struct duel_opts
delayed(uint64_t seed)
{
	struct duel_opts o = usual(seed);
	size_t i;

	for (i = 0; i < 2; i++) {
		o.end[i].ack_delay = 100 * DUEL_MS;
		o.end[i].by_acked = true;
	}
	o.end[SIDE_SERVER].think = 30 * DUEL_MS;
	return o;
}

static void
delayed_acknowledgements_make_no_difference(void)
{
	check_cut_at_once(delayed);
}

static struct duel_opts
overtaken(uint64_t seed)
{
	struct duel_opts o = usual(seed);

	o.overtakes = true;
	return o;
}

static void
a_reset_may_overtake_what_it_follows(void)
{
	check_cut_at_once(overtaken);
}

static struct duel_opts
one_sided(uint64_t seed)
{
	struct duel_opts o = usual(seed);

	o.end[SIDE_SERVER].unseen = true;
	return o;
}

static void
one_direction_is_enough_to_cut(void)
{
	struct tally t = fight(one_sided, DUELS);

	CU_ASSERT_EQUAL(t.cut, DUELS);
	CU_ASSERT_EQUAL(t.reset[SIDE_CLIENT], DUELS);
	CU_ASSERT_EQUAL(t.truths, DUELS);
	CU_ASSERT_EQUAL(t.survived, 0);
}

/* On one wire, where an answer takes less than the sensor does. */
static struct duel_opts
near(uint64_t seed)
{
	struct duel_opts o = usual(seed);
	struct rng rng = {seed * 7};
	size_t i;

	for (i = 0; i < 2; i++) {
		o.end[i].away = 5 * DUEL_US + rng_below(&rng, 10) * DUEL_US;
		o.end[i].think = 20 * DUEL_US + rng_below(&rng, 30) * DUEL_US;
	}
	return o;
}

static void
ends_that_answer_at_once_are_cut_at_the_second_words(void)
{
	struct tally t = fight(near, DUELS);

	CU_ASSERT_EQUAL(t.cut, DUELS);
	CU_ASSERT_EQUAL(t.closed, DUELS);
	CU_ASSERT_EQUAL(t.reset[SIDE_CLIENT], DUELS);
	CU_ASSERT_EQUAL(t.reset[SIDE_SERVER], DUELS);
	CU_ASSERT_EQUAL(t.words, 2);
	CU_ASSERT_TRUE(t.once > DUELS / 2);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

static struct duel_opts
mirrored(uint64_t seed)
{
	struct duel_opts o = near(seed);

	o.mirrored = true;
	return o;
}

static void
own_resets_that_come_back_change_nothing(void)
{
	struct tally t = fight(mirrored, DUELS), plain = fight(near, DUELS);

	CU_ASSERT_TRUE(t.own >= 2 * DUELS);
	CU_ASSERT_EQUAL(t.cut, DUELS);
	CU_ASSERT_EQUAL(t.once, plain.once);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

/* The sensor is late by 2 ms, and comes to a dialogue of which a good part is over. */
static struct duel_opts
stalled(uint64_t seed)
{
	struct duel_opts o = near(seed);

	o.stall = 2 * DUEL_MS;
	o.rounds = 100;
	return o;
}

static void
a_sensor_that_fell_behind_uses_the_numbers_of_now(void)
{
	struct tally t = fight(stalled, DUELS);

	CU_ASSERT_TRUE(t.cut >= DUELS - DUELS / 100);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

static struct duel_opts
too_late(uint64_t seed)
{
	struct duel_opts o = near(seed);

	o.capture = 400 * DUEL_US;
	o.rounds = 12;
	return o;
}

static void
what_cannot_be_cut_is_not_said_to_be(void)
{
	struct tally t = fight(too_late, DUELS);

	CU_ASSERT_EQUAL(t.cut, 0);
	CU_ASSERT_EQUAL(t.closed, 0);
	CU_ASSERT_TRUE(t.survived > DUELS / 4);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

static struct duel_opts
lossy(uint64_t seed)
{
	struct duel_opts o = usual(seed);

	o.loss = 50;
	return o;
}

static void
lost_segments_save_hardly_anybody(void)
{
	struct tally t = fight(lossy, DUELS);

	CU_ASSERT_TRUE(t.cut >= DUELS - DUELS / 100);
	CU_ASSERT_TRUE(t.reset[SIDE_SERVER] >= DUELS - DUELS / 100);
	CU_ASSERT_TRUE(t.reset[SIDE_CLIENT] >= DUELS - DUELS / 20);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

static struct duel_opts
deaf_once(uint64_t seed)
{
	struct duel_opts o = usual(seed);

	o.deaf = 1;
	return o;
}

static void
a_volley_that_was_lost_is_made_good(void)
{
	struct tally t = fight(deaf_once, DUELS);

	CU_ASSERT_EQUAL(t.cut, DUELS);
	CU_ASSERT_EQUAL(t.once, 0);
	CU_ASSERT_EQUAL(t.words, 2);
	CU_ASSERT_EQUAL(t.reset[SIDE_CLIENT], DUELS);
	CU_ASSERT_EQUAL(t.reset[SIDE_SERVER], DUELS);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

/* A mirror port that takes nothing in; some clients close in the end. */
static struct duel_opts
deaf(uint64_t seed)
{
	struct duel_opts o = usual(seed);

	o.deaf = PURSUIT_VOLLEYS;
	o.parts = seed % 2 != 0;
	return o;
}

static void
a_port_that_takes_nothing_shows_as_survival(void)
{
	struct tally t = fight(deaf, DUELS);

	CU_ASSERT_EQUAL(t.cut, 0);
	CU_ASSERT_EQUAL(t.survived, DUELS);
	CU_ASSERT_EQUAL(t.truths, DUELS);
}

/* Anything at all: what is told is true, and nobody is sent more than six frames. */
static struct duel_opts
anyhow(uint64_t seed)
{
	struct duel_opts o = usual(seed);
	struct rng rng = {seed * 31};
	size_t i;

	for (i = 0; i < 2; i++) {
		o.end[i].away =
		    1000 + (int64_t)(rng_below(&rng, 30000000) / (1 + seed % 300));
		o.end[i].think =
		    1000 + (int64_t)(rng_below(&rng, 30000000) / (1 + seed % 70));
		o.end[i].ack_delay = rng_below(&rng, 2) * 40 * DUEL_MS;
		o.end[i].by_acked = rng_below(&rng, 3) == 0;
	}
	o.loss = rng_below(&rng, 3) * 30;
	o.capture = 1000 + rng_below(&rng, 1000000);
	o.rounds = 1 + rng_below(&rng, 8);
	o.deaf = rng_below(&rng, PURSUIT_VOLLEYS + 1);
	o.parts = rng_below(&rng, 2) != 0;
	o.mirrored = rng_below(&rng, 2) != 0;
	o.overtakes = rng_below(&rng, 4) == 0;
	o.end[SIDE_SERVER].unseen = rng_below(&rng, 8) == 0;
	return o;
}

static void
what_is_told_is_true(void)
{
	struct tally t = fight(anyhow, 4 * DUELS);

	CU_ASSERT_EQUAL(t.truths, 4 * DUELS);
	CU_ASSERT_TRUE(t.closed > DUELS && t.survived > DUELS);
}

void
suite_duel(void)
{
	CU_pSuite s = suite_new("duel");

	CASE(s, "a sign-in is cut at its first words",
	    a_sign_in_is_cut_at_its_first_words);
	CASE(s, "numbers may wrap", numbers_may_wrap);
	CASE(s, "delayed acknowledgements make no difference",
	    delayed_acknowledgements_make_no_difference);
	CASE(s, "a reset may overtake what it follows",
	    a_reset_may_overtake_what_it_follows);
	CASE(s, "one direction is enough to cut", one_direction_is_enough_to_cut);
	CASE(s, "ends that answer at once are cut at the second words",
	    ends_that_answer_at_once_are_cut_at_the_second_words);
	CASE(s, "own resets that come back change nothing",
	    own_resets_that_come_back_change_nothing);
	CASE(s, "a sensor that fell behind uses the numbers of now",
	    a_sensor_that_fell_behind_uses_the_numbers_of_now);
	CASE(s, "what cannot be cut is not said to be",
	    what_cannot_be_cut_is_not_said_to_be);
	CASE(s, "lost segments save hardly anybody", lost_segments_save_hardly_anybody);
	CASE(s, "a volley that was lost is made good",
	    a_volley_that_was_lost_is_made_good);
	CASE(s, "a port that takes nothing shows as survival",
	    a_port_that_takes_nothing_shows_as_survival);
	CASE(s, "what is told is true", what_is_told_is_true);
}
