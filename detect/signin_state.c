#include "detect/signin_state.h"

#include "base/text.h"

const struct pending *
signin_pending(const struct signin *s, enum side side, uint32_t trid)
{
	size_t i;

	for (i = 0; i < SIGNIN_PENDING; i++)
		if (s->pending[side][i].code != 0 && s->pending[side][i].trid == trid)
			return &s->pending[side][i];
	return NULL;
}

void
signin_account(struct signin *s, struct bytes token, enum account_from from)
{
	struct bytes handle = msnp_handle(token);

	if (handle.n == 0 || from < s->account_from)
		return;
	if (s->account[0] == '\0' && !s->switchboard)
		s->news |= 1U << SIGN_NAMED;
	(void)text_safe_fold(s->account, sizeof(s->account), handle);
	s->account_from = (uint8_t)from;
}

bool
signin_settled(const struct signin *s)
{
	return s->stage == STAGE_YES || s->settled || s->joined;
}

void
signin_yes(struct signin *s)
{
	if (s->stage == STAGE_YES)
		return;
	s->stage = STAGE_YES;
	s->in_session = false;
	s->news |= 1U << SIGN_SIGNED_IN;
}

void
signin_no(struct signin *s, unsigned code)
{
	s->stage = STAGE_NO;
	s->error_code = (uint16_t)code;
	s->news |= 1U << SIGN_REJECTED;
}

void
signin_join(struct signin *s)
{
	if (!s->joined)
		s->news |= 1U << SIGN_CONVERSATION;
	s->switchboard = true;
	s->joined = true;
	s->answered = true;
	s->in_session = false;
}
