/*
 * Sign-ins by way of the HTTP gateway, request by request, for scenes.  What clients,
 * proxies and servers do differently is told in a struct trip; zero is the usual.
 */
#ifndef TESTS_TRIP_H
#define TESTS_TRIP_H

#include "tests/expect.h"

struct trip {
	const char *open;    /* target of the open request */
	const char *command; /* of those after it; %s is the SessionID */
	const char *post;    /* method and version: "POST %s HTTP/1.1" */
	const char *fields;  /* of requests, each line with its end */
	const char *length;  /* "Content-Length: %s", its line without an end */
	const char *status;  /* "HTTP/1.1 200 OK" */
	const char *named;   /* "X-MSN-Messenger: SessionID=%s; GW-IP=10.9.9.9" */
	const char *more;    /* further fields of answers */
	const char *eol;     /* "\r\n" */
	const char *session; /* stable part, or all of it with fixed */
	bool fixed;          /* the SessionID never changes */
	bool empty_open;     /* VER comes in the second request */
	bool chunked, gzip;  /* how answers' bodies are packed */
	bool to_close;       /* answers have no length and end with the connection */
	size_t cut;          /* segments of at most that many bytes; 0: whole messages */
};

#define TRIP_STEPS 4

/* The i-th request and its answer, or one of them; the last one is told yes. */
void trip_step(struct line *l, const struct trip *t, unsigned i);
void trip_ask(struct line *l, const struct trip *t, unsigned i);
void trip_reply(struct line *l, const struct trip *t, unsigned i);
void trip_sign_in(struct line *l, const struct trip *t);

/* A scene of one connection to the gateway in which the trip signs in. */
void expect_trip(const struct trip *t, const char *what);

/* As expect_usual, by that path. */
void expect_path(struct scene *s, const char *what, enum path path);

#define TRIP_HOST   "10.0.0.7"
#define TRIP_SERVER "207.46.110.48"

#endif
