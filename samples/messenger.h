/*
 * The dialogues of MSN Messenger, dialects 2 to 21: signing in, being signed in, talking,
 * signing out.  Accounts and texts are those of the scenario, secrets are noise.
 */
#ifndef SAMPLES_MESSENGER_H
#define SAMPLES_MESSENGER_H

#include "samples/world.h"

enum result {
	RESULT_OK,
	RESULT_WRONG_PASSWORD,
	RESULT_ERROR,  /* an error code in place of the yes */
	RESULT_BUSY,   /* an error code in place of the challenge */
	RESULT_CLOSED, /* the service hangs up in place of the challenge */
	RESULT_NO_ANSWER,
	RESULT_REFUSED,
	RESULT_PROHIBITED,
	RESULT_LOOKED_UP, /* what the lookup says ends it */
	RESULT_DENIED,    /* by the proxy */
	RESULT_RESET,     /* after the first messenger line */
	RESULT_SILENT,    /* the first messenger line is never answered */
};

struct signin {
	struct node *host;
	const char *account;
	struct kind *kind;
	enum path path;
	struct node *to;
	struct node *via;
	struct node *redirect; /* the first service sends the client there; NULL: no */
	const char *reach;     /* what a gateway is asked to reach */
	enum result result;
	unsigned code;
	enum lookup_says says; /* with RESULT_LOOKED_UP */
	struct addr sinkhole;
	struct node *by;        /* the device that blocks; NULL: as net_blocked has it */
	struct node *misled_by; /* sends what must be ignored meanwhile; NULL */
	const char *login;      /* what the proxy wants to hear, USER:PASSWORD; NULL */
};

/* Plays a try; false when no session is free. */
bool messenger_signin(struct world *w, const struct signin *o, int64_t t);

/* Keep-alives, polls and the presence of others until then. */
void messenger_idle(struct world *w, struct session *s, int64_t until);

/* OUT and close, or nothing at all any more. */
void messenger_signout(struct world *w, struct session *s, int64_t t, bool vanish);

struct chat {
	struct session *a;
	const char *peer;  /* account spoken to */
	struct session *b; /* its session when it is an inside host's; NULL */
	unsigned messages;
	int64_t span;       /* from the first to the last */
	struct bytes quote; /* text of every second message; empty: small talk */
};

/* A conversation on the world's switchboard. */
void messenger_chat(struct world *w, const struct chat *o, int64_t t);

/* Used by the files of the messenger alone: lines of one exchange being gathered. */
struct talk {
	struct world *w;
	struct link *l;
	int64_t t;
	struct msg ask, answer;
};

void talk_open(struct talk *k, struct world *w, struct link *l, int64_t t);
void talk_exchange(struct talk *k);

/* Plays tries that end before the service has said a word; false when this is none. */
bool messenger_blocked(struct talk *k, const struct session *s, const struct signin *o);

/* What a client and the service tell each other once the answer was yes. */
void messenger_settle(struct talk *k, struct session *s);

/* n hexadecimal digits of noise. */
void talk_hex(struct world *w, struct msg *m, unsigned n);

#endif
