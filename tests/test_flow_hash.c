/* The hash of a connection, against who chooses addresses and ports to collide. */
#include "capture/flow_table.h"
#include "tests/suite.h"

#define KEYS    65536
#define BUCKETS 131072

/* The i-th packet of a family whose addresses or ports make up for each other. */
typedef void family(struct packet *p, uint32_t i);

static struct addr
v4(uint32_t a)
{
	return addr_v4((const uint8_t[4]){
	    (uint8_t)(a >> 24), (uint8_t)(a >> 16), (uint8_t)(a >> 8), (uint8_t)a});
}

static void
addresses_with_one_sum(struct packet *p, uint32_t i)
{
	p->src.addr = v4(0x0a000000 + i);
	p->dst.addr = v4(0x0b0fffff - i);
}

static void
addresses_with_one_difference(struct packet *p, uint32_t i)
{
	p->src.addr = v4(0x0a000000 + i * 256);
	p->dst.addr = v4((0x0a000000 + i * 256) ^ 0x01000000);
}

static void
ports_with_one_sum(struct packet *p, uint32_t i)
{
	p->src.port = (uint16_t)i;
	p->dst.port = (uint16_t)(UINT16_MAX - i);
}

static void
ports_that_make_up_for_addresses(struct packet *p, uint32_t i)
{
	p->src.addr.v[8] = (uint8_t)(i >> 8);
	p->src.addr.v[9] = (uint8_t)i;
	p->src.port = (uint16_t)i;
	p->dst.port = (uint16_t)(i << 8 | i >> 8);
}

static void
addresses_of_one_network(struct packet *p, uint32_t i)
{
	memset(p->src.addr.v, 0x20, sizeof(p->src.addr.v));
	memset(p->dst.addr.v, 0x20, sizeof(p->dst.addr.v));
	p->src.addr.v[i % 16] = (uint8_t)(i >> 4);
	p->dst.addr.v[15 - i % 16] = (uint8_t)(i >> 12);
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Most keys with one hash, and most in one bucket. */
static void
crowd(const struct hash_key *key, family *make, unsigned *same, unsigned *near)
{
	static uint64_t hash[KEYS];
	static unsigned in[BUCKETS];
	struct packet p = {.src = {v4(0x0a010203), 1025}, .dst = {v4(0x40040d32), 1863}};
	unsigned run = 0;
	uint32_t i;

	memset(in, 0, sizeof(in));
	*same = *near = 0;
	for (i = 0; i < KEYS; i++) {
		make(&p, i);
		hash[i] = flow_hash(key, &p);
		if (++in[hash[i] % BUCKETS] > *near)
			*near = in[hash[i] % BUCKETS];
	}
	qsort(hash, KEYS, sizeof(hash[0]), by_value);
	for (i = 0; i < KEYS; i++) {
		run = i != 0 && hash[i] == hash[i - 1] ? run + 1 : 1;
		if (run > *same)
			*same = run;
	}
}

static void
families_spread_under_any_key(void)
{
	static family *const families[] = {addresses_with_one_sum,
	    addresses_with_one_difference, ports_with_one_sum,
	    ports_that_make_up_for_addresses};
	struct hash_key key;
	unsigned same, near, i;
	size_t f;

	for (f = 0; f < sizeof(families) / sizeof(families[0]); f++) {
		for (i = 0; i < 8; i++) {
			hash_key_draw(&key);
			crowd(&key, families[f], &same, &near);
			CU_ASSERT_TRUE(same <= 2);
			CU_ASSERT_TRUE(near <= 16);
		}
	}
}

static void
both_directions_have_one_hash(void)
{
	struct packet p = {.src = {v4(1), 1}, .dst = {v4(2), 2}}, q;
	struct hash_key key;
	uint32_t i;

	hash_key_draw(&key);
	for (i = 0; i < 1000; i++) {
		addresses_of_one_network(&p, i);
		p.src.port = (uint16_t)(i * 77);
		q = p;
		q.src = p.dst;
		q.dst = p.src;
		CU_ASSERT_EQUAL(flow_hash(&key, &p), flow_hash(&key, &q));
	}
}

void
suite_flow_hash(void)
{
	CU_pSuite s = suite_new("flow_hash");

	CASE(s, "chosen addresses and ports spread under any key",
	    families_spread_under_any_key);
	CASE(s, "both directions have one hash", both_directions_have_one_hash);
}
