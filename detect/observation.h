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
	CLOSING_PROHIBITED,   /* an ICMP message said that it cannot be */
	CLOSING_SILENT,       /* nothing more for a long time */
	CLOSING_CUT,          /* resets of ours have ended it */
	CLOSING_STOPPED,      /* the capture ended, or the dialogue is followed no more */
};

/* The connection a fact was seen on. */
struct conn {
	struct tuple tuple;
	int64_t began; /* of the connection's first packet seen */
	int64_t ts;    /* of the packet at hand */
	int64_t until; /* at its end: how far the capture has gone */
	uint64_t flow_id;
	uint64_t frame;     /* number in its file */
	const char *origin; /* file or interface */
	uint16_t vlan[2];
	uint8_t client_mac[6];
	bool has_mac;
	bool forged;    /* its RST came another way than its sender's packets */
	bool answered;  /* the server has answered the SYN, or the client has gone on */
	uint8_t syns;   /* the client's SYNs */
	struct addr by; /* with CLOSING_PROHIBITED: the device that said so */
	bool handshake; /* its SYN or SYN-ACK was seen */
	bool seen[2];   /* packets of that side were seen */
};

/* Bytes of one side, in order, with lost bytes missing before them. */
struct piece {
	enum side side;
	struct bytes data;
	uint64_t lost;
};

/* What a proxy, not the service behind it, answers when it will not have it. */
static inline bool
status_is_denial(unsigned status)
{
	return status == 401 || status == 403 || status == 407 || status / 100 == 3 ||
	       (status >= 500 && status < 600);
}

struct observation {
	enum sign sign;
	enum path path;
	enum confidence confidence;
	enum closing closing; /* with SIGN_CLOSED */
	unsigned status;      /* with SIGN_CLOSED: the HTTP error that ended it, or 0 */
	enum reason reason;   /* with SIGN_BLOCKED */
	struct addr by;       /* with SIGN_BLOCKED: the device that said so, when known */
	uint32_t syns;        /* with SIGN_BLOCKED: SYNs sent in vain */
	uint64_t talk;        /* the dialogue, unique in a run */
	uint64_t bytes[2]; /* with SIGN_CLOSED: payload by side since the last one told */
	struct conn conn;
	char host[HOST_NAME_MAX_TEXT]; /* name the client asked for; "" : none */
	const struct signin *who;      /* valid until the next call into detect/ */
};

#endif
