#include "detect/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "detect/attempt_fold.h"

/* How many attempts of one host are looked at: one address is one household, not the world. */
#define WALK_MAX 64

/* Which attempt a dialogue belongs to. */
struct belonging {
	uint64_t talk; /* first: the table's key */
	uint64_t attempt;
	uint8_t path; /* index in its attempt */
	bool switchboard;
};

struct host {
	struct addr addr; /* first: the table's key */
	uint64_t newest;
};

struct attempts {
	struct table *live;
	struct table *talks;
	struct table *hosts;
	int64_t window_ns;
	uint64_t next_id;
	struct event evicted[4];
	size_t n_evicted;
	uint64_t told, hints, given_up;
};

int
attempt_open(struct attempts **out, const struct attempt_opts *opts, struct err *e)
{
	size_t n = opts->entries != 0 ? opts->entries : 4096;
	struct table_opts live = {n, sizeof(struct live), sizeof(uint64_t)};
	struct table_opts talks = {4 * n, sizeof(struct belonging), sizeof(uint64_t)};
	struct table_opts hosts = {n, sizeof(struct host), sizeof(struct addr)};
	struct attempts *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return err_set(e, "out of memory for attempts");
	a->window_ns = opts->window_ns != 0 ? opts->window_ns : 120 * NS_PER_S;
	a->next_id = 1;
	if (table_open(&a->live, &live, e) != 0 ||
	    table_open(&a->talks, &talks, e) != 0 ||
	    table_open(&a->hosts, &hosts, e) != 0) {
		attempt_close(a);
		return -1;
	}
	*out = a;
	return 0;
}

void
attempt_close(struct attempts *a)
{
	if (a == NULL)
		return;
	table_close(a->live);
	table_close(a->talks);
	table_close(a->hosts);
	free(a);
}

static struct live *
live_at(struct attempts *a, uint64_t id)
{
	return id != 0 ? table_peek(a->live, &id) : NULL;
}

/* Takes the attempt out of its host's list and the table. */
static void
drop(struct attempts *a, struct live *l)
{
	struct live *next = live_at(a, l->next), *prev = live_at(a, l->prev);
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

static void
to_event(struct attempts *a, struct live *l, struct event *ev)
{
	memset(ev, 0, sizeof(*ev));
	fold_verdict(&l->a);
	if (l->inside && l->a.signed_in_at != 0 && l->a.signed_in_ns == 0)
		l->a.signed_in_ns = l->a.end - l->a.signed_in_at;
	ev->type = EVENT_ATTEMPT;
	ev->ts = l->a.end;
	ev->origin = l->deciding.origin;
	ev->has_tuple = true;
	ev->tuple = l->deciding.tuple;
	memcpy(ev->vlan, l->deciding.vlan, sizeof(ev->vlan));
	memcpy(ev->client_mac, l->deciding.client_mac, sizeof(ev->client_mac));
	ev->has_mac = l->deciding.has_mac;
	ev->flow_id = l->deciding.flow_id;
	ev->u.attempt = l->a;
	a->told++;
	a->hints += l->a.confidence == CONFIDENCE_HINT;
}

static bool
oldest_to_event(struct attempts *a, struct event *out)
{
	struct live *l = table_oldest(a->live, TABLE_CHEAP);

	if (l == NULL)
		l = table_oldest(a->live, TABLE_DEAR);
	if (l == NULL)
		return false;
	to_event(a, l, out);
	drop(a, l);
	return true;
}

/* Every attempt has its host, so a table of hosts as large as that of attempts never fills first. */
static struct live *
add(struct attempts *a, const struct observation *o)
{
	const struct addr *addr = &o->conn.tuple.client.addr;
	struct host *h;
	struct live *l, *older;
	uint64_t id = a->next_id++;

	if (table_count(a->live) == table_capacity(a->live) && a->n_evicted < 4 &&
	    oldest_to_event(a, &a->evicted[a->n_evicted])) {
		a->n_evicted++;
		a->given_up++;
	}
	l = table_add(a->live, &id);
	if (l == NULL)
		return NULL;
	h = table_find(a->hosts, addr);
	if (h == NULL)
		h = table_add(a->hosts, addr);
	l->host = *addr;
	l->next = h->newest;
	older = live_at(a, l->next);
	if (older != NULL)
		older->prev = id;
	h->newest = id;
	return l;
}

static struct belonging *
belong(struct attempts *a, uint64_t talk, struct live *l, uint8_t path)
{
	struct belonging *b = table_find(a->talks, &talk);
	struct live *before;

	if (b == NULL) {
		if (table_count(a->talks) == table_capacity(a->talks))
			table_remove(a->talks, table_oldest(a->talks, TABLE_CHEAP));
		b = table_add(a->talks, &talk);
		l->open++;
	} else if (b->attempt != l->id) {
		before = live_at(a, b->attempt);
		if (before != NULL && before->open > 0)
			before->open--;
		l->open++;
	}
	b->attempt = l->id;
	b->path = path;
	table_move(a->live, l, TABLE_DEAR);
	return b;
}

/* Walks the host's attempts, newest first, for one that fits. */
struct wanted {
	const struct attempts *a;
	const struct live *not_this;
	const char *account; /* NULL: any, "" : none */
	bool inside;
	bool idle; /* nothing of it is open */
	int64_t now;
};

static bool
fits(const struct wanted *w, const struct live *l)
{
	if (l == w->not_this || l->inside != w->inside || (w->idle && l->open != 0))
		return false;
	if (l->open == 0 && w->now - l->last > w->a->window_ns)
		return false;
	return w->account == NULL || strcmp(w->account, l->a.account) == 0;
}

static struct live *
look_for(struct attempts *a, const struct addr *addr, const struct wanted *w)
{
	struct host *h = table_peek(a->hosts, addr);
	struct live *l = live_at(a, h != NULL ? h->newest : 0);
	size_t i;

	for (i = 0; l != NULL && i < WALK_MAX; i++, l = live_at(a, l->next))
		if (fits(w, l))
			return l;
	return NULL;
}

static struct live *
begin(struct attempts *a, const struct observation *o)
{
	struct live *l = add(a, o);

	if (l == NULL)
		return NULL;
	l->a.tries = 1;
	(void)belong(a, o->talk, l, fold_path(l, o));
	return l;
}

/*
 * The try of from belongs to into, which began earlier.  Its path follows the others, or
 * takes the place of the redirect that sent it.
 */
static struct live *
merge(
    struct attempts *a, struct live *into, struct live *from, const struct observation *o)
{
	bool going = from->open != 0;
	uint8_t path = into->redirected;

	if (path != 0 && from->a.n_paths == 1 &&
	    into->a.paths[path - 1].path == o->path) {
		fold_continue(into, --path, o);
		into->a.paths[path].outcome = from->a.paths[0].outcome;
		into->a.paths[path].reason = from->a.paths[0].reason;
		from->a.n_paths = 0;
		from->a.tries = 0;
		fold_merge(into, from);
	} else {
		fold_merge(into, from);
		path = (uint8_t)(into->a.n_paths - 1);
	}
	if (going)
		(void)belong(a, o->talk, into, path);
	drop(a, from);
	table_move(a->live, into, into->open != 0 ? TABLE_DEAR : TABLE_CHEAP);
	return into;
}

/*
 * The account is known: the try joins what the account has under way, or a nameless try of
 * the host that failed before.
 */
static struct live *
name(struct attempts *a, struct live *l, const struct observation *o)
{
	struct wanted w = {a, l, o->who->account, false, false, o->conn.ts};
	struct live *other;

	if (o->who->account[0] == '\0' || l->a.account[0] != '\0')
		return l;
	text_put(l->a.account, sizeof(l->a.account), o->who->account);
	if (l->inside)
		return l;
	other = look_for(a, &l->host, &w);
	if (other == NULL) {
		w.account = "";
		w.idle = true;
		other = look_for(a, &l->host, &w);
	}
	if (other == NULL || other->id > l->id)
		return l;
	text_put(other->a.account, sizeof(other->a.account), o->who->account);
	return merge(a, other, l, o);
}

static void
signed_in(struct live *l, uint8_t path, const struct observation *o)
{
	struct path_try *p = &l->a.paths[path];

	p->outcome = OUTCOME_SIGNED_IN;
	p->last = o->conn.ts;
	l->inside = true;
	l->redirected = 0;
	if (l->a.signed_in_at == 0)
		l->a.signed_in_at = o->conn.ts;
	/* The service's word on the account is the last one. */
	if (o->who->account[0] != '\0')
		text_put(l->a.account, sizeof(l->a.account), o->who->account);
}

static void
rejected(struct live *l, uint8_t path, const struct observation *o)
{
	struct path_try *p = &l->a.paths[path];

	p->outcome = OUTCOME_REJECTED;
	p->code = o->who->error_code;
	p->last = o->conn.ts;
}

static void
closed(struct attempts *a, struct live *l, const struct belonging *b,
    const struct observation *o)
{
	struct wanted w = {a, l, NULL, false, false, o->conn.ts};
	struct live *other = NULL;
	uint64_t talk = o->talk;

	if (!b->switchboard && l->a.n_paths != 0) {
		fold_closed(l, b->path, o);
		if (o->confidence == CONFIDENCE_HINT && l->a.n_paths == 1)
			l->a.confidence = CONFIDENCE_HINT;
		if (l->inside && l->a.signed_in_at != 0)
			l->a.signed_in_ns = o->conn.ts - l->a.signed_in_at;
	}
	l->a.bytes_client += o->bytes[SIDE_CLIENT];
	l->a.bytes_server += o->bytes[SIDE_SERVER];
	table_remove(a->talks, table_peek(a->talks, &talk));
	if (l->open > 0)
		l->open--;
	if (l->open == 0)
		table_move(a->live, l, TABLE_CHEAP);
	if (l->open != 0 || l->inside || l->a.account[0] != '\0' || b->switchboard)
		return;
	other = look_for(a, &l->host, &w);
	if (other != NULL && other->id < l->id)
		(void)merge(a, other, l, o);
}

/* Whose session a switchboard or a keep-alive shows: one already known, or one begun unseen. */
static struct live *
session_of(struct attempts *a, const struct observation *o)
{
	const char *account = o->who->account;
	struct wanted w = {a, NULL, account, true, false, o->conn.ts};
	struct live *l = NULL;

	if (account[0] == '\0')
		w.account = NULL;
	l = look_for(a, &o->conn.tuple.client.addr, &w);
	if (l != NULL || account[0] == '\0')
		return l;
	w.account = "";
	l = look_for(a, &o->conn.tuple.client.addr, &w);
	if (l != NULL) {
		text_put(l->a.account, sizeof(l->a.account), account);
		return l;
	}
	/* Nobody talks before signing in: the yes itself must have been lost. */
	w = (struct wanted){a, NULL, account, false, false, o->conn.ts};
	l = look_for(a, &o->conn.tuple.client.addr, &w);
	if (l != NULL && l->open != 0 && l->a.n_paths != 0)
		signed_in(l, (uint8_t)(l->a.n_paths - 1), o);
	else
		l = NULL;
	return l;
}

/* Evidence of a session that began before the capture. */
static struct live *
inside(struct attempts *a, const struct observation *o)
{
	struct live *l = session_of(a, o);
	struct belonging *b;

	if (l == NULL) {
		l = begin(a, o);
		if (l == NULL)
			return NULL;
		l->a.paths[0].outcome = OUTCOME_IN_SESSION;
		l->a.tries = 0;
		l->inside = true;
		text_put(l->a.account, sizeof(l->a.account), o->who->account);
	}
	b = belong(a, o->talk, l, 0);
	b->switchboard = o->who->switchboard;
	if (o->sign == SIGN_CONVERSATION)
		l->a.conversations++;
	return l;
}

/* A dialogue first taken for an old session that now signs in after all. */
static void
reopen(struct live *l, const struct belonging *b)
{
	if (l->a.paths[b->path].outcome == OUTCOME_IN_SESSION && l->a.n_paths == 1) {
		l->a.paths[b->path].outcome = OUTCOME_UNFINISHED;
		l->a.tries = 1;
		l->inside = false;
	}
}

static void
apply(
    struct attempts *a, struct live *l, struct belonging *b, const struct observation *o)
{
	switch (o->sign) {
	case SIGN_OPENED:
		if (!b->switchboard)
			reopen(l, b);
		break;
	case SIGN_REDIRECTED:
		l->redirected = (uint8_t)(b->path + 1);
		break;
	case SIGN_SIGNED_IN:
		signed_in(l, b->path, o);
		break;
	case SIGN_REJECTED:
		rejected(l, b->path, o);
		break;
	case SIGN_SIGNED_OUT:
		if (o->who->left && !b->switchboard &&
		    l->a.paths[b->path].outcome == OUTCOME_UNFINISHED &&
		    l->redirected != b->path + 1)
			l->a.paths[b->path].outcome = OUTCOME_ABANDONED;
		break;
	case SIGN_CLOSED:
		closed(a, l, b, o);
		break;
	case SIGN_NAMED:
	case SIGN_CHALLENGED:
	case SIGN_IN_SESSION:
	case SIGN_CONVERSATION:
		break;
	}
}

static struct belonging *
belonging_of(struct attempts *a, uint64_t talk)
{
	return table_find(a->talks, &talk);
}

void
attempt_add(struct attempts *a, const struct observation *o)
{
	struct belonging *b = belonging_of(a, o->talk);
	struct live *l = b != NULL ? live_at(a, b->attempt) : NULL;

	if (l == NULL) {
		if (o->sign == SIGN_CLOSED || (o->who->switchboard && !o->who->joined))
			return;
		if (o->sign == SIGN_IN_SESSION || o->sign == SIGN_CONVERSATION ||
		    o->who->switchboard)
			l = inside(a, o);
		else
			l = begin(a, o);
	} else if (o->sign == SIGN_CONVERSATION && !b->switchboard) {
		l = inside(a, o);
	}
	if (l == NULL)
		return;
	fold_facts(l, o);
	if (!o->who->switchboard)
		l = name(a, l, o);
	b = belonging_of(a, o->talk);
	if (b != NULL)
		apply(a, l, b, o);
}

bool
attempt_next(struct attempts *a, int64_t now, bool finish, struct event *out)
{
	struct live *l;

	if (a->n_evicted != 0) {
		*out = a->evicted[--a->n_evicted];
		return true;
	}
	if (finish)
		return oldest_to_event(a, out);
	l = table_oldest(a->live, TABLE_CHEAP);
	if (l == NULL || l->open != 0 || now - l->last <= a->window_ns)
		return false;
	to_event(a, l, out);
	drop(a, l);
	return true;
}

void
attempt_counters(const struct attempts *a, struct counters *to)
{
	counters_add(to, "attempt.told", "attempts told", a->told);
	counters_add(to, "attempt.hints", "of them hints only", a->hints);
	counters_add(
	    to, "attempt.evicted", "attempts told early for want of room", a->given_up);
}
