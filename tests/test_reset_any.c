#include "enforce/reset.h"
#include "samples/rng.h"
#include "tests/reset_read.h"
#include "tests/suite.h"
#include "tests/wire.h"

static const struct hash_key key = {
    {0x243f6a8885a308d3, 0x13198a2e03707345, 0xa4093822299f31d1, 0x082efa98ec4e6c89}};

static struct tuple
ends_of(bool v6)
{
	return (struct tuple){wire_endpoint(v6 ? "2001:db8::7" : "10.1.0.7", 1025),
	    wire_endpoint(v6 ? "2001:db8::50" : "64.4.13.50", 1863)};
}

/* Of so many strangers some 3 pass for our own; 0 is never one of ours. */
static void
foreign_resets_are_told_from_our_own(void)
{
	struct tuple t = ends_of(false), others = t;
	struct rng rng = {7};
	struct hash_key other = {{1, 2, 3, 4}};
	unsigned own = 0, zero = 0;
	uint32_t i, seq;
	uint16_t window;

	others.client.port++;
	for (i = 0; i < 100000; i++) {
		seq = (uint32_t)rng_next(&rng);
		window = (uint16_t)rng_next(&rng);
		own += reset_is_own(&key, &t, seq, window);
		own += reset_is_own(&key, &others, seq, window);
		own += reset_is_own(&other, &t, seq, window);
		zero += reset_is_own(&key, &t, seq, 0);
	}
	CU_ASSERT_TRUE(own < 20);
	CU_ASSERT_EQUAL(zero, 0);
}

static void
fill(struct rng *rng, void *to, size_t n)
{
	uint8_t *p = to;

	for (; n > 0; n--)
		*p++ = (uint8_t)rng_next(rng);
}

static struct reset_seat
random_seat(struct rng *rng)
{
	struct reset_seat s = {.tuple = ends_of(rng_below(rng, 2) != 0)};
	struct reset_end *e;
	size_t i;

	s.tuple.client.port = (uint16_t)rng_next(rng);
	s.speaker = rng_below(rng, 2) != 0 ? SIDE_SERVER : SIDE_CLIENT;
	for (i = 0; i < 2; i++) {
		e = &s.end[i];
		e->has_sent = rng_below(rng, 4) != 0;
		e->has_acked = rng_below(rng, 4) != 0;
		e->sent = (uint32_t)rng_next(rng);
		e->acked = e->sent - 50 + rng_below(rng, 100);
		e->ttl = (uint8_t)rng_next(rng);
		e->link.known = rng_below(rng, 2) != 0;
		fill(rng, e->link.from, 12);
		e->link.vlan[0] = rng_below(rng, 2) != 0 ? (uint16_t)(i + 9) : 0;
		e->link.vlan[1] = e->link.vlan[0] != 0 ? (uint16_t)(2 * i) : 0;
	}
	return s;
}

static void
whatever_is_known_frames_are_whole_and_few(void)
{
	struct rng rng = {11};
	struct reset_seat s;
	struct reset_how how = {.key = &key};
	struct reset_frame frame[RESET_VOLLEY_MAX];
	struct packet packet;
	const struct reset_end *e;
	enum reset_layer layer;
	unsigned i, k, n, seen = 0;

	for (i = 0; i < 200000; i++) {
		s = random_seat(&rng);
		layer = rng_below(&rng, 2) != 0 ? RESET_IP : RESET_ETHERNET;
		how.layer = layer;
		n = (unsigned)reset_build(&s, &how, frame);
		CU_ASSERT_TRUE_FATAL(n <= RESET_VOLLEY_MAX);
		for (k = 0; k < n; k++) {
			e = &s.end[side_other(frame[k].to)];
			CU_ASSERT_TRUE_FATAL(reset_read(&frame[k], layer, &packet));
			CU_ASSERT_TRUE((e->has_sent && packet.seq == e->sent) ||
				       (e->has_acked && packet.seq == e->acked));
			CU_ASSERT_TRUE(
			    reset_is_own(&key, &s.tuple, packet.seq, packet.window));
		}
		seen |= 1U << n;
	}
	CU_ASSERT_EQUAL(seen, 0xf);
}

void
suite_reset_any(void)
{
	CU_pSuite s = suite_new("reset_any");

	CASE(s, "foreign resets are told from our own",
	    foreign_resets_are_told_from_our_own);
	CASE(s, "whatever is known, frames are whole and few",
	    whatever_is_known_frames_are_whole_and_few);
}
