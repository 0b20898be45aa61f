/*
 * What makes an HTTP request one to the MSN HTTP gateway, and what its answer says
 * (doc/protocol.md section 5).  The only constants are the method POST, a path ending
 * in /gateway/gateway.dll, and a query with Action and/or SessionID; header fields and
 * content types differ by client and are never required.
 */
#ifndef DETECT_GATEWAY_H
#define DETECT_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/bytes.h"

#define GATEWAY_SESSION_MAX 64
#define GATEWAY_HOST_MAX    80

enum gateway_action {
	GATEWAY_NONE,    /* no valid query: a probe at most */
	GATEWAY_OPEN_NS, /* also an empty SessionID without an action */
	GATEWAY_OPEN_SB,
	GATEWAY_COMMAND,
	GATEWAY_POLL,
};

/*
 * session is the stable part of the SessionID: what stands before its first dot, all of
 * it when there is none; percent sequences decoded, safe text, "" for none.  The other
 * texts are safe too, and empty when they were not sent.
 */
struct gateway_request {
	enum gateway_action action;
	bool absolute; /* target in absolute form */
	char session[GATEWAY_SESSION_MAX];
	char host[GATEWAY_HOST_MAX]; /* of an absolute target, no port, lower case */
	char ns[GATEWAY_HOST_MAX];   /* IP parameter: whom the gateway shall reach */
};

/*
 * Reads the target of a request line.  True when the path is the gateway's: it ends in
 * /gateway/gateway.dll, in any case, with percent-encoded letters, repeated slashes,
 * /./ and /x/../ allowed; not when that path stands in a query, and not
 * /NXT/gateway.dll. Parameter names and Action values in any case and order; of a
 * parameter sent twice the first counts.
 */
bool gateway_target(struct bytes target, struct gateway_request *out);

struct gateway_answer {
	char session[GATEWAY_SESSION_MAX]; /* stable part, as above */
	char gw_ip[GATEWAY_HOST_MAX];      /* where the client shall go on, lower case */
	bool close;                        /* Session=close */
};

/* Reads the value of X-MSN-Messenger; false when it holds none of these. */
bool gateway_answer(struct bytes value, struct gateway_answer *out);

#endif
