#include "base/event.h"

const char *
path_word(enum path p)
{
	static const char *const words[] = {"direct", "gateway", "connect", "socks"};

	return words[p];
}

const char *
outcome_word(enum outcome o)
{
	static const char *const words[] = {"unfinished", "signed-in", "rejected",
	    "abandoned", "blocked", "reset", "in-session"};

	return words[o];
}

const char *
reason_word(enum reason r)
{
	static const char *const words[] = {
	    "", "no-answer", "refused", "prohibited", "sinkholed", "proxy-denied"};

	return words[r];
}

const char *
confidence_word(enum confidence c)
{
	static const char *const words[] = {"hint", "likely", "certain"};

	return words[c];
}

const char *
sign_word(enum sign s)
{
	static const char *const words[] = {"opened", "named", "redirected", "challenged",
	    "signed-in", "rejected", "in-session", "conversation", "signed-out", "closed",
	    "trying", "reached", "blocked", "hinted"};

	return words[s];
}

const char *
coverage_word(enum coverage_kind k)
{
	static const char *const words[] = {"damaged", "unreadable", "skipped",
	    "link-type", "lost", "dropped", "interface", "output"};

	return words[k];
}

const char *
fate_word(enum fate f)
{
	static const char *const words[] = {"held", "undecided", "reached", "leaked"};

	return words[f];
}

const char *
holding_word(enum holding h)
{
	static const char *const words[] = {"none", "holds", "leaks", "undecided"};

	return words[h];
}

const char *
result_word(enum outcome o, enum reason r)
{
	return o == OUTCOME_BLOCKED && r != REASON_NONE ? reason_word(r)
							: outcome_word(o);
}
