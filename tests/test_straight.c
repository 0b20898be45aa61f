#include "tests/alike.h"
#include "tests/guard.h"
#include "tests/suite.h"
#include "tests/wire.h"

#define KINDS 10

static struct wire wire;

static void
make_udp(bool v6, uint16_t port)
{
	struct endpoint src = wire_endpoint(v6 ? "2001:db8::7" : "10.1.0.7", 1025);
	struct endpoint dst = wire_endpoint(v6 ? "2001:db8::50" : "64.4.13.50", port);

	wire_start(&wire, bytes_str("what a datagram holds, longer than any padding is"));
	wire_udp(&wire, src, dst);
	wire_ip(&wire, src, dst);
}

static void
make_syn(void)
{
	struct wire_tcp t = {.src = wire_endpoint("10.1.0.7", 1025),
	    .dst = wire_endpoint("64.4.13.50", 80),
	    .flags = TCP_SYN,
	    .options = "\2\4\5\264",
	    .n_options = 4};

	wire_start(&wire, bytes_of("", 0));
	wire_tcp(&wire, &t);
	wire_ip(&wire, t.src, t.dst);
}

/* Frames of every kind that the short way knows, and some that it must refuse. */
static struct frame
make(unsigned kind)
{
	if (kind < 4)
		wire_hello(&wire, kind % 2 != 0);
	else if (kind < 8)
		make_udp(kind % 2 != 0, kind < 6 ? 53 : 4789);
	else
		make_syn();
	if (kind % 4 >= 2)
		wire_tag(&wire, 0x8100, 42);
	if (kind == 9)
		wire_tag(&wire, 0x8100, 7);
	wire_ethernet(&wire);
	if (kind == 8)
		wire_pad(&wire, 2);
	return wire_frame(&wire, 1);
}

static void
test_takes_usual(void)
{
	static const bool usual[KINDS] = {
	    true, true, true, true, true, true, false, false, true, true};
	struct decode_stats st;
	struct packet p;
	unsigned kind;

	for (kind = 0; kind < KINDS; kind++) {
		struct frame f = make(kind);

		CU_ASSERT_TRUE(alike(&f));
		memset(&st, 0, sizeof(st));
		CU_ASSERT_EQUAL(peel_straight(&f, &p, &st) != DECODE_OTHER, usual[kind]);
	}
}

static bool
same_with(struct frame f, size_t n, uint32_t more)
{
	f.data = guard_copy(f.data.p, n);
	f.wire_len = (uint32_t)n + more;
	return alike(&f);
}

static void
test_any_length(void)
{
	unsigned kind;
	size_t n;

	for (kind = 0; kind < KINDS; kind++) {
		struct frame f = make(kind);

		for (n = 0; n <= f.data.n; n++) {
			CU_ASSERT_TRUE(same_with(f, n, 0));
			CU_ASSERT_TRUE(same_with(f, n, (uint32_t)(f.data.n - n)));
			CU_ASSERT_TRUE(same_with(f, n, 9));
		}
	}
}

static void
test_any_octet(void)
{
	unsigned kind, value;
	size_t i;

	for (kind = 0; kind < KINDS; kind++) {
		struct frame f = make(kind);
		uint8_t *octets = (uint8_t *)(uintptr_t)f.data.p;

		for (i = 12; i < f.data.n && i < 90; i++) {
			uint8_t was = octets[i];

			for (value = 0; value < 256; value++) {
				octets[i] = (uint8_t)value;
				CU_ASSERT_TRUE(alike(&f));
			}
			octets[i] = was;
		}
	}
}

void
suite_straight(void)
{
	CU_pSuite s = suite_new("straight");

	CASE(s, "takes the usual frames and leaves tunnels to the layers",
	    test_takes_usual);
	CASE(s, "gives what the layers give, wherever the frame is cut", test_any_length);
	CASE(s, "gives what the layers give, whatever an octet says", test_any_octet);
}
