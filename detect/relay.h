/*
 * The SOCKS prelude of a connection: whose turn it is, and where the relayed stream
 * begins. Credentials are stepped over.
 */
#ifndef DETECT_RELAY_H
#define DETECT_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "detect/observation.h"

enum relay_stage {
	RELAY_GREETING, /* SOCKS5 client: methods */
	RELAY_METHOD,   /* SOCKS5 server: method chosen */
	RELAY_AUTH,     /* SOCKS5 client: user name and password */
	RELAY_AUTH_REPLY,
	RELAY_REQUEST, /* client: where to */
	RELAY_REPLY,
	RELAY_OPEN,    /* what follows is the relayed stream */
	RELAY_REFUSED, /* the proxy said no, or this is not SOCKS */
};

struct relay {
	uint8_t version;
	uint8_t stage; /* enum relay_stage */
	bool denied;   /* the proxy was asked for a target and said no */
	struct endpoint to;
	char name[HOST_NAME_MAX_TEXT]; /* target name, safe text */
};

void relay_begin(struct relay *r, uint8_t version);

/*
 * Takes bytes of one side; those of the side whose turn it is not wait (0).  With one
 * direction missing from the capture its turns are passed over.
 */
size_t relay_feed(struct relay *r, const struct conn *c, const struct piece *in);

#endif
