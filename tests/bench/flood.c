/*
 * Makes a flood around a capture: lookups and SYNs from hosts that do not exist, spread
 * evenly between the frames of the capture, as one pcap on standard output.
 *
 * usage: flood CAPTURE LOOKUPS SYNS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/decode.h"
#include "capture/source.h"
#include "tests/dns_make.h"
#include "tests/wire.h"

#define PORT_DNS  53
#define PORT_MSNP 1863

struct flood {
	uint64_t seed;
	uint64_t lookups, syns; /* still to come */
	int64_t next, step;     /* time of the next, and between two */
};

/* xorshift64*: the same flood on every machine. */
static uint32_t
draw(struct flood *f)
{
	f->seed ^= f->seed >> 12;
	f->seed ^= f->seed << 25;
	f->seed ^= f->seed >> 27;
	return (uint32_t)((f->seed * UINT64_C(2685821657736338717)) >> 32);
}

static void
put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static void
write_frame(struct bytes data, uint32_t wire_len, int64_t ts)
{
	uint8_t head[16];

	put32(head, (uint32_t)(ts / NS_PER_S));
	put32(head + 4, (uint32_t)(ts % NS_PER_S));
	put32(head + 8, (uint32_t)data.n);
	put32(head + 12, wire_len);
	if (fwrite(head, sizeof(head), 1, stdout) != 1 ||
	    fwrite(data.p, 1, data.n, stdout) != data.n)
		exit(1);
}

/* A host of 172.16.0.0/12, which no sample uses. */
static struct endpoint
made_up(struct flood *f)
{
	uint32_t host = draw(f);
	uint8_t v4[4] = {
	    172, (uint8_t)(16 + (host >> 16 & 15)), (uint8_t)(host >> 8), (uint8_t)host};

	return (struct endpoint){addr_v4(v4), (uint16_t)(1024 + draw(f) % 60000)};
}

static void
frame_out(struct wire *w, int64_t ts)
{
	struct bytes b;

	wire_ethernet(w);
	b = wire_bytes(w);
	write_frame(b, (uint32_t)b.n, ts);
}

static const char *const names[] = {"messenger.hotmail.com", "www.example.com",
    "gateway.messenger.hotmail.com", "mail.example.org"};

/* A question, and one time in two an answer; few of the answers lead nowhere. */
static void
lookup(struct flood *f, int64_t ts)
{
	struct endpoint host = made_up(f),
			resolver = wire_endpoint("10.99.0.53", PORT_DNS);
	uint32_t dice = draw(f);
	const char *name = names[dice % 4];
	unsigned nowhere = (dice >> 8) % 64 == 0 ? DNS_NXDOMAIN : DNS_NOERROR;
	static struct dns_make m;
	static struct wire w;

	make_message(&m, dice >> 16, DNS_QUERY, name, DNS_A);
	wire_start(&w, made(&m));
	wire_udp(&w, host, resolver);
	wire_ip(&w, host, resolver);
	frame_out(&w, ts);
	if ((dice >> 4) % 2 != 0)
		return;
	make_message(&m, dice >> 16, DNS_ANSWER | nowhere, name, DNS_A);
	if (nowhere == DNS_NOERROR)
		make_address(&m, NULL, "192.0.2.80");
	wire_start(&w, made(&m));
	wire_udp(&w, resolver, host);
	wire_ip(&w, resolver, host);
	frame_out(&w, ts);
}

static void
syn(struct flood *f, int64_t ts)
{
	uint32_t to = draw(f);
	uint8_t v4[4] = {203, 0, (uint8_t)(112 + to % 2), (uint8_t)(to >> 8)};
	struct wire_tcp t = {.src = made_up(f),
	    .dst = {addr_v4(v4), PORT_MSNP},
	    .seq = draw(f),
	    .flags = TCP_SYN};
	static struct wire w;

	wire_start(&w, bytes_of(NULL, 0));
	wire_tcp(&w, &t);
	wire_ip(&w, t.src, t.dst);
	frame_out(&w, ts);
}

/* The flood's events up to a time, at a steady rate, lookups and SYNs mixed. */
static void
pour(struct flood *f, int64_t until)
{
	for (; f->lookups + f->syns > 0 && f->next <= until; f->next += f->step) {
		if (draw(f) % (f->lookups + f->syns) < f->lookups) {
			lookup(f, f->next);
			f->lookups--;
		} else {
			syn(f, f->next);
			f->syns--;
		}
	}
}

static bool
span_of(const struct source_opts *opts, int64_t *first, int64_t *last)
{
	struct source *s;
	const struct frame *fr;
	struct err e = {{0}};
	bool any = false;

	if (source_open(&s, opts, &e) != 0)
		return false;
	for (; source_next(s, &fr) == SOURCE_FRAME; any = true, *last = fr->ts)
		if (!any)
			*first = fr->ts;
	source_close(s);
	return any;
}

static int
run(const struct source_opts *opts, struct flood *f)
{
	static const uint32_t head[6] = {0xa1b23c4d, 2 | 4 << 16, 0, 0, 262144, 1};
	int64_t last, events = (int64_t)(f->lookups + f->syns);
	struct source *s;
	const struct frame *fr;
	struct err e = {{0}};

	if (!span_of(opts, &f->next, &last) || source_open(&s, opts, &e) != 0)
		return 1;
	f->step = events > 0 ? (last - f->next) / events + 1 : 1;
	if (fwrite(head, sizeof(head), 1, stdout) != 1)
		return 1;
	while (source_next(s, &fr) == SOURCE_FRAME) {
		pour(f, fr->ts);
		write_frame(fr->data, fr->wire_len, fr->ts);
	}
	source_close(s);
	return fflush(stdout) != 0;
}

int
main(int argc, char **argv)
{
	const char *paths[1];
	struct source_opts opts = {.paths = paths, .n_paths = 1};
	struct flood f = {.seed = 88172645463325252U};

	if (argc != 4) {
		(void)fputs("usage: flood CAPTURE LOOKUPS SYNS >OUT\n", stderr);
		return 2;
	}
	paths[0] = argv[1];
	f.lookups = strtoull(argv[2], NULL, 10);
	f.syns = strtoull(argv[3], NULL, 10);
	return run(&opts, &f);
}
