#include "capture/decode.h"
#include "tests/guard.h"
#include "tests/shapes.h"
#include "tests/suite.h"

#define HELLO_SIZE (sizeof(WIRE_HELLO) - 1)

static struct wire wire;
static struct decode_stats stats;
static struct packet packet;

static struct frame
shaped(const struct shape *s, bool v6)
{
	wire_hello(&wire, v6);
	s->wrap(&wire);
	return wire_frame(&wire, s->linktype);
}

static bool
fits(const struct shape *s, bool v6)
{
	return s->only == 0 || (s->only == 6) == v6;
}

/* Decodes into fresh stats; the packet holds rubbish before, as it does in real use. */
static enum decode
decode(const struct frame *f)
{
	memset(&stats, 0, sizeof(stats));
	memset(&packet, 0x5a, sizeof(packet));
	return decode_frame(f, &packet, &stats);
}

static bool
is_hello(bool v6)
{
	struct endpoint src = wire_endpoint(v6 ? "2001:db8::7" : "10.1.0.7", 1025);
	struct endpoint dst = wire_endpoint(v6 ? "2001:db8::50" : "64.4.13.50", 1863);

	return endpoint_eq(&packet.src, &src) && endpoint_eq(&packet.dst, &dst) &&
	       packet.proto == 6 && packet.seq == 0x01020304 &&
	       packet.ack == 0x0a0b0c0d && packet.tcp_flags == (TCP_PSH | TCP_ACK) &&
	       packet.window == 8192;
}

static void
check_shape(const struct shape *s, bool v6)
{
	static const uint8_t src_mac[6] = {2, 0, 0, 0, 0, 1};
	struct frame f = shaped(s, v6);
	enum decode result = decode(&f);
	uint64_t odd = 0;
	size_t i;

	if (result != DECODE_TCP)
		printf("\n    %s, IPv%d: result %d\n", s->name, v6 ? 6 : 4, result);
	CU_ASSERT_EQUAL_FATAL(result, DECODE_TCP);
	CU_ASSERT_TRUE(is_hello(v6));
	CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str(WIRE_HELLO)));
	CU_ASSERT_EQUAL(packet.wire_payload, HELLO_SIZE);
	CU_ASSERT_FALSE(packet.cut);
	CU_ASSERT_EQUAL(packet.ip.n, (v6 ? 60 : 40) + HELLO_SIZE);
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));
	CU_ASSERT_EQUAL(packet.nest, s->nest);
	CU_ASSERT_EQUAL(packet.vlan[0], s->vlan[0]);
	CU_ASSERT_EQUAL(packet.vlan[1], s->vlan[1]);
	CU_ASSERT_EQUAL(packet.has_mac, s->mac);
	CU_ASSERT_EQUAL(packet.ts, f.ts);
	if (s->mac)
		CU_ASSERT_EQUAL(memcmp(packet.src_mac, src_mac, 6), 0);
	for (i = 0; i < ODD_COUNT; i++)
		odd += stats.odd[i];
	CU_ASSERT_EQUAL(stats.odd[ODD_TUNNELLED], s->nest > 0);
	CU_ASSERT_EQUAL(odd, s->nest > 0);
	CU_ASSERT_EQUAL(stats.by_result[DECODE_TCP], 1);
}

static void
every_shape_gives_the_same_packet(void)
{
	size_t i;
	int v6;

	for (i = 0; i < n_shapes; i++)
		for (v6 = 0; v6 < 2; v6++)
			if (fits(&shapes[i], v6 != 0))
				check_shape(&shapes[i], v6 != 0);
}

/* The payload of a cut frame is a beginning of what was sent; nothing is made up. */
static void
check_cut(bool v6)
{
	CU_ASSERT_TRUE(is_hello(v6));
	CU_ASSERT_TRUE(packet.payload.n < HELLO_SIZE);
	CU_ASSERT_TRUE(bytes_eq(
	    packet.payload, bytes_take(bytes_str(WIRE_HELLO), packet.payload.n)));
	CU_ASSERT_EQUAL(packet.wire_payload, HELLO_SIZE);
	CU_ASSERT_TRUE(packet.cut);
	CU_ASSERT_EQUAL(stats.odd[ODD_CUT], 1);
	CU_ASSERT_EQUAL(stats.odd[ODD_IP_LENGTH], 0);
	CU_ASSERT_FALSE(decode_tcp_checksum_ok(&packet));
}

static void
cut_shape(const struct shape *s, bool v6)
{
	struct frame f = shaped(s, v6);
	struct bytes all = f.data;
	enum decode result;
	size_t n;

	for (n = 0; n < all.n; n++) {
		f.data = guard_copy(all.p, n);
		result = decode(&f);
		if (n >= all.n - HELLO_SIZE)
			CU_ASSERT_EQUAL(result, DECODE_TCP);
		if (result == DECODE_TCP) {
			check_cut(v6);
			continue;
		}
		/* What is left of a tunnel is its outside. */
		CU_ASSERT_TRUE(result == DECODE_BAD || result == DECODE_OTHER ||
			       result == DECODE_UDP);
		if (result == DECODE_UDP)
			CU_ASSERT_TRUE(packet.cut && packet.nest < s->nest);
	}
}

static void
every_snap_length_gives_a_beginning(void)
{
	size_t i;

	for (i = 0; i < n_shapes; i++) {
		if (fits(&shapes[i], false))
			cut_shape(&shapes[i], false);
		if (fits(&shapes[i], true))
			cut_shape(&shapes[i], true);
	}
}

/* Broken off and rewritten: the frame itself claims to be no longer than this. */
static void
every_shorter_frame_invents_nothing(void)
{
	struct bytes all, seen;
	struct frame f;
	size_t i, n;

	for (i = 0; i < n_shapes; i++) {
		f = shaped(&shapes[i], shapes[i].only == 6);
		all = f.data;
		for (n = 0; n < all.n; n++) {
			f.data = guard_copy(all.p, n);
			f.wire_len = (uint32_t)n;
			if (decode(&f) != DECODE_TCP)
				continue;
			seen = packet.payload;
			CU_ASSERT_TRUE(
			    bytes_eq(seen, bytes_take(bytes_str(WIRE_HELLO), seen.n)));
			CU_ASSERT_TRUE(
			    seen.n == 0 || seen.p + seen.n <= f.data.p + f.data.n);
			CU_ASSERT_EQUAL(packet.wire_payload, seen.n);
			CU_ASSERT_TRUE(stats.odd[ODD_IP_LENGTH] == 1);
		}
	}
}

/* One byte of a frame changed, each in turn: no crash, and slices inside the frame. */
static void
every_damaged_byte_stays_inside_the_frame(void)
{
	static uint8_t copy[1024];
	struct frame f;
	enum decode result;
	size_t i, n;

	for (i = 0; i < n_shapes; i++) {
		f = shaped(&shapes[i], shapes[i].only == 6);
		CU_ASSERT_TRUE_FATAL(f.data.n <= sizeof(copy));
		memcpy(copy, f.data.p, f.data.n);
		for (n = 0; n < 8 * f.data.n; n++) {
			copy[n / 8] ^= (uint8_t)(1U << n % 8);
			f.data = guard_copy(copy, f.data.n);
			result = decode(&f);
			copy[n / 8] ^= (uint8_t)(1U << n % 8);
			CU_ASSERT_EQUAL(stats.by_result[result], 1);
			if (result > DECODE_ICMP)
				continue;
			CU_ASSERT_TRUE(packet.payload.p >= f.data.p);
			CU_ASSERT_TRUE(
			    packet.payload.p + packet.payload.n <= f.data.p + f.data.n);
			CU_ASSERT_TRUE(packet.payload.n <= packet.wire_payload);
		}
	}
}

static void
udp_and_icmp_are_told_apart(void)
{
	static const uint8_t echo[12] = {8, 0, 0xf7, 0xff};
	struct endpoint a = wire_endpoint("10.1.0.7", 1025);
	struct endpoint b = wire_endpoint("10.1.0.1", 53);
	struct frame f;

	wire_start(&wire, bytes_str("question"));
	wire_udp(&wire, a, b);
	wire_ip(&wire, a, b);
	wire_ethernet(&wire);
	f = wire_frame(&wire, 1);
	CU_ASSERT_EQUAL(decode(&f), DECODE_UDP);
	CU_ASSERT_TRUE(endpoint_eq(&packet.src, &a) && endpoint_eq(&packet.dst, &b));
	CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str("question")));
	CU_ASSERT_EQUAL(packet.wire_payload, 8);
	CU_ASSERT_EQUAL(packet.tcp_flags, 0);
	CU_ASSERT_FALSE(decode_tcp_checksum_ok(&packet));

	wire_start(&wire, bytes_of(echo, sizeof(echo)));
	wire.protocol = 1;
	wire_ip(&wire, a, b);
	wire_ethernet(&wire);
	f = wire_frame(&wire, 1);
	CU_ASSERT_EQUAL(decode(&f), DECODE_ICMP);
	CU_ASSERT_EQUAL(packet.payload.n, sizeof(echo));
	CU_ASSERT_EQUAL(packet.proto, 1);
	CU_ASSERT_EQUAL(packet.src.port, 0);
	CU_ASSERT_EQUAL(packet.dst.port, 0);
}

static void
traffic_of_no_interest_is_other(void)
{
	struct frame f;

	wire_start(&wire, bytes_str("who has 10.1.0.1, tell 10.1.0.7"));
	wire.type = 0x0806;
	wire_ethernet(&wire);
	f = wire_frame(&wire, 1);
	CU_ASSERT_EQUAL(decode(&f), DECODE_OTHER);
	wire_start(&wire, bytes_str(""));
	wire_gre(&wire, 0);
	wire_ip(&wire, wire_endpoint("192.0.2.1", 0), wire_endpoint("192.0.2.2", 0));
	f = wire_frame(&wire, 12);
	CU_ASSERT_EQUAL(decode(&f), DECODE_OTHER);
	CU_ASSERT_EQUAL(stats.odd[ODD_TUNNEL], 0);
}

static void
unknown_link_types_are_counted(void)
{
	struct frame f;

	wire_hello(&wire, false);
	f = wire_frame(&wire, 147);
	CU_ASSERT_EQUAL(decode(&f), DECODE_LINK);
	CU_ASSERT_EQUAL(stats.odd[ODD_LINK_TYPE], 1);
	CU_ASSERT_EQUAL(stats.by_result[DECODE_LINK], 1);
}

static void
nesting_is_bounded(void)
{
	struct endpoint a = wire_endpoint("192.0.2.1", 0);
	struct endpoint b = wire_endpoint("192.0.2.2", 0);
	struct frame f;
	int depth;

	for (depth = 0; depth < 12; depth++) {
		wire_hello(&wire, false);
		while (wire_bytes(&wire).n < 40 + HELLO_SIZE + 20 * (size_t)depth)
			wire_ip(&wire, a, b);
		f = wire_frame(&wire, 101);
		if (depth < DECODE_NEST_MAX) {
			CU_ASSERT_EQUAL(decode(&f), DECODE_TCP);
			CU_ASSERT_EQUAL(packet.nest, depth);
			continue;
		}
		CU_ASSERT_EQUAL(decode(&f), DECODE_OTHER);
		CU_ASSERT_EQUAL(stats.odd[ODD_NEST], 1);
	}
}

static void
tags_labels_and_frames_in_frames_are_bounded(void)
{
	struct frame f;
	int i;

	wire_hello(&wire, false);
	for (i = 0; i < 9; i++)
		wire_tag(&wire, 0x8100, 7);
	wire_ethernet(&wire);
	f = wire_frame(&wire, 1);
	CU_ASSERT_EQUAL(decode(&f), DECODE_OTHER);
	CU_ASSERT_EQUAL(stats.odd[ODD_NEST], 1);

	wire_hello(&wire, false);
	for (i = 0; i < 17; i++)
		wire_mpls(&wire, 7);
	wire_ethernet(&wire);
	f = wire_frame(&wire, 1);
	CU_ASSERT_EQUAL(decode(&f), DECODE_OTHER);
	CU_ASSERT_EQUAL(stats.odd[ODD_NEST], 1);

	wire_hello(&wire, false);
	for (i = 0; i < 100; i++)
		wire_ethernet(&wire);
	f = wire_frame(&wire, 1);
	CU_ASSERT_EQUAL(decode(&f), DECODE_OTHER);
	CU_ASSERT_EQUAL(stats.odd[ODD_NEST], 1);
}

static void
every_count_has_a_name_of_its_own(void)
{
	static struct counters c;
	size_t i, k;

	decode_counters(&stats, &c);
	CU_ASSERT_EQUAL(c.n, DECODE_BAD + 1 + ODD_COUNT - 1);
	for (i = 0; i < c.n; i++) {
		CU_ASSERT_EQUAL(strncmp(c.c[i].name, "decoder.", 8), 0);
		for (k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(c.c[i].name, c.c[k].name);
	}
}

void
suite_decode(void)
{
	CU_pSuite s = suite_new("decode");

	CASE(s, "every shape gives the same packet", every_shape_gives_the_same_packet);
	CASE(s, "every snap length gives a beginning",
	    every_snap_length_gives_a_beginning);
	CASE(s, "every shorter frame invents nothing",
	    every_shorter_frame_invents_nothing);
	CASE(s, "every damaged byte stays inside the frame",
	    every_damaged_byte_stays_inside_the_frame);
	CASE(s, "UDP and ICMP are told apart", udp_and_icmp_are_told_apart);
	CASE(s, "traffic of no interest is other", traffic_of_no_interest_is_other);
	CASE(s, "unknown link types are counted", unknown_link_types_are_counted);
	CASE(s, "nesting is bounded", nesting_is_bounded);
	CASE(s, "tags, labels and frames in frames are bounded",
	    tags_labels_and_frames_in_frames_are_bounded);
	CASE(s, "every count has a name of its own", every_count_has_a_name_of_its_own);
}
