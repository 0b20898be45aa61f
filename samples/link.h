/*
 * How messenger bytes travel: on a TCP connection of their own, behind a proxy's CONNECT
 * or SOCKS, or as bodies of HTTP requests to the gateway.  A link hides which.
 */
#ifndef SAMPLES_LINK_H
#define SAMPLES_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/event.h"
#include "samples/msg.h"
#include "samples/net.h"

enum auth { AUTH_MD5, AUTH_TWN, AUTH_SSO };

/* Whose gateway requests a client's look like. */
enum style { STYLE_OFFICIAL, STYLE_ABSOLUTE, STYLE_AMSN, STYLE_SHARP };

#define OFFERS_MAX 160
#define CVR_MAX    1024
#define LOGIN_MAX  64

/* A kind of messenger client. */
struct kind {
	char name[NODE_NAME_MAX];
	char offers[OFFERS_MAX]; /* the words of VER */
	char cvr[CVR_MAX];       /* the arguments of CVR before the account */
	enum auth auth;
	bool pipelined; /* VER, CVR and USR at once */
	enum style style;
	int64_t poll;
	int64_t ping;
};

struct link {
	/* Set before link_open. */
	struct net *net;
	enum path path;
	const struct kind *kind;
	struct node *client;
	struct node
	    *service;     /* what the messenger bytes are for; a gateway's HTTP server */
	struct node *via; /* proxy; NULL: none */
	char login
	    [LOGIN_MAX];   /* proxy: USER:PASSWORD, sent once it has asked; "" : none */
	const char *reach; /* gateway: the IP parameter */
	bool switchboard;
	/* Its own. */
	struct conn c;
	struct node *far;
	bool opened;
	bool asked; /* the proxy has asked for the login */
	uint32_t session[2];
	unsigned requests;
	int64_t last; /* when the last exchange was over */
};

int64_t link_open(struct link *l, int64_t t);

/* The client sends ask and the service answers; either may be empty. */
int64_t link_ask(struct link *l, int64_t t, struct bytes ask, struct bytes answer);

/* The service sends unasked; through the gateway it waits for the next poll. */
int64_t link_push(struct link *l, int64_t t, struct bytes text);

/* Nothing to say until then: a gateway client polls. */
void link_idle(struct link *l, int64_t until);

int64_t link_close(struct link *l, int64_t t);

/*
 * A proxy that says no: by that HTTP status, or by that code of a SOCKS server.
 * opening is the first messenger line, which a client of the gateway would have sent.
 */
int64_t link_denied(struct link *l, int64_t t, unsigned status, struct bytes opening);

#endif
