#include "base/event.h"
#include "capture/defrag.h"
#include "tests/counted.h"
#include "tests/guard.h"
#include "tests/suite.h"
#include "tests/wire.h"

#define BODY 3000

static uint8_t body[70000];
static struct wire wire;
static struct decode_stats stats;
static struct packet piece;
static struct bytes whole;
static struct defrag *d;
static int64_t now;
static struct wire_piece at;

static void
begin(size_t datagrams, size_t buffers)
{
	struct defrag_opts opts = {.datagrams = datagrams, .buffers = buffers};
	struct err e = {""};
	size_t i;

	for (i = 0; i < sizeof(body); i++)
		body[i] = (uint8_t)(i * 2654435761U >> 11);
	CU_ASSERT_EQUAL_FATAL(defrag_open(&d, &opts, &e), 0);
	now = 1000 * NS_PER_S;
	at = (struct wire_piece){.src = wire_endpoint("10.1.0.7", 0),
	    .dst = wire_endpoint("10.1.0.1", 0),
	    .id = 1};
}

static uint64_t
count(const char *name)
{
	static struct counters c;

	c.n = 0;
	defrag_counters(d, &c);
	return counter_of(&c, name);
}

/* Decodes what stands in the wire, which must be a piece, and pushes it. */
static bool
push_wire(void)
{
	struct frame f = wire_frame(&wire, 101);

	f.data = guard_copy(f.data.p, f.data.n);
	f.ts = now;
	CU_ASSERT_EQUAL_FATAL(decode_frame(&f, &piece, &stats), DECODE_FRAGMENT);
	return defrag_push(d, &piece, &whole);
}

/* The bytes from offset on of a datagram of total bytes of body. */
static bool
push(size_t offset, size_t n, size_t total)
{
	wire_start(&wire, bytes_of(body, total));
	wire.protocol = 17;
	at.offset = offset;
	at.n = n;
	wire_fragment(&wire, &at);
	return push_wire();
}

static bool
is_body(size_t n)
{
	return bytes_eq(whole, bytes_of(body, n));
}

static void
pieces_in_order_and_backwards(void)
{
	begin(0, 0);
	CU_ASSERT_FALSE(push(0, 1480, BODY));
	CU_ASSERT_FALSE(push(1480, 1480, BODY));
	CU_ASSERT_TRUE(push(2960, 40, BODY));
	CU_ASSERT_TRUE(is_body(BODY));
	at.id = 2;
	CU_ASSERT_FALSE(push(2960, 40, BODY));
	CU_ASSERT_FALSE(push(1480, 1480, BODY));
	CU_ASSERT_TRUE(push(0, 1480, BODY));
	CU_ASSERT_TRUE(is_body(BODY));
	CU_ASSERT_EQUAL(count("defrag.pieces"), 6);
	CU_ASSERT_EQUAL(count("defrag.datagrams"), 2);
	defrag_close(d);
}

static uint32_t
draw(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

/* Cut and ordered at random, some pieces twice, three datagrams at a time. */
static void
shuffled(uint32_t *seed)
{
	size_t block = 8 * (1 + draw(seed) % 40), n_pieces = (BODY + block - 1) / block;
	size_t total = BODY - draw(seed) % block, done = 0, i, from;
	static uint8_t left[3][BODY / 8 + 1];
	uint32_t id = draw(seed);

	memset(left, 1, sizeof(left));
	if (total <= (n_pieces - 1) * block)
		n_pieces--;
	for (i = 0; done < 3 && i < 200000; i++) {
		at.id = id + draw(seed) % 3;
		from = draw(seed) % n_pieces;
		if (!left[at.id - id][from] && draw(seed) % 8 != 0)
			continue;
		left[at.id - id][from] = 0;
		if (!push(from * block,
			from + 1 == n_pieces ? total - from * block : block, total))
			continue;
		CU_ASSERT_TRUE(is_body(total));
		CU_ASSERT_EQUAL(memchr(left[at.id - id], 1, n_pieces), NULL);
		done++;
	}
	CU_ASSERT_EQUAL(done, 3);
}

static void
any_order_twice_and_interleaved(void)
{
	uint32_t seed = 7;
	int round;

	begin(0, 0);
	for (round = 0; round < 60; round++) {
		at.src = wire_endpoint(round & 1 ? "2001:db8::7" : "10.1.0.7", 0);
		at.dst = wire_endpoint(round & 1 ? "2001:db8::1" : "10.1.0.1", 0);
		now += 2 * NS_PER_S;
		shuffled(&seed);
	}
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 0);
	CU_ASSERT_EQUAL(count("defrag.datagrams"), 180);
	defrag_close(d);
}

static void
overlap_with_other_content_condemns(void)
{
	begin(0, 0);
	CU_ASSERT_FALSE(push(0, 1480, BODY));
	CU_ASSERT_FALSE(push(1000, 800, BODY));
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 0);
	body[1490] ^= 1;
	CU_ASSERT_FALSE(push(1480, 1480, BODY));
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 1);
	body[1490] ^= 1;
	CU_ASSERT_FALSE(push(1480, 1480, BODY));
	CU_ASSERT_FALSE(push(0, 1480, BODY));
	CU_ASSERT_FALSE(push(2960, 40, BODY));
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 1);
	CU_ASSERT_EQUAL(count("defrag.datagrams"), 0);
	defrag_close(d);
}

static void
ends_that_disagree_condemn(void)
{
	begin(0, 0);
	CU_ASSERT_FALSE(push(800, 200, 1000));
	CU_ASSERT_FALSE(push(800, 160, 960));
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 1);
	at.id = 2;
	CU_ASSERT_FALSE(push(800, 200, 1000));
	CU_ASSERT_FALSE(push(960, 80, BODY));
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 2);
	at.id = 3;
	CU_ASSERT_FALSE(push(960, 80, BODY));
	CU_ASSERT_FALSE(push(800, 200, 1000));
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 3);
	defrag_close(d);
}

static void
time_is_that_of_packets(void)
{
	begin(0, 0);
	CU_ASSERT_FALSE(push(0, 1480, 2000));
	now += 30 * NS_PER_S;
	CU_ASSERT_TRUE(push(1480, 520, 2000));
	at.id = 2;
	CU_ASSERT_FALSE(push(0, 1480, 2000));
	now += 30 * NS_PER_S + 1;
	CU_ASSERT_FALSE(push(1480, 520, 2000));
	CU_ASSERT_EQUAL(count("defrag.timeouts"), 1);
	at.id = 3;
	CU_ASSERT_FALSE(push(0, 1480, 2000));
	now -= 31 * NS_PER_S;
	CU_ASSERT_FALSE(push(1480, 520, 2000));
	CU_ASSERT_EQUAL(count("defrag.datagrams"), 1);
	defrag_close(d);
}

/* A mirror may show every packet twice; later the same number is a new datagram. */
static void
second_copies_do_not_begin_again(void)
{
	begin(0, 0);
	CU_ASSERT_FALSE(push(0, 1480, 2000));
	CU_ASSERT_TRUE(push(1480, 520, 2000));
	CU_ASSERT_FALSE(push(1480, 520, 2000));
	now += 2 * NS_PER_S;
	body[1600] ^= 1;
	CU_ASSERT_FALSE(push(0, 1480, 2000));
	CU_ASSERT_TRUE(push(1480, 520, 2000));
	CU_ASSERT_TRUE(is_body(2000));
	CU_ASSERT_EQUAL(count("defrag.overlaps"), 0);
	defrag_close(d);
}

static void
the_oldest_makes_room(void)
{
	size_t tables[2][2] = {{8, 16}, {64, 8}}, i;
	uint32_t id;

	for (i = 0; i < 2; i++) {
		begin(tables[i][0], tables[i][1]);
		for (id = 1; id <= 40; id++) {
			at.id = id;
			CU_ASSERT_FALSE(push(0, 1480, 2000));
		}
		CU_ASSERT_TRUE(count("defrag.evictions") >= 31);
		CU_ASSERT_TRUE(count("defrag.evictions") <= 32);
		for (id = 40; id > 33; id--) {
			at.id = id;
			CU_ASSERT_TRUE(push(1480, 520, 2000));
			CU_ASSERT_TRUE(is_body(2000));
		}
		at.id = 1;
		CU_ASSERT_FALSE(push(1480, 520, 2000));
		defrag_close(d);
	}
}

static void
condemned_and_done_ones_go_before_those_under_way(void)
{
	uint32_t id;

	begin(8, 16);
	CU_ASSERT_FALSE(push(0, 1480, 2000));
	for (id = 2; id < 60; id++) {
		at.id = id;
		CU_ASSERT_FALSE(push(0, 1480, 2000));
		CU_ASSERT_TRUE(push(1480, 520, 2000));
	}
	CU_ASSERT_EQUAL(count("defrag.evictions"), 0);
	at.id = 1;
	CU_ASSERT_TRUE(push(1480, 520, 2000));
	defrag_close(d);
}

static void
too_large_and_bad_pieces_are_refused(void)
{
	begin(0, 0);
	CU_ASSERT_FALSE(push(65528, 7, 65535));
	CU_ASSERT_EQUAL(count("defrag.too_large"), 0);
	CU_ASSERT_FALSE(push(65528, 8, 65536));
	CU_ASSERT_EQUAL(count("defrag.too_large"), 1);
	at.id = 2;
	CU_ASSERT_FALSE(push(0, 1477, 2000));
	CU_ASSERT_FALSE(push(16, 0, 16));
	CU_ASSERT_EQUAL(count("defrag.bad"), 2);
	CU_ASSERT_FALSE(push(0, 1480, 2000));
	CU_ASSERT_TRUE(push(1480, 520, 2000));
	piece.cut = true;
	CU_ASSERT_FALSE(defrag_push(d, &piece, &whole));
	CU_ASSERT_EQUAL(count("defrag.bad"), 3);
	defrag_close(d);
}

static void
the_largest_datagram_fits(void)
{
	size_t n;
	bool last = false;

	begin(0, 0);
	for (n = 0; n < 65535; n += 1480)
		last = push(n, n + 1480 < 65535 ? 1480 : 65535 - n, 65535);
	CU_ASSERT_TRUE(last);
	CU_ASSERT_TRUE(is_body(65535));
	defrag_close(d);
}

/* Puts one half of a packet, which w holds without its IP header, on the wire. */
static void
half(struct wire *w, const struct wire_piece *f, bool second)
{
	struct wire_piece p = *f;
	size_t n = wire_bytes(w).n, cut = n / 16 * 8;

	p.offset = second ? cut : 0;
	p.n = second ? n - cut : cut;
	wire_fragment(w, &p);
}

/* A sign-in cut in two, in GRE, cut in two again. */
static enum decode
push_tunnelled(struct packet *out, unsigned turn)
{
	struct wire_piece in = {.src = wire_endpoint("10.1.0.7", 0),
	    .dst = wire_endpoint("64.4.13.50", 0),
	    .id = 7};
	enum decode result;

	wire_hello(&wire, false);
	wire.at += 20;
	wire.protocol = 6;
	half(&wire, &in, (turn & 2) != 0);
	wire_gre(&wire, 0);
	at.id = 100 + (turn >> 1);
	half(&wire, &at, (turn & 1) != 0);
	if (!push_wire())
		return DECODE_OTHER;
	result = decode_datagram(&piece, whole, out, &stats);
	CU_ASSERT_EQUAL_FATAL(result, DECODE_FRAGMENT);
	CU_ASSERT_EQUAL(out->nest, 1);
	if (!defrag_push(d, out, &whole))
		return result;
	return decode_datagram(out, whole, out, &stats);
}

static void
pieces_in_pieces_in_a_tunnel(void)
{
	struct endpoint src = wire_endpoint("10.1.0.7", 1025);
	struct endpoint dst = wire_endpoint("64.4.13.50", 1863);
	struct packet out;

	begin(4, 2);
	CU_ASSERT_EQUAL(push_tunnelled(&out, 0), DECODE_OTHER);
	CU_ASSERT_EQUAL(push_tunnelled(&out, 1), DECODE_FRAGMENT);
	CU_ASSERT_EQUAL(push_tunnelled(&out, 2), DECODE_OTHER);
	CU_ASSERT_EQUAL(push_tunnelled(&out, 3), DECODE_TCP);
	CU_ASSERT_TRUE(endpoint_eq(&out.src, &src) && endpoint_eq(&out.dst, &dst));
	CU_ASSERT_TRUE(bytes_eq(out.payload, bytes_str(WIRE_HELLO)));
	CU_ASSERT_EQUAL(out.ts, now);
	CU_ASSERT_EQUAL(out.nest, 1);
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&out));
	defrag_close(d);
}

static void
one_number_for_all_pieces_of_a_datagram(void)
{
	uint64_t first;

	begin(0, 0);
	(void)push(0, 1480, 2000);
	first = defrag_key(&piece);
	(void)push(1480, 520, 2000);
	CU_ASSERT_EQUAL(defrag_key(&piece), first);
	at.id = 2;
	(void)push(0, 1480, 2000);
	CU_ASSERT_NOT_EQUAL(defrag_key(&piece), first);
	defrag_close(d);
}

void
suite_defrag(void)
{
	CU_pSuite s = suite_new("defrag");

	CASE(s, "pieces in order and backwards", pieces_in_order_and_backwards);
	CASE(s, "any order, twice and interleaved", any_order_twice_and_interleaved);
	CASE(s, "overlap with other content condemns",
	    overlap_with_other_content_condemns);
	CASE(s, "ends that disagree condemn", ends_that_disagree_condemn);
	CASE(s, "time is that of packets", time_is_that_of_packets);
	CASE(s, "second copies do not begin again", second_copies_do_not_begin_again);
	CASE(s, "the oldest makes room", the_oldest_makes_room);
	CASE(s, "condemned and done ones go before those under way",
	    condemned_and_done_ones_go_before_those_under_way);
	CASE(s, "too large and bad pieces are refused",
	    too_large_and_bad_pieces_are_refused);
	CASE(s, "the largest datagram fits", the_largest_datagram_fits);
	CASE(s, "pieces in pieces in a tunnel", pieces_in_pieces_in_a_tunnel);
	CASE(s, "one number for all pieces of a datagram",
	    one_number_for_all_pieces_of_a_datagram);
}
