#include "tests/net.h"

static void
prohibit(struct net *n, enum side sender, uint32_t seq, bool want)
{
	bool got = flow_prohibit(n->fs, &n->last->flow, sender, seq);

	CU_ASSERT_EQUAL(got, want);
	CU_ASSERT_EQUAL(n->last->flow.end, want ? FLOW_PROHIBITED : FLOW_OPEN);
}

static void
only_an_unanswered_syn_can_be_prohibited(void)
{
	struct net n = net_open(4);

	put(&n, SIDE_CLIENT, TCP_SYN, 0xffffffff, 0);
	put(&n, SIDE_CLIENT, TCP_SYN, 0xffffffff, 0);
	prohibit(&n, SIDE_CLIENT, 0xfffffffe, false);
	prohibit(&n, SIDE_CLIENT, 0, false);
	prohibit(&n, SIDE_SERVER, 0xffffffff, false);
	prohibit(&n, SIDE_CLIENT, 0xffffffff, true);
	CU_ASSERT_EQUAL(n.last->flow.syns, 2);
	CU_ASSERT_EQUAL(counted(&n, "flow.prohibited"), 1);
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 0);
	EXPECT_END(n, "prohibited");
	net_close(&n);

	n = net_open(4);
	shake(&n);
	prohibit(&n, SIDE_CLIENT, 1000, false);
	flow_forget(n.fs, &n.last->flow);
	/* met in mid-stream: no SYN was seen */
	say(&n, SIDE_CLIENT, 1001, 5001, "VER 1 MSNP8\r\n");
	prohibit(&n, SIDE_CLIENT, 1000, false);
	flow_forget(n.fs, &n.last->flow);
	/* the answer alone */
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 1001);
	prohibit(&n, SIDE_CLIENT, 1000, false);
	net_close(&n);
}

static void
a_prohibited_flow_gives_what_it_held(void)
{
	struct net n = net_open(4);
	struct packet p = packet(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);

	p.payload = bytes_str("VER 1");
	p.wire_payload = 5;
	put_as(&n, &p, SIDE_CLIENT);
	prohibit(&n, SIDE_CLIENT, 1000, true);
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1"));
	net_close(&n);
}

static void
syns_of_the_client_are_counted(void)
{
	struct net n = net_open(4);
	unsigned i;

	for (i = 1; i <= 300; i++) {
		put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
		CU_ASSERT_EQUAL(n.last->flow.syns, i < 255 ? i : 255);
	}
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 1001);
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 1001);
	CU_ASSERT_EQUAL(n.last->flow.syns, 255);
	net_close(&n);

	n = net_open(4);
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 1001);
	CU_ASSERT_EQUAL(n.last->flow.syns, 0);
	net_close(&n);
}

static void
put_from_afar(struct net *n, enum side from, uint8_t flags, uint32_t seq, uint8_t ttl)
{
	uint32_t ack = from == SIDE_CLIENT ? 5008 : 1014;
	struct packet p = packet(n, from, flags, seq, ack);

	p.ttl = ttl;
	put_as(n, &p, from);
}

static void
a_reset_with_a_number_not_come_to_is_noted(void)
{
	static const struct {
		uint32_t seq;
		bool forged;
	} numbers[] = {{5008, false}, {5009, false}, {5010, true}, {5000, true}};
	struct net n;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		n = net_open(4);
		talk(&n);
		put_from_afar(&n, SIDE_SERVER, TCP_ACK, 5008, 52);
		put_from_afar(&n, SIDE_SERVER, TCP_RST | TCP_ACK, numbers[i].seq, 52);
		EXPECT_END(n, "rst server");
		CU_ASSERT_EQUAL(n.last->flow.reset_forged, numbers[i].forged);
		net_close(&n);
	}
}

static void
a_reset_that_came_another_way_is_noted(void)
{
	static const struct {
		uint8_t before, reset;
		bool forged;
	} ways[] = {{52, 52, false}, {52, 64, true}, {52, 51, true}, {0, 64, false}};
	struct net n;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		n = net_open(4);
		talk(&n);
		put_from_afar(&n, SIDE_CLIENT, TCP_ACK, 1014, 128);
		put_from_afar(&n, SIDE_SERVER, TCP_ACK, 5008, ways[i].before);
		put_from_afar(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 5008, ways[i].reset);
		EXPECT_END(n, "rst server");
		CU_ASSERT_EQUAL(n.last->flow.reset_forged, ways[i].forged);
		net_close(&n);
	}

	/* nobody has answered: there is nothing to compare with */
	n = net_open(4);
	put(&n, SIDE_CLIENT, TCP_SYN, 1013, 0);
	put_from_afar(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 0, 64);
	EXPECT_END(n, "rst server");
	CU_ASSERT_FALSE(n.last->flow.reset_forged);
	net_close(&n);

	/* out of reach: it ends nothing, and its way says nothing */
	n = net_open(4);
	talk(&n);
	put_from_afar(&n, SIDE_SERVER, TCP_ACK, 5008, 52);
	put_from_afar(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 0x70000000, 64);
	EXPECT_END(n, "open");
	CU_ASSERT_FALSE(n.last->flow.reset_forged);
	CU_ASSERT_EQUAL(n.last->flow.ttl[SIDE_SERVER], 52);
	net_close(&n);
}

void
suite_flow_turned_away(void)
{
	CU_pSuite s = suite_new("flow turned away");

	CASE(s, "only an unanswered SYN can be prohibited",
	    only_an_unanswered_syn_can_be_prohibited);
	CASE(s, "a prohibited flow gives what it held",
	    a_prohibited_flow_gives_what_it_held);
	CASE(s, "SYNs of the client are counted", syns_of_the_client_are_counted);
	CASE(s, "a reset with a number not come to is noted",
	    a_reset_with_a_number_not_come_to_is_noted);
	CASE(s, "a reset that came another way is noted",
	    a_reset_that_came_another_way_is_noted);
}
