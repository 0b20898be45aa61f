/* Why something is cut, or is not.  Events and counters carry the words. */
#ifndef ENFORCE_RULE_H
#define ENFORCE_RULE_H

/* The first that holds, in this order, is the one that is told. */
enum rule {
	RULE_CUT,            /* nothing speaks against it */
	RULE_OFF,            /* enforcement is not on */
	RULE_PANIC,          /* the panic file is there */
	RULE_UNSURE,         /* the evidence is not certain */
	RULE_STALE,          /* it is older than a second, or from the future */
	RULE_OUTSIDE,        /* the host is outside the networks under protection */
	RULE_EXEMPT_HOST,    /* it, or the server, is exempt */
	RULE_PATH,           /* such a path is not to be cut */
	RULE_PROXY,          /* others may share the connection */
	RULE_CONVERSATION,   /* it is a conversation, not a sign-in */
	RULE_HOURS,          /* out of hours */
	RULE_EXEMPT_ACCOUNT, /* the account is exempt */
	RULE_WAIT,           /* the account may be, and is not known yet: ask again */
	RULE_HOST_LIMIT,     /* the host has had its resets of this minute */
	RULE_TOTAL_LIMIT,    /* all hosts together have */
};

#define RULES (RULE_TOTAL_LIMIT + 1)

/* As published: "cut", "exempt-host", ... */
const char *rule_word(enum rule r);

/* The name of the counter of connections so judged: "enforce.exempt_host". */
const char *rule_counter(enum rule r);

/* One phrase for people. */
const char *rule_text(enum rule r);

#endif
