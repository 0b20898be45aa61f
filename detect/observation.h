/*
 * What detect/ tells: one fact from one dialogue, for the attempts to fold and for the
 * event stream.  Made in detect/detect.c, consumed at once.
 */
#ifndef DETECT_OBSERVATION_H
#define DETECT_OBSERVATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/event.h"
#include "detect/signin.h"

/* How a connection or gateway session ended. */
enum closing {
	CLOSING_NOT,
	CLOSING_CLIENT, /* the client's FIN came first, or it stopped asking */
	CLOSING_SERVER,
	CLOSING_RESET_CLIENT,
	CLOSING_RESET_SERVER, /* or in its name */
	CLOSING_SILENT,       /* nothing more for a long time */
	CLOSING_STOPPED,      /* the capture ended, or the dialogue is followed no more */
};

/* The connection a fact was seen on. */
struct conn {
	struct tuple tuple;
	int64_t began; /* of the connection's first packet seen */
	int64_t ts;    /* of the packet at hand */
	uint64_t flow_id;
	uint64_t frame;     /* number in its file */
	const char *origin; /* file or interface */
	uint16_t vlan[2];
	uint8_t client_mac[6];
	bool has_mac;
	bool handshake; /* its SYN or SYN-ACK was seen */
	bool seen[2];   /* packets of that side were seen */
};

/* Bytes of one side, in order, with lost bytes missing before them. */
struct piece {
	enum side side;
	struct bytes data;
	uint64_t lost;
};

struct observation {
	enum sign sign;
	enum path path;
	enum confidence confidence;
	enum closing closing; /* with SIGN_CLOSED */
	unsigned status;      /* with SIGN_CLOSED: the HTTP error that ended it, or 0 */
	uint64_t talk;        /* the dialogue, unique in a run */
	uint64_t bytes[2]; /* with SIGN_CLOSED: payload by side since the last one told */
	struct conn conn;
	const char *host;         /* name the client asked for; "" : none */
	const struct signin *who; /* valid until the next call into detect/ */
};

#endif
