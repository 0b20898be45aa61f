#include "app/pipeline_flow.h"

int
rooms_open(struct rooms *r, const struct pipeline_opts *opts, struct err *e)
{
	struct flow_opts flow = {.entries = opts->tables,
	    .entry_size = sizeof(struct session),
	    .windows = opts->tables,
	    .favoured = opts->tables > 1 ? opts->tables - 1 : opts->tables};
	struct detect_opts detect = {.talks = opts->tables,
	    .exchanges = opts->tables,
	    .sessions = opts->tables,
	    .carries = opts->tables,
	    .lookups = opts->tables,
	    .addresses = opts->tables,
	    .first_talk = opts->first_talk,
	    .overhears = opts->overhears,
	    .names = opts->names,
	    .sinkholes = opts->sinkholes};
	struct attempt_opts attempt = {
	    .entries = opts->tables, .window_ns = opts->window_ns};

	r->save = opts->save;
	r->ring = opts->ring;
	r->guard = opts->guard;
	if (flow_open(&r->flows, &flow, e) != 0 ||
	    detect_open(&r->detect, &detect, e) != 0 ||
	    (r->ring == NULL && fold_open(&r->fold, &attempt, e) != 0))
		return -1;
	return opts->save != NULL ? hold_open(&r->hold, e) : 0;
}

void
rooms_close(struct rooms *r)
{
	flow_close(r->flows);
	detect_close(r->detect);
	fold_close(&r->fold);
	hold_close(r->hold);
}

void
rooms_counters(const struct rooms *r, struct counters *to)
{
	flow_counters(r->flows, to);
	counters_add(to, "stream.bad_checksums",
	    "packets of watched connections with a zero or wrong TCP checksum",
	    r->bad_checksums);
	detect_counters(r->detect, to);
	if (r->guard != NULL)
		rooms_guard_counters(r, to);
	if (r->ring == NULL)
		fold_counters(&r->fold, to);
	else
		counters_add(to, "worker.dropped",
		    "observations lost for want of room before they were folded",
		    r->lost_facts);
}
