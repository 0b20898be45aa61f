#include "detect/signin.h"

#include "detect/signin_lines.h"
#include "detect/signin_state.h"

#define V MSNP_VERB

/* FNV-1a over the line's tokens: enough to tell an echo from an answer. */
static uint32_t
line_print(const struct msnp_line *line)
{
	uint32_t h = 2166136261U ^ line->code;
	size_t i, k;

	for (i = 0; i < line->n_args; i++) {
		h = (h ^ ' ') * 16777619U;
		for (k = 0; k < line->arg[i].n; k++)
			h = (h ^ line->arg[i].p[k]) * 16777619U;
	}
	return h;
}

static void
remember(struct signin *s, enum side side, const struct pending *p)
{
	s->pending[side][s->n_pending[side]++ % SIGNIN_PENDING] = *p;
}

/* Verbs of the sign-in itself: agreeing on them says nothing of a session before. */
static bool
of_signin(uint32_t code)
{
	return code == V('V', 'E', 'R') || code == V('C', 'V', 'R') ||
	       code == V('I', 'N', 'F') || code == V('U', 'S', 'R') ||
	       code == V('C', 'V', 'Q') || code == V('A', 'N', 'S');
}

/* Whether a client's and a server's line of one transaction are command and answer. */
static bool
answers(const struct pending *client, const struct pending *server)
{
	if (server->error != 0 || client->code == server->code)
		return true;
	return client->code == V('M', 'S', 'G') &&
	       (server->code == V('A', 'C', 'K') || server->code == V('N', 'A', 'K'));
}

/* Both sides agreed on something that comes after a sign-in. */
static void
seen_inside(struct signin *s)
{
	s->agreed = true;
	if (s->stage != STAGE_NONE)
		return;
	s->settled = true;
	/* A switchboard that answers anything has let the client in. */
	if (s->switchboard)
		signin_join(s);
	else
		s->in_session = true;
}

/*
 * An answer that repeats the command to the letter is an echo, unless it is one of
 * the commands that the service does acknowledge that way; VER is, but in the middle of a
 * connection it may as well be text shown again.
 */
static void
judge_pair(struct signin *s, const struct signin_view *view, const struct pending *client,
    const struct pending *server)
{
	bool same = client->print == server->print;

	if (!answers(client, server) || server->trid == 0)
		return;
	if (same &&
	    (client->code == V('C', 'V', 'R') || client->code == V('U', 'S', 'R'))) {
		s->echo = true;
		return;
	}
	if (same && !s->server_only &&
	    !(client->code == V('V', 'E', 'R') && (view->at_start || view->enough))) {
		s->repeated = s->repeated || !of_signin(client->code);
		return;
	}
	s->agreed = true;
	if (!of_signin(client->code) && server->error == 0)
		seen_inside(s);
}

static void
match(struct signin *s, const struct signin_view *view, enum side side,
    const struct msnp_line *line)
{
	struct pending mine = {
	    line->code, 0, line_print(line), (uint16_t)msnp_error(line)};
	const struct pending *theirs;

	if (!msnp_trid(line, &mine.trid))
		return;
	theirs = signin_pending(s, side_other(side), mine.trid);
	if (theirs != NULL && side == SIDE_CLIENT)
		judge_pair(s, view, &mine, theirs);
	else if (theirs != NULL)
		judge_pair(s, view, theirs, &mine);
	remember(s, side, &mine);
}

/* PNG has no number: question and answer are known by their names. */
static void
match_ping(struct signin *s, enum side side, uint32_t code)
{
	if (side == SIDE_CLIENT && code == V('P', 'N', 'G'))
		s->said_ping = true;
	if (side == SIDE_SERVER && code == V('Q', 'N', 'G'))
		s->said_pong = true;
	if (s->said_ping && s->said_pong)
		seen_inside(s);
}

/*
 * Once in, nobody signs in again on the same connection: such a line is a quotation, or
 * of no account, as USR n SHA.  Old clients say CVR late.
 */
static bool
out_of_place(const struct signin *s, uint32_t code)
{
	if (!signin_settled(s))
		return false;
	if (code == V('C', 'V', 'R'))
		return s->stage != STAGE_YES;
	return of_signin(code) || code == V('X', 'F', 'R');
}

/* Lines that only a service sends. */
static bool
server_only(uint32_t code)
{
	return msnp_verb_known(SIDE_SERVER, code) && !msnp_verb_known(SIDE_CLIENT, code);
}

void
signin_line(struct signin *s, const struct signin_view *view, enum side side,
    const struct msnp_line *line)
{
	bool was_in_session = s->in_session;
	uint32_t trid;

	if (line->code == 0 || s->echo)
		return;
	if (!msnp_verb_known(side, line->code) && msnp_error(line) == 0)
		s->alien++;
	if (of_signin(line->code) && !msnp_trid(line, &trid))
		return;
	if (out_of_place(s, line->code))
		return;
	if (side == SIDE_SERVER && server_only(line->code)) {
		s->server_only = true;
		if (s->repeated)
			seen_inside(s);
	}
	if (side == SIDE_SERVER && line->code == V('P', 'N', 'G') && !signin_settled(s))
		s->echo = true;
	match(s, view, side, line);
	match_ping(s, side, line->code);
	if (s->echo)
		return;
	if (side == SIDE_CLIENT)
		signin_client_line(s, view, line);
	else
		signin_server_line(s, view, line);
	if (s->in_session && !was_in_session)
		s->news |= 1U << SIGN_IN_SESSION;
}

enum confidence
signin_proof(const struct signin *s, const struct signin_view *view)
{
	bool opening = s->said_ver[SIDE_CLIENT] || s->switchboard;

	if (s->echo)
		return CONFIDENCE_HINT;
	if (s->agreed || s->joined)
		return CONFIDENCE_CERTAIN;
	if (view->at_start && s->said_ver[SIDE_CLIENT] &&
	    (s->said_cvr[SIDE_CLIENT] || s->said_usr[SIDE_CLIENT]))
		return CONFIDENCE_CERTAIN;
	if (view->enough && (opening || s->said_ver[SIDE_SERVER] || s->in_session))
		return CONFIDENCE_CERTAIN;
	if (view->at_start && opening)
		return CONFIDENCE_LIKELY;
	if (view->at_start && view->unseen[SIDE_CLIENT] && s->said_ver[SIDE_SERVER])
		return CONFIDENCE_LIKELY;
	return CONFIDENCE_HINT;
}
