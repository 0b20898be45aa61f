#include "detect/lookup.h"

#include "base/elapsed.h"

static size_t
family_of(uint16_t type)
{
	return type == DNS_AAAA;
}

static bool
round_is_over(const struct lookup *l, int64_t now)
{
	switch (l->state) {
	case LOOKUP_NEW:
		return true;
	case LOOKUP_PENDING:
		return !l->waiting && elapsed(now, l->began) >= RESOLVE_PATIENCE_NS;
	case LOOKUP_ANSWERED:
	case LOOKUP_SINKHOLED:
		break;
	}
	return elapsed(now, l->settled) >= RESOLVE_SETTLE_NS;
}

static void
round_begin(struct lookup *l, uint16_t type, int64_t now, int64_t keep_ns)
{
	struct lookup_family *f;

	for (f = l->family; f < l->family + 2; f++)
		if (f == &l->family[family_of(type)] || f->verdict != RESOLVE_GOOD ||
		    elapsed(now, f->ts) >= (uint64_t)keep_ns)
			*f = (struct lookup_family){.verdict = RESOLVE_NONE};
	l->state = LOOKUP_PENDING;
	l->began = now;
	l->asked = 0;
}

static struct question *
question_find(struct lookup *l, const struct tuple *t, const struct dns_message *m)
{
	struct question *q;

	for (q = l->question; q < l->question + LOOKUP_QUESTIONS; q++)
		if (q->open && q->id == m->id && q->type == m->type &&
		    endpoint_eq(&q->host, &t->client) &&
		    endpoint_eq(&q->server, &t->server))
			return q;
	return NULL;
}

bool
lookup_ask(struct lookup *l, const struct tuple *t, const struct dns_message *m,
    int64_t now, int64_t keep_ns)
{
	struct question *q = question_find(l, t, m);
	bool fresh = round_is_over(l, now);

	if (fresh)
		round_begin(l, m->type, now, keep_ns);
	if (q == NULL) {
		q = &l->question[l->next];
		l->next = (uint8_t)((l->next + 1) % LOOKUP_QUESTIONS);
	}
	*q = (struct question){t->client, t->server, now, m->id, m->type, true};
	l->latest = (uint8_t)(q - l->question);
	l->asked++;
	return fresh;
}

bool
lookup_fits(
    struct lookup *l, const struct tuple *t, const struct dns_message *m, int64_t now)
{
	struct question *q = question_find(l, t, m);

	if (q == NULL || elapsed(now, q->ts) >= RESOLVE_PATIENCE_NS)
		return false;
	q->open = false;
	return true;
}

void
lookup_answer(struct lookup *l, uint16_t type, const struct lookup_family *said)
{
	struct lookup_family *f = &l->family[family_of(type)];

	if (f->verdict != RESOLVE_GOOD || said->verdict == RESOLVE_GOOD)
		*f = *said;
}

enum resolve_verdict
lookup_verdict(const struct lookup *l, const struct lookup_family **best)
{
	const struct lookup_family *v4 = &l->family[0], *v6 = &l->family[1];

	/* Names of the period have no AAAA: that alone is no block. */
	if (v6->verdict == RESOLVE_NODATA || v6->verdict == RESOLVE_NONE ||
	    (v4->verdict != RESOLVE_NONE && v4->verdict <= v6->verdict))
		*best = v4;
	else
		*best = v6;
	return (*best)->verdict;
}

bool
lookup_complete(const struct lookup *l)
{
	const struct lookup_family *f;
	const struct question *q;

	for (q = l->question; q < l->question + LOOKUP_QUESTIONS; q++)
		if (q->open && q->ts >= l->began)
			return false;
	for (f = l->family; f < l->family + 2; f++)
		if (f->verdict == RESOLVE_NONE || f->verdict == RESOLVE_REFUSED)
			return false;
	return true;
}
