#include "tests/dns_make.h"
#include "tests/guard.h"
#include "tests/suite.h"

#define DISPATCH "messenger.hotmail.com"

static int
read_made(const struct dns_make *m, struct dns_message *out)
{
	return dns_message(guard_copy(m->v, m->n), out);
}

static void
expect_addrs(const struct dns_make *m, const char *const *want, size_t n)
{
	char text[ADDR_TEXT_MAX];
	struct dns_message got;
	size_t i;

	CU_ASSERT_EQUAL(read_made(m, &got), 1);
	CU_ASSERT_EQUAL_FATAL(got.n_addrs, n);
	for (i = 0; i < n; i++)
		CU_ASSERT_STRING_EQUAL(addr_text(&got.addrs[i], text), want[i]);
}

static void
expect_name(const struct dns_make *m, const char *want)
{
	struct dns_message got;

	CU_ASSERT_EQUAL(read_made(m, &got), 1);
	CU_ASSERT_STRING_EQUAL(got.name, want);
}

static void
a_question_is_read(void)
{
	struct dns_make m;
	struct dns_message got;

	make_message(&m, 0xeebc, DNS_QUERY, DISPATCH, DNS_AAAA);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_EQUAL(got.id, 0xeebc);
	CU_ASSERT_FALSE(got.response);
	CU_ASSERT_TRUE(got.recursive);
	CU_ASSERT_EQUAL(got.type, DNS_AAAA);
	CU_ASSERT_STRING_EQUAL(got.name, DISPATCH);
	CU_ASSERT_EQUAL(got.n_addrs, 0);
	make_message(&m, 1, 0, DISPATCH, DNS_A);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_FALSE(got.recursive);
}

static void
an_answer_is_read(void)
{
	const char *const want[] = {"64.4.13.50", "64.4.13.51"};
	struct dns_make m;
	struct dns_message got;

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	make_address(&m, NULL, want[0]);
	make_address(&m, DISPATCH, want[1]);
	make_address(&m, NULL, want[0]);
	make_address(&m, "www.hotmail.com", "192.0.2.1");
	make_address(&m, NULL, "2001:db8::1");
	expect_addrs(&m, want, 2);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_TRUE(got.response);
	CU_ASSERT_EQUAL(got.answers, 5);
	CU_ASSERT_FALSE(got.truncated || got.cut || got.has_cname);
	make_message(&m, 7, DNS_ANSWER | DNS_REFUSED, DISPATCH, DNS_A);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_EQUAL(got.rcode, DNS_REFUSED);
	make_message(&m, 7, DNS_ANSWER | DNS_TC, DISPATCH, DNS_A);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_TRUE(got.truncated);
}

static void
aaaa_records_answer_an_aaaa_question(void)
{
	const char *const want[] = {"2001:db8:40::50", "64.4.13.50"};
	struct dns_make m;

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_AAAA);
	make_address(&m, NULL, "2001:db8:40::50");
	make_address(&m, NULL, "192.0.2.1");
	make_address(&m, NULL, "::ffff:64.4.13.50");
	expect_addrs(&m, want, 2);
}

static void
aliases_are_followed_in_any_order(void)
{
	const char *const want[] = {"64.4.13.50"};
	struct dns_make m;
	struct dns_message got;

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	make_alias(&m, DISPATCH, "dp.MsnMessenger.akadns.net");
	make_alias(&m, "dp.msnmessenger.akadns.net", "ds.example.net");
	make_address(&m, "DS.example.net", want[0]);
	expect_addrs(&m, want, 1);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_TRUE(got.has_cname);
	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	make_address(&m, "ds.example.net", want[0]);
	make_alias(&m, "dp.example.net", "ds.example.net");
	make_alias(&m, DISPATCH, "dp.example.net");
	make_address(&m, "elsewhere.example.net", "192.0.2.1");
	expect_addrs(&m, want, 1);
}

static void
an_alias_is_read_through_pointers(void)
{
	const char *const want[] = {"64.4.13.50"};
	struct dns_make m, target = {.n = 0};

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	make_labels(&target, "gateway");
	make_pointer(&target, DNS_QUESTION);
	make_pointer(&m, DNS_QUESTION);
	make_data(&m, DNS_CNAME, target.v, target.n);
	make_pointer(&m, m.n - target.n);
	make_data(&m, DNS_A, "\x40\x04\x0d\x32", 4);
	expect_addrs(&m, want, 1);
}

static void
alias_loops_end(void)
{
	const char *const want[] = {"64.4.13.50"};
	struct dns_make m;
	struct dns_message got;
	char from[16], to[16];
	int i;

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	make_alias(&m, DISPATCH, "a.example");
	make_alias(&m, "a.example", DISPATCH);
	make_address(&m, "a.example", want[0]);
	expect_addrs(&m, want, 1);
	make_message(&m, 7, DNS_ANSWER, "n0", DNS_A);
	for (i = 0; i < DNS_CHAIN_MAX + 1; i++) {
		(void)snprintf(from, sizeof(from), "n%d", i);
		(void)snprintf(to, sizeof(to), "n%d", i + 1);
		make_alias(&m, from, to);
		if (i != DNS_CHAIN_MAX - 1)
			continue;
		make_address(&m, to, want[0]);
		expect_addrs(&m, want, 1);
	}
	make_address(&m, to, "192.0.2.1");
	expect_addrs(&m, want, 1);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_TRUE(got.cut);
}

static void
every_prefix_reads_as_far_as_it_goes(void)
{
	struct dns_make m;
	struct dns_message whole, got;
	size_t n, question, i, most = 0;

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	question = m.n;
	make_alias(&m, DISPATCH, "a.example");
	make_address(&m, "a.example", "64.4.13.50");
	make_address(&m, "a.example", "64.4.13.51");
	CU_ASSERT_EQUAL(read_made(&m, &whole), 1);
	for (n = 0; n < m.n; n++) {
		int r = dns_message(guard_copy(m.v, n), &got);

		CU_ASSERT_EQUAL(r, n < question ? -1 : 1);
		if (r < 0)
			continue;
		CU_ASSERT_TRUE(got.cut);
		CU_ASSERT_TRUE(got.n_addrs >= most);
		most = got.n_addrs;
		for (i = 0; i < got.n_addrs; i++)
			CU_ASSERT_EQUAL(addr_cmp(&got.addrs[i], &whole.addrs[i]), 0);
	}
	CU_ASSERT_EQUAL(most, 1);
	CU_ASSERT_EQUAL(whole.n_addrs, 2);
	CU_ASSERT_FALSE(whole.cut);
}

static void
pointers_lead_backwards_only(void)
{
	static const size_t to[] = {0, 11, DNS_QUESTION, DNS_QUESTION + 4, 40, 0x3fff};
	struct dns_make m;
	struct dns_message got;
	size_t i;

	for (i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		make_header(&m, 7, DNS_QUERY);
		make_labels(&m, "abc");
		make_pointer(&m, to[i]);
		make_u16(&m, DNS_A);
		make_u16(&m, 1);
		make_name(&m, "room.for.pointers.to.lead.to");
		CU_ASSERT_EQUAL(read_made(&m, &got), -1);
	}
	/* A label that reads as two pointers to each other. */
	make_message(&m, 7, DNS_ANSWER, "\xc0\x0f\xc0\x0d", DNS_A);
	make_pointer(&m, DNS_QUESTION + 1);
	make_data(&m, DNS_A, "\x40\x04\x0d\x32", 4);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_TRUE(got.cut && got.n_addrs == 0);
	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	make_pointer(&m, m.n);
	make_data(&m, DNS_A, "\x40\x04\x0d\x32", 4);
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_TRUE(got.cut && got.n_addrs == 0);
}

static void
names_that_are_too_long_are_none(void)
{
	char name[300];
	struct dns_make m;
	struct dns_message got;
	size_t i;

	memset(name, 'a', sizeof(name));
	for (i = 63; i < 255; i += 64)
		name[i] = '.';
	name[253] = '\0';
	make_message(&m, 7, DNS_QUERY, name, DNS_A);
	expect_name(&m, name);
	name[253] = 'a';
	name[254] = '\0';
	make_message(&m, 7, DNS_QUERY, name, DNS_A);
	CU_ASSERT_EQUAL(read_made(&m, &got), -1);
	make_header(&m, 7, DNS_QUERY);
	make_u8(&m, 64);
	make_bytes(&m, name, 64);
	make_u8(&m, 0);
	make_u16(&m, DNS_A);
	make_u16(&m, 1);
	CU_ASSERT_EQUAL(read_made(&m, &got), -1);
}

static void
names_are_safe_text_in_lower_case(void)
{
	struct dns_make m;

	make_message(&m, 7, DNS_QUERY, "mEsSeNgEr.HoTmAiL.cOm", DNS_A);
	expect_name(&m, DISPATCH);
	make_message(&m, 7, DNS_QUERY, "", DNS_A);
	expect_name(&m, ".");
	make_message(&m, 7, DNS_QUERY, "a\x1b[2J.b\\c.\xff", DNS_A);
	expect_name(&m, "a\\x1b[2j.b\\\\c.\\xff");
	make_header(&m, 7, DNS_QUERY);
	make_u8(&m, 17);
	make_bytes(&m, "messenger.hotmail", 17);
	make_name(&m, "com");
	make_u16(&m, DNS_A);
	make_u16(&m, 1);
	expect_name(&m, "messenger\\x2ehotmail.com");
}

static void
a_name_whose_text_is_too_long_loses_whole_labels(void)
{
	char label[64], want[DNS_NAME_MAX];
	struct dns_make m;
	int i;

	memset(label, '\x01', 63);
	label[63] = '\0';
	make_header(&m, 7, DNS_QUERY);
	make_labels(&m, label);
	make_name(&m, "com");
	make_u16(&m, DNS_A);
	make_u16(&m, 1);
	for (i = 0; i < 63; i++)
		memcpy(want + 4 * i, "\\x01", 4);
	strcpy(want + 252, "...");
	expect_name(&m, want);
}

static void
what_is_of_no_interest_is_told_apart(void)
{
	struct dns_make m;
	struct dns_message got;

	make_message(&m, 7, DNS_QUERY, DISPATCH, 16);
	CU_ASSERT_EQUAL(read_made(&m, &got), 0);
	make_message(&m, 7, DNS_QUERY, DISPATCH, DNS_A);
	m.v[m.n - 1] = 3;
	CU_ASSERT_EQUAL(read_made(&m, &got), 0);
	make_message(&m, 7, DNS_QUERY | 5 << 11, DISPATCH, DNS_A);
	CU_ASSERT_EQUAL(read_made(&m, &got), 0);
	make_message(&m, 7, DNS_QUERY, DISPATCH, DNS_A);
	m.v[5] = 2;
	CU_ASSERT_EQUAL(read_made(&m, &got), 0);
	m.v[5] = 0;
	CU_ASSERT_EQUAL(read_made(&m, &got), 0);
}

static void
extra_records_and_odd_sizes_do_no_harm(void)
{
	const char *const want[] = {"64.4.13.50"};
	struct dns_make m;

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	make_pointer(&m, DNS_QUESTION);
	make_data(&m, DNS_A, "\1\2\3", 3);
	make_address(&m, NULL, "192.0.2.1");
	m.v[m.n - 11] = 3; /* of another class */
	make_pointer(&m, DNS_QUESTION);
	make_data(&m, DNS_CNAME, "\5short", 6);
	make_address(&m, NULL, want[0]);
	make_u8(&m, 0); /* EDNS: OPT, in the additional section */
	make_u16(&m, 41);
	make_u16(&m, 1232);
	make_bytes(&m, "\0\0\0\0\0\0", 6);
	m.v[11] = 1;
	expect_addrs(&m, want, 1);
	make_message(&m, 7, DNS_QUERY, DISPATCH, DNS_A);
	make_address(&m, NULL, want[0]);
	expect_addrs(&m, NULL, 0);
}

static void
many_addresses_are_counted(void)
{
	struct dns_make m;
	struct dns_message got;
	uint8_t v4[4] = {192, 0, 2, 0};

	make_message(&m, 7, DNS_ANSWER, DISPATCH, DNS_A);
	for (; v4[3] < DNS_RECORDS_MAX + 1; v4[3]++) {
		make_pointer(&m, DNS_QUESTION);
		make_data(&m, DNS_A, v4, 4);
	}
	CU_ASSERT_EQUAL(read_made(&m, &got), 1);
	CU_ASSERT_EQUAL(got.n_addrs, DNS_ADDRS_MAX);
	CU_ASSERT_EQUAL(got.more_addrs, DNS_RECORDS_MAX - DNS_ADDRS_MAX);
	CU_ASSERT_TRUE(got.cut);
}

void
suite_dns(void)
{
	CU_pSuite s = suite_new("dns");

	CASE(s, "a question is read", a_question_is_read);
	CASE(s, "an answer is read", an_answer_is_read);
	CASE(s, "AAAA records answer an AAAA question",
	    aaaa_records_answer_an_aaaa_question);
	CASE(s, "aliases are followed in any order", aliases_are_followed_in_any_order);
	CASE(s, "an alias is read through pointers", an_alias_is_read_through_pointers);
	CASE(s, "alias loops end", alias_loops_end);
	CASE(s, "every prefix reads as far as it goes",
	    every_prefix_reads_as_far_as_it_goes);
	CASE(s, "pointers lead backwards only", pointers_lead_backwards_only);
	CASE(s, "names that are too long are none", names_that_are_too_long_are_none);
	CASE(s, "names are safe text in lower case", names_are_safe_text_in_lower_case);
	CASE(s, "a name whose text is too long loses whole labels",
	    a_name_whose_text_is_too_long_loses_whole_labels);
	CASE(s, "what is of no interest is told apart",
	    what_is_of_no_interest_is_told_apart);
	CASE(s, "extra records and odd sizes do no harm",
	    extra_records_and_odd_sizes_do_no_harm);
	CASE(s, "many addresses are counted", many_addresses_are_counted);
}
