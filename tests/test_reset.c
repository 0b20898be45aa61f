#include "enforce/reset.h"
#include "tests/reset_read.h"
#include "tests/suite.h"
#include "tests/wire.h"

static const struct hash_key key = {
    {0x243f6a8885a308d3, 0x13198a2e03707345, 0xa4093822299f31d1, 0x082efa98ec4e6c89}};
static const uint8_t mac_client[6] = {2, 0, 0, 0, 0, 1};
static const uint8_t mac_router[6] = {2, 0, 0, 0, 0, 2};
static const uint8_t mac_sensor[6] = {2, 0, 0, 0, 0, 3};
static struct reset_frame frame[RESET_VOLLEY_MAX];
static struct packet packet;

/* The client has sent 100 octets and the server 40, all of which arrived. */
static struct reset_seat
seat_of(bool v6)
{
	struct reset_seat s = {
	    .end = {{true, true, true, 1101, 1101, 127, {.known = true}},
		{true, true, true, 5041, 5041, 52, {.known = true}}},
	};

	s.tuple.client = wire_endpoint(v6 ? "2001:db8::7" : "10.1.0.7", 1025);
	s.tuple.server = wire_endpoint(v6 ? "2001:db8::50" : "64.4.13.50", 1863);
	memcpy(s.end[SIDE_CLIENT].link.from, mac_client, 6);
	memcpy(s.end[SIDE_CLIENT].link.to, mac_router, 6);
	memcpy(s.end[SIDE_SERVER].link.from, mac_router, 6);
	memcpy(s.end[SIDE_SERVER].link.to, mac_client, 6);
	return s;
}

static void
tag(struct reset_seat *s, uint16_t outer, uint16_t inner)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		s->end[i].link.vlan[0] = outer;
		s->end[i].link.vlan[1] = inner;
	}
}

static size_t
build(const struct reset_seat *s, enum reset_layer layer)
{
	struct reset_how how = {.layer = layer, .key = &key};

	memset(frame, 0x5a, sizeof(frame));
	return reset_build(s, &how, frame);
}

static void
check_frame(const struct reset_seat *s, const struct reset_frame *f, uint32_t ack)
{
	bool client = f->to == SIDE_CLIENT, v4 = addr_is_v4(&s->tuple.client.addr);
	const struct endpoint *to = client ? &s->tuple.client : &s->tuple.server;
	const struct endpoint *from = client ? &s->tuple.server : &s->tuple.client;
	struct tuple turned = {*from, *to};

	CU_ASSERT_TRUE(endpoint_eq(&packet.src, from) && endpoint_eq(&packet.dst, to));
	CU_ASSERT_EQUAL(packet.seq, f->seq);
	CU_ASSERT_EQUAL(packet.ack, ack);
	CU_ASSERT_EQUAL(packet.tcp_flags, TCP_RST | TCP_ACK);
	CU_ASSERT_EQUAL(packet.ttl, client ? 52 : 127);
	CU_ASSERT_EQUAL(packet.nest, 0);
	CU_ASSERT_EQUAL(packet.ip.n, v4 ? 40 : 60);
	if (v4) {
		CU_ASSERT_EQUAL(load_be16(packet.ip.p + 4), packet.window);
		CU_ASSERT_EQUAL(load_be16(packet.ip.p + 6), 0x4000);
	}
	CU_ASSERT_TRUE(reset_is_own(&key, &s->tuple, packet.seq, packet.window));
	CU_ASSERT_TRUE(reset_is_own(&key, &turned, packet.seq, packet.window));
}

static void
check_round_trip(const struct reset_seat *s, enum reset_layer layer)
{
	const struct reset_link *l = &s->end[SIDE_CLIENT].link;
	bool mac = layer == RESET_ETHERNET;
	size_t i;

	CU_ASSERT_EQUAL_FATAL(build(s, layer), 2);
	for (i = 0; i < 2; i++) {
		bool client = frame[i].to == SIDE_CLIENT;

		CU_ASSERT_TRUE_FATAL(reset_read(&frame[i], layer, &packet));
		check_frame(s, &frame[i], client ? 1101 : 5041);
		CU_ASSERT_EQUAL(frame[i].seq, client ? 5041 : 1101);
		CU_ASSERT_EQUAL(packet.has_mac, mac);
		CU_ASSERT_EQUAL(packet.vlan[0], mac ? l->vlan[0] : 0);
		CU_ASSERT_EQUAL(packet.vlan[1], mac ? l->vlan[1] : 0);
		if (!mac)
			continue;
		CU_ASSERT_EQUAL(
		    memcmp(packet.src_mac, client ? mac_router : mac_client, 6), 0);
		CU_ASSERT_EQUAL(
		    memcmp(packet.dst_mac, client ? mac_client : mac_router, 6), 0);
	}
	CU_ASSERT_NOT_EQUAL(frame[0].to, frame[1].to);
}

static void
what_is_built_decodes_to_what_was_meant(void)
{
	struct reset_seat s;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		s = seat_of(v6 != 0);
		check_round_trip(&s, RESET_ETHERNET);
		check_round_trip(&s, RESET_IP);
		tag(&s, 7, 0);
		check_round_trip(&s, RESET_ETHERNET);
		check_round_trip(&s, RESET_IP);
		tag(&s, 4094, 12);
		check_round_trip(&s, RESET_ETHERNET);
	}
}

/* Both directions: octets sent, and acknowledged, beyond the first of each. */
struct numbers {
	const char *what;
	bool has[4];
	uint32_t client_sent, client_acked, server_sent, server_acked;
	enum side speaker;
	const char *want; /* to, number, acknowledgement of each frame */
};

static void
check_numbers(const struct numbers *n, uint32_t base)
{
	struct reset_seat s = seat_of(false);
	char said[200] = "";
	size_t i, many, at = 0;

	s.end[SIDE_CLIENT] = (struct reset_end){true, n->has[0], n->has[1],
	    base + n->client_sent, base + n->client_acked, 0, {.known = false}};
	s.end[SIDE_SERVER] = (struct reset_end){true, n->has[2], n->has[3],
	    base + n->server_sent, base + n->server_acked, 0, {.known = false}};
	s.speaker = n->speaker;
	many = build(&s, RESET_IP);
	for (i = 0; i < many; i++) {
		CU_ASSERT_TRUE_FATAL(reset_read(&frame[i], RESET_IP, &packet));
		CU_ASSERT_EQUAL(packet.seq, frame[i].seq);
		CU_ASSERT_EQUAL(packet.ttl, 64);
		at += (size_t)snprintf(said + at, sizeof(said) - at, "%s%s %u",
		    i > 0 ? ", " : "", frame[i].to == SIDE_CLIENT ? "client" : "server",
		    packet.seq - base);
		if ((packet.tcp_flags & TCP_ACK) != 0)
			at += (size_t)snprintf(
			    said + at, sizeof(said) - at, " ack %u", packet.ack - base);
	}
	if (strcmp(said, n->want) != 0)
		printf("\n    %s: \"%s\"\n", n->what, said);
	CU_ASSERT_STRING_EQUAL(said, n->want);
}

static const struct numbers numbers[] = {
    {"all has arrived", {1, 1, 1, 1}, 100, 100, 40, 40, SIDE_CLIENT,
	"server 100 ack 40, client 40 ack 100"},
    {"the server speaks", {1, 1, 1, 1}, 100, 100, 40, 40, SIDE_SERVER,
	"client 40 ack 100, server 100 ack 40"},
    {"octets to the server", {1, 1, 1, 1}, 119, 100, 40, 40, SIDE_CLIENT,
	"server 119 ack 40, client 40 ack 100, server 100 ack 40"},
    {"octets to the client", {1, 1, 1, 1}, 100, 100, 90, 40, SIDE_SERVER,
	"client 90 ack 100, server 100 ack 40, client 40 ack 100"},
    {"older octets to the client", {1, 1, 1, 1}, 100, 100, 90, 40, SIDE_CLIENT,
	"server 100 ack 40, client 90 ack 100, client 40 ack 100"},
    {"octets both ways", {1, 1, 1, 1}, 119, 100, 90, 40, SIDE_CLIENT,
	"server 119 ack 40, client 90 ack 100, server 100 ack 40"},
    {"both ways, the server last", {1, 1, 1, 1}, 119, 100, 90, 40, SIDE_SERVER,
	"client 90 ack 100, server 119 ack 40, client 40 ack 100"},
    {"octets missing from the capture", {1, 1, 1, 1}, 60, 100, 40, 40, SIDE_CLIENT,
	"server 100 ack 40, client 40 ack 100"},
    {"only the client is seen", {1, 0, 0, 1}, 100, 0, 0, 40, SIDE_CLIENT,
	"server 100 ack 40, client 40 ack 100"},
    {"only the server is seen", {0, 1, 1, 0}, 0, 100, 40, 0, SIDE_SERVER,
	"client 40 ack 100, server 100 ack 40"},
    {"nothing is known of the server", {1, 1, 0, 0}, 100, 90, 0, 0, SIDE_CLIENT,
	"server 100, server 90"},
    {"nothing is known", {0, 0, 0, 0}, 0, 0, 0, 0, SIDE_CLIENT, ""},
};

static void
every_end_is_sent_the_number_it_expects(void)
{
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		check_numbers(&numbers[i], 1000);
}

static void
numbers_go_on_past_the_highest(void)
{
	size_t i;
	uint32_t base;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		for (base = UINT32_MAX - 130; base != 3; base++)
			check_numbers(&numbers[i], base);
}

static void
a_link_seen_one_way_is_turned_round(void)
{
	struct reset_seat s = seat_of(false);

	tag(&s, 7, 0);
	s.end[SIDE_SERVER].link = (struct reset_link){.known = false};
	check_round_trip(&s, RESET_ETHERNET);
	s.end[SIDE_CLIENT].link = (struct reset_link){.known = false};
	CU_ASSERT_EQUAL(build(&s, RESET_ETHERNET), 0);
	CU_ASSERT_EQUAL(build(&s, RESET_IP), 2);
}

static void
each_direction_keeps_its_own_link(void)
{
	struct reset_seat s = seat_of(false);
	size_t i;

	s.end[SIDE_CLIENT].link.vlan[0] = 100;
	s.end[SIDE_SERVER].link.vlan[0] = 200;
	memcpy(s.end[SIDE_SERVER].link.from, mac_sensor, 6);
	CU_ASSERT_EQUAL_FATAL(build(&s, RESET_ETHERNET), 2);
	for (i = 0; i < 2; i++) {
		bool client = frame[i].to == SIDE_CLIENT;

		CU_ASSERT_TRUE(reset_read(&frame[i], RESET_ETHERNET, &packet));
		CU_ASSERT_EQUAL(packet.vlan[0], client ? 200 : 100);
		CU_ASSERT_EQUAL(
		    memcmp(packet.src_mac, client ? mac_sensor : mac_client, 6), 0);
	}
}

static void
the_senders_own_address_stands_in_for_the_source(void)
{
	struct reset_how how = {.key = &key, .mac = mac_sensor};
	struct reset_seat s = seat_of(true);
	size_t i;

	CU_ASSERT_EQUAL_FATAL(reset_build(&s, &how, frame), 2);
	for (i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(reset_read(&frame[i], RESET_ETHERNET, &packet));
		CU_ASSERT_EQUAL(memcmp(packet.src_mac, mac_sensor, 6), 0);
		CU_ASSERT_EQUAL(
		    memcmp(packet.dst_mac,
			frame[i].to == SIDE_CLIENT ? mac_client : mac_router, 6),
		    0);
	}
}

static void
tags_keep_their_type_where_it_is_known(void)
{
	static const uint16_t types[][4] = {
	    /* as seen, as sent */
	    {0, 0, 0x88a8, 0x8100},
	    {0x8100, 0x8100, 0x8100, 0x8100},
	    {0x9100, 0, 0x9100, 0x8100},
	};
	struct reset_seat s = seat_of(false);
	size_t i;

	tag(&s, 5, 6);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		s.speaker = SIDE_SERVER;
		memcpy(s.end[SIDE_SERVER].link.tpid, types[i], 4);
		CU_ASSERT_EQUAL_FATAL(build(&s, RESET_ETHERNET), 2);
		CU_ASSERT_EQUAL(load_be16(frame[0].octets + 12), types[i][2]);
		CU_ASSERT_EQUAL(load_be16(frame[0].octets + 16), types[i][3]);
	}
	tag(&s, 5, 0);
	s.end[SIDE_SERVER].link.tpid[0] = 0;
	CU_ASSERT_EQUAL_FATAL(build(&s, RESET_ETHERNET), 2);
	CU_ASSERT_EQUAL(load_be16(frame[0].octets + 12), 0x8100);
	CU_ASSERT_EQUAL(load_be16(frame[0].octets + 16), 0x0800);
}

static void
ends_of_two_families_get_nothing(void)
{
	struct reset_seat s = seat_of(false);

	s.tuple.server = wire_endpoint("2001:db8::50", 1863);
	CU_ASSERT_EQUAL(build(&s, RESET_ETHERNET), 0);
	CU_ASSERT_EQUAL(build(&s, RESET_IP), 0);
}

void
suite_reset(void)
{
	CU_pSuite s = suite_new("reset");

	CASE(s, "what is built decodes to what was meant",
	    what_is_built_decodes_to_what_was_meant);
	CASE(s, "every end is sent the number it expects",
	    every_end_is_sent_the_number_it_expects);
	CASE(s, "numbers go on past the highest", numbers_go_on_past_the_highest);
	CASE(s, "a link seen one way is turned round",
	    a_link_seen_one_way_is_turned_round);
	CASE(s, "each direction keeps its own link", each_direction_keeps_its_own_link);
	CASE(s, "the sender's own address stands in for the source",
	    the_senders_own_address_stands_in_for_the_source);
	CASE(s, "tags keep their type where it is known",
	    tags_keep_their_type_where_it_is_known);
	CASE(s, "ends of two families get nothing", ends_of_two_families_get_nothing);
}
