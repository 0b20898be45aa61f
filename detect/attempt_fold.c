#include "detect/attempt_fold.h"

#include <string.h>

#include "base/elapsed.h"
#include "base/text.h"

int64_t
fold_began(const struct observation *o)
{
	bool request = o->path == PATH_GATEWAY &&
		       (o->reason == REASON_NONE || o->reason == REASON_PROXY_DENIED);

	return request ? o->conn.ts : o->conn.began;
}

static struct path_try
path_of(const struct observation *o)
{
	struct path_try p = {.path = o->path,
	    .count = 1,
	    .first = fold_began(o),
	    .last = o->conn.ts,
	    .server = o->conn.tuple.server};

	text_put(p.host, sizeof(p.host), o->host);
	return p;
}

static void
put_path(struct attempt *a, const struct path_try *p)
{
	if (a->n_paths == ATTEMPT_PATHS_MAX) {
		a->more_paths++;
		a->n_paths--;
	}
	a->paths[a->n_paths++] = *p;
	if (a->start == 0 || p->first < a->start)
		a->start = p->first;
}

uint8_t
fold_path(struct live *l, const struct observation *o)
{
	struct path_try p = path_of(o);

	put_path(&l->a, &p);
	return (uint8_t)(l->a.n_paths - 1);
}

void
fold_continue(struct live *l, uint8_t path, const struct observation *o)
{
	struct path_try *p = &l->a.paths[path];

	p->server = o->conn.tuple.server;
	p->last = o->conn.ts;
	l->redirected = 0;
}

/* A connection that ends by time has no frame of its own: the last one known stays. */
static void
decide_by(struct live *l, const struct conn *c)
{
	const char *origin = l->deciding.origin;
	uint64_t frame = l->deciding.frame;

	l->deciding = *c;
	if (c->origin == NULL) {
		l->deciding.origin = origin;
		l->deciding.frame = frame;
	}
}

static void
fold_times(struct live *l, const struct observation *o)
{
	struct attempt *a = &l->a;

	if (o->conn.ts > l->last)
		l->last = o->conn.ts;
	if (o->conn.ts > a->end)
		a->end = o->conn.ts;
	if (a->start == 0)
		a->start = o->conn.ts;
	if (o->confidence > a->confidence)
		a->confidence = o->confidence;
}

void
fold_try(struct live *l, const struct observation *o)
{
	fold_times(l, o);
	if (l->deciding.flow_id == 0 || l->a.account[0] == '\0')
		decide_by(l, &o->conn);
}

void
fold_facts(struct live *l, const struct observation *o)
{
	const struct signin *s = o->who;
	struct attempt *a = &l->a;

	fold_times(l, o);
	if (!s->switchboard || l->deciding.flow_id == 0)
		decide_by(l, &o->conn);
	if (s->switchboard)
		return;
	if (s->n_offered != 0) {
		memcpy(a->offered, s->offered, s->n_offered);
		a->n_offered = s->n_offered;
	}
	if (s->dialect != 0)
		a->dialect = s->dialect;
	if (s->client.name[0] != '\0')
		a->client = s->client;
}

static void
blocked(struct path_try *p, enum reason why)
{
	p->outcome = OUTCOME_BLOCKED;
	p->reason = why;
}

/* No messenger answer: the way it ended tells what stood in between. */
static void
closed_unanswered(struct path_try *p, const struct observation *o)
{
	bool at_once = elapsed(o->conn.ts, p->first) < (uint64_t)NS_PER_S;

	if (status_is_denial(o->status)) {
		blocked(p, REASON_PROXY_DENIED);
		p->code = (uint16_t)o->status;
		p->by = o->conn.tuple.server.addr;
		return;
	}
	switch (o->closing) {
	case CLOSING_RESET_SERVER:
	case CLOSING_SERVER:
		blocked(p, REASON_REFUSED);
		break;
	case CLOSING_RESET_CLIENT:
		blocked(p, at_once ? REASON_REFUSED : REASON_NO_ANSWER);
		break;
	case CLOSING_PROHIBITED:
		blocked(p, REASON_PROHIBITED);
		break;
	case CLOSING_CLIENT:
	case CLOSING_SILENT:
		blocked(p, REASON_NO_ANSWER);
		break;
	case CLOSING_CUT:
	case CLOSING_STOPPED:
	case CLOSING_NOT:
		break;
	}
}

static void
closed_answered(struct path_try *p, const struct observation *o)
{
	switch (o->closing) {
	case CLOSING_RESET_SERVER:
	case CLOSING_SERVER:
		p->outcome = o->who->left ? OUTCOME_ABANDONED : OUTCOME_REJECTED;
		break;
	case CLOSING_RESET_CLIENT:
	case CLOSING_CLIENT:
		p->outcome = OUTCOME_ABANDONED;
		break;
	case CLOSING_PROHIBITED:
	case CLOSING_SILENT:
	case CLOSING_CUT:
	case CLOSING_STOPPED:
	case CLOSING_NOT:
		break;
	}
}

void
fold_closed(struct live *l, uint8_t path, const struct observation *o)
{
	struct path_try *p = &l->a.paths[path];

	p->last = o->conn.ts;
	if (p->outcome != OUTCOME_UNFINISHED || l->redirected == path + 1)
		return;
	p->forged = o->conn.forged && o->closing == CLOSING_RESET_SERVER;
	if (o->closing == CLOSING_CUT)
		p->outcome = OUTCOME_RESET;
	else if (o->who->answered)
		closed_answered(p, o);
	else
		closed_unanswered(p, o);
}

static bool
same_try(const struct path_try *a, const struct path_try *b)
{
	return a->path == b->path && a->outcome == b->outcome && a->reason == b->reason &&
	       a->code == b->code && addr_cmp(&a->by, &b->by) == 0;
}

static void
add_repeat(struct path_try *to, const struct path_try *again)
{
	to->count += again->count;
	to->syns += again->syns;
	to->forged = to->forged || again->forged;
	to->server = again->server;
	if (again->first < to->first)
		to->first = again->first;
	if (again->last > to->last)
		to->last = again->last;
}

static void
turned_away(struct path_try *p, const struct observation *o)
{
	blocked(p, o->reason);
	p->by = o->by;
	p->code = (uint16_t)o->status;
	p->syns = o->syns;
	p->forged = o->conn.forged;
	if (p->host[0] == '\0')
		text_put(p->host, sizeof(p->host), o->host);
}

void
fold_turned_away(struct live *l, const struct observation *o)
{
	struct attempt *a = &l->a;
	struct path_try p = path_of(o);
	struct path_try *last = a->n_paths != 0 ? &a->paths[a->n_paths - 1] : NULL;

	turned_away(&p, o);
	a->tries++;
	if (p.first < a->start)
		a->start = p.first;
	if (last != NULL && same_try(last, &p))
		add_repeat(last, &p);
	else if (a->n_paths == ATTEMPT_PATHS_MAX && last->outcome != OUTCOME_BLOCKED)
		a->more_paths++;
	else
		put_path(a, &p);
}

void
fold_redirect_lost(struct live *l, const struct observation *o)
{
	uint8_t path = (uint8_t)(l->redirected - 1);

	fold_continue(l, path, o);
	if (l->a.paths[path].outcome == OUTCOME_UNFINISHED)
		turned_away(&l->a.paths[path], o);
}

/* A proxy that asks who is there has not refused when the same way then goes on. */
static bool
asked_first(const struct path_try *a, const struct path_try *next)
{
	return a->reason == REASON_PROXY_DENIED && a->code == 407 &&
	       a->path == next->path && next->outcome != OUTCOME_BLOCKED;
}

/* A verdict that had to wait, as on a lookup, comes after what was tried meanwhile. */
static void
sort_paths(struct attempt *a)
{
	struct path_try p;
	uint8_t i, k;

	for (i = 1; i < a->n_paths; i++) {
		p = a->paths[i];
		for (k = i; k > 0 && a->paths[k - 1].first > p.first; k--)
			a->paths[k] = a->paths[k - 1];
		a->paths[k] = p;
	}
}

static void
fold_repeats(struct attempt *a)
{
	uint8_t i, n = 0;

	for (i = 0; i < a->n_paths; i++) {
		if (i + 1 < a->n_paths && asked_first(&a->paths[i], &a->paths[i + 1])) {
			a->tries -= a->paths[i].count;
			continue;
		}
		if (n != 0 && same_try(&a->paths[n - 1], &a->paths[i])) {
			add_repeat(&a->paths[n - 1], &a->paths[i]);
		} else {
			a->paths[n++] = a->paths[i];
		}
	}
	a->n_paths = n;
}

void
fold_merge(struct live *into, const struct live *from)
{
	struct attempt *a = &into->a;
	const struct attempt *b = &from->a;
	size_t i;

	/* Open dialogues know their path by its place, so these may not move. */
	if (a->n_paths == ATTEMPT_PATHS_MAX && into->open == 0 && into->redirected == 0)
		fold_repeats(a);
	for (i = 0; i < b->n_paths; i++) {
		if (a->n_paths == ATTEMPT_PATHS_MAX) {
			a->more_paths++;
			a->n_paths--;
		}
		a->paths[a->n_paths++] = b->paths[i];
	}
	a->tries += b->tries;
	a->bytes_client += b->bytes_client;
	a->bytes_server += b->bytes_server;
	a->more_paths += b->more_paths;
	if (b->start < a->start)
		a->start = b->start;
	if (b->end > a->end)
		a->end = b->end;
	if (b->confidence > a->confidence)
		a->confidence = b->confidence;
	if (b->n_offered != 0) {
		memcpy(a->offered, b->offered, b->n_offered);
		a->n_offered = b->n_offered;
	}
	if (b->dialect != 0)
		a->dialect = b->dialect;
	if (b->client.name[0] != '\0')
		a->client = b->client;
	into->deciding = from->deciding;
	if (from->last > into->last)
		into->last = from->last;
}

static bool
failed(const struct path_try *p)
{
	return p->outcome != OUTCOME_SIGNED_IN && p->outcome != OUTCOME_IN_SESSION &&
	       p->outcome != OUTCOME_UNFINISHED;
}

/*
 * The last word counts, but a path that was blocked says nothing over one that was
 * answered.
 */
static const struct path_try *
deciding_path(const struct attempt *a)
{
	const struct path_try *best = &a->paths[0];
	uint8_t i;

	for (i = 1; i < a->n_paths; i++)
		if (a->paths[i].outcome != OUTCOME_BLOCKED ||
		    best->outcome == OUTCOME_BLOCKED)
			best = &a->paths[i];
	return best;
}

void
fold_verdict(struct attempt *a)
{
	const struct path_try *p;
	uint8_t i;

	if (a->n_paths == 0)
		return;
	sort_paths(a);
	fold_repeats(a);
	if (a->n_paths == 0)
		return;
	p = deciding_path(a);
	a->outcome = p->outcome;
	a->error_code = p->outcome == OUTCOME_REJECTED ? p->code : 0;
	a->reason = p->outcome == OUTCOME_BLOCKED ? a->paths[0].reason : REASON_NONE;
	for (i = 1; i < a->n_paths; i++)
		if (failed(&a->paths[i - 1]) && a->paths[i].path != a->paths[i - 1].path)
			a->fallback = true;
}
