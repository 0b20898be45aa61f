/*
 * What the lines of one MSNP dialogue mean: the sign-in machine.  It is fed whole
 * lines of both sides, in whatever order the capture holds them, and keeps
 * what has been said: who, with what client, how far it went, and what the
 * service answered.  It never sees payloads (doc/protocol.md sections 1, 2, 4).
 *
 * The machine believes nobody by himself: proof says how far the lines seen so far
 * support that this is MSNP at all, and news waits until there is proof.
 */
#ifndef DETECT_SIGNIN_H
#define DETECT_SIGNIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/event.h"
#include "detect/msnp.h"

#define SIGNIN_PENDING 8

enum signin_stage {
	STAGE_NONE,       /* nothing yet, or begun before the capture */
	STAGE_OFFERED,    /* VER sent */
	STAGE_NAMED,      /* USR .. I: the account is named */
	STAGE_CHALLENGED, /* the service asked for a credential */
	STAGE_CREDENTIAL, /* USR .. S */
	STAGE_YES,
	STAGE_NO,
};

/* Where the account was read; a later one outranks the ones before. */
enum account_from { ACCOUNT_NOWHERE, ACCOUNT_CVR, ACCOUNT_USR, ACCOUNT_SERVICE };

/* A line that waits for the other side's line of the same transaction. */
struct pending {
	uint32_t code;
	uint32_t trid;
	uint32_t print; /* of the whole line: tells an echo from an answer */
	uint16_t error; /* of an error line */
};

/* How the dialogue came to be watched. */
struct signin_view {
	bool at_start; /* from the first byte of a connection or gateway session */
	bool enough; /* its surroundings prove it: a gateway's answer names the session */
	bool unseen[2]; /* no packet of that side so far */
	bool lossy[2];  /* bytes of that side are missing */
};

struct signin {
	char account[ACCOUNT_MAX];
	uint8_t account_from; /* enum account_from */
	uint8_t stage;        /* enum signin_stage */
	bool switchboard;     /* opened by USR handle cookie or ANS: a conversation */
	bool joined;          /* the switchboard said yes */
	bool answered;        /* the service sent a line of its own */
	bool echo;            /* the other side repeats what it is told: not a service */
	bool left;            /* OUT by the client */
	bool dismissed;       /* OUT by the service */
	bool agreed;          /* both sides spoke of one transaction */
	bool in_session;      /* they agreed on something that follows a sign-in */
	bool settled; /* the client is inside: whatever reads like a sign-in is none */
	uint8_t dialect;
	uint8_t offered[DIALECTS_MAX];
	uint8_t n_offered;
	uint16_t error_code;
	struct endpoint redirect; /* address zero when a name was given */
	struct client_claim client;
	bool repeated; /* an answer to the letter, which an echo would give too */
	bool said_ver[2], said_cvr[2], said_usr[2], said_ping, said_pong, server_only;
	uint32_t alien; /* lines that the side does not send */
	struct pending pending[2][SIGNIN_PENDING];
	uint8_t n_pending[2]; /* total ever, modulo 256 */
	uint32_t news;        /* bits 1 << enum sign, not yet told */
};

/* Takes one line of side.  New facts are added to news. */
void signin_line(struct signin *s, const struct signin_view *view, enum side side,
    const struct msnp_line *line);

/*
 * How far the lines support that this is MSNP: HINT means not enough to tell anybody.
 */
enum confidence signin_proof(const struct signin *s, const struct signin_view *view);

#endif
