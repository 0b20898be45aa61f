/*
 * Makes ordinary traffic of many connections at once, none of them messenger's, as one
 * pcap on standard output.  Whatever their number, the packets are of the same kinds in
 * the same shares: a connection that ends is followed by a new one in its place.
 *
 * usage: flows PACKETS CONNECTIONS [mixed|half|mid]
 *
 * mixed  half of the connections are seen from their SYN, half in mid-stream; one in
 *        eight is UDP
 * half   a SYN that is not answered, acknowledgements, and only late some data
 * mid    none is seen from its SYN
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/decode.h"
#include "capture/source.h"
#include "tests/wire.h"

#define STEP_NS    1000 /* between two packets */
#define FIRST      INT64_C(1700000000000000000)
#define SERVERS    4096
#define FIRST_DATA 3 /* the step of life with a client's first bytes */

enum act { ACT_SYN, ACT_SYN_ACK, ACT_ACK, ACT_HELLO, ACT_UP, ACT_DOWN, ACT_GOT, ACT_FIN };

struct life {
	enum act acts[24];
	uint8_t n, join; /* where one that was under way before is joined */
};

static const struct life whole = {
    {ACT_SYN, ACT_SYN_ACK, ACT_ACK, ACT_HELLO, ACT_DOWN, ACT_DOWN, ACT_GOT, ACT_UP,
	ACT_DOWN, ACT_DOWN, ACT_GOT, ACT_DOWN, ACT_GOT, ACT_UP, ACT_DOWN, ACT_GOT,
	ACT_DOWN, ACT_DOWN, ACT_GOT, ACT_UP, ACT_DOWN, ACT_GOT, ACT_FIN, ACT_ACK},
    24, FIRST_DATA + 1};
static const struct life slow = {
    {ACT_SYN, ACT_ACK, ACT_ACK, ACT_ACK, ACT_ACK, ACT_HELLO, ACT_UP, ACT_UP}, 8, 0};

struct conn {
	uint32_t id;
	uint32_t seq[2];
	uint8_t at;
};

struct flows {
	uint64_t seed;
	const struct life *life;
	bool mid;
	uint32_t next; /* id of the connection to begin */
	uint8_t noise[4096];
};

/* xorshift64*: the same traffic on every machine. */
static uint32_t
draw(struct flows *f)
{
	f->seed ^= f->seed >> 12;
	f->seed ^= f->seed << 25;
	f->seed ^= f->seed >> 27;
	return (uint32_t)((f->seed * UINT64_C(2685821657736338717)) >> 32);
}

/* Ids spread over addresses and ports, each to a place of its own. */
static uint32_t
scatter(uint32_t id)
{
	id ^= id >> 16;
	id *= UINT32_C(0x7feb352d);
	id ^= id >> 15;
	id *= UINT32_C(0x846ca68b);
	return id ^ id >> 16;
}

static struct endpoint
client_of(const struct conn *c)
{
	uint32_t h = scatter(c->id);
	uint8_t v4[4] = {10, (uint8_t)(h >> 24), (uint8_t)(h >> 16), (uint8_t)(h >> 13)};

	return (struct endpoint){addr_v4(v4), (uint16_t)(32768 + (h & 8191))};
}

static bool
is_udp(const struct conn *c)
{
	return c->id % 8 == 7;
}

static struct endpoint
server_of(const struct conn *c)
{
	uint32_t h = scatter(~c->id) % SERVERS;
	uint8_t v4[4] = {198, 18, (uint8_t)(h >> 8), (uint8_t)h};

	return (struct endpoint){addr_v4(v4), h % 4 == 0 && !is_udp(c) ? 80 : 443};
}

static void
begin(struct flows *f, struct conn *c, bool under_way)
{
	c->id = f->next++;
	c->seq[0] = draw(f);
	c->seq[1] = draw(f);
	c->at = 0;
	if (under_way)
		c->at = (uint8_t)(f->life->join + draw(f) % (f->life->n - f->life->join));
	else if (f->mid || (f->life->join != 0 && c->id % 2 != 0))
		c->at = f->life->join;
}

/* The first bytes of a client: a TLS hello, or a request to a web server. */
static size_t
hello(uint8_t *p, bool web)
{
	static const char request[] =
	    "GET /news/index.html HTTP/1.1\r\nHost: www.example.com\r\n"
	    "User-Agent: Mozilla/5.0\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n";
	static const uint8_t tls[] = {22, 3, 1, 1, 252, 1, 0, 1, 248, 3, 3};

	if (web) {
		memcpy(p, request, sizeof(request) - 1);
		return sizeof(request) - 1;
	}
	memcpy(p, tls, sizeof(tls));
	return 517;
}

/* What the act sends; most of it says nothing to anybody. */
static size_t
body(struct flows *f, const struct conn *c, enum act act, uint8_t *p)
{
	size_t n = 0;

	if (act < ACT_HELLO || act == ACT_GOT || act == ACT_FIN)
		return 0;
	memcpy(p, f->noise + draw(f) % 2048, 1500);
	if (act == ACT_HELLO)
		return hello(p, server_of(c).port == 80);
	n = act == ACT_UP ? 60 + draw(f) % 300 : 200 + draw(f) % 1200;
	if (server_of(c).port == 443 && draw(f) % 2 == 0)
		memcpy(p, "\x17\x03\x03\x05\x78", 5);
	return n;
}

static void
write_frame(struct bytes data, int64_t ts)
{
	uint32_t head[4] = {(uint32_t)(ts / NS_PER_S), (uint32_t)(ts % NS_PER_S / 1000),
	    (uint32_t)data.n, (uint32_t)data.n};

	if (fwrite(head, sizeof(head), 1, stdout) != 1 ||
	    fwrite(data.p, 1, data.n, stdout) != data.n)
		exit(1);
}

static uint8_t
flags_of(enum act act)
{
	if (act == ACT_SYN)
		return TCP_SYN;
	if (act == ACT_SYN_ACK)
		return TCP_SYN | TCP_ACK;
	return act == ACT_FIN ? TCP_FIN | TCP_ACK : TCP_ACK;
}

/* One packet of a connection, and what it changes. */
static void
send_next(struct flows *f, struct conn *c, int64_t ts)
{
	static struct wire w;
	uint8_t payload[1500];
	enum act act = f->life->acts[c->at];
	unsigned from = act == ACT_SYN_ACK || act == ACT_DOWN;
	struct endpoint ends[2] = {client_of(c), server_of(c)};
	struct wire_tcp t = {.src = ends[from],
	    .dst = ends[!from],
	    .seq = c->seq[from],
	    .ack = act == ACT_SYN ? 0 : c->seq[!from],
	    .flags = flags_of(act)};
	size_t n = body(f, c, act, payload);

	if (is_udp(c) && n == 0)
		n = 40;
	wire_start(&w, bytes_of(payload, n));
	if (is_udp(c)) {
		memset(payload, 0x40, n);
		wire_udp(&w, t.src, t.dst);
	} else
		wire_tcp(&w, &t);
	wire_ip(&w, t.src, t.dst);
	wire_ethernet(&w);
	write_frame(wire_bytes(&w), ts);
	c->seq[from] += (uint32_t)n + ((t.flags & (TCP_SYN | TCP_FIN)) != 0);
	if (++c->at == f->life->n)
		begin(f, c, false);
}

static int
run(struct flows *f, uint64_t packets, uint32_t n)
{
	static const uint32_t head[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1};
	struct conn *conns = calloc(n, sizeof(*conns));
	uint64_t i;

	if (conns == NULL || fwrite(head, sizeof(head), 1, stdout) != 1)
		return 1;
	for (i = 0; i < sizeof(f->noise); i++)
		f->noise[i] = (uint8_t)draw(f);
	for (i = 0; i < n; i++)
		begin(f, &conns[i], true);
	for (i = 0; i < packets; i++)
		send_next(f, &conns[draw(f) % n], FIRST + (int64_t)i * STEP_NS);
	free(conns);
	return fflush(stdout) != 0;
}

int
main(int argc, char **argv)
{
	const char *kind = argc == 4 ? argv[3] : "mixed";
	static struct flows f = {.seed = 88172645463325252U};
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	f.life = strcmp(kind, "half") == 0 ? &slow : &whole;
	f.mid = strcmp(kind, "mid") == 0;
	if (argc < 3 || argc > 4 || n == 0 || n > UINT32_MAX / 2 ||
	    (f.life == &whole && !f.mid && strcmp(kind, "mixed") != 0)) {
		(void)fputs(
		    "usage: flows PACKETS CONNECTIONS [mixed|half|mid] >OUT\n", stderr);
		return 2;
	}
	return run(&f, strtoull(argv[1], NULL, 10), (uint32_t)n);
}
