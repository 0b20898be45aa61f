#include "capture/icmp.h"
#include "tests/guard.h"
#include "tests/suite.h"
#include "tests/wire.h"

static struct wire wire;

/* A segment with n bytes of IPv4 options, as a router quotes it; n a multiple of four. */
static struct bytes
quoted_segment(bool v6, size_t options)
{
	struct wire_tcp t = {
	    .src = wire_endpoint(v6 ? "2001:db8::7" : "10.1.0.7", 1025),
	    .dst = wire_endpoint(v6 ? "2001:db8::50" : "64.4.13.50", 1863),
	    .seq = 0x01020304,
	    .flags = 2,
	};
	uint8_t head[20];

	wire_start(&wire, bytes_str(""));
	wire_tcp(&wire, &t);
	wire_ip(&wire, t.src, t.dst);
	if (options == 0)
		return wire_bytes(&wire);
	memcpy(head, wire.room + wire.at, sizeof(head));
	head[0] = (uint8_t)(0x40 | (20 + options) / 4);
	memset(wire.room + wire.at, 1, 20);
	wire.at += 20 - options;
	memset(wire.room + wire.at, 1, options);
	wire_push(&wire, head, sizeof(head));
	return wire_bytes(&wire);
}

/* The message about that segment, as a packet of that protocol. */
static struct packet
message(uint8_t proto, uint8_t type, uint8_t code, struct bytes quoted)
{
	uint8_t m[256] = {type, code};
	struct packet p = {.proto = proto};

	memcpy(m + 8, quoted.p, quoted.n);
	p.payload = guard_copy(m, 8 + quoted.n);
	return p;
}

static bool
is_syn_of_host(const struct icmp_quote *q, bool v6)
{
	struct endpoint src = wire_endpoint(v6 ? "2001:db8::7" : "10.1.0.7", 1025);
	struct endpoint dst = wire_endpoint(v6 ? "2001:db8::50" : "64.4.13.50", 1863);

	return endpoint_eq(&q->src, &src) && endpoint_eq(&q->dst, &dst) &&
	       q->seq == 0x01020304;
}

/* Every prefix long enough for the sequence number is enough, and none is over-read. */
static void
quotes_all(bool v6, size_t options)
{
	struct bytes quoted = quoted_segment(v6, options);
	size_t enough = (v6 ? 40 : 20 + options) + 8, n;
	struct icmp_quote q;
	struct packet p;

	for (n = 0; n <= quoted.n; n++) {
		p = message(v6 ? 58 : 1, v6 ? 1 : 3, 1, bytes_take(quoted, n));
		CU_ASSERT_EQUAL(icmp_unreachable(&p, &q), n >= enough);
		if (n >= enough) {
			CU_ASSERT_TRUE(is_syn_of_host(&q, v6));
			CU_ASSERT_EQUAL(q.code, 1);
		}
	}
	for (n = 0; n < 8; n++) {
		p = message(v6 ? 58 : 1, v6 ? 1 : 3, 1, quoted);
		p.payload = bytes_take(p.payload, n);
		p.payload = guard_copy(p.payload.p, n);
		CU_ASSERT_FALSE(icmp_unreachable(&p, &q));
	}
}

static void
a_quoted_segment_is_read_as_soon_as_it_can_be(void)
{
	quotes_all(false, 0);
	quotes_all(true, 0);
}

static void
options_in_the_quoted_header_are_stepped_over(void)
{
	size_t options;

	for (options = 4; options <= 40; options += 4)
		quotes_all(false, options);
}

static void
every_code_counts_but_that_a_segment_was_too_long(void)
{
	struct icmp_quote q;
	struct packet p;
	unsigned code;

	for (code = 0; code < 256; code++) {
		p = message(1, 3, (uint8_t)code, quoted_segment(false, 0));
		CU_ASSERT_EQUAL(icmp_unreachable(&p, &q), code != 4);
		p = message(58, 1, (uint8_t)code, quoted_segment(true, 0));
		CU_ASSERT_TRUE(icmp_unreachable(&p, &q));
		CU_ASSERT_EQUAL(q.code, code);
	}
}

static void
other_messages_say_nothing(void)
{
	struct icmp_quote q;
	struct packet p;
	unsigned type;

	for (type = 0; type < 256; type++) {
		p = message(1, (uint8_t)type, 1, quoted_segment(false, 0));
		CU_ASSERT_EQUAL(icmp_unreachable(&p, &q), type == 3);
		p = message(58, (uint8_t)type, 1, quoted_segment(true, 0));
		CU_ASSERT_EQUAL(icmp_unreachable(&p, &q), type == 1);
	}
	p = message(6, 3, 1, quoted_segment(false, 0));
	CU_ASSERT_FALSE(icmp_unreachable(&p, &q));
	p = message(1, 3, 1, quoted_segment(true, 0));
	CU_ASSERT_FALSE(icmp_unreachable(&p, &q));
	p = message(58, 1, 1, quoted_segment(false, 0));
	CU_ASSERT_FALSE(icmp_unreachable(&p, &q));
}

/* The quoted header with one byte changed. */
static bool
reads_with(bool v6, size_t at, uint8_t value)
{
	uint8_t quoted[128];
	struct bytes b = quoted_segment(v6, 0);
	struct icmp_quote q;
	struct packet p;

	memcpy(quoted, b.p, b.n);
	quoted[at] = value;
	p = message(v6 ? 58 : 1, v6 ? 1 : 3, 3, bytes_of(quoted, b.n));
	return icmp_unreachable(&p, &q);
}

static void
only_the_start_of_a_tcp_segment_will_do(void)
{
	CU_ASSERT_TRUE(reads_with(false, 9, 6));
	CU_ASSERT_FALSE(reads_with(false, 9, 17));
	CU_ASSERT_FALSE(reads_with(true, 6, 17));
	CU_ASSERT_FALSE(reads_with(true, 6, 0));
	CU_ASSERT_FALSE(reads_with(false, 0, 0x44));
	CU_ASSERT_FALSE(reads_with(false, 0, 0x40));
	CU_ASSERT_FALSE(reads_with(false, 0, 0x65));
	CU_ASSERT_FALSE(reads_with(true, 0, 0x45));
	/* a later fragment holds no ports; the first one does */
	CU_ASSERT_FALSE(reads_with(false, 7, 1));
	CU_ASSERT_FALSE(reads_with(false, 6, 0x10));
	CU_ASSERT_TRUE(reads_with(false, 6, 0x20));
	CU_ASSERT_TRUE(reads_with(false, 6, 0x40));
}

void
suite_icmp(void)
{
	CU_pSuite s = suite_new("icmp");

	CASE(s, "a quoted segment is read as soon as it can be",
	    a_quoted_segment_is_read_as_soon_as_it_can_be);
	CASE(s, "options in the quoted header are stepped over",
	    options_in_the_quoted_header_are_stepped_over);
	CASE(s, "every code counts but that a segment was too long",
	    every_code_counts_but_that_a_segment_was_too_long);
	CASE(s, "other messages say nothing", other_messages_say_nothing);
	CASE(s, "only the start of a TCP segment will do",
	    only_the_start_of_a_tcp_segment_will_do);
}
