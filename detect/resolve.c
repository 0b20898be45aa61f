#include "detect/resolve.h"

#include <stdlib.h>

#include "base/elapsed.h"
#include "base/table.h"
#include "base/text.h"
#include "detect/lookup.h"

/* When a host asked for names, by their role. */
struct ask {
	struct addr host; /* first: the table's key */
	bool seen[NAME_ROLES];
	int64_t ts[NAME_ROLES];
};

struct resolve {
	const struct names *names;
	int64_t keep_ns;
	struct table *starts; /* dear: those waiting, by their first bad answer */
	struct table *hints;  /* lookups too, which must not crowd out the others */
	struct table *asks;
	struct known *known;
	struct judge judge;
	uint64_t asked, sinkholed, stray, evicted;
};

static int
tables_open(struct resolve *r, const struct resolve_opts *opts, struct err *e)
{
	size_t lookups = opts->lookups != 0 ? opts->lookups : RESOLVE_LOOKUPS;
	size_t addresses = opts->addresses != 0 ? opts->addresses : RESOLVE_ADDRESSES;
	struct table_opts of_lookups = {
	    lookups, sizeof(struct lookup), sizeof(struct lookup_key)};
	struct table_opts of_asks = {
	    4 * lookups, sizeof(struct ask), sizeof(struct addr)};

	if (table_open(&r->starts, &of_lookups, e) != 0 ||
	    table_open(&r->hints, &of_lookups, e) != 0 ||
	    table_open(&r->asks, &of_asks, e) != 0)
		return -1;
	return known_open(&r->known, addresses, r->keep_ns, e);
}

int
resolve_open(struct resolve **out, const struct resolve_opts *opts, struct err *e)
{
	struct resolve *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return err_set(e, "out of memory for name lookups");
	r->names = opts->names;
	r->keep_ns = opts->keep_ns != 0 ? opts->keep_ns : RESOLVE_KEEP_NS;
	if (judge_init(&r->judge, opts->sinkholes, e) != 0 ||
	    tables_open(r, opts, e) != 0) {
		resolve_close(r);
		return -1;
	}
	*out = r;
	return 0;
}

void
resolve_close(struct resolve *r)
{
	if (r == NULL)
		return;
	table_close(r->starts);
	table_close(r->hints);
	table_close(r->asks);
	known_close(r->known);
	free(r);
}

void
resolve_tune(struct resolve *r, const struct names *names, const struct judge *judge)
{
	r->judge = *judge;
	r->names = names;
}

static bool
is_full(const struct table *t)
{
	return table_count(t) == table_capacity(t);
}

static struct lookup_key
key_of(const struct addr *host, const char *name)
{
	struct lookup_key key = {.host = *host};

	text_put(key.name, sizeof(key.name), name);
	return key;
}

static struct lookup *
lookup_new(struct resolve *r, struct table *t, const struct lookup_key *key)
{
	struct lookup *old;

	if (is_full(t)) {
		old = table_oldest(t, TABLE_CHEAP);
		if (old == NULL)
			old = table_oldest(t, TABLE_DEAR);
		r->evicted += t == r->starts && old->state == LOOKUP_PENDING;
		table_remove(t, old);
	}
	return table_add(t, key);
}

static void
ask_note(struct resolve *r, const struct addr *host, enum name_role role, int64_t now)
{
	struct ask *a = table_find(r->asks, host);

	if (a == NULL) {
		if (is_full(r->asks))
			table_remove(r->asks, table_oldest(r->asks, TABLE_CHEAP));
		a = table_add(r->asks, host);
	}
	a->seen[role] = true;
	a->ts[role] = now;
}

void
resolve_learn(struct resolve *r, const struct addr *host, const struct addr *a,
    const struct resolve_name *name, int64_t now)
{
	static const struct addr any;
	struct resolved is = {.role = name->role, .asked = true, .own = true, .at = now};

	text_put(is.name, sizeof(is.name), name->name);
	known_note(r->known, host, a, &is);
	is.own = false;
	known_note(r->known, &any, a, &is);
}

bool
resolve_is_sinkhole(const struct resolve *r, const struct addr *a)
{
	return judge_address(&r->judge, a) != RESOLVE_GOOD;
}

static void
learn_own(
    struct resolve *r, const struct lookup *l, const struct dns_message *m, int64_t now)
{
	struct resolve_name name = {l->key.name, l->role};
	size_t i;

	for (i = 0; i < m->n_addrs; i++)
		if (judge_address(&r->judge, &m->addrs[i]) == RESOLVE_GOOD)
			resolve_learn(r, &l->key.host, &m->addrs[i], &name, now);
}

static void
learn_stray(struct resolve *r, const struct lookup_key *key, const struct dns_message *m,
    int64_t now)
{
	struct resolved is = {.role = names_role(r->names, key->name), .at = now};
	size_t i;

	text_put(is.name, sizeof(is.name), key->name);
	for (i = 0; m->rcode == DNS_NOERROR && i < m->n_addrs; i++)
		if (judge_address(&r->judge, &m->addrs[i]) == RESOLVE_GOOD)
			known_note(r->known, &key->host, &m->addrs[i], &is);
}

static bool
tell(const struct lookup *l, enum resolve_told told, int64_t ts, struct resolve_news *out)
{
	const struct question *q = &l->question[l->latest];
	const struct lookup_family *best;

	memset(out, 0, sizeof(*out));
	out->told = told;
	out->role = l->role;
	out->host = q->host;
	out->server = q->server;
	text_put(out->name, sizeof(out->name), l->key.name);
	out->began = l->began;
	out->ts = ts;
	out->asked = l->asked;
	if (told != RESOLVE_ASKED) {
		out->verdict = lookup_verdict(l, &best);
		out->addr = best->addr;
	}
	return true;
}

static void
wait_no_more(struct resolve *r, struct lookup *l)
{
	l->waiting = false;
	table_move(r->starts, l, TABLE_CHEAP);
}

/* The answers are bad: all there will be, or long enough ago. */
static bool
conclude(struct resolve *r, struct lookup *l, struct resolve_news *out)
{
	const struct lookup_family *best;

	if (l->waiting)
		wait_no_more(r, l);
	if (lookup_verdict(l, &best) == RESOLVE_NONE)
		return false;
	l->state = LOOKUP_SINKHOLED;
	l->settled = best->ts;
	r->sinkholed++;
	return tell(l, RESOLVE_SINKHOLED, best->ts, out);
}

static bool
settle(struct resolve *r, struct lookup *l, int64_t now, struct resolve_news *out)
{
	const struct lookup_family *best;
	enum resolve_verdict verdict = lookup_verdict(l, &best);

	if (verdict == RESOLVE_GOOD) {
		if (l->waiting)
			wait_no_more(r, l);
		if (l->state == LOOKUP_ANSWERED)
			return false;
		l->state = LOOKUP_ANSWERED;
		l->settled = now;
		return tell(l, RESOLVE_ANSWERED, now, out);
	}
	if (l->state != LOOKUP_PENDING || verdict == RESOLVE_NONE)
		return false;
	if (lookup_complete(l))
		return conclude(r, l, out);
	if (!l->waiting) {
		l->waiting = true;
		l->since = now;
		table_move(r->starts, l, TABLE_DEAR);
	}
	return false;
}

static struct table *
lookups_of(struct resolve *r, enum name_role role)
{
	return name_role_starts(role) ? r->starts : r->hints;
}

static bool
take_question(struct resolve *r, const struct tuple *t, const struct dns_message *m,
    int64_t now, struct resolve_news *out)
{
	struct lookup_key key = key_of(&t->client.addr, m->name);
	enum name_role role = names_role(r->names, m->name);
	struct table *lookups = lookups_of(r, role);
	struct lookup *l = table_peek(lookups, &key);

	if (l == NULL) {
		l = lookup_new(r, lookups, &key);
		l->role = role;
	} else if (!l->waiting) {
		table_move(lookups, l, TABLE_CHEAP);
	}
	r->asked++;
	ask_note(r, &key.host, role, now);
	if (!lookup_ask(l, t, m, now, r->keep_ns) || !name_role_starts(role))
		return false;
	return tell(l, RESOLVE_ASKED, now, out);
}

static bool
take_answer(struct resolve *r, const struct tuple *t, const struct dns_message *m,
    int64_t now, struct resolve_news *out)
{
	struct lookup_key key = key_of(&t->client.addr, m->name);
	enum name_role role = names_role(r->names, m->name);
	struct lookup *l = table_peek(lookups_of(r, role), &key);
	struct lookup_family said = {.ts = now};

	if (l == NULL || !lookup_fits(l, t, m, now)) {
		r->stray++;
		if (l == NULL)
			learn_stray(r, &key, m, now);
		return false;
	}
	said.verdict = judge_answer(&r->judge, m, &said.addr);
	if (said.verdict == RESOLVE_NONE)
		return false;
	if (said.verdict == RESOLVE_GOOD)
		learn_own(r, l, m, now);
	lookup_answer(l, m->type, &said);
	return name_role_starts(role) && settle(r, l, now, out);
}

bool
resolve_message(struct resolve *r, const struct tuple *t, const struct dns_message *m,
    int64_t now, struct resolve_news *out)
{
	if ((!m->recursive && !m->response) || strlen(m->name) >= HOST_NAME_MAX_TEXT ||
	    names_role(r->names, m->name) == NAME_NONE)
		return false;
	return m->response ? take_answer(r, t, m, now, out)
			   : take_question(r, t, m, now, out);
}

bool
resolve_expire(struct resolve *r, int64_t now, struct resolve_news *out)
{
	struct lookup *l;

	for (;;) {
		l = table_oldest(r->starts, TABLE_DEAR);
		if (l == NULL || elapsed(now, l->since) < (uint64_t)RESOLVE_SETTLE_NS)
			return false;
		if (conclude(r, l, out))
			return true;
	}
}

const struct resolved *
resolve_address(
    struct resolve *r, const struct addr *host, const struct addr *a, int64_t now)
{
	return known_find(r->known, host, a, now);
}

bool
resolve_asked(
    struct resolve *r, const struct addr *host, enum name_role role, int64_t now)
{
	const struct ask *a = table_peek(r->asks, host);

	return a != NULL && a->seen[role] &&
	       elapsed(now, a->ts[role]) < (uint64_t)r->keep_ns;
}

void
resolve_counters(const struct resolve *r, struct counters *to)
{
	counters_add(to, "dns.asked", "questions for messenger names", r->asked);
	counters_add(to, "dns.sinkholed", "lookups that led nowhere", r->sinkholed);
	counters_add(to, "dns.stray", "answers that fit no question seen", r->stray);
	counters_add(to, "dns.evicted", "lookups and addresses given up for want of room",
	    r->evicted + known_evicted(r->known));
}
