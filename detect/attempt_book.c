#include "detect/attempt_book.h"

#include <string.h>

#include "base/elapsed.h"

/*
 * How many attempts of one host are looked at: one address is one household, not the
 * world.
 */
#define WALK_MAX 64

struct live *
book_at(struct attempts *a, uint64_t id)
{
	return id != 0 ? table_peek(a->live, &id) : NULL;
}

/* Takes the attempt out of its host's list and the table. */
void
book_drop(struct attempts *a, struct live *l)
{
	struct live *next = book_at(a, l->next), *prev = book_at(a, l->prev);
	struct host *h = table_peek(a->hosts, &l->host);

	if (next != NULL)
		next->prev = l->prev;
	if (prev != NULL)
		prev->next = l->next;
	else if (h != NULL)
		h->newest = l->next;
	if (h != NULL && h->newest == 0)
		table_remove(a->hosts, h);
	table_remove(a->live, l);
}

bool
book_is_empty(const struct live *l)
{
	return l->a.n_paths == 0 && l->open == 0 && l->a.account[0] == '\0';
}

static void
fill(struct live *l, struct event *ev)
{
	memset(ev, 0, sizeof(*ev));
	fold_verdict(&l->a);
	if (l->inside && l->a.signed_in_at != 0 && l->a.signed_in_ns == 0)
		l->a.signed_in_ns = span_of(l->a.signed_in_at, l->a.end);
	ev->type = EVENT_ATTEMPT;
	ev->ts = l->a.end;
	ev->origin = l->deciding.origin;
	ev->pcap_cnt = l->deciding.frame;
	ev->has_tuple = true;
	ev->tuple = l->deciding.tuple;
	memcpy(ev->vlan, l->deciding.vlan, sizeof(ev->vlan));
	memcpy(ev->client_mac, l->deciding.client_mac, sizeof(ev->client_mac));
	ev->has_mac = l->deciding.has_mac;
	ev->flow_id = l->deciding.flow_id;
	ev->u.attempt = l->a;
}

bool
book_tell(struct attempts *a, struct live *l, struct event *ev)
{
	bool empty = book_is_empty(l);

	if (!empty) {
		fill(l, ev);
		a->told++;
		a->hints += l->a.confidence == CONFIDENCE_HINT;
	}
	book_drop(a, l);
	return !empty;
}

static void *
oldest_of(struct table *t)
{
	void *entry = table_oldest(t, TABLE_CHEAP);

	return entry != NULL ? entry : table_oldest(t, TABLE_DEAR);
}

struct live *
book_oldest(struct attempts *a)
{
	return oldest_of(a->live);
}

static bool
make_room(struct attempts *a)
{
	if (table_count(a->live) < table_capacity(a->live))
		return true;
	if (a->n_evicted == EVICTED_MAX) {
		a->given_up++;
		return false;
	}
	if (book_tell(a, book_oldest(a), &a->evicted[a->n_evicted])) {
		a->n_evicted++;
		a->given_up++;
	}
	return true;
}

/*
 * Every attempt has its host, so a table of hosts as large as that of attempts never
 * fills first.
 */
struct live *
book_add(struct attempts *a, const struct observation *o)
{
	const struct addr *addr = &o->conn.tuple.client.addr;
	struct host *h;
	struct live *l, *older;
	uint64_t id = a->next_id++;

	if (!make_room(a))
		return NULL;
	l = table_add(a->live, &id);
	h = table_find(a->hosts, addr);
	if (h == NULL)
		h = table_add(a->hosts, addr);
	l->host = *addr;
	l->next = h->newest;
	older = book_at(a, l->next);
	if (older != NULL)
		older->prev = id;
	h->newest = id;
	return l;
}

struct belonging *
book_belong(struct attempts *a, uint64_t talk, struct live *l, uint8_t path, bool open)
{
	struct belonging *b = table_find(a->talks, &talk);
	struct live *before;

	if (b == NULL) {
		if (table_count(a->talks) == table_capacity(a->talks))
			table_remove(a->talks, oldest_of(a->talks));
		b = table_add(a->talks, &talk);
	} else if (b->open) {
		before = book_at(a, b->attempt);
		if (before != NULL && before->open > 0)
			before->open--;
	}
	b->attempt = l->id;
	b->path = path;
	b->open = open;
	table_move(a->talks, b, open ? TABLE_DEAR : TABLE_CHEAP);
	l->open += open;
	l->trying += !open;
	table_move(a->live, l, l->open != 0 ? TABLE_DEAR : TABLE_CHEAP);
	return b;
}

/* Something is open and its last path is undecided. */
static bool
under_way(const struct live *l)
{
	const struct attempt *a = &l->a;

	return l->open != 0 && (a->n_paths == 0 || a->paths[a->n_paths - 1].outcome ==
						       OUTCOME_UNFINISHED);
}

static bool
fits(const struct attempts *a, const struct wanted *w, const struct live *l)
{
	if (l == w->not_this || l->inside != w->inside || (w->idle && under_way(l)))
		return false;
	if (l->open == 0 && elapsed(w->now, l->last) > (uint64_t)a->window_ns)
		return false;
	return w->account == NULL || strcmp(w->account, l->a.account) == 0;
}

struct live *
book_look_for(struct attempts *a, const struct addr *addr, const struct wanted *w)
{
	struct host *h = table_peek(a->hosts, addr);
	struct live *l = book_at(a, h != NULL ? h->newest : 0);
	size_t i;

	for (i = 0; l != NULL && i < WALK_MAX; i++, l = book_at(a, l->next))
		if (fits(a, w, l))
			return l;
	return NULL;
}

struct belonging *
book_belonging(struct attempts *a, uint64_t talk)
{
	return table_find(a->talks, &talk);
}

void
book_forget(struct attempts *a, uint64_t talk, struct live *l)
{
	struct belonging *b = table_peek(a->talks, &talk);

	if (b != NULL && b->open && l->open > 0)
		l->open--;
	if (b != NULL && !b->open && l->trying > 0)
		l->trying--;
	if (b != NULL)
		table_remove(a->talks, b);
	if (l->open == 0)
		table_move(a->live, l, TABLE_CHEAP);
}
