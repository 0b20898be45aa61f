#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reshape/trace.h"

#define CHUNK_BYTES (1024 * 1024)

struct chunk {
	struct chunk *next;
	size_t used;
	uint8_t bytes[CHUNK_BYTES];
};

static void *
need(void *p)
{
	if (p != NULL)
		return p;
	(void)fputs("reshape: out of memory\n", stderr);
	exit(1);
}

static uint8_t *
room(struct trace *t, size_t n)
{
	struct chunk *c = t->chunks;

	if (n > CHUNK_BYTES)
		need(NULL);
	if (c == NULL || CHUNK_BYTES - c->used < n) {
		c = need(malloc(sizeof(*c)));
		c->used = 0;
		c->next = t->chunks;
		t->chunks = c;
	}
	c->used += n;
	return c->bytes + c->used - n;
}

struct rec *
trace_add(struct trace *t, int64_t ts, size_t n)
{
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 256 : 2 * t->cap;
		t->r = need(realloc(t->r, t->cap * sizeof(*t->r)));
	}
	t->r[t->n] = (struct rec){ts, room(t, n), n};
	return &t->r[t->n++];
}

struct rec *
trace_copy(struct trace *t, const struct rec *r)
{
	struct rec *to = trace_add(t, r->ts, r->n);

	memcpy(to->p, r->p, r->n);
	return to;
}

void
trace_free(struct trace *t)
{
	struct chunk *c;

	while ((c = t->chunks) != NULL) {
		t->chunks = c->next;
		free(c);
	}
	free(t->r);
	*t = (struct trace){0};
}

static int
load_frames(struct trace *t, pcap_t *p, const char *path, struct err *e)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	struct rec r;
	int got;

	while ((got = pcap_next_ex(p, &h, &data)) == 1) {
		r.ts = (int64_t)h->ts.tv_sec * 1000000000 + h->ts.tv_usec;
		r.n = h->caplen;
		r.p = trace_add(t, r.ts, r.n)->p;
		memcpy(r.p, data, r.n);
	}
	return got == PCAP_ERROR_BREAK ? 0 : err_set(e, "%s: %s", path, pcap_geterr(p));
}

int
trace_load(struct trace *t, const char *path, struct err *e)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p;
	int r;

	*t = (struct trace){.linktype = LINK_ETHERNET};
	p = pcap_open_offline_with_tstamp_precision(
	    path, PCAP_TSTAMP_PRECISION_NANO, why);
	if (p == NULL)
		return err_set(e, "%s: %s", path, why);
	if (pcap_datalink(p) != DLT_EN10MB)
		r = err_set(e, "%s: only Ethernet captures can be reshaped", path);
	else
		r = load_frames(t, p, path, e);
	pcap_close(p);
	return r;
}
