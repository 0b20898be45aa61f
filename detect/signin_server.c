#include "detect/signin_lines.h"
#include "detect/signin_state.h"

#define V MSNP_VERB

static bool
was_offered(const struct signin *s, unsigned dialect)
{
	size_t i;

	for (i = 0; i < s->n_offered; i++)
		if (s->offered[i] == dialect)
			return true;
	return s->n_offered == 0 || s->n_offered == DIALECTS_MAX;
}

/* The first dialect of the answer is in force; none at all is a refusal. */
static void
server_ver(struct signin *s, const struct signin_view *view, const struct msnp_line *line)
{
	unsigned dialect = 0;
	size_t i;

	if (s->stage >= STAGE_YES || s->said_ver[SIDE_SERVER] || s->switchboard ||
	    line->n_args < 2)
		return;
	for (i = 1; i < line->n_args && dialect == 0; i++)
		dialect = msnp_dialect(line->arg[i]);
	if (dialect == 0) {
		if (s->stage != STAGE_NONE)
			signin_no(s, 0);
		return;
	}
	if (!was_offered(s, dialect))
		return;
	s->dialect = (uint8_t)dialect;
	s->answered = true;
	s->said_ver[SIDE_SERVER] = true;
	if (s->stage == STAGE_NONE)
		s->stage = STAGE_OFFERED;
	if (view->unseen[SIDE_CLIENT])
		s->news |= 1U << SIGN_OPENED;
}

static void
server_ok(struct signin *s, const struct msnp_line *line)
{
	bool conversation = s->switchboard;

	/* The yes names who is in; other protocols have an OK of their own. */
	if (line->n_args < 3 || msnp_handle(line->arg[2]).n == 0)
		return;
	/* Alone, a switchboard's welcome has a name and nothing after it. */
	if (s->stage == STAGE_NONE && !s->said_ver[SIDE_SERVER] && line->n_args == 4 &&
	    !s->said_usr[SIDE_SERVER])
		conversation = true;
	s->answered = true;
	signin_account(s, line->arg[2], ACCOUNT_SERVICE);
	if (!conversation) {
		if (s->stage != STAGE_NO)
			signin_yes(s);
		return;
	}
	signin_join(s);
}

static void
server_usr(struct signin *s, const struct msnp_line *line)
{
	if (line->n_args < 2)
		return;
	if (bytes_eq_fold(line->arg[1], "OK")) {
		server_ok(s, line);
	} else if (line->n_args > 2 && bytes_eq_fold(line->arg[2], "S") &&
		   !s->switchboard) {
		s->answered = true;
		s->said_usr[SIDE_SERVER] = true;
		if (s->stage < STAGE_CHALLENGED) {
			s->stage = STAGE_CHALLENGED;
			s->news |= 1U << SIGN_CHALLENGED;
		}
	} else if (line->n_args > 2 && bytes_eq_fold(line->arg[2], "I")) {
		s->echo = true;
	}
}

/*
 * XFR n NS address: go there; XFR 0 NS 0: begin again here.  XFR n SB is a
 * conversation's.
 */
static void
server_xfr(struct signin *s, const struct msnp_line *line)
{
	if (line->n_args < 3 || !bytes_eq_fold(line->arg[1], "NS") ||
	    s->stage >= STAGE_YES)
		return;
	s->answered = true;
	if (bytes_eq_fold(line->arg[2], "0")) {
		s->stage = STAGE_NONE;
		s->said_ver[SIDE_CLIENT] = s->said_ver[SIDE_SERVER] = false;
		return;
	}
	if (!msnp_endpoint(line->arg[2], &s->redirect))
		s->redirect = (struct endpoint){0};
	s->news |= 1U << SIGN_REDIRECTED;
}

/*
 * An error ends the sign-in only when it answers a command of the sign-in; with the
 * client's side missing, only when nothing else is under way yet.
 */
static void
server_error(
    struct signin *s, const struct signin_view *view, const struct msnp_line *line)
{
	const struct pending *p;
	uint32_t trid;

	if (!msnp_trid(line, &trid) || s->switchboard || s->stage >= STAGE_YES)
		return;
	p = signin_pending(s, SIDE_CLIENT, trid);
	if (p != NULL) {
		if (p->code == V('U', 'S', 'R') || p->code == V('V', 'E', 'R') ||
		    p->code == V('C', 'V', 'R') || p->code == V('I', 'N', 'F')) {
			s->answered = true;
			signin_no(s, msnp_error(line));
		}
		return;
	}
	if ((view->unseen[SIDE_CLIENT] || view->lossy[SIDE_CLIENT]) &&
	    s->stage != STAGE_NONE) {
		s->answered = true;
		signin_no(s, msnp_error(line));
	}
}

/*
 * What the service tells only those who are signed in; a witness when USR OK is lost.
 */
static bool
only_inside(const struct msnp_line *line)
{
	switch (line->code) {
	case V('S', 'B', 'S'):
	case V('I', 'L', 'N'):
	case V('N', 'L', 'N'):
	case V('C', 'H', 'L'):
	case V('L', 'S', 'T'):
	case V('Q', 'N', 'G'):
		return true;
	case V('M', 'S', 'G'):
		return line->n_args == 3 && bytes_eq_fold(line->arg[0], "Hotmail");
	default:
		return false;
	}
}

static void
server_other(
    struct signin *s, const struct signin_view *view, const struct msnp_line *line)
{
	bool begun = s->stage == STAGE_CHALLENGED || s->stage == STAGE_CREDENTIAL;

	if (begun && view->lossy[SIDE_SERVER] && only_inside(line))
		signin_yes(s);
}

static void
server_join(struct signin *s, const struct msnp_line *line)
{
	bool ok = line->code == V('I', 'R', 'O') ||
		  (line->n_args > 1 && bytes_eq_fold(line->arg[1], "OK"));

	if (ok && s->stage == STAGE_NONE && (s->switchboard || s->agreed))
		signin_join(s);
}

void
signin_server_line(
    struct signin *s, const struct signin_view *view, const struct msnp_line *line)
{
	if (msnp_error(line) != 0) {
		server_error(s, view, line);
		return;
	}
	switch (line->code) {
	case V('V', 'E', 'R'):
		server_ver(s, view, line);
		break;
	case V('C', 'V', 'R'):
		s->said_cvr[SIDE_SERVER] = true;
		s->answered = true;
		break;
	case V('I', 'N', 'F'):
		s->answered = true;
		break;
	case V('U', 'S', 'R'):
		server_usr(s, line);
		break;
	case V('X', 'F', 'R'):
		server_xfr(s, line);
		break;
	case V('A', 'N', 'S'):
	case V('I', 'R', 'O'):
		server_join(s, line);
		break;
	case V('O', 'U', 'T'):
		s->dismissed = true;
		s->news |= 1U << SIGN_SIGNED_OUT;
		break;
	default:
		server_other(s, view, line);
		break;
	}
}
