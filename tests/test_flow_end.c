#include "tests/net.h"

static void
both_fins_close_and_the_first_one_decides(void)
{
	struct net n = net_open(4);

	talk(&n);
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 1014, 5008);
	EXPECT_END(n, "open");
	say(&n, SIDE_SERVER, 5008, 1015, "OUT\r\n");
	put(&n, SIDE_SERVER, TCP_FIN | TCP_ACK, 5013, 1015);
	EXPECT_END(n, "client");
	CU_ASSERT_TRUE(heard(&n, SIDE_SERVER, "VER 1\r\nOUT\r\n"));
	CU_ASSERT_EQUAL(n.last->flow.end, FLOW_CLOSED_CLIENT);
	put(&n, SIDE_CLIENT, TCP_ACK, 1015, 5014);
	EXPECT_END(n, "client");
	CU_ASSERT_EQUAL(counted(&n, "flow.closed"), 1);
	net_close(&n);

	n = net_open(4);
	talk(&n);
	put(&n, SIDE_SERVER, TCP_FIN | TCP_ACK, 5008, 1014);
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 1014, 5009);
	EXPECT_END(n, "server");
	net_close(&n);
}

static void
a_fin_waits_for_the_bytes_before_it(void)
{
	struct net n = net_open(4);

	talk(&n);
	put(&n, SIDE_SERVER, TCP_FIN | TCP_ACK, 5008, 1014);
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 1019, 5008);
	EXPECT_END(n, "open");
	say(&n, SIDE_CLIENT, 1014, 5008, "OUT\r\n");
	EXPECT_END(n, "server");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1 MSNP8\r\nOUT\r\n"));
	net_close(&n);

	n = net_open(4);
	talk(&n);
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 1019, 5008);
	put(&n, SIDE_SERVER, TCP_FIN | TCP_ACK, 5008, 1020);
	EXPECT_END(n, "client");
	net_close(&n);
}

static void
a_fin_that_cannot_be_meant_is_ignored(void)
{
	struct net n = net_open(4);

	talk(&n);
	put(&n, SIDE_SERVER, TCP_FIN | TCP_ACK, 5008, 1014);
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 1002, 5008);
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 0x80000000, 5008);
	EXPECT_END(n, "open");
	CU_ASSERT_EQUAL(counted(&n, "flow.fin_ignored"), 2);
	net_close(&n);
}

static void
a_reset_ends_at_once_and_its_payload_is_not_delivered(void)
{
	struct net n = net_open(4);
	struct packet p = packet(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 5008, 1014);

	talk(&n);
	p.payload = bytes_str("blocked");
	p.wire_payload = 7;
	put_as(&n, &p, SIDE_SERVER);
	EXPECT_END(n, "rst server");
	CU_ASSERT_TRUE(heard(&n, SIDE_SERVER, "VER 1\r\n"));
	CU_ASSERT_EQUAL(n.last->flow.bytes[SIDE_SERVER], 7);
	net_close(&n);
}

static void
refuse_early(struct net *n, uint32_t ack, int64_t later)
{
	struct packet p = packet(n, SIDE_SERVER, TCP_RST | TCP_ACK, 0, ack);

	flow_early_reset(n->fs, &p);
	n->now += later;
	put(n, SIDE_CLIENT, TCP_SYN, 1000, 0);
}

static void
a_reset_captured_before_its_syn_refuses_it(void)
{
	struct net n = net_open(4);

	refuse_early(&n, 1001, 1000000);
	EXPECT_END(n, "rst server");
	net_close(&n);
	n = net_open(4);
	refuse_early(&n, 1002, 1000000);
	EXPECT_END(n, "open");
	net_close(&n);
	n = net_open(4);
	refuse_early(&n, 1001, SEC);
	EXPECT_END(n, "open");
	net_close(&n);
}

static void
a_reset_answers_a_syn_by_its_acknowledgement(void)
{
	struct net n = net_open(4);

	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	put(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 0, 4711);
	EXPECT_END(n, "open");
	put(&n, SIDE_SERVER, TCP_RST, 0, 1001);
	EXPECT_END(n, "open");
	CU_ASSERT_FALSE(n.last->flow.seen[SIDE_SERVER]);
	put(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 0, 1001);
	EXPECT_END(n, "rst server");
	CU_ASSERT_TRUE(n.last->flow.seen[SIDE_SERVER]);
	CU_ASSERT_FALSE(n.last->flow.established);
	CU_ASSERT_EQUAL(counted(&n, "flow.rst_ignored"), 2);
	net_close(&n);
}

static void
a_reset_out_of_reach_is_ignored(void)
{
	struct net n = net_open(4);

	talk(&n);
	put(&n, SIDE_CLIENT, TCP_RST | TCP_ACK, 0x40000000, 5008);
	put(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 0, 1014);
	EXPECT_END(n, "rst server"); /* 5008 is in reach of 0 */
	net_close(&n);

	n = net_open(4);
	talk(&n);
	put(&n, SIDE_SERVER, TCP_RST | TCP_ACK, 0x40000000, 1014);
	EXPECT_END(n, "open");
	say(&n, SIDE_SERVER, 5008, 1014, "OUT\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_SERVER, "VER 1\r\nOUT\r\n"));
	put(&n, SIDE_CLIENT, TCP_RST, 1014, 0);
	EXPECT_END(n, "rst client");
	net_close(&n);
}

static void
what_waits_is_ready_when_the_flow_ends(void)
{
	struct net n = net_open(4);

	talk(&n);
	say(&n, SIDE_CLIENT, 1020, 5008, "OUT\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1 MSNP8\r\n"));
	put(&n, SIDE_CLIENT, TCP_RST, 1025, 0);
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1 MSNP8\r\nOUT\r\n"));
	CU_ASSERT_EQUAL(n.last->lost[SIDE_CLIENT], 6);
	net_close(&n);
}

static void
a_new_syn_on_old_ports_is_reuse(void)
{
	struct net n = net_open(4);
	uint64_t id;

	/* never answered: a new try */
	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	id = n.last->flow.id;
	put(&n, SIDE_CLIENT, TCP_SYN, 1200, 0);
	EXPECT_END(n, "reused");
	CU_ASSERT_EQUAL(n.last->flow.end, FLOW_REUSED);
	flow_forget(n.fs, &n.last->flow);
	put(&n, SIDE_CLIENT, TCP_SYN, 1200, 0);
	EXPECT_END(n, "open");
	CU_ASSERT_NOT_EQUAL(n.last->flow.id, id);
	flow_forget(n.fs, &n.last->flow);

	/* under way: only with a number of its own */
	talk(&n);
	put(&n, SIDE_CLIENT, TCP_SYN, 3000, 0);
	EXPECT_END(n, "open");
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 0x70000000, 1001);
	EXPECT_END(n, "open");
	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	EXPECT_END(n, "open");
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 0x70000000, 0x60000000);
	EXPECT_END(n, "reused");
	flow_forget(n.fs, &n.last->flow);

	/* closing: any other number */
	talk(&n);
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 1014, 5008);
	put(&n, SIDE_CLIENT, TCP_SYN, 3000, 0);
	EXPECT_END(n, "reused");
	CU_ASSERT_EQUAL(counted(&n, "flow.reused"), 3);
	net_close(&n);
}

void
suite_flow_end(void)
{
	CU_pSuite s = suite_new("flow end");

	CASE(s, "both FINs close and the first one decides",
	    both_fins_close_and_the_first_one_decides);
	CASE(s, "a FIN waits for the bytes before it",
	    a_fin_waits_for_the_bytes_before_it);
	CASE(s, "a FIN that cannot be meant is ignored",
	    a_fin_that_cannot_be_meant_is_ignored);
	CASE(s, "a reset captured before its SYN refuses it",
	    a_reset_captured_before_its_syn_refuses_it);
	CASE(s, "a reset ends at once and its payload is not delivered",
	    a_reset_ends_at_once_and_its_payload_is_not_delivered);
	CASE(s, "a reset answers a SYN by its acknowledgement",
	    a_reset_answers_a_syn_by_its_acknowledgement);
	CASE(s, "a reset out of reach is ignored", a_reset_out_of_reach_is_ignored);
	CASE(s, "what waits is ready when the flow ends",
	    what_waits_is_ready_when_the_flow_ends);
	CASE(s, "a new SYN on old ports is reuse", a_new_syn_on_old_ports_is_reuse);
}
