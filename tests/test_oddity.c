#include "capture/decode.h"
#include "tests/guard.h"
#include "tests/suite.h"
#include "tests/wire.h"

#define HELLO_SIZE (sizeof(WIRE_HELLO) - 1)
#define IP_AT      14 /* behind a plain Ethernet header */
#define TCP_AT     34

static struct wire wire;
static struct decode_stats stats;
static struct packet packet;

static enum decode
decode_linktype(int linktype)
{
	struct frame f = wire_frame(&wire, linktype);

	f.data = guard_copy(f.data.p, f.data.n);
	memset(&stats, 0, sizeof(stats));
	memset(&packet, 0x5a, sizeof(packet));
	return decode_frame(&f, &packet, &stats);
}

static enum decode
decode(void)
{
	return decode_linktype(1);
}

/* Exactly this oddity, exactly once. */
static bool
only(enum oddity odd)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < ODD_COUNT; i++)
		sum += stats.odd[i];
	return sum == 1 && stats.odd[odd] == 1;
}

static bool
no_oddity(void)
{
	static const struct decode_stats none;

	return memcmp(stats.odd, none.odd, sizeof(none.odd)) == 0;
}

static void
plain(bool v6)
{
	wire_hello(&wire, v6);
	wire_ethernet(&wire);
}

static void
set16(size_t at, size_t v)
{
	wire.room[wire.at + at] = (uint8_t)(v >> 8);
	wire.room[wire.at + at + 1] = (uint8_t)v;
}

static void
set8(size_t at, uint8_t v)
{
	wire.room[wire.at + at] = v;
}

static void
ip_length(size_t v)
{
	plain(false);
	set16(IP_AT + 2, v);
	wire_resum(&wire, IP_AT);
}

static void
impossible_ip_headers_are_bad(void)
{
	plain(false);
	set8(IP_AT, 0x35);
	CU_ASSERT_EQUAL(decode(), DECODE_BAD);
	CU_ASSERT_TRUE(only(ODD_IP_VERSION));
	plain(true);
	set8(IP_AT, 0x45);
	CU_ASSERT_EQUAL(decode(), DECODE_BAD);
	CU_ASSERT_TRUE(only(ODD_IP_VERSION));
	plain(false);
	set8(IP_AT, 0x44);
	CU_ASSERT_EQUAL(decode(), DECODE_BAD);
	CU_ASSERT_TRUE(only(ODD_IP_HEADER));
	ip_length(19);
	CU_ASSERT_EQUAL(decode(), DECODE_BAD);
	CU_ASSERT_TRUE(only(ODD_IP_HEADER));
	wire_start(&wire, bytes_str(""));
	CU_ASSERT_EQUAL(decode_linktype(101), DECODE_BAD);
	CU_ASSERT_TRUE(only(ODD_SHORT));
}

static void
lengths_beyond_the_frame_are_clipped(void)
{
	ip_length(1500);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(only(ODD_IP_LENGTH));
	CU_ASSERT_EQUAL(packet.wire_payload, HELLO_SIZE);
	CU_ASSERT_FALSE(packet.cut);
	plain(true);
	set16(IP_AT + 4, 1500);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(only(ODD_IP_LENGTH));
	CU_ASSERT_EQUAL(packet.wire_payload, HELLO_SIZE);
}

static void
lengths_of_zero_mean_the_frame(void)
{
	int v6;

	ip_length(0);
	for (v6 = 0; v6 < 2; v6++) {
		CU_ASSERT_EQUAL(decode(), DECODE_TCP);
		CU_ASSERT_TRUE(only(ODD_IP_ZERO_LEN));
		CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str(WIRE_HELLO)));
		plain(true);
		set16(IP_AT + 4, 0);
	}
}

static void
padding_is_trimmed_and_counted_when_long(void)
{
	struct wire_tcp t = {.src = wire_endpoint("10.1.0.7", 1025),
	    .dst = wire_endpoint("64.4.13.50", 1863),
	    .flags = TCP_ACK};

	wire_start(&wire, bytes_str(""));
	wire_tcp(&wire, &t);
	wire_ip(&wire, t.src, t.dst);
	wire_pad(&wire, 6);
	wire_ethernet(&wire);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(no_oddity());
	CU_ASSERT_EQUAL(packet.payload.n, 0);
	CU_ASSERT_EQUAL(packet.wire_payload, 0);
	CU_ASSERT_FALSE(packet.cut);

	plain(false);
	wire_pad(&wire, 4);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(only(ODD_PADDING));
	CU_ASSERT_EQUAL(packet.wire_payload, HELLO_SIZE);
	CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str(WIRE_HELLO)));
}

static void
ip_checksums_are_counted_only(void)
{
	plain(false);
	set16(IP_AT + 10, 0);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(only(ODD_IP_CHECKSUM));
	plain(false);
	set8(IP_AT + 8, 63);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(only(ODD_IP_CHECKSUM));
	CU_ASSERT_EQUAL(packet.ttl, 63);
}

static void
ip_options_are_stepped_over(void)
{
	plain(false);
	memmove(wire.room + wire.at - 40, wire.room + wire.at, IP_AT + 20);
	wire.at -= 40;
	memset(wire.room + wire.at + IP_AT + 20, 1, 40);
	set8(IP_AT, 0x4f);
	set16(IP_AT + 2, 80 + HELLO_SIZE);
	wire_resum(&wire, IP_AT);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(no_oddity());
	CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str(WIRE_HELLO)));
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));
}

static void
impossible_tcp_offsets_are_bad(void)
{
	plain(false);
	set8(TCP_AT + 12, 0x40);
	CU_ASSERT_EQUAL(decode(), DECODE_BAD);
	CU_ASSERT_TRUE(only(ODD_TCP_HEADER));
	plain(false);
	set8(TCP_AT + 12, 0xf0);
	CU_ASSERT_EQUAL(decode(), DECODE_BAD);
	CU_ASSERT_TRUE(only(ODD_TCP_HEADER));
}

static void
tcp_options_cut_off_leave_no_payload(void)
{
	struct wire_tcp t = {.src = wire_endpoint("10.1.0.7", 1025),
	    .dst = wire_endpoint("64.4.13.50", 1863),
	    .flags = TCP_SYN,
	    .options = "\2\4\5\xb4",
	    .n_options = 4};
	struct frame f;

	wire_start(&wire, bytes_str(""));
	wire_tcp(&wire, &t);
	wire_ip(&wire, t.src, t.dst);
	wire_ethernet(&wire);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(no_oddity());
	CU_ASSERT_EQUAL(packet.tcp_header, 24);
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));

	f = wire_frame(&wire, 1);
	f.data = guard_copy(f.data.p, f.data.n - 2);
	memset(&stats, 0, sizeof(stats));
	CU_ASSERT_EQUAL(decode_frame(&f, &packet, &stats), DECODE_TCP);
	CU_ASSERT_TRUE(only(ODD_CUT));
	CU_ASSERT_TRUE(packet.cut);
	CU_ASSERT_EQUAL(packet.payload.n, 0);
	CU_ASSERT_EQUAL(packet.wire_payload, 0);
	CU_ASSERT_FALSE(decode_tcp_checksum_ok(&packet));
}

static void
tcp_checksums_right_wrong_and_absent(void)
{
	plain(false);
	(void)decode();
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));
	set8(TCP_AT + 20, 'W');
	(void)decode();
	CU_ASSERT_FALSE(decode_tcp_checksum_ok(&packet));
	plain(false);
	set16(TCP_AT + 16, 0);
	CU_ASSERT_EQUAL(decode(), DECODE_TCP);
	CU_ASSERT_TRUE(no_oddity());
	CU_ASSERT_FALSE(decode_tcp_checksum_ok(&packet));
	plain(true);
	(void)decode();
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));
	set8(IP_AT + 23, 9);
	(void)decode();
	CU_ASSERT_FALSE(decode_tcp_checksum_ok(&packet));
}

static void
question_to(uint16_t port, const char *payload, size_t n)
{
	struct endpoint a = wire_endpoint("10.1.0.1", 53);
	struct endpoint b = wire_endpoint("10.1.0.7", port);

	wire_start(&wire, bytes_of(payload, n));
	wire_udp(&wire, a, b);
	wire_ip(&wire, a, b);
	wire_ethernet(&wire);
}

static void
udp_lengths_are_held_to_the_datagram(void)
{
	question_to(53, "question", 8);
	set16(TCP_AT + 4, 400);
	CU_ASSERT_EQUAL(decode(), DECODE_UDP);
	CU_ASSERT_TRUE(only(ODD_UDP_LENGTH));
	CU_ASSERT_EQUAL(packet.payload.n, 8);
	CU_ASSERT_EQUAL(packet.wire_payload, 8);
	set16(TCP_AT + 4, 12);
	CU_ASSERT_EQUAL(decode(), DECODE_UDP);
	CU_ASSERT_TRUE(only(ODD_UDP_LENGTH));
	CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str("ques")));
	CU_ASSERT_EQUAL(packet.wire_payload, 4);
	set16(TCP_AT + 4, 0);
	CU_ASSERT_EQUAL(decode(), DECODE_UDP);
	CU_ASSERT_EQUAL(packet.payload.n, 8);
	set16(TCP_AT + 4, 5);
	CU_ASSERT_EQUAL(decode(), DECODE_UDP);
	CU_ASSERT_EQUAL(packet.payload.n, 0);
}

/* A client's own port may be that of a tunnel, and an answer to it is no tunnel. */
static void
answers_to_the_port_of_a_tunnel_stay_udp(void)
{
	static const char answer[] = "\x08\x01\x81\x80\0\1\0\2\0\0\0\0\7gateway"
				     "\11messenger\7hotmail\3com\0\0\1\0\1";
	static const uint16_t ports[] = {4754, 4789, 8472, 6081, 37008};
	size_t i;

	for (i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		question_to(ports[i], answer, sizeof(answer) - 1);
		CU_ASSERT_EQUAL(decode(), DECODE_UDP);
		CU_ASSERT_EQUAL(packet.dst.port, ports[i]);
		CU_ASSERT_EQUAL(packet.nest, 0);
		CU_ASSERT_TRUE(
		    bytes_eq(packet.payload, bytes_of(answer, sizeof(answer) - 1)));
		CU_ASSERT_EQUAL(stats.odd[ODD_TUNNELLED], 0);
	}
	question_to(4789, "\0\0\0\0\0\0\0\0", 8);
	CU_ASSERT_EQUAL(decode(), DECODE_UDP);
	CU_ASSERT_TRUE(only(ODD_TUNNEL));
}

static void
broken_packets_in_tunnels_leave_the_outside(void)
{
	struct endpoint a = wire_endpoint("192.0.2.1", 5000);
	struct endpoint b = wire_endpoint("192.0.2.2", 4789);
	size_t n;

	plain(false);
	set8(TCP_AT + 12, 0x40);
	wire_vxlan(&wire);
	n = wire_bytes(&wire).n;
	wire_udp(&wire, a, b);
	wire_ip(&wire, a, b);
	wire_ethernet(&wire);
	CU_ASSERT_EQUAL(decode(), DECODE_UDP);
	CU_ASSERT_TRUE(only(ODD_TCP_HEADER));
	CU_ASSERT_TRUE(endpoint_eq(&packet.src, &a) && endpoint_eq(&packet.dst, &b));
	CU_ASSERT_EQUAL(packet.payload.n, n);

	plain(false);
	set8(IP_AT, 0x44);
	wire.type = 0x6558;
	wire_gre(&wire, 0);
	wire_ip(&wire, a, b);
	CU_ASSERT_EQUAL(decode_linktype(12), DECODE_OTHER);
	CU_ASSERT_TRUE(only(ODD_IP_HEADER));
}

/* The mirror says that it cut the frame: the inner length is right, bytes are missing. */
static void
frames_cut_by_the_mirror_are_cut(void)
{
	struct endpoint a = wire_endpoint("192.0.2.1", 0);
	struct endpoint b = wire_endpoint("192.0.2.2", 0);
	int truncated;

	for (truncated = 0; truncated < 2; truncated++) {
		plain(false);
		wire.end -= 5;
		wire_erspan(&wire, 2);
		if (truncated)
			set8(8 + 2, 0x04);
		wire_ip(&wire, a, b);
		CU_ASSERT_EQUAL(decode_linktype(101), DECODE_TCP);
		CU_ASSERT_EQUAL(packet.payload.n, HELLO_SIZE - 5);
		CU_ASSERT_EQUAL(packet.cut, truncated);
		CU_ASSERT_EQUAL(packet.wire_payload, HELLO_SIZE - (truncated ? 0 : 5));
		CU_ASSERT_EQUAL(stats.odd[ODD_CUT], (uint64_t)truncated);
		CU_ASSERT_EQUAL(stats.odd[ODD_IP_LENGTH], (uint64_t)!truncated);
	}
}

void
suite_oddity(void)
{
	CU_pSuite s = suite_new("oddity");

	CASE(s, "impossible IP headers are bad", impossible_ip_headers_are_bad);
	CASE(s, "lengths beyond the frame are clipped",
	    lengths_beyond_the_frame_are_clipped);
	CASE(s, "lengths of zero mean the frame", lengths_of_zero_mean_the_frame);
	CASE(s, "padding is trimmed, and counted when long",
	    padding_is_trimmed_and_counted_when_long);
	CASE(s, "IP checksums are counted only", ip_checksums_are_counted_only);
	CASE(s, "IP options are stepped over", ip_options_are_stepped_over);
	CASE(s, "impossible TCP offsets are bad", impossible_tcp_offsets_are_bad);
	CASE(s, "TCP options cut off leave no payload",
	    tcp_options_cut_off_leave_no_payload);
	CASE(s, "TCP checksums: right, wrong and absent",
	    tcp_checksums_right_wrong_and_absent);
	CASE(s, "UDP lengths are held to the datagram",
	    udp_lengths_are_held_to_the_datagram);
	CASE(s, "answers to the port of a tunnel stay UDP",
	    answers_to_the_port_of_a_tunnel_stay_udp);
	CASE(s, "broken packets in tunnels leave the outside",
	    broken_packets_in_tunnels_leave_the_outside);
	CASE(s, "frames cut by the mirror are cut", frames_cut_by_the_mirror_are_cut);
}
