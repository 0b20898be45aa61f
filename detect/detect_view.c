#include "detect/detect_room.h"

bool
detect_is_messenger(const struct detect *d, const struct watch *w)
{
	const struct talk *t;
	const struct exchange *x;

	if (w->kind == WATCH_TALK) {
		t = pool_at(d->talks, w->slot);
		return t->told;
	}
	if (w->kind != WATCH_HTTP)
		return false;
	x = pool_at(d->exchanges, w->slot);
	return x->gateway;
}

/* A VER that offers dialects, from a dialogue's very first byte, is nothing else. */
static bool
is_valid_opening(const struct talk *t)
{
	return t->view.at_start && !t->view.lossy[SIDE_CLIENT] &&
	       t->said.said_ver[SIDE_CLIENT] && t->said.n_offered != 0;
}

static enum confidence
proof_of(const struct talk *t)
{
	return is_valid_opening(t) ? CONFIDENCE_CERTAIN
				   : signin_proof(&t->said, &t->view);
}

struct carried
detect_carried(const struct detect *d, const struct watch *w)
{
	const struct talk *t;
	const struct exchange *x;
	const struct gateway_session *gs;

	if (w->kind == WATCH_TALK) {
		t = pool_at(d->talks, w->slot);
		if (t->told)
			return (struct carried){t->id, false, proof_of(t)};
	}
	if (w->kind != WATCH_HTTP)
		return (struct carried){0};
	x = pool_at(d->exchanges, w->slot);
	gs = sessions_at(d->sessions, x->carried);
	if (gs == NULL)
		return (struct carried){0};
	return (struct carried){x->carried.talk, x->shared, proof_of(&gs->talk)};
}

void
detect_counters(const struct detect *d, struct counters *to)
{
	counters_add(to, "detect.observations", "facts told", d->telling.told);
	counters_add(
	    to, "detect.dropped", "facts lost for want of room", d->telling.dropped);
	counters_add(
	    to, "detect.refused", "connections given up for want of room", d->refused);
	counters_add(
	    to, "detect.doubted", "dialogues that turned out not to be MSNP", d->doubted);
	counters_add(to, "detect.stumbled",
	    "times that no line was where one should have been", d->telling.stumbles);
	counters_add(to, "detect.lines_cut",
	    "messenger and HTTP lines too long to be read whole",
	    d->telling.cut + d->room.cut);
	counters_add(to, "gateway.probes",
	    "requests to a gateway path without a valid query", d->room.probes);
	counters_add(to, "gateway.astray",
	    "times HTTP with a gateway was out of step until its next message",
	    d->room.astray);
	reach_counters(&d->reach, to);
	sessions_counters(d->sessions, to);
	carries_counters(d->carries, to);
}
