/* Headers that end too early or that nobody sends, beside the common ones. */
#include "capture/decode.h"
#include "tests/guard.h"
#include "tests/suite.h"
#include "tests/wire.h"

#define ETHERNET  1
#define RAW_IP    101
#define PPP       9
#define GRE       47
#define PORT_TZSP 37008

static struct wire wire;
static struct decode_stats stats;
static struct packet packet;

static enum decode
decode(int linktype)
{
	struct frame f = wire_frame(&wire, linktype);

	f.data = guard_copy(f.data.p, f.data.n);
	memset(&stats, 0, sizeof(stats));
	return decode_frame(&f, &packet, &stats);
}

static void
put_ip(uint8_t protocol)
{
	wire.protocol = protocol;
	wire_ip(&wire, wire_endpoint("10.0.0.1", 0), wire_endpoint("10.0.0.2", 0));
}

/* PPP names MPLS by two numbers, the second for many receivers. */
static void
labels_over_ppp_are_peeled(void)
{
	static const uint8_t kinds[][2] = {{0x02, 0x81}, {0x02, 0x83}};
	size_t i;

	for (i = 0; i < 2; i++) {
		wire_hello(&wire, false);
		wire_mpls(&wire, 16);
		wire_push(&wire, kinds[i], 2);
		CU_ASSERT_EQUAL(decode(PPP), DECODE_TCP);
	}
}

static void
an_icmp_header_cut_off_is_short(void)
{
	wire_start(&wire, bytes_of("\x03\x01\0\0\0\0\0", 7));
	put_ip(1);
	CU_ASSERT_EQUAL(decode(RAW_IP), DECODE_BAD);
	CU_ASSERT_EQUAL(stats.odd[ODD_SHORT], 1);
}

static void
gre_of_another_version_is_left_alone(void)
{
	static const uint8_t head[][4] = {{0, 2, 8, 0}, {0, 7, 8, 0}, {0, 1, 8, 0}};
	size_t i;

	for (i = 0; i < 3; i++) {
		wire_hello(&wire, false);
		wire_push(&wire, head[i], 4);
		put_ip(GRE);
		CU_ASSERT_NOT_EQUAL(decode(RAW_IP), DECODE_TCP);
		CU_ASSERT_EQUAL(stats.odd[ODD_TUNNEL], 1);
	}
}

/* Routes that never end, each of four bytes. */
static void
endless_routes_are_no_tunnel(void)
{
	static const uint8_t head[8] = {0x40, 0, 8, 0},
			     route[8] = {8, 0, 0, 4, 1, 1, 1, 1};
	size_t i;

	wire_hello(&wire, false);
	for (i = 0; i < 40; i++)
		wire_push(&wire, route, sizeof(route));
	wire_push(&wire, head, sizeof(head));
	put_ip(GRE);
	CU_ASSERT_NOT_EQUAL(decode(RAW_IP), DECODE_TCP);
	CU_ASSERT_EQUAL(stats.odd[ODD_TUNNEL], 1);
}

/* Tags that never end are no tunnel: the datagram stays what it was. */
static void
endless_tags_of_a_mirror_are_plain_udp(void)
{
	static uint8_t tags[1024] = {1, 0, 0, 1};

	wire_start(&wire, bytes_of(tags, sizeof(tags)));
	wire_udp(&wire, wire_endpoint("10.0.0.1", 40000),
	    wire_endpoint("10.0.0.2", PORT_TZSP));
	put_ip(17);
	CU_ASSERT_EQUAL(decode(RAW_IP), DECODE_UDP);
	CU_ASSERT_EQUAL(packet.dst.port, PORT_TZSP);
	CU_ASSERT_EQUAL(stats.odd[ODD_TUNNEL], 1);
}

static void
options_behind_the_end_of_a_frame_are_short(void)
{
	struct frame f;

	wire_hello(&wire, false);
	wire.room[wire.at] = 0x4a;
	f = wire_frame(&wire, RAW_IP);
	f.data = guard_copy(f.data.p, 30);
	memset(&stats, 0, sizeof(stats));
	CU_ASSERT_EQUAL(decode_frame(&f, &packet, &stats), DECODE_BAD);
	CU_ASSERT_EQUAL(stats.odd[ODD_SHORT], 1);
}

static void
a_frame_is_at_least_as_long_as_what_was_captured(void)
{
	struct frame f;

	wire_hello(&wire, false);
	wire_ethernet(&wire);
	f = wire_frame(&wire, ETHERNET);
	f.wire_len = 9;
	memset(&stats, 0, sizeof(stats));
	CU_ASSERT_EQUAL(decode_frame(&f, &packet, &stats), DECODE_TCP);
	CU_ASSERT_FALSE(packet.cut);
	CU_ASSERT_EQUAL(packet.payload.n, sizeof(WIRE_HELLO) - 1);
	CU_ASSERT_EQUAL(packet.wire_payload, sizeof(WIRE_HELLO) - 1);
}

static void
a_piece_cut_by_the_snap_length_says_so(void)
{
	struct wire_piece piece = {.src = wire_endpoint("10.0.0.1", 0),
	    .dst = wire_endpoint("10.0.0.2", 0),
	    .id = 7,
	    .n = 400};
	struct frame f;

	wire_start(&wire, bytes_of(memset((uint8_t[800]){0}, 7, 800), 800));
	wire.protocol = 17;
	wire_fragment(&wire, &piece);
	f = wire_frame(&wire, RAW_IP);
	f.wire_len = (uint32_t)f.data.n;
	f.data = guard_copy(f.data.p, 100);
	memset(&stats, 0, sizeof(stats));
	CU_ASSERT_EQUAL(decode_frame(&f, &packet, &stats), DECODE_FRAGMENT);
	CU_ASSERT_TRUE(packet.cut);
	CU_ASSERT_EQUAL(packet.frag_bytes.n, 80);
	CU_ASSERT_EQUAL(packet.wire_payload, 400);
	CU_ASSERT_EQUAL(stats.odd[ODD_CUT], 1);
}

void
suite_decode_odd(void)
{
	CU_pSuite s = suite_new("decode_odd");

	CASE(s, "labels over PPP are peeled", labels_over_ppp_are_peeled);
	CASE(s, "an ICMP header cut off is short", an_icmp_header_cut_off_is_short);
	CASE(s, "GRE of another version is left alone",
	    gre_of_another_version_is_left_alone);
	CASE(s, "endless routes are no tunnel", endless_routes_are_no_tunnel);
	CASE(s, "endless tags of a mirror are plain UDP",
	    endless_tags_of_a_mirror_are_plain_udp);
	CASE(s, "options behind the end of a frame are short",
	    options_behind_the_end_of_a_frame_are_short);
	CASE(s, "a frame is at least as long as what was captured",
	    a_frame_is_at_least_as_long_as_what_was_captured);
	CASE(s, "a piece cut by the snap length says so",
	    a_piece_cut_by_the_snap_length_says_so);
}
