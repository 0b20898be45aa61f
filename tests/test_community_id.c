#include "report/community_id.h"
#include "tests/suite.h"

/* The published vectors (corelight/community-id-spec), and three of real flows. */
static const struct {
	const char *a;
	uint16_t a_port;
	const char *b;
	uint16_t b_port;
	const char *id;
} vectors[] = {
    {"1.2.3.4", 1122, "5.6.7.8", 3344, "1:wCb3OG7yAFWelaUydu0D+125CLM="},
    {"128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {"2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25,
	"1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
    {"192.168.1.14", 1208, "207.46.108.83", 1863, "1:HJA2Ghvx7Rbk6wIf/uwjy+xCKpM="},
    {"192.168.1.14", 1217, "207.46.108.41", 1863, "1:bu7Uu6LidcxuOuNha1OYI5t6YO8="},
    {"192.168.1.14", 1220, "207.46.108.150", 1863, "1:6/wwTzzjW0FqWXkDsdjLEm1V8s8="},
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static struct tuple
tuple_of(size_t i)
{
	struct tuple t = {
	    .client.port = vectors[i].a_port, .server.port = vectors[i].b_port};

	if (!addr_parse(vectors[i].a, &t.client.addr) ||
	    !addr_parse(vectors[i].b, &t.server.addr))
		abort();
	return t;
}

static void
published_vectors_hold(void)
{
	char id[COMMUNITY_ID_MAX];
	struct tuple t;
	size_t i;

	for (i = 0; i < VECTORS; i++) {
		t = tuple_of(i);
		community_id(&t, 6, id);
		CU_ASSERT_STRING_EQUAL(id, vectors[i].id);
	}
}

static void
both_directions_have_one_id(void)
{
	char id[COMMUNITY_ID_MAX];
	struct tuple t, back;
	size_t i;

	for (i = 0; i < VECTORS; i++) {
		t = tuple_of(i);
		back = (struct tuple){t.server, t.client};
		community_id(&back, 6, id);
		CU_ASSERT_STRING_EQUAL(id, vectors[i].id);
	}
}

static void
equal_addresses_are_ordered_by_port(void)
{
	char there[COMMUNITY_ID_MAX], back[COMMUNITY_ID_MAX];
	struct tuple t = tuple_of(0), r;

	t.server.addr = t.client.addr;
	r = (struct tuple){t.server, t.client};
	community_id(&t, 6, there);
	community_id(&r, 6, back);
	CU_ASSERT_STRING_EQUAL(there, back);
}

static void
protocol_is_part_of_the_id(void)
{
	char tcp[COMMUNITY_ID_MAX], udp[COMMUNITY_ID_MAX];
	struct tuple t = tuple_of(0);

	community_id(&t, 6, tcp);
	community_id(&t, 17, udp);
	CU_ASSERT_STRING_NOT_EQUAL(tcp, udp);
}

void
suite_community_id(void)
{
	CU_pSuite s = suite_new("community_id");

	CASE(s, "published vectors hold", published_vectors_hold);
	CASE(s, "both directions have one id", both_directions_have_one_id);
	CASE(s, "equal addresses are ordered by port",
	    equal_addresses_are_ordered_by_port);
	CASE(s, "the protocol is part of the id", protocol_is_part_of_the_id);
}
