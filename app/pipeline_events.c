#include <string.h>

#include "app/pipeline_flow.h"
#include "base/text.h"

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

bool
rooms_take(struct rooms *r)
{
	struct observation o;
	bool any = false;

	while (detect_next(r->detect, &o)) {
		attempt_add(r->attempts, &o);
		any = true;
		if (r->n_events == ROOMS_EVENTS_MAX) {
			r->dropped++;
			continue;
		}
		observation_to_event(
		    &o, &r->events[(r->first + r->n_events++) % ROOMS_EVENTS_MAX]);
	}
	return any;
}

bool
rooms_next(struct rooms *r, struct event *out)
{
	if (r->n_events != 0) {
		*out = r->events[r->first];
		r->first = (r->first + 1) % ROOMS_EVENTS_MAX;
		r->n_events--;
		return true;
	}
	return attempt_next(r->attempts, r->now, r->finishing, out);
}
