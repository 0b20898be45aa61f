#include "tests/dns_make.h"
#include "tests/guard.h"
#include "tests/suite.h"

static void
messages_are_cut_from_a_stream(void)
{
	struct dns_make m, s = {.n = 0};
	struct bytes in, got;
	size_t n;

	make_message(&m, 7, DNS_ANSWER, "messenger.hotmail.com", DNS_A);
	make_u16(&s, (unsigned)m.n);
	make_bytes(&s, m.v, m.n);
	make_u16(&s, 12);
	for (n = 0; n <= s.n; n++) {
		in = guard_copy(s.v, n);
		CU_ASSERT_EQUAL(dns_tcp(in, &got), n < m.n + 2 ? 0 : (ssize_t)m.n + 2);
		if (n >= m.n + 2)
			CU_ASSERT_TRUE(bytes_eq(got, made(&m)));
	}
	CU_ASSERT_EQUAL(dns_tcp(guard_copy("\0\x0b", 2), &got), -1);
	CU_ASSERT_EQUAL(dns_tcp(guard_copy("GE", 2), &got), 0);
}

static void
a_long_message_of_a_stream_is_given_in_part(void)
{
	static uint8_t in[2 + DNS_TCP_MAX + 1] = {0xff, 0xff};
	struct bytes got;

	CU_ASSERT_EQUAL(dns_tcp(guard_copy(in, sizeof(in) - 2), &got), 0);
	CU_ASSERT_EQUAL(dns_tcp(guard_copy(in, sizeof(in) - 1), &got), 2 + 0xffff);
	CU_ASSERT_EQUAL(got.n, DNS_TCP_MAX);
	CU_ASSERT_EQUAL(dns_tcp(guard_copy(in, sizeof(in)), &got), 2 + 0xffff);
	CU_ASSERT_EQUAL(got.n, DNS_TCP_MAX);
}

void
suite_dns_tcp(void)
{
	CU_pSuite s = suite_new("dns_tcp");

	CASE(s, "messages are cut from a stream", messages_are_cut_from_a_stream);
	CASE(s, "a long message of a stream is given in part",
	    a_long_message_of_a_stream_is_given_in_part);
}
