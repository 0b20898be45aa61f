#include "enforce/rule.h"

static const struct {
	const char *word, *text;
} rules[RULES] = {
    {"cut", "to be cut"},
    {"off", "left alone: enforcement is off"},
    {"panic", "left alone: the panic file is there"},
    {"unsure", "left alone: the evidence is not certain"},
    {"stale", "left alone: the evidence is older than a second"},
    {"outside", "left alone: the host is outside the networks under protection"},
    {"exempt-host", "left alone: the host or the server is exempt"},
    {"path", "left alone: this kind of path is not to be cut"},
    {"proxy", "left alone: others may share the connection to the proxy"},
    {"conversation", "left alone: a conversation, not a sign-in"},
    {"hours", "left alone: out of hours"},
    {"exempt-account", "left alone: the account is exempt"},
    {"wait", "left alone until the account is known: it may be exempt"},
    {"host-limit", "left alone: the host has had its resets of this minute"},
    {"total-limit", "left alone: the resets of this minute are used up"},
};

const char *
rule_word(enum rule r)
{
	return rules[r].word;
}

const char *
rule_text(enum rule r)
{
	return rules[r].text;
}
