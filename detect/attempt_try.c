#include "detect/attempt_try.h"

#include "base/text.h"

/*
 * The attempt that a try without an account belongs to: what its host has under way, or a
 * new one.  None when the host is signed in: then it is a conversation's connection, or
 * another of the many a client makes.
 */
static struct live *
attempt_of_try(struct attempts *a, const struct observation *o)
{
	const struct addr *host = &o->conn.tuple.client.addr;
	struct wanted w = {.inside = true, .now = o->conn.ts};
	struct live *l = book_look_for(a, host, &w);

	if (l != NULL && l->open != 0)
		return NULL;
	w.inside = false;
	l = book_look_for(a, host, &w);
	return l != NULL ? l : book_add(a, o);
}

/* A redirect's second connection goes on with the path that was redirected. */
static struct belonging *
begin(struct attempts *a, const struct observation *o)
{
	struct live *l = attempt_of_try(a, o);
	struct belonging *b;
	bool again;

	if (l == NULL)
		return NULL;
	again = l->redirected != 0 && l->a.paths[l->redirected - 1].path == o->path;
	b = book_belong(
	    a, o->talk, l, again ? (uint8_t)(l->redirected - 1) : fold_path(l, o), false);
	b->again = again;
	return b;
}

static void
answered(struct attempts *a, struct live *l, const struct belonging *b, uint64_t talk)
{
	if (!b->again)
		fold_drop_path(l, b->path);
	book_forget(a, talk, l);
	if (l->a.n_paths == 0 && l->open == 0 && l->a.account[0] == '\0')
		book_drop(a, l);
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
	struct path_try *p;

	if (o->sign == SIGN_HINTED) {
		hint(a, o);
		return;
	}
	if (l == NULL && o->sign != SIGN_REACHED) {
		b = begin(a, o);
		l = b != NULL ? book_at(a, b->attempt) : NULL;
	}
	if (l == NULL)
		return;
	fold_try(l, o);
	if (o->sign == SIGN_REACHED) {
		answered(a, l, b, o->talk);
	} else if (o->sign == SIGN_BLOCKED) {
		p = &l->a.paths[b->path];
		if (p->host[0] == '\0')
			text_put(p->host, sizeof(p->host), o->host);
		fold_turned_away(l, b->path, o);
		l->a.tries++;
		book_forget(a, o->talk, l);
	}
}
