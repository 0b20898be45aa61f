#include "base/addr_net.h"
#include "tests/suite.h"

static bool
has(const char *net, const char *address)
{
	struct addr_net n;
	struct addr a;

	if (!addr_net_parse(net, &n) || !addr_parse(address, &a))
		abort();
	return addr_net_has(&n, &a);
}

static void
a_network_has_its_addresses(void)
{
	static const struct {
		const char *net, *first, *last, *before, *after;
	} cases[] = {
	    {"127.0.0.0/8", "127.0.0.0", "127.255.255.255", "126.255.255.255",
		"128.0.0.0"},
	    {"192.0.2.64/27", "192.0.2.64", "192.0.2.95", "192.0.2.63", "192.0.2.96"},
	    {"192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.0", "192.0.2.2"},
	    {"192.0.2.77/25", "192.0.2.0", "192.0.2.127", "192.0.1.255", "192.0.2.128"},
	    {"0.0.0.0/0", "0.0.0.0", "255.255.255.255", "::", "2001:db8::"},
	    {"2001:db8:40::/44", "2001:db8:40::", "2001:db8:4f:ffff:ffff:ffff:ffff:ffff",
		"2001:db8:3f::", "2001:db8:50::"},
	    {"::1", "::1", "::1", "::", "::2"},
	    {"::ffff:10.0.0.0/104", "10.0.0.0", "10.255.255.255", "9.0.0.0", "11.0.0.0"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_TRUE(has(cases[i].net, cases[i].first));
		CU_ASSERT_TRUE(has(cases[i].net, cases[i].last));
		CU_ASSERT_FALSE(has(cases[i].net, cases[i].before));
		CU_ASSERT_FALSE(has(cases[i].net, cases[i].after));
	}
	CU_ASSERT_TRUE(has("::/0", "10.0.0.1"));
}

static void
what_is_no_network_is_refused(void)
{
	static const char *const bad[] = {"", "/8", "10.0.0.0/", "10.0.0.0/33",
	    "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0/8", "2001:db8::/129", "10.0.0.0/8/8",
	    "example.com", "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111"};
	struct addr_net n;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_FALSE(addr_net_parse(bad[i], &n));
}

void
suite_addr_net(void)
{
	CU_pSuite s = suite_new("addr_net");

	CASE(s, "a network has its addresses", a_network_has_its_addresses);
	CASE(s, "what is no network is refused", what_is_no_network_is_refused);
}
