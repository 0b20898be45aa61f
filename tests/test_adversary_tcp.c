/* Floods of TCP and IP: more than the tables hold, with a sign-in in the middle. */
#include <stdio.h>
#include <stdlib.h>

#include "capture/decode.h"
#include "capture/stream.h"
#include "tests/scene_reach.h"
#include "tests/siege.h"
#include "tests/suite.h"

#define FLOWS 65536

static void
sign_in(struct scene *s)
{
	struct line *l = scene_connect(s, SIEGE_HOST, DISPATCH, 1863);

	line_sign_in(l, USUAL_ACCOUNT);
	line_close(l, SIDE_CLIENT);
}

/*
 * More between two frames than the table holds, so that every connection not yet known
 * for what it is goes before its next frame; more than 2^20 in the 22 gaps of a sign-in.
 */
#define SYNS 66000

static void
flood_syns(struct scene *s)
{
	struct endpoint to = wire_endpoint(DISPATCH, 1863);
	unsigned i;

	for (i = 0; i < SYNS; i++)
		siege_syn(s, siege_next(), to, false);
}

static void
a_million_syns(void)
{
	struct scene *s = siege_new(flood_syns);

	sign_in(s);
	siege_counted(s, "flow.begun", 1 << 20, UINT64_MAX);
	siege_counted(s, "flow.peak", FLOWS, FLOWS);
	siege_counted(s, "flow.evicted", (1 << 20) - FLOWS, UINT64_MAX);
	siege_over(s, "a million SYNs");
}

static void
flood_half_open(struct scene *s)
{
	struct endpoint to = wire_endpoint("192.0.2.80", 80);
	unsigned i;

	for (i = 0; i < SYNS / 4; i++)
		siege_syn(s, siege_next(), to, true);
}

static void
half_open_connections_without_end(void)
{
	struct scene *s = siege_new(flood_half_open);

	sign_in(s);
	siege_counted(s, "flow.begun", 5 * FLOWS, UINT64_MAX);
	siege_counted(s, "flow.peak", FLOWS, FLOWS);
	siege_counted(s, "flow.evicted", 4 * FLOWS, UINT64_MAX);
	siege_over(s, "half-open connections without end");
}

static void
send_piece(struct scene *s, struct wire *w)
{
	struct frame f;

	wire_ethernet(w);
	f = wire_frame(w, 1);
	scene_frame(s, &f, 1000);
}

/* First pieces of datagrams, small and large, of which no other will come. */
static void
flood_pieces(struct scene *s)
{
	static const uint8_t data[1480];
	struct wire_piece piece = {.dst = wire_endpoint(DISPATCH, 0)};
	unsigned i;

	for (i = 0; i < 3000; i++) {
		piece.id = siege_next();
		piece.src = siege_stranger(piece.id >> 2, 0);
		piece.offset = i % 3 == 0 ? 0 : 60000;
		piece.n = piece.offset == 0 ? 1000 : 160;
		wire_start(s->wire, bytes_of(data, sizeof(data)));
		s->wire->protocol = 6;
		if (piece.offset != 0)
			wire_pad(s->wire, 62000 - sizeof(data));
		wire_fragment(s->wire, &piece);
		wire_ethernet(s->wire);
		scene_frame(s,
		    &(struct frame){.data = wire_bytes(s->wire),
			.wire_len = (uint32_t)wire_bytes(s->wire).n,
			.linktype = 1,
			.origin = "siege"},
		    1000);
	}
}

/* The sign-in's own packets come in two pieces, one right after the other. */
static struct scene *under_way;

static void
in_pieces(struct wire *w, struct endpoint src, struct endpoint dst)
{
	static struct wire first;
	void (*between)(struct scene * s) = under_way->between;
	struct wire_piece piece = {src, dst, siege_next(), 0, 24};

	if (wire_bytes(w).n > 24) {
		first = *w;
		wire_fragment(&first, &piece);
		under_way->between = NULL;
		send_piece(under_way, &first);
		under_way->between = between;
		piece.offset = 24;
		piece.n = wire_bytes(w).n - 24;
		wire_fragment(w, &piece);
	} else {
		wire_ip(w, src, dst);
	}
	wire_ethernet(w);
}

static void
datagrams_that_never_complete(void)
{
	struct scene *s = siege_new(flood_pieces);

	under_way = s;
	s->dress = in_pieces;
	sign_in(s);
	siege_counted(s, "defrag.pieces", 60000, UINT64_MAX);
	siege_counted(s, "defrag.evictions", 60000, UINT64_MAX);
	siege_counted(s, "defrag.datagrams", 8, 8);
	siege_over(s, "datagrams that never complete");
}

/*
 * A dialogue that begins well, so that it is watched, and then sends segments behind
 * holes that nobody fills: it wants a window.
 */
static void
send_holes(struct scene *s, uint32_t n)
{
	static const char ver[] = "VER 1 MSNP12 CVR0\r\n";
	struct wire_tcp t = {.src = siege_stranger(n, 1024),
	    .dst = wire_endpoint(DISPATCH, 1863),
	    .seq = 1,
	    .ack = 1,
	    .flags = TCP_ACK | TCP_PSH};
	struct wire_tcp back = {
	    .src = t.dst, .dst = t.src, .seq = 1, .ack = sizeof(ver), .flags = TCP_ACK};
	unsigned k;

	siege_segment(s, &t, bytes_str(ver));
	siege_segment(s, &back, bytes_str(""));
	for (k = 1; k <= STREAM_RANGES_MAX + 2; k++) {
		t.seq = (uint32_t)sizeof(ver) + 1000 * k;
		siege_segment(s, &t, bytes_str("PNG\r\nPNG\r\n"));
	}
}

static void
flood_holes(struct scene *s)
{
	unsigned i;

	for (i = 0; i < 100; i++)
		send_holes(s, siege_next());
}

static void
segments_with_holes(void)
{
	struct scene *s = siege_new(flood_holes);

	sign_in(s);
	siege_counted(s, "stream.windows_peak", 1024, 1024);
	siege_counted(s, "stream.refused", 1000, UINT64_MAX);
	siege_counted(s, "stream.beyond", 1000, UINT64_MAX);
	siege_over(s, "segments with holes");
}

void
suite_adversary_tcp(void)
{
	CU_pSuite s = suite_new("adversary: TCP");

	CASE(s, "a million SYNs", a_million_syns);
	CASE(s, "half-open connections without end", half_open_connections_without_end);
	CASE(s, "datagrams that never complete", datagrams_that_never_complete);
	CASE(s, "segments with holes", segments_with_holes);
}
