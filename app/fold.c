#include "app/fold.h"

#include <string.h>

#include "base/text.h"

/* As much of an event as an observation fills: a fraction of what an attempt takes. */
#define OBSERVED_SIZE (offsetof(struct event, u) + sizeof(struct messenger))

int
fold_open(struct fold *f, const struct attempt_opts *opts, struct err *e)
{
	return attempt_open(&f->attempts, opts, e);
}

void
fold_close(struct fold *f)
{
	attempt_close(f->attempts);
}

void
fold_retune(struct fold *f, int64_t window_ns)
{
	attempt_retune(f->attempts, window_ns);
}

static void
observation_to_event(const struct observation *o, struct event *ev)
{
	struct messenger *m = &ev->u.messenger;
	const struct signin *s = o->who;

	memset(ev, 0, offsetof(struct event, u));
	memset(m, 0, sizeof(*m));
	ev->type = EVENT_MESSENGER;
	ev->ts = o->conn.ts;
	ev->origin = o->conn.origin;
	ev->pcap_cnt = o->conn.frame;
	ev->has_tuple = true;
	ev->tuple = o->conn.tuple;
	memcpy(ev->vlan, o->conn.vlan, sizeof(ev->vlan));
	memcpy(ev->client_mac, o->conn.client_mac, sizeof(ev->client_mac));
	ev->has_mac = o->conn.has_mac;
	ev->flow_id = o->conn.flow_id;
	m->sign = o->sign;
	m->path = o->path;
	m->confidence = o->confidence;
	m->reason = o->reason;
	m->by = o->by;
	m->switchboard = s->switchboard;
	text_put(m->account, sizeof(m->account), s->account);
	m->dialect = s->dialect;
	m->error_code = o->sign == SIGN_REJECTED ? s->error_code : 0;
	m->client = s->client;
	text_put(m->host, sizeof(m->host), o->host);
	if (o->sign == SIGN_REDIRECTED)
		m->redirect = s->redirect;
}

void
fold_add(struct fold *f, const struct observation *o)
{
	attempt_add(f->attempts, o);
	if (f->n == FOLD_EVENTS_MAX) {
		f->dropped++;
		return;
	}
	observation_to_event(o, &f->events[(f->first + f->n++) % FOLD_EVENTS_MAX]);
}

bool
fold_crowded(const struct fold *f)
{
	return f->n >= FOLD_EVENTS_MAX / 2;
}

bool
fold_next(struct fold *f, int64_t now, bool finish, struct event *out)
{
	if (f->n == 0)
		return attempt_next(f->attempts, now, finish, out);
	memcpy(out, &f->events[f->first], OBSERVED_SIZE);
	f->first = (f->first + 1) % FOLD_EVENTS_MAX;
	f->n--;
	return true;
}

void
fold_counters(const struct fold *f, struct counters *to)
{
	attempt_counters(f->attempts, to);
	counters_add(to, "output.dropped", "observations not written for want of room",
	    f->dropped);
}
