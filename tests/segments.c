#include "tests/segments.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/pipeline.h"
#include "capture/decode.h"
#include "report/event_json.h"
#include "tests/counted.h"
#include "tests/wire.h"

#define DLT_ETHERNET 1
#define TABLES       8
#define SHUFFLED     4 /* segments that may change places */
#define BACKWARDS    40

struct segment {
	size_t at, n; /* of the turn */
};

struct cable {
	struct pipeline *pipeline;
	struct told *told;
	struct wire *wire;
	struct endpoint end[2];
	uint32_t next[2]; /* sequence number of each side's next byte */
	int64_t now;
	uint64_t frames;
	uint64_t connections;
	uint64_t rng;
};

static void
drain(struct cable *c)
{
	struct told *t = c->told;
	struct event ev;
	char *line;

	while (pipeline_next(c->pipeline, &ev)) {
		ev.pcap_cnt = 0;
		line = event_json_line(&ev, NULL);
		if (line == NULL)
			abort();
		if (strlen(line) + 2 < sizeof(t->text) - t->n)
			t->n += (size_t)snprintf(
			    t->text + t->n, sizeof(t->text) - t->n, "%s\n", line);
		free(line);
	}
}

static void
put_packet(
    struct cable *c, enum side side, uint32_t seq, struct bytes data, uint8_t flags)
{
	struct wire_tcp t = {.src = c->end[side],
	    .dst = c->end[side_other(side)],
	    .seq = seq,
	    .ack = flags & TCP_ACK ? c->next[side_other(side)] : 0,
	    .flags = flags};
	struct frame f;

	wire_start(c->wire, data);
	wire_tcp(c->wire, &t);
	wire_ip(c->wire, t.src, t.dst);
	wire_ethernet(c->wire);
	f = wire_frame(c->wire, DLT_ETHERNET);
	f.ts = c->now;
	f.number = ++c->frames;
	pipeline_frame(c->pipeline, &f);
	drain(c);
}

static void
open_connection(struct cable *c)
{
	struct bytes none = {0};

	c->connections++;
	c->end[SIDE_CLIENT].port++;
	c->next[SIDE_CLIENT] = 0xfffffff0U - c->end[SIDE_CLIENT].port;
	c->next[SIDE_SERVER] = c->end[SIDE_CLIENT].port * 7U;
	put_packet(c, SIDE_CLIENT, c->next[SIDE_CLIENT]++, none, TCP_SYN);
	put_packet(c, SIDE_SERVER, c->next[SIDE_SERVER]++, none, TCP_SYN | TCP_ACK);
	put_packet(c, SIDE_CLIENT, c->next[SIDE_CLIENT], none, TCP_ACK);
}

static void
close_connection(struct cable *c)
{
	struct bytes none = {0};

	put_packet(c, SIDE_CLIENT, c->next[SIDE_CLIENT]++, none, TCP_FIN | TCP_ACK);
	put_packet(c, SIDE_SERVER, c->next[SIDE_SERVER]++, none, TCP_FIN | TCP_ACK);
	put_packet(c, SIDE_CLIENT, c->next[SIDE_CLIENT], none, TCP_ACK);
}

static void
send_segment(struct cable *c, const struct turn *t, const struct segment *s, bool again)
{
	uint32_t back = again ? rows_draw(&c->rng, BACKWARDS) : 0;
	size_t at = s->at > back ? s->at - back : 0;

	put_packet(c, t->side, c->next[t->side] + (uint32_t)at,
	    bytes_of(t->said.p + at, s->at + s->n - at), TCP_PSH | TCP_ACK);
}

/* A few segments in any order, some of them twice and with what came before. */
static void
send_shuffled(struct cable *c, const struct turn *t, struct segment *s, size_t n)
{
	size_t i;

	for (; n > 0; n--) {
		i = rows_draw(&c->rng, (uint32_t)n);
		send_segment(c, t, &s[i], false);
		if (rows_draw(&c->rng, 3) == 0)
			send_segment(c, t, &s[i], true);
		s[i] = s[n - 1];
	}
}

static void
play_turn(struct cable *c, const struct turn *t, enum cutting how)
{
	size_t most = how == CUT_SHUFFLED ? SHUFFLED : 1, n = 0, at = 0;
	struct segment s[SHUFFLED];

	while (at < t->said.n) {
		s[n].at = at;
		s[n].n = rows_cut(how, &c->rng, t->said.n - at);
		at += s[n++].n;
		if (n != most && at != t->said.n)
			continue;
		if (how == CUT_SHUFFLED)
			send_shuffled(c, t, s, n);
		else
			send_segment(c, t, &s[0], false);
		n = 0;
	}
	c->next[t->side] += (uint32_t)t->said.n;
}

static uint16_t
port_of(const struct rows *d)
{
	struct bytes first = d->n != 0 ? d->turn[0].said : bytes_str("");

	return bytes_starts_fold(first, "POST ") || bytes_starts_fold(first, "GET ")
		   ? 80
		   : 1863;
}

static void
play(struct cable *c, const struct rows *d, enum cutting how)
{
	size_t i;

	open_connection(c);
	for (i = 0; i < d->n; i++) {
		c->now += NS_PER_S;
		if (d->turn[i].anew) {
			close_connection(c);
			open_connection(c);
		}
		play_turn(c, &d->turn[i], how);
	}
	close_connection(c);
	do
		drain(c);
	while (pipeline_finish(c->pipeline));
	drain(c);
}

static bool
went_astray(const struct cable *c)
{
	struct counters now = {.n = 0};

	pipeline_counters(c->pipeline, &now);
	return counter_of(&now, "gateway.astray") != 0 ||
	       counter_of(&now, "flow.begun") != c->connections ||
	       counter_of(&now, "detect.dropped") != 0 ||
	       counter_of(&now, "output.dropped") != 0;
}

void
segments_play(struct told *told, const struct rows *d, enum cutting how)
{
	struct pipeline_opts opts = {.tables = TABLES};
	static struct wire wire;
	struct cable c = {.told = told, .wire = &wire, .rng = d->n_wire};
	struct err e = {""};

	told->n = 0;
	told->text[0] = '\0';
	c.now = INT64_C(1100000000) * NS_PER_S;
	c.end[SIDE_CLIENT] = wire_endpoint("10.0.0.7", 1024);
	c.end[SIDE_SERVER] = wire_endpoint("64.4.13.50", port_of(d));
	if (pipeline_open(&c.pipeline, &opts, &e) != 0)
		abort();
	play(&c, d, how);
	told->astray = went_astray(&c);
	pipeline_close(c.pipeline);
}
