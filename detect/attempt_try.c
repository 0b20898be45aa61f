#include "detect/attempt_try.h"

#include "base/text.h"

/*
 * The attempt that a try without an account belongs to: what its host has under way, or
 * a new one.  When the host is signed in, a try that began before belongs to how it got
 * there, whenever its end is known; a later one is a conversation's connection, or
 * another of the many a client makes, and to none.
 */
static struct live *
attempt_of_try(struct attempts *a, const struct observation *o)
{
	const struct addr *host = &o->conn.tuple.client.addr;
	struct wanted w = {.inside = true, .now = o->conn.ts};
	struct live *l = book_look_for(a, host, &w);

	if (l != NULL && fold_began(o) < l->a.signed_in_at)
		return l;
	if (l != NULL && l->open != 0)
		return NULL;
	w.inside = false;
	l = book_look_for(a, host, &w);
	return l != NULL ? l : book_add(a, o);
}

/* A redirect's second connection goes on with the path that was redirected. */
static bool
goes_on(const struct live *l, const struct observation *o)
{
	return l->redirected != 0 && l->a.paths[l->redirected - 1].path == o->path;
}

/* A try has no path until it is turned away: then, its attempt may be another one. */
static void
trying(struct attempts *a, const struct observation *o)
{
	struct live *l = attempt_of_try(a, o);

	if (l == NULL)
		return;
	fold_try(l, o);
	book_belong(a, o->talk, l, 0, false)->again = goes_on(l, o);
}

static void
answered(struct attempts *a, struct live *l, uint64_t talk)
{
	book_forget(a, talk, l);
	if (l->trying == 0 && book_is_empty(l))
		book_drop(a, l);
}

static void
turned_away(struct attempts *a, struct live *l, const struct belonging *b,
    const struct observation *o)
{
	bool again = b == NULL || b->again;

	if (l == NULL)
		l = attempt_of_try(a, o);
	if (l == NULL)
		return;
	fold_try(l, o);
	if (again && goes_on(l, o))
		fold_redirect_lost(l, o);
	else
		fold_turned_away(l, o);
	book_forget(a, o->talk, l);
}

/* Whoever checks a password is signing in: the newest attempt, if there is one. */
static void
hint(struct attempts *a, const struct observation *o)
{
	struct wanted w = {.now = o->conn.ts};
	struct live *l = book_look_for(a, &o->conn.tuple.client.addr, &w);

	if (l != NULL && l->a.signin_host[0] == '\0')
		text_put(l->a.signin_host, sizeof(l->a.signin_host), o->host);
}

void
attempt_try(
    struct attempts *a, struct live *l, struct belonging *b, const struct observation *o)
{
	if (o->sign == SIGN_HINTED)
		hint(a, o);
	else if (o->sign == SIGN_TRYING)
		trying(a, o);
	else if (o->sign == SIGN_BLOCKED)
		turned_away(a, l, b, o);
	else if (l != NULL)
		answered(a, l, o->talk);
}
