#include "tests/net.h"

static unsigned
client_port(const struct net *n)
{
	struct tuple t;

	flow_tuple(&n->last->flow, &t);
	return t.client.port;
}

static void
a_handshake_names_the_client_and_starts_both_streams(void)
{
	struct net n = net_open(4);
	struct tuple t;

	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	CU_ASSERT_TRUE(n.last->flow.handshake);
	CU_ASSERT_FALSE(n.last->flow.established);
	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	EXPECT_END(n, "open");
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 1001);
	CU_ASSERT_TRUE(n.last->flow.established);
	say(&n, SIDE_CLIENT, 1001, 5001, "VER 1 MSNP8\r\n");
	say(&n, SIDE_SERVER, 5001, 1014, "VER 1\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1 MSNP8\r\n"));
	CU_ASSERT_TRUE(heard(&n, SIDE_SERVER, "VER 1\r\n"));
	CU_ASSERT_EQUAL(n.last->flow.bytes[SIDE_CLIENT], 13);
	CU_ASSERT_EQUAL(n.last->flow.bytes[SIDE_SERVER], 7);
	flow_tuple(&n.last->flow, &t);
	CU_ASSERT_EQUAL(t.client.port, 1025);
	CU_ASSERT_EQUAL(t.server.port, 1863);
	CU_ASSERT_EQUAL(t.client.addr.v[15], 77);
	CU_ASSERT_EQUAL(counted(&n, "flow.begun"), 1);
	net_close(&n);
}

static void
directions_may_be_captured_in_reverse_order(void)
{
	struct net n = net_open(4);

	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 1001);
	CU_ASSERT_TRUE(n.last->flow.handshake);
	say(&n, SIDE_SERVER, 5001, 1014, "VER 1\r\n");
	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	EXPECT_END(n, "open");
	put(&n, SIDE_CLIENT, TCP_ACK, 1001, 5001);
	say(&n, SIDE_CLIENT, 1001, 5001, "VER 1 MSNP8\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1 MSNP8\r\n"));
	CU_ASSERT_TRUE(heard(&n, SIDE_SERVER, "VER 1\r\n"));
	CU_ASSERT_EQUAL(n.last->lost[SIDE_CLIENT], 0);
	CU_ASSERT_EQUAL(client_port(&n), 1025);
	net_close(&n);
}

static void
an_address_that_talks_to_itself_is_told_apart_by_ports(void)
{
	struct net n = net_open(4);
	struct packet p = packet(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	struct endpoint self = p.src;
	enum side side;

	p.dst.addr = self.addr;
	put_as(&n, &p, SIDE_CLIENT);
	p.src = p.dst;
	p.dst = self;
	CU_ASSERT_PTR_EQUAL(flow_find(n.fs, &p, &side), &n.last->flow);
	CU_ASSERT_EQUAL(side, SIDE_SERVER);
	CU_ASSERT_EQUAL(client_port(&n), 1025);
	CU_ASSERT_EQUAL(counted(&n, "flow.begun"), 1);
	net_close(&n);
}

static void
data_with_the_syn_begins_the_stream(void)
{
	struct net n = net_open(4);
	struct packet p = packet(&n, SIDE_CLIENT, TCP_SYN, 0xffffffff, 0);

	p.payload = bytes_str("VER 1 ");
	p.wire_payload = 6;
	put_as(&n, &p, SIDE_CLIENT);
	put(&n, SIDE_SERVER, TCP_SYN | TCP_ACK, 5000, 6);
	say(&n, SIDE_CLIENT, 6, 5001, "MSNP8\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1 MSNP8\r\n"));
	net_close(&n);
}

static void
mid_stream_starts_at_the_numbers_seen(void)
{
	struct net n = net_open(4);
	struct packet p = packet(&n, SIDE_SERVER, TCP_ACK, 900, 7000);

	put_as(&n, &p, SIDE_CLIENT);
	CU_ASSERT_EQUAL(client_port(&n), 1863);
	flow_forget(n.fs, &n.last->flow);

	say(&n, SIDE_CLIENT, 7000, 900, "PNG\r\n");
	CU_ASSERT_FALSE(n.last->flow.handshake);
	say(&n, SIDE_SERVER, 904, 7005, "45\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_SERVER, ""));
	say(&n, SIDE_SERVER, 900, 7005, "QNG ");
	CU_ASSERT_TRUE(heard(&n, SIDE_SERVER, "QNG 45\r\n"));
	CU_ASSERT_TRUE(n.last->flow.established);
	net_close(&n);
}

static void
mid_stream_allows_for_an_answer_captured_first(void)
{
	struct net n = net_open(4);
	struct packet p = packet(&n, SIDE_SERVER, TCP_ACK, 900, 7005);

	p.payload = bytes_str("QNG 45\r\n");
	p.wire_payload = 8;
	put_as(&n, &p, SIDE_SERVER);
	say(&n, SIDE_CLIENT, 7000, 900, "PNG\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "PNG\r\n"));
	net_close(&n);
}

static void
a_late_syn_completes_the_handshake_only_if_it_agrees(void)
{
	struct net n = net_open(4);

	say(&n, SIDE_CLIENT, 1001, 5001, "VER ");
	put(&n, SIDE_CLIENT, TCP_SYN, 900, 0);
	EXPECT_END(n, "open");
	CU_ASSERT_FALSE(n.last->flow.handshake);
	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	CU_ASSERT_TRUE(n.last->flow.handshake);
	say(&n, SIDE_CLIENT, 1005, 5001, "1\r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1\r\n"));
	net_close(&n);
}

static void
lost_first_bytes_are_a_loss_after_a_handshake(void)
{
	struct net n = net_open(4);

	shake(&n);
	put(&n, SIDE_SERVER, TCP_ACK, 5001, 1014);
	say(&n, SIDE_CLIENT, 1014, 5001, "CVR 2\r\n");
	CU_ASSERT_EQUAL(n.last->lost[SIDE_CLIENT], 13);
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "CVR 2\r\n"));
	net_close(&n);
}

static void
one_direction_is_enough(void)
{
	struct net n = net_open(4);

	put(&n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	put(&n, SIDE_CLIENT, TCP_ACK, 1001, 5001);
	say(&n, SIDE_CLIENT, 1001, 5001, "VER 1\r\n");
	say(&n, SIDE_CLIENT, 1018, 5020, "OUT\r\n");
	CU_ASSERT_FALSE(n.last->flow.established);
	CU_ASSERT_FALSE(n.last->flow.seen[SIDE_SERVER]);
	say(&n, SIDE_CLIENT, 1008, 5020, "CVR 2 0 \r\n");
	CU_ASSERT_TRUE(heard(&n, SIDE_CLIENT, "VER 1\r\nCVR 2 0 \r\nOUT\r\n"));
	put(&n, SIDE_CLIENT, TCP_FIN | TCP_ACK, 1023, 5020);
	EXPECT_END(n, "client");
	net_close(&n);
}

static void
ids_are_the_same_in_every_run(void)
{
	struct net a = net_open(4), b = net_open(4);

	put(&a, SIDE_CLIENT, TCP_SYN, 1000, 0);
	put(&b, SIDE_CLIENT, TCP_SYN, 1000, 0);
	CU_ASSERT_EQUAL(a.last->flow.id, b.last->flow.id);
	CU_ASSERT_TRUE(a.last->flow.id > 0 && a.last->flow.id < UINT64_C(1) << 53);
	b.client_port++;
	put(&b, SIDE_CLIENT, TCP_SYN, 1000, 0);
	CU_ASSERT_NOT_EQUAL(a.last->flow.id, b.last->flow.id);
	net_close(&a);
	net_close(&b);
}

/* Begins a flow from that port. */
static struct flow *
begin(struct net *n, uint16_t port)
{
	n->client_port = port;
	put(n, SIDE_CLIENT, TCP_SYN, 1000, 0);
	return &n->last->flow;
}

static void
a_full_table_evicts_the_oldest_young_flow_first(void)
{
	struct net n = net_open(3);
	struct flow *a = begin(&n, 1), *b = begin(&n, 2), *c, *gone;
	struct packet p = packet(&n, SIDE_CLIENT, TCP_SYN, 1, 0);

	flow_watch(n.fs, a);
	CU_ASSERT_PTR_NULL(flow_expired(n.fs, n.now, true));
	c = begin(&n, 3);
	CU_ASSERT_TRUE(flow_full(n.fs));
	p.src.port = 4;
	CU_ASSERT_PTR_NULL(flow_begin(n.fs, &p, SIDE_CLIENT));
	(void)begin(&n, 2); /* b speaks again */
	CU_ASSERT_PTR_NULL(flow_expired(n.fs, n.now, false));
	gone = flow_expired(n.fs, n.now, true);
	CU_ASSERT_PTR_EQUAL_FATAL(gone, c);
	CU_ASSERT_EQUAL(gone->end, FLOW_EVICTED);
	flow_forget(n.fs, gone);
	flow_watch(n.fs, b);
	(void)begin(&n, 4);
	flow_watch(n.fs, &n.last->flow);
	CU_ASSERT_PTR_EQUAL(flow_expired(n.fs, n.now, true), a);
	CU_ASSERT_EQUAL(counted(&n, "flow.evicted"), 2);
	net_close(&n);
}

static void
too_many_favoured_flows_give_up_the_oldest(void)
{
	struct net n = net_open(8);
	struct flow *a, *b, *c, *d;

	a = begin(&n, 1);
	b = begin(&n, 2);
	c = begin(&n, 3);
	d = begin(&n, 4);
	flow_watch(n.fs, a);
	CU_ASSERT_PTR_NULL(flow_favour(n.fs, a));
	CU_ASSERT_PTR_NULL(flow_favour(n.fs, b));
	CU_ASSERT_PTR_EQUAL_FATAL(flow_favour(n.fs, c), b);
	CU_ASSERT_EQUAL(b->end, FLOW_EVICTED);
	flow_forget(n.fs, b);
	flow_watch(n.fs, c);
	CU_ASSERT_PTR_NULL(flow_favour(n.fs, c));
	CU_ASSERT_PTR_EQUAL_FATAL(flow_favour(n.fs, d), a);
	flow_forget(n.fs, a);
	flow_forget(n.fs, c);
	CU_ASSERT_PTR_NULL(flow_favour(n.fs, d));
	CU_ASSERT_EQUAL(counted(&n, "flow.evicted"), 2);
	net_close(&n);
}

static void
flows_expire_by_packet_time(void)
{
	struct net n = net_open(8);
	struct flow *a = begin(&n, 1), *b = begin(&n, 2);

	flow_watch(n.fs, a);
	n.now += 20 * SEC;
	(void)begin(&n, 3);
	CU_ASSERT_PTR_NULL(flow_expired(n.fs, n.now + 10 * SEC, false));
	CU_ASSERT_PTR_EQUAL_FATAL(flow_expired(n.fs, n.now + 10 * SEC + 1, false), b);
	CU_ASSERT_EQUAL(b->end, FLOW_IDLE);
	flow_forget(n.fs, b);
	CU_ASSERT_PTR_NULL(flow_expired(n.fs, n.now + 10 * SEC + 1, false));
	b = flow_expired(n.fs, n.now + 31 * SEC, false);
	CU_ASSERT_PTR_EQUAL_FATAL(b, &n.last->flow);
	flow_forget(n.fs, b);
	CU_ASSERT_PTR_NULL(flow_expired(n.fs, n.now + 3580 * SEC, false));
	CU_ASSERT_PTR_EQUAL(flow_expired(n.fs, n.now + 3581 * SEC, false), a);
	net_close(&n);
}

static void
clocks_that_jump_expire_only_what_was_silent(void)
{
	const int64_t year = 365 * 86400 * SEC;
	struct net n = net_open(8);
	struct flow *f, *a = begin(&n, 1);
	int i;

	/* two sources a little apart do not make time run faster */
	for (i = 0; i < 1000; i++)
		CU_ASSERT_PTR_NULL(flow_expired(n.fs, n.now + (i % 2) * SEC, false));

	/* back by a year: nothing expires, and time goes on from there */
	n.now -= year;
	CU_ASSERT_PTR_NULL(flow_expired(n.fs, n.now, false));
	(void)begin(&n, 2);
	f = flow_expired(n.fs, n.now + 31 * SEC, false);
	CU_ASSERT_PTR_EQUAL_FATAL(f, a);
	flow_forget(n.fs, f);
	f = flow_expired(n.fs, n.now + 31 * SEC, false);
	CU_ASSERT_PTR_EQUAL_FATAL(f, &n.last->flow);
	flow_forget(n.fs, f);

	/* forward by a year: everything is over */
	f = begin(&n, 3);
	flow_watch(n.fs, f);
	CU_ASSERT_PTR_EQUAL(flow_expired(n.fs, n.now + year, false), f);
	flow_forget(n.fs, f);

	CU_ASSERT_PTR_NULL(flow_expired(n.fs, INT64_MIN, false));
	f = begin(&n, 4);
	CU_ASSERT_PTR_EQUAL(flow_expired(n.fs, INT64_MAX, false), f);
	net_close(&n);
}

void
suite_flow(void)
{
	CU_pSuite s = suite_new("flow");

	CASE(s, "a handshake names the client and starts both streams",
	    a_handshake_names_the_client_and_starts_both_streams);
	CASE(s, "directions may be captured in reverse order",
	    directions_may_be_captured_in_reverse_order);
	CASE(s, "an address that talks to itself is told apart by ports",
	    an_address_that_talks_to_itself_is_told_apart_by_ports);
	CASE(s, "data with the SYN begins the stream",
	    data_with_the_syn_begins_the_stream);
	CASE(s, "mid-stream starts at the numbers seen",
	    mid_stream_starts_at_the_numbers_seen);
	CASE(s, "mid-stream allows for an answer captured first",
	    mid_stream_allows_for_an_answer_captured_first);
	CASE(s, "a late SYN completes the handshake only if it agrees",
	    a_late_syn_completes_the_handshake_only_if_it_agrees);
	CASE(s, "lost first bytes are a loss after a handshake",
	    lost_first_bytes_are_a_loss_after_a_handshake);
	CASE(s, "one direction is enough", one_direction_is_enough);
	CASE(s, "ids are the same in every run", ids_are_the_same_in_every_run);
	CASE(s, "a full table evicts the oldest young flow first",
	    a_full_table_evicts_the_oldest_young_flow_first);
	CASE(s, "too many favoured flows give up the oldest",
	    too_many_favoured_flows_give_up_the_oldest);
	CASE(s, "flows expire by packet time", flows_expire_by_packet_time);
	CASE(s, "clocks that jump expire only what was silent",
	    clocks_that_jump_expire_only_what_was_silent);
}
