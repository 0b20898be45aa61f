#include "detect/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/elapsed.h"
#include "base/text.h"
#include "detect/attempt_book.h"
#include "detect/attempt_try.h"

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
	attempt_retune(a, opts->window_ns);
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
attempt_retune(struct attempts *a, int64_t window_ns)
{
	a->window_ns = window_ns != 0 ? window_ns : 120 * NS_PER_S;
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
begin(struct attempts *a, const struct observation *o)
{
	struct live *l = book_add(a, o);

	if (l == NULL)
		return NULL;
	l->a.tries = 1;
	(void)book_belong(a, o->talk, l, fold_path(l, o), true);
	return l;
}

/*
 * The try of from belongs to into, which began earlier.  Its path follows the others,
 * or takes the place of the redirect that sent it.
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
		(void)book_belong(a, o->talk, into, path, true);
	book_drop(a, from);
	table_move(a->live, into, into->open != 0 ? TABLE_DEAR : TABLE_CHEAP);
	return into;
}

/*
 * The account is known: the try joins what the account has under way, or a nameless try
 * of the host that failed before.
 */
static struct live *
name(struct attempts *a, struct live *l, const struct observation *o)
{
	struct wanted w = {l, o->who->account, false, false, o->conn.ts};
	struct live *other;

	if (o->who->account[0] == '\0' || l->a.account[0] != '\0')
		return l;
	text_put(l->a.account, sizeof(l->a.account), o->who->account);
	if (l->inside)
		return l;
	other = book_look_for(a, &l->host, &w);
	if (other == NULL) {
		w.account = "";
		w.idle = true;
		other = book_look_for(a, &l->host, &w);
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

/* By the time that a cut is certain the client has gone on, or got in, another way. */
static struct live *
gone_on(struct attempts *a, struct live *l, const struct observation *o)
{
	struct wanted w = {l, NULL, false, false, o->conn.ts};
	struct live *next = book_look_for(a, &l->host, &w);

	if (next == NULL) {
		w.inside = true;
		next = book_look_for(a, &l->host, &w);
	}
	return next != NULL && next->id > l->id && next->redirected == 0 ? next : NULL;
}

static void
closed(struct attempts *a, struct live *l, const struct belonging *b,
    const struct observation *o)
{
	struct wanted w = {l, NULL, false, false, o->conn.ts};
	struct live *other = NULL;
	bool switchboard = b->switchboard;

	if (!switchboard && l->a.n_paths != 0) {
		fold_closed(l, b->path, o);
		if (o->confidence == CONFIDENCE_HINT && l->a.n_paths == 1)
			l->a.confidence = CONFIDENCE_HINT;
		if (l->inside && l->a.signed_in_at != 0)
			l->a.signed_in_ns = span_of(l->a.signed_in_at, o->conn.ts);
	}
	l->a.bytes_client += o->bytes[SIDE_CLIENT];
	l->a.bytes_server += o->bytes[SIDE_SERVER];
	book_forget(a, o->talk, l);
	if (l->open != 0 || l->inside || l->a.account[0] != '\0' || switchboard)
		return;
	other = book_look_for(a, &l->host, &w);
	if (other != NULL && other->id < l->id) {
		(void)merge(a, other, l, o);
		return;
	}
	other = o->closing == CLOSING_CUT ? gone_on(a, l, o) : NULL;
	if (other != NULL)
		(void)merge(a, other, l, o);
}

/*
 * Whose session a switchboard or a keep-alive shows: one already known, or one begun
 * unseen.
 */
static struct live *
session_of(struct attempts *a, const struct observation *o)
{
	const char *account = o->who->account;
	struct wanted w = {NULL, account, true, false, o->conn.ts};
	struct live *l = NULL;

	if (account[0] == '\0')
		w.account = NULL;
	l = book_look_for(a, &o->conn.tuple.client.addr, &w);
	if (l != NULL || account[0] == '\0')
		return l;
	w.account = "";
	l = book_look_for(a, &o->conn.tuple.client.addr, &w);
	if (l != NULL) {
		text_put(l->a.account, sizeof(l->a.account), account);
		return l;
	}
	/* Nobody talks before signing in: the yes itself must have been lost. */
	w = (struct wanted){NULL, account, false, false, o->conn.ts};
	l = book_look_for(a, &o->conn.tuple.client.addr, &w);
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
	b = book_belong(a, o->talk, l, 0, true);
	b->switchboard = o->who->switchboard;
	if (o->sign == SIGN_CONVERSATION && !b->counted) {
		l->a.conversations++;
		b->counted = true;
	}
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
	case SIGN_TRYING:
	case SIGN_REACHED:
	case SIGN_BLOCKED:
	case SIGN_HINTED:
		break;
	}
}

/*
 * A dialogue that belongs nowhere yet; a switchboard's waits until the client is let
 * in.
 */
static struct live *
first_seen(struct attempts *a, const struct observation *o)
{
	if (o->sign == SIGN_CONVERSATION || o->sign == SIGN_IN_SESSION)
		return inside(a, o);
	if (o->sign == SIGN_CLOSED || o->sign == SIGN_SIGNED_OUT || o->who->switchboard)
		return NULL;
	return begin(a, o);
}

void
attempt_add(struct attempts *a, const struct observation *o)
{
	struct belonging *b = book_belonging(a, o->talk);
	struct live *l = b != NULL ? book_at(a, b->attempt) : NULL;

	if (o->sign >= SIGN_TRYING) {
		attempt_try(a, l, b, o);
		return;
	}
	if (l == NULL || (o->sign == SIGN_CONVERSATION && !b->counted))
		l = first_seen(a, o);
	if (l == NULL)
		return;
	fold_facts(l, o);
	if (!o->who->switchboard)
		l = name(a, l, o);
	b = book_belonging(a, o->talk);
	if (b != NULL)
		apply(a, l, b, o);
}

/* The next one that is over at now; with finish, whichever. */
static struct live *
over(struct attempts *a, int64_t now, bool finish)
{
	struct live *l = finish ? book_oldest(a) : table_oldest(a->live, TABLE_CHEAP);

	if (finish || l == NULL)
		return l;
	return l->open == 0 && elapsed(now, l->last) > (uint64_t)a->window_ns ? l : NULL;
}

bool
attempt_next(struct attempts *a, int64_t now, bool finish, struct event *out)
{
	struct live *l;

	if (a->next_evicted != a->n_evicted) {
		*out = a->evicted[a->next_evicted++];
		return true;
	}
	a->next_evicted = a->n_evicted = 0;
	while ((l = over(a, now, finish)) != NULL)
		if (book_tell(a, l, out))
			return true;
	return false;
}

void
attempt_counters(const struct attempts *a, struct counters *to)
{
	counters_add(to, "attempt.told", "attempts told", a->told);
	counters_add(to, "attempt.hints", "of them hints only", a->hints);
	counters_add(to, "attempt.evicted",
	    "attempts told early, or not followed, for want of room", a->given_up);
}
