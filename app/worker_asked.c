#include "app/worker_asked.h"

#include <string.h>

static void
count(struct worker *w, struct counters *to)
{
	taps_counters(&w->taps, to);
	counters_add(to, "live.taken", "frames the workers have looked at", w->frames);
	pipeline_counters(w->pipeline, to);
	if (w->save != NULL)
		save_counters(w->save, to);
}

static void
take_stock(struct worker *w)
{
	struct vitals *v = &w->vitals;
	int64_t first;

	w->counters.n = 0;
	count(w, &w->counters);
	*v = (struct vitals){.packets = w->frames, .bytes = w->bytes};
	pipeline_span(w->pipeline, &first, &v->newest);
	taps_vitals(&w->taps, v);
}

static void
answer(struct worker *w)
{
	unsigned wanted = atomic_load_explicit(&w->wanted, memory_order_acquire);

	if (wanted == atomic_load_explicit(&w->answered, memory_order_relaxed))
		return;
	take_stock(w);
	atomic_store_explicit(&w->answered, wanted, memory_order_release);
}

void
worker_tune(struct worker *w, struct detect_tuning *t)
{
	detect_tuning_close(
	    atomic_exchange_explicit(&w->tuning, t, memory_order_acq_rel));
}

static void
tune(struct worker *w)
{
	struct detect_tuning *t;

	if (atomic_load_explicit(&w->tuning, memory_order_relaxed) == NULL)
		return;
	t = atomic_exchange_explicit(&w->tuning, NULL, memory_order_acq_rel);
	if (t != NULL)
		pipeline_tune(w->pipeline, t);
}

void
worker_obey(struct worker *w, struct policy *p)
{
	if (p != NULL)
		enforcer_policy_close(
		    atomic_exchange_explicit(&w->policy, p, memory_order_acq_rel));
}

static void
obey(struct worker *w)
{
	struct policy *p;

	if (atomic_load_explicit(&w->policy, memory_order_relaxed) == NULL)
		return;
	p = atomic_exchange_explicit(&w->policy, NULL, memory_order_acq_rel);
	if (p != NULL)
		enforcer_obey(w->guard, p);
}

void
worker_heed(struct worker *w)
{
	tune(w);
	obey(w);
	answer(w);
}

static void
merge(struct counters *to, const struct counters *from)
{
	size_t i, k;

	for (i = 0; i < from->n; i++) {
		for (k = 0; k < to->n && to->c[k].name != from->c[i].name; k++)
			;
		if (k < to->n)
			to->c[k].value += from->c[i].value;
		else if (k < COUNTERS_MAX)
			to->c[to->n++] = from->c[i];
	}
}

bool
worker_counted(const struct worker *w)
{
	return !w->running || atomic_load_explicit(&w->answered, memory_order_acquire) ==
				  atomic_load_explicit(&w->wanted, memory_order_relaxed);
}

void
worker_counters(struct worker *w, struct counters *to)
{
	if (!w->running)
		take_stock(w);
	merge(to, &w->counters);
	if (w->running)
		(void)atomic_fetch_add_explicit(&w->wanted, 1, memory_order_release);
}

static void
add_interface(struct vitals_interface *to, const struct vitals_interface *from)
{
	memcpy(to->name, from->name, sizeof(to->name));
	if (from->state > to->state)
		to->state = from->state;
	to->frames += from->frames;
	to->dropped_ring += from->dropped_ring;
	to->dropped_adapter += from->dropped_adapter;
}

void
worker_vitals(struct worker *w, struct vitals *to)
{
	const struct vitals *v = &w->vitals;
	size_t i;

	if (!w->running)
		take_stock(w);
	to->packets += v->packets;
	to->bytes += v->bytes;
	if (v->newest > to->newest)
		to->newest = v->newest;
	for (i = 0; i < v->n_interfaces; i++)
		add_interface(&to->interface[i], &v->interface[i]);
	if (v->n_interfaces > to->n_interfaces)
		to->n_interfaces = v->n_interfaces;
}
