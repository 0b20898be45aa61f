#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/played.h"

struct dns {
	unsigned id, flags, type, answers;
	struct bytes address;
};

/* Of a message about srv.example.org. */
static struct dns
dns_of(const struct played_ip *ip)
{
	struct bytes m = bytes_skip(ip->rest, 8);
	struct dns d = {load_be16(m.p), load_be16(m.p + 2), load_be16(m.p + 12 + 17),
	    load_be16(m.p + 6), {NULL, 0}};

	d.address = bytes_skip(m, 12 + 17 + 4 + 12);
	return d;
}

static void
lookups_end_as_they_are_ordered(void)
{
	static const struct {
		const char *order;
		unsigned flags;
	} rows[] = {{"no-such-name", 0x8183}, {"no-address", 0x8180},
	    {"server-failure", 0x8182}, {"lookup-refused", 0x8185}};
	struct played_frames got;
	char text[200];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "at 09:00 win signin a client x over direct to srv result %s\n",
		    rows[i].order);
		got = played_blocked(text, UDP);
		CU_ASSERT_EQUAL(got.n, 2);
		CU_ASSERT_EQUAL(dns_of(&got.ip[1]).flags, rows[i].flags);
		CU_ASSERT_EQUAL(dns_of(&got.ip[1]).answers, 0);
		CU_ASSERT_EQUAL(dns_of(&got.ip[1]).id, dns_of(&got.ip[0]).id);
		free(got.f.p);
	}
	got =
	    played_blocked("at 09:00 win lookup srv.example.org answer no-reply\n", UDP);
	CU_ASSERT_EQUAL(got.n, 1);
	free(got.f.p);
}

static void
a_dual_host_asks_for_both_families(void)
{
	struct played_frames got =
	    played_blocked("at 09:00 tux lookup srv.example.org answer 192.0.2.1\n", UDP);
	size_t i, answers = 0;

	CU_ASSERT_EQUAL(got.n, 4);
	CU_ASSERT_EQUAL(dns_of(&got.ip[0]).type, 1);
	CU_ASSERT_EQUAL(dns_of(&got.ip[1]).type, 28);
	for (i = 2; i < got.n; i++) {
		struct dns d = dns_of(&got.ip[i]);

		CU_ASSERT_EQUAL(d.flags, 0x8180);
		CU_ASSERT_EQUAL(d.answers, d.type == 1);
		answers += d.answers;
	}
	CU_ASSERT_EQUAL(answers, 1);
	free(got.f.p);
}

static void
forged_answers_guess_the_id_or_come_unasked(void)
{
	struct played_frames got = played_blocked("at 09:00 win lookup srv.example.org "
						  "answer 192.0.2.1 raced-by 127.0.0.1\n",
	    UDP);
	struct dns asked = dns_of(&got.ip[0]), d;
	size_t i, right = 0;

	CU_ASSERT_EQUAL(got.n, 5);
	for (i = 1; i < got.n; i++) {
		d = dns_of(&got.ip[i]);
		right += d.id == asked.id;
		CU_ASSERT_EQUAL(memcmp(d.address.p,
				    d.id == asked.id ? "\xc0\0\2\1" : "\x7f\0\0\1", 4),
		    0);
	}
	CU_ASSERT_EQUAL(right, 1);
	free(got.f.p);
	got = played_blocked(
	    "at 09:00 win lookup srv.example.org answer 192.0.2.1 unasked\n", UDP);
	CU_ASSERT_EQUAL(got.n, 1);
	CU_ASSERT_EQUAL(dns_of(&got.ip[0]).flags, 0x8180);
	free(got.f.p);
}

void
suite_scenario_names(void)
{
	CU_pSuite s = suite_new("scenario_names");

	CASE(s, "lookups end as they are ordered", lookups_end_as_they_are_ordered);
	CASE(s, "a dual host asks for both families", a_dual_host_asks_for_both_families);
	CASE(s, "forged answers guess the id or come unasked",
	    forged_answers_guess_the_id_or_come_unasked);
}
