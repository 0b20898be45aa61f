/* First bytes that only a name can be learnt from: lookups over TCP, TLS hellos. */
#include "detect/detect.h"
#include "tests/dns_make.h"
#include "tests/guard.h"
#include "tests/suite.h"

#define DISPATCH "messenger.hotmail.com"
#define START    (1000 * NS_PER_S)

struct room {
	struct detect *d;
	struct watch w;
	struct conn c;
	uint8_t waiting[8192]; /* of the client and the server, not done with yet */
	size_t n[2];
	unsigned told, hinted, sinkholed;
};

static struct room *
room_new(uint16_t port)
{
	struct room *r = calloc(1, sizeof(*r));
	struct detect_opts opts = {
	    .talks = 2, .exchanges = 2, .sessions = 2, .carries = 2};
	struct err e;

	if (r == NULL || detect_open(&r->d, &opts, &e) != 0)
		abort();
	r->c = (struct conn){.began = START, .ts = START, .handshake = true};
	r->c.tuple.client.addr = addr_v4((const uint8_t[4]){10, 0, 0, 7});
	r->c.tuple.server.addr = addr_v4((const uint8_t[4]){10, 0, 0, 53});
	r->c.tuple.server.port = port;
	r->c.seen[0] = r->c.seen[1] = true;
	return r;
}

static void
collect(struct room *r)
{
	struct observation o;

	while (detect_next(r->d, &o)) {
		r->told++;
		r->hinted += o.sign == SIGN_HINTED;
		r->sinkholed += o.sign == SIGN_BLOCKED && o.reason == REASON_SINKHOLED;
	}
}

static void
room_free(struct room *r)
{
	detect_close(r->d);
	free(r);
}

/* Bytes of one side, in pieces of size; what is not done with comes again with more. */
static void
feed(struct room *r, enum side side, struct bytes in, size_t size)
{
	uint8_t *waiting = r->waiting + 4096 * side;
	struct piece piece = {.side = side};
	size_t n;

	while (in.n != 0 && r->w.kind != WATCH_NEVER) {
		n = in.n < size ? in.n : size;
		memcpy(waiting + r->n[side], in.p, n);
		r->n[side] += n;
		in = bytes_skip(in, n);
		piece.data = guard_copy(waiting, r->n[side]);
		n = (size_t)detect_feed(r->d, &r->w, &r->c, &piece);
		CU_ASSERT_TRUE_FATAL(n <= r->n[side]);
		r->n[side] -= n;
		memmove(waiting, waiting + n, r->n[side]);
		collect(r);
	}
}

static void
add_framed(struct dns_make *to, const struct dns_make *m)
{
	make_u16(to, (unsigned)m->n);
	make_bytes(to, m->v, m->n);
}

/* Questions for both families and what they led to, as two streams. */
static void
make_streams(struct dns_make *client, struct dns_make *server)
{
	struct dns_make m;

	client->n = server->n = 0;
	make_message(&m, 1, DNS_QUERY, "www.example.com", DNS_A);
	add_framed(client, &m);
	make_message(&m, 2, DNS_QUERY, DISPATCH, DNS_A);
	add_framed(client, &m);
	make_message(&m, 3, DNS_QUERY, DISPATCH, DNS_AAAA);
	add_framed(client, &m);
	make_message(&m, 3, DNS_ANSWER | 3, DISPATCH, DNS_AAAA);
	add_framed(server, &m);
	make_message(&m, 2, DNS_ANSWER | 3, DISPATCH, DNS_A);
	add_framed(server, &m);
}

static void
lookups_over_tcp_are_read_however_they_are_cut(void)
{
	struct dns_make client, server;
	struct room *r;
	size_t size;

	make_streams(&client, &server);
	for (size = 1; size <= client.n; size++) {
		r = room_new(53);
		feed(r, SIDE_CLIENT, made(&client), size);
		CU_ASSERT_EQUAL(r->told, 0);
		feed(r, SIDE_SERVER, made(&server), size);
		CU_ASSERT_EQUAL(r->told, 1);
		CU_ASSERT_EQUAL(r->sinkholed, 1);
		CU_ASSERT_EQUAL(r->n[0] + r->n[1], 0);
		CU_ASSERT_EQUAL(r->w.kind, WATCH_LOOKUPS);
		room_free(r);
	}
}

static void
what_is_no_lookup_is_given_up(void)
{
	static const char *const first[] = {"\0\1x", "\0\0"};
	struct dns_make client, server;
	struct piece lost = {.side = SIDE_CLIENT, .lost = 5};
	struct room *r;

	r = room_new(53);
	feed(r, SIDE_CLIENT, bytes_of(first[0], 3), 100);
	CU_ASSERT_EQUAL(r->w.kind, WATCH_NEVER);
	room_free(r);
	r = room_new(53);
	feed(r, SIDE_CLIENT, bytes_of(first[1], 2), 100);
	CU_ASSERT_EQUAL(r->w.kind, WATCH_NEVER);
	room_free(r);

	/* after a loss nobody knows where a message begins */
	make_streams(&client, &server);
	r = room_new(53);
	feed(r, SIDE_CLIENT, bytes_take(made(&client), 40), 100);
	lost.data = bytes_skip(made(&client), 45);
	(void)detect_feed(r->d, &r->w, &r->c, &lost);
	CU_ASSERT_EQUAL(r->w.kind, WATCH_NEVER);
	CU_ASSERT_EQUAL(r->told, 0);
	room_free(r);
}

/* A ClientHello with one extension, the name of its server. */
static void
make_hello(struct dns_make *m, const char *name)
{
	static const uint8_t random[32];
	size_t n = strlen(name);

	m->n = 0;
	make_u8(m, 22);
	make_u16(m, 0x0301);
	make_u16(m, (unsigned)n + 56);
	make_u16(m, 0x0100);
	make_u16(m, (unsigned)n + 52);
	make_u16(m, 0x0303);
	make_bytes(m, random, sizeof(random));
	make_bytes(m, "\0\0\2\x13\x01\1\0", 7);
	make_u16(m, (unsigned)n + 9);
	make_u16(m, 0);
	make_u16(m, (unsigned)n + 5);
	make_u16(m, (unsigned)n + 3);
	make_u8(m, 0);
	make_u16(m, (unsigned)n);
	make_bytes(m, name, n);
}

static void
a_hello_is_a_hint_and_no_more(void)
{
	struct dns_make hello;
	struct room *r;
	size_t size;

	make_hello(&hello, "login.live.com");
	for (size = 1; size <= hello.n; size++) {
		r = room_new(443);
		feed(r, SIDE_CLIENT, made(&hello), size);
		CU_ASSERT_EQUAL(r->told, 1);
		CU_ASSERT_EQUAL(r->hinted, 1);
		CU_ASSERT_EQUAL(r->w.kind, WATCH_NEVER);
		room_free(r);
	}
	make_hello(&hello, "www.example.com");
	r = room_new(443);
	feed(r, SIDE_CLIENT, made(&hello), 1000);
	CU_ASSERT_EQUAL(r->told, 0);
	CU_ASSERT_EQUAL(r->w.kind, WATCH_NEVER);
	room_free(r);
}

static void
hellos_met_in_mid_stream_are_nobodys(void)
{
	struct dns_make hello;
	struct room *r = room_new(443);

	make_hello(&hello, "login.live.com");
	r->c.handshake = false;
	feed(r, SIDE_CLIENT, made(&hello), 1000);
	CU_ASSERT_EQUAL(r->told, 0);
	room_free(r);
	r = room_new(443);
	feed(r, SIDE_SERVER, made(&hello), 1000);
	CU_ASSERT_EQUAL(r->told, 0);
	room_free(r);
}

static void
datagrams_that_are_no_lookup_say_nothing(void)
{
	static const char *const none[] = {"", "x", "VER 1 MSNP8 CVR0\r\n",
	    "\x12\x34\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x40"};
	struct room *r = room_new(53);
	size_t i;

	for (i = 0; i < 4; i++)
		CU_ASSERT_FALSE(
		    detect_lookup(r->d, &r->c, guard_copy(none[i], strlen(none[i]))));
	collect(r);
	CU_ASSERT_EQUAL(r->told, 0);
	room_free(r);
}

/* Whether a lookup of that name is one of the messenger's. */
static bool
is_ours(struct room *r, const char *name)
{
	struct dns_make m;

	make_message(&m, 7, DNS_QUERY, name, DNS_A);
	return detect_lookup(r->d, &r->c, guard_copy(m.v, m.n));
}

static void
names_can_be_changed_under_way(void)
{
	static const char *const names[] = {"chat.example.net", "*.example.org", NULL};
	static const char *const wrong[] = {"chat.example.com", "a..b", NULL};
	static const char *const no_address[] = {"here", NULL};
	struct room *r = room_new(53);
	struct detect_tuning *t = NULL;
	struct err e = {{0}};

	CU_ASSERT_FALSE(is_ours(r, "chat.example.net"));
	CU_ASSERT_EQUAL(detect_tuning_open(&t, wrong, NULL, &e), -1);
	CU_ASSERT_EQUAL(detect_tuning_open(&t, names, no_address, &e), -1);
	CU_ASSERT_EQUAL_FATAL(detect_tuning_open(&t, names, NULL, &e), 0);
	detect_tune(r->d, t);
	CU_ASSERT_TRUE(is_ours(r, "chat.example.net"));
	CU_ASSERT_TRUE(is_ours(r, "a.example.org"));
	CU_ASSERT_TRUE(is_ours(r, DISPATCH));
	CU_ASSERT_FALSE(is_ours(r, "chat.example.com"));
	CU_ASSERT_EQUAL_FATAL(detect_tuning_open(&t, NULL, NULL, &e), 0);
	detect_tune(r->d, t);
	CU_ASSERT_FALSE(is_ours(r, "chat.example.net"));
	CU_ASSERT_TRUE(is_ours(r, DISPATCH));
	room_free(r);
}

void
suite_detect_names(void)
{
	CU_pSuite s = suite_new("detect_names");

	CASE(s, "lookups over TCP are read however they are cut",
	    lookups_over_tcp_are_read_however_they_are_cut);
	CASE(s, "what is no lookup is given up", what_is_no_lookup_is_given_up);
	CASE(s, "a hello is a hint and no more", a_hello_is_a_hint_and_no_more);
	CASE(s, "hellos met in mid-stream are nobody's",
	    hellos_met_in_mid_stream_are_nobodys);
	CASE(s, "datagrams that are no lookup say nothing",
	    datagrams_that_are_no_lookup_say_nothing);
	CASE(s, "names can be changed under way", names_can_be_changed_under_way);
}
