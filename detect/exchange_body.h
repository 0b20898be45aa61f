/* Inside the exchange: bodies, and the sessions they belong to. */
#ifndef DETECT_EXCHANGE_BODY_H
#define DETECT_EXCHANGE_BODY_H

#include "detect/exchange.h"

/*
 * The session of the request whose head is over, made when it opens one or was begun
 * unseen.
 */
struct session_ref exchange_request_session(
    struct exchange *x, struct exchange_room *room, const struct conn *c);

/* The session of the answer whose head is over: the one it names, or the request's. */
struct session_ref exchange_answer_session(
    struct exchange *x, struct exchange_room *room, const struct conn *c);

/* A proxy will not connect to the target asked for. */
void exchange_connect_denied(
    const struct exchange *x, struct exchange_room *room, const struct conn *c);

/* The session ended with an error before it had said anything: the open was denied. */
void exchange_open_denied(struct exchange_room *room, const struct gateway_session *gs);

/* Takes body bytes; *done when the body is over.  Returns as exchange_feed. */
uint64_t exchange_body(
    struct exchange *x, struct exchange_room *room, const struct piece *in, bool *done);

/* Bytes of the body are missing. */
void exchange_body_lost(
    struct exchange *x, struct exchange_room *room, enum side side, uint64_t lost);

/* The body is over, or there was none: its session hears what the message said. */
void exchange_end_body(
    struct exchange *x, struct exchange_room *room, const struct conn *c, enum side side);

/* What comes is of no message, up to a run that starts with a first line. */
void exchange_astray(struct exchange *x, struct exchange_room *room, enum side side);

#endif
