#include "tests/scene_reach.h"

#include <stdio.h>

#include "capture/decode.h"
#include "tests/counted.h"

static unsigned
rcode_of(const char *answer)
{
	static const struct {
		const char *word;
		unsigned rcode;
	} words[] = {{"SERVFAIL", 2}, {"NXDOMAIN", 3}, {"REFUSED", 5}};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(answer, words[i].word) == 0)
			return words[i].rcode;
	return 0;
}

static void
make_answers(struct dns_make *m, const char *answer)
{
	char one[ADDR_TEXT_MAX];
	size_t n;

	if (answer[0] >= 'A' && answer[0] <= 'Z')
		return;
	for (; *answer != '\0'; answer += n + (answer[n] == ' ')) {
		n = bytes_find(bytes_str(answer), ' ');
		(void)snprintf(one, sizeof(one), "%.*s", (int)n, answer);
		make_address(m, NULL, one);
	}
}

static void
send_message(struct scene *s, struct line *l, enum side side, const struct dns_make *m,
    const struct endpoint end[2])
{
	struct dns_make framed = {.n = 0};

	if (l != NULL) {
		make_u16(&framed, (unsigned)m->n);
		make_bytes(&framed, m->v, m->n);
		line_send(l, side, framed.v, framed.n);
		return;
	}
	wire_start(s->wire, made(m));
	wire_udp(s->wire, end[side], end[side_other(side)]);
	scene_packet(s, end[side], end[side_other(side)]);
}

void
scene_lookup(struct scene *s, const struct scene_lookup *q)
{
	const char *resolver = q->resolver != NULL ? q->resolver : RESOLVER;
	struct line *l = q->tcp ? scene_connect(s, q->host, resolver, 53) : NULL;
	unsigned id = q->id != 0 ? q->id : (unsigned)s->frames + 1;
	int type = q->type != 0 ? q->type : DNS_A;
	struct endpoint end[2] = {
	    scene_endpoint(s, q->host, 40000), scene_endpoint(s, resolver, 53)};
	struct dns_make m;

	scene_wait(s, 0);
	if (!q->unasked) {
		make_message(&m, id, DNS_QUERY, q->name, type);
		send_message(s, l, SIDE_CLIENT, &m, end);
	}
	if (q->answer == NULL)
		return;
	make_message(&m, id, DNS_ANSWER | rcode_of(q->answer), q->name, type);
	make_answers(&m, q->answer);
	send_message(s, l, SIDE_SERVER, &m, end);
	if (l != NULL)
		line_close(l, SIDE_CLIENT);
}

void
scene_names(struct scene *s, const char *host)
{
	scene_lookup(s, &(struct scene_lookup){
			    .host = host, .name = DISPATCH_NAME, .answer = DISPATCH});
	scene_lookup(s, &(struct scene_lookup){
			    .host = host, .name = GATEWAY_NAME, .answer = GATEWAY});
}

struct line *
scene_syn(
    struct scene *s, const char *client, const char *server, uint16_t port, unsigned n)
{
	struct line *l = scene_midstream(s, client, server, port);
	int64_t wait = 3 * NS_PER_S;

	for (;;) {
		line_segment(l, SIDE_CLIENT, -1, NULL, 0, TCP_SYN);
		if (n-- <= 1)
			return l;
		scene_wait(s, wait);
		wait *= 2;
	}
}

void
line_refuse(struct line *l)
{
	line_segment(l, SIDE_SERVER, -1, NULL, 0, TCP_RST | TCP_ACK);
}

void
scene_prohibit(
    struct scene *s, const struct wire_tcp *quoted, const char *router, uint8_t code)
{
	bool v4 = addr_is_v4(&quoted->src.addr);
	struct wire_icmp m = {.src = scene_endpoint(s, router, 0),
	    .dst = quoted->src,
	    .type = v4 ? 3 : 1,
	    .code = code};

	scene_wait(s, 0);
	wire_start(s->wire, bytes_str(""));
	wire_tcp(s->wire, quoted);
	wire_ip(s->wire, quoted->src, quoted->dst);
	wire_icmp(s->wire, &m);
	scene_packet(s, m.src, m.dst);
}

void
line_prohibit(struct scene *s, struct line *l, const char *router, uint8_t code)
{
	struct wire_tcp syn = line_syn(l);

	scene_prohibit(s, &syn, router, code);
}

uint64_t
scene_counted(const struct scene *s, const char *name)
{
	struct counters c = {.n = 0};

	pipeline_counters(s->pipeline, &c);
	return counter_of(&c, name);
}
