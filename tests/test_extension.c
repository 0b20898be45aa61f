#include "capture/decode.h"
#include "tests/guard.h"
#include "tests/suite.h"
#include "tests/wire.h"

static struct wire wire;
static struct decode_stats stats;
static struct packet packet;
static struct wire_tcp tcp;

/* A segment in IPv6 terms without its IPv6 header yet. */
static void
segment(void)
{
	tcp = (struct wire_tcp){.src = wire_endpoint("2001:db8::7", 1025),
	    .dst = wire_endpoint("2001:db8::50", 1863),
	    .flags = TCP_ACK};
	wire_start(&wire, bytes_str(WIRE_HELLO));
	wire_tcp(&wire, &tcp);
}

static enum decode
decode(size_t cut)
{
	struct frame f;

	wire_ip(&wire, tcp.src, tcp.dst);
	wire_ethernet(&wire);
	f = wire_frame(&wire, 1);
	f.data = guard_copy(f.data.p, f.data.n - cut);
	memset(&stats, 0, sizeof(stats));
	return decode_frame(&f, &packet, &stats);
}

static void
every_extension_header_is_stepped_over(void)
{
	static const uint8_t types[] = {0, 43, 60, 51, 135, 139, 140};
	size_t i;

	for (i = 0; i < sizeof(types); i++) {
		segment();
		wire_extension(&wire, types[i], (uint8_t)(i % 3));
		CU_ASSERT_EQUAL(decode(0), DECODE_TCP);
		CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str(WIRE_HELLO)));
		CU_ASSERT_EQUAL(packet.proto, 6);
		CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));
	}
	segment();
	for (i = 0; i < sizeof(types); i++)
		wire_extension(&wire, types[i], 1);
	CU_ASSERT_EQUAL(decode(0), DECODE_TCP);
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));
}

static void
chains_are_bounded(void)
{
	int i;

	segment();
	for (i = 0; i < 9; i++)
		wire_extension(&wire, 60, 0);
	CU_ASSERT_EQUAL(decode(0), DECODE_BAD);
	CU_ASSERT_EQUAL(stats.odd[ODD_EXT_HEADERS], 1);
}

static void
broken_chains_and_cut_ones_differ(void)
{
	segment();
	wire_extension(&wire, 0, 0);
	wire.room[wire.at + 1] = 200;
	CU_ASSERT_EQUAL(decode(0), DECODE_BAD);
	CU_ASSERT_EQUAL(stats.odd[ODD_EXT_HEADERS], 1);
	segment();
	wire_extension(&wire, 0, 3);
	CU_ASSERT_EQUAL(decode(wire.end - wire.at - 3), DECODE_BAD);
	CU_ASSERT_EQUAL(stats.odd[ODD_EXT_HEADERS], 0);
	CU_ASSERT_EQUAL(stats.odd[ODD_SHORT], 1);
}

static void
encrypted_and_empty_packets_are_other(void)
{
	segment();
	wire.protocol = 50;
	CU_ASSERT_EQUAL(decode(0), DECODE_OTHER);
	segment();
	wire.protocol = 59;
	CU_ASSERT_EQUAL(decode(0), DECODE_OTHER);
}

/* Offset zero and nothing to follow: the datagram is whole (RFC 6946). */
static void
atomic_fragments_are_whole(void)
{
	segment();
	wire_extension(&wire, 44, 0);
	CU_ASSERT_EQUAL(decode(0), DECODE_TCP);
	CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str(WIRE_HELLO)));
}

static void
pieces_say_where_they_belong(void)
{
	struct wire_piece f = {.src = wire_endpoint("2001:db8::7", 0),
	    .dst = wire_endpoint("2001:db8::50", 0),
	    .id = 0xdeadbeef,
	    .offset = 16,
	    .n = 8};
	struct frame frame;
	int v6;

	for (v6 = 1; v6 >= 0; v6--) {
		segment();
		wire_fragment(&wire, &f);
		wire_ethernet(&wire);
		frame = wire_frame(&wire, 1);
		memset(&packet, 0x5a, sizeof(packet));
		CU_ASSERT_EQUAL(decode_frame(&frame, &packet, &stats), DECODE_FRAGMENT);
		CU_ASSERT_EQUAL(packet.frag_id, f.id);
		CU_ASSERT_EQUAL(packet.frag_offset, 16);
		CU_ASSERT_TRUE(packet.frag_more);
		CU_ASSERT_EQUAL(packet.frag_proto, 6);
		CU_ASSERT_EQUAL(packet.frag_bytes.n, 8);
		CU_ASSERT_EQUAL(memcmp(packet.frag_bytes.p + 4, "VER ", 4), 0);
		CU_ASSERT_EQUAL(addr_cmp(&packet.src.addr, &f.src.addr), 0);
		CU_ASSERT_EQUAL(packet.src.port, 0);
		CU_ASSERT_EQUAL(packet.dst.port, 0);
		f.src = wire_endpoint("10.1.0.7", 0);
		f.dst = wire_endpoint("64.4.13.50", 0);
		f.id = 0xbeef;
	}
}

/* As if put together from pieces: extension headers may follow, a piece again may not. */
static void
datagrams_are_decoded_past_their_extensions(void)
{
	struct packet of = {.nest = 2, .ts = 5, .vlan = {20, 0}};

	segment();
	wire_extension(&wire, 44, 0);
	wire_extension(&wire, 60, 1);
	of.src.addr = tcp.src.addr;
	of.dst.addr = tcp.dst.addr;
	of.frag_proto = wire.protocol;
	CU_ASSERT_EQUAL(
	    decode_datagram(&of, wire_bytes(&wire), &packet, &stats), DECODE_TCP);
	CU_ASSERT_TRUE(endpoint_eq(&packet.src, &tcp.src));
	CU_ASSERT_TRUE(bytes_eq(packet.payload, bytes_str(WIRE_HELLO)));
	CU_ASSERT_TRUE(decode_tcp_checksum_ok(&packet));
	CU_ASSERT_TRUE(packet.nest == 2 && packet.ts == 5 && packet.vlan[0] == 20);

	wire.room[wire.at + 16 + 3] = 1;
	memset(&stats, 0, sizeof(stats));
	CU_ASSERT_EQUAL(
	    decode_datagram(&of, wire_bytes(&wire), &packet, &stats), DECODE_BAD);
	CU_ASSERT_EQUAL(stats.odd[ODD_EXT_HEADERS], 1);
}

/* Pieces in pieces cannot get around the bound on nesting. */
static void
datagrams_keep_the_bound_on_nesting(void)
{
	struct packet of = {.frag_proto = 41};
	enum decode result;

	segment();
	wire_ip(&wire, tcp.src, tcp.dst);
	of.src.addr = tcp.src.addr;
	for (of.nest = 0; of.nest < DECODE_NEST_MAX; of.nest++) {
		result = decode_datagram(&of, wire_bytes(&wire), &packet, &stats);
		if (of.nest + 1 < DECODE_NEST_MAX) {
			CU_ASSERT_EQUAL(result, DECODE_TCP);
			CU_ASSERT_EQUAL(packet.nest, of.nest + 1);
		} else {
			CU_ASSERT_EQUAL(result, DECODE_OTHER);
		}
	}
}

void
suite_extension(void)
{
	CU_pSuite s = suite_new("extension");

	CASE(s, "every extension header is stepped over",
	    every_extension_header_is_stepped_over);
	CASE(s, "chains are bounded", chains_are_bounded);
	CASE(s, "broken chains and cut ones differ", broken_chains_and_cut_ones_differ);
	CASE(s, "encrypted and empty packets are other",
	    encrypted_and_empty_packets_are_other);
	CASE(s, "atomic fragments are whole", atomic_fragments_are_whole);
	CASE(s, "datagrams are decoded past their extensions",
	    datagrams_are_decoded_past_their_extensions);
	CASE(s, "datagrams keep the bound on nesting",
	    datagrams_keep_the_bound_on_nesting);
	CASE(s, "pieces say where they belong", pieces_say_where_they_belong);
}
