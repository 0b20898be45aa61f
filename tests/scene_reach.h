/* What goes before a dialogue in a scene, or in its place: lookups, SYNs, ICMP. */
#ifndef TESTS_SCENE_REACH_H
#define TESTS_SCENE_REACH_H

#include "tests/dns_make.h"
#include "tests/scene.h"

#define DISPATCH_NAME "messenger.hotmail.com"
#define GATEWAY_NAME  "gateway.messenger.hotmail.com"
#define RESOLVER      "10.0.0.53"

struct scene_lookup {
	const char *host;
	const char *name;
	/*
	 * Addresses with blanks between, or one of NXDOMAIN, REFUSED, SERVFAIL and
	 * NODATA; NULL: nobody answers.
	 */
	const char *answer;
	const char *resolver; /* NULL: RESOLVER */
	uint16_t id;          /* 0: one of its own */
	uint16_t type;        /* 0: DNS_A */
	bool tcp;             /* over a connection of its own */
	bool unasked;         /* the answer alone */
};

/* A question and its answer. */
void scene_lookup(struct scene *s, const struct scene_lookup *q);

/* The host asks for the two names and is told DISPATCH and GATEWAY. */
#define DISPATCH "64.4.13.50"
#define GATEWAY  "207.46.110.48"
void scene_names(struct scene *s, const char *host);

/*
 * A SYN that nobody answers; sent again n - 1 times, after three seconds, six, twelve.
 */
struct line *scene_syn(
    struct scene *s, const char *client, const char *server, uint16_t port, unsigned n);

/* Its SYN is answered by RST; or by ICMP from a router, of that code. */
void line_refuse(struct line *l);
void line_prohibit(struct scene *s, struct line *l, const char *router, uint8_t code);

/* The same message about any segment. */
void scene_prohibit(
    struct scene *s, const struct wire_tcp *quoted, const char *router, uint8_t code);

/* What the pipeline has counted under that name. */
uint64_t scene_counted(const struct scene *s, const char *name);

#endif
