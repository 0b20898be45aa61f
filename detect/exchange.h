/*
 * HTTP messages on one connection: requests matched with their answers, gateway
 * messages taken to their session, everything else stepped over.  Keep-alive, proxies
 * that mix strangers' requests in, pipelining, chunks and gzip included.  An answer
 * that the capture holds before its request waits for it.
 *
 * CONNECT is followed until it is granted; what then flows is for others to read.
 */
#ifndef DETECT_EXCHANGE_H
#define DETECT_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "detect/carry.h"
#include "detect/gateway.h"
#include "detect/http.h"
#include "detect/reach.h"
#include "detect/sessions.h"
#include "detect/telling.h"

#define EXCHANGE_WAITING_MAX 8

/* What all exchanges share. */
struct exchange_room {
	struct sessions *sessions;
	struct telling *telling;
	struct carries *carries;
	struct reach *reach; /* NULL: denials are nobody's interest */
	uint64_t *next_talk;
	uint64_t probes; /* gateway requests without a valid query */
	uint64_t astray; /* times that a side of a gateway's connection lost step */
	uint64_t cut;    /* lines too long to be read whole */
};

enum message_state {
	MESSAGE_START,
	MESSAGE_FIELDS,
	MESSAGE_BODY,
	MESSAGE_LOST, /* in step again at the next first line */
};

enum request_kind { REQUEST_OTHER, REQUEST_HEAD, REQUEST_CONNECT, REQUEST_GATEWAY };

/* A request that waits for its answer. */
struct waiting {
	uint8_t kind; /* enum request_kind */
	struct session_ref session;
};

/* One message, as far as it has been read. */
struct message {
	uint8_t state;  /* enum message_state */
	uint32_t carry; /* buffer lent for the body; 0: none */
	bool cut;       /* the last line was cut: what follows belongs to it */
	bool unread;    /* the body is of nobody's interest */
	unsigned status;
	uint64_t left; /* body bytes to come, with a length */
	uint8_t field; /* enum http_name of the last one: a folded line carries it on */
	struct http_body body;
	struct http_chunks chunks;
	uint64_t head_bytes;
	struct waiting about;
};

struct exchange {
	struct message m[2];
	struct waiting waiting[EXCHANGE_WAITING_MAX];
	uint8_t first, n_waiting;
	uint32_t overrun; /* requests before those, no longer known */
	bool gateway;     /* a gateway message was seen on this connection */
	bool tunnel;   /* CONNECT was granted: bytes after this answer are the tunnel's */
	bool hopeless; /* nothing here for us */
	struct gateway_request rq;
	struct gateway_answer answer;
	bool answer_named;
	struct session_ref opened;  /* the last session opened here */
	struct session_ref carried; /* the last one that a request was of */
	bool shared; /* requests in absolute form: a proxy's, others' may be among them */
	char host[GATEWAY_HOST_MAX];   /* of the request under way */
	char target[GATEWAY_HOST_MAX]; /* CONNECT's, safe text */
};

void exchange_begin(struct exchange *x);

/*
 * Takes bytes of one side.  Returns how many are done with, possibly more than there
 * are; look at tunnel and hopeless afterwards.
 */
uint64_t exchange_feed(struct exchange *x, struct exchange_room *room,
    const struct conn *c, const struct piece *in);

/* The name that CONNECT asks for, without its port; "" when it asks by address. */
void exchange_connect_name(const struct exchange *x, char name[GATEWAY_HOST_MAX]);

/*
 * The connection ended.  A CONNECT that nobody answered, when it is messenger's, is told
 * by the way it ended.
 */
void exchange_unheard(const struct exchange *x, struct exchange_room *room,
    const struct conn *c, enum closing closing);

/* Gives back what the exchange holds.  Its sessions live on. */
void exchange_end(struct exchange *x, struct exchange_room *room);

#endif
