#include <stdio.h>

#include "base/text.h"
#include "detect/product.h"
#include "detect/signin_lines.h"
#include "detect/signin_state.h"

#define V MSNP_VERB

static bool
is_method(struct bytes token)
{
	return bytes_eq_fold(token, "MD5") || bytes_eq_fold(token, "TWN") ||
	       bytes_eq_fold(token, "SSO") || bytes_eq_fold(token, "CTP");
}

static void
client_ver(struct signin *s, const struct msnp_line *line)
{
	unsigned dialect;
	size_t i;

	if (s->stage > STAGE_OFFERED || s->switchboard)
		return;
	s->n_offered = 0;
	for (i = 1; i < line->n_args && s->n_offered < DIALECTS_MAX; i++)
		if ((dialect = msnp_dialect(line->arg[i])) != 0)
			s->offered[s->n_offered++] = (uint8_t)dialect;
	if (s->n_offered == 0)
		return;
	s->said_ver[SIDE_CLIENT] = true;
	s->stage = STAGE_OFFERED;
	s->news |= 1U << SIGN_OPENED;
}

static void
claim(char *dst, size_t size, const struct msnp_line *line, size_t i)
{
	if (i < line->n_args)
		(void)text_safe(dst, size, line->arg[i]);
}

static void
client_cvr(struct signin *s, const struct msnp_line *line)
{
	struct client_claim *c = &s->client;
	char os[20] = "", version[12] = "";

	if (s->switchboard || s->said_cvr[SIDE_CLIENT] || line->n_args < 6)
		return;
	claim(c->locale, sizeof(c->locale), line, 1);
	claim(os, sizeof(os), line, 2);
	claim(version, sizeof(version), line, 3);
	(void)snprintf(c->os, sizeof(c->os), "%s %s", os, version);
	claim(c->arch, sizeof(c->arch), line, 4);
	claim(c->name, sizeof(c->name), line, 5);
	claim(c->version, sizeof(c->version), line, 6);
	claim(c->brand, sizeof(c->brand), line, 7);
	product_name(c, s->offered, s->n_offered);
	s->said_cvr[SIDE_CLIENT] = true;
	if (line->n_args > 8)
		signin_account(s, line->arg[8], ACCOUNT_CVR);
}

static void
open_switchboard(struct signin *s, const struct msnp_line *line)
{
	const struct pending *welcome;
	uint32_t trid;

	if (s->stage != STAGE_NONE || s->switchboard || msnp_handle(line->arg[1]).n == 0)
		return;
	s->switchboard = true;
	signin_account(s, line->arg[1], ACCOUNT_USR);
	s->news |= 1U << SIGN_OPENED;
	welcome = msnp_trid(line, &trid) ? signin_pending(s, SIDE_SERVER, trid) : NULL;
	if (welcome != NULL && welcome->error == 0)
		signin_join(s);
}

/*
 * USR n METHOD I account, USR n METHOD S credential; USR n SHA A ticket is no sign-in,
 * and USR n account cookie opens a switchboard.
 */
static void
client_usr(struct signin *s, const struct msnp_line *line)
{
	if (line->n_args < 3)
		return;
	if (bytes_eq_fold(line->arg[1], "SHA") && s->stage == STAGE_NONE)
		s->settled = true;
	if (!is_method(line->arg[1])) {
		open_switchboard(s, line);
		return;
	}
	if (s->switchboard || s->stage >= STAGE_YES)
		return;
	if (bytes_eq_fold(line->arg[2], "S")) {
		s->stage = STAGE_CREDENTIAL;
	} else if (bytes_eq_fold(line->arg[2], "I") && line->n_args > 3) {
		signin_account(s, line->arg[3], ACCOUNT_USR);
		if (s->stage < STAGE_NAMED)
			s->stage = STAGE_NAMED;
		s->said_usr[SIDE_CLIENT] = true;
	}
}

/* Commands that mean nothing before the service has said yes. */
static bool
follows_yes(uint32_t code)
{
	static const uint32_t codes[] = {V('S', 'Y', 'N'), V('C', 'H', 'G'),
	    V('A', 'D', 'L'), V('B', 'L', 'P'), V('P', 'U', 'T'), V('U', 'U', 'X'),
	    V('G', 'T', 'C'), V('P', 'R', 'P'), V('G', 'C', 'F')};
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* An answer that the capture has and that came before its question was captured. */
static void
settle_early_error(struct signin *s, const struct msnp_line *line)
{
	const struct pending *p;
	uint32_t trid;

	if (s->stage >= STAGE_YES || s->switchboard || !msnp_trid(line, &trid))
		return;
	p = signin_pending(s, SIDE_SERVER, trid);
	if (p != NULL && p->error != 0)
		signin_no(s, p->error);
}

void
signin_client_line(
    struct signin *s, const struct signin_view *view, const struct msnp_line *line)
{
	bool blind = view->unseen[SIDE_SERVER] || view->lossy[SIDE_SERVER];

	switch (line->code) {
	case V('V', 'E', 'R'):
		client_ver(s, line);
		break;
	case V('C', 'V', 'R'):
		client_cvr(s, line);
		break;
	case V('U', 'S', 'R'):
		client_usr(s, line);
		break;
	case V('A', 'N', 'S'):
		if (line->n_args > 3)
			open_switchboard(s, line);
		break;
	case V('O', 'U', 'T'):
		s->left = true;
		s->news |= 1U << SIGN_SIGNED_OUT;
		break;
	default:
		if (s->stage == STAGE_CREDENTIAL && blind && follows_yes(line->code))
			signin_yes(s);
		return;
	}
	if (line->code != V('O', 'U', 'T'))
		settle_early_error(s, line);
}
