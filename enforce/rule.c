#include "enforce/rule.h"

static const struct {
	const char *word, *counter, *text;
} rules[RULES] = {
    {"cut", "enforce.cut", "to be cut"},
    {"off", "enforce.off", "left alone: enforcement is off"},
    {"panic", "enforce.panic", "left alone: the panic file is there"},
    {"unsure", "enforce.unsure", "left alone: the evidence is not certain"},
    {"stale", "enforce.stale", "left alone: the evidence is older than a second"},
    {"outside", "enforce.outside",
	"left alone: the host is outside the networks under protection"},
    {"exempt-host", "enforce.exempt_host",
	"left alone: the host or the server is exempt"},
    {"path", "enforce.path", "left alone: this kind of path is not to be cut"},
    {"proxy", "enforce.proxy",
	"left alone: others may share the connection to the proxy"},
    {"conversation", "enforce.conversation", "left alone: a conversation, not a sign-in"},
    {"hours", "enforce.hours", "left alone: out of hours"},
    {"exempt-account", "enforce.exempt_account", "left alone: the account is exempt"},
    {"wait", "enforce.wait", "left alone until the account is known: it may be exempt"},
    {"host-limit", "enforce.host_limit",
	"left alone: the host has had its resets of this minute"},
    {"total-limit", "enforce.total_limit",
	"left alone: the resets of this minute are used up"},
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

const char *
rule_counter(enum rule r)
{
	return rules[r].counter;
}
