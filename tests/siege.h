/*
 * A sign-in in the middle of a flood.  The flood goes on between all frames of the
 * sign-in, through one pipeline; then the sign-in must be told, the flood counted, and
 * memory where it was.
 *
 *	struct scene *s = siege_new(flood);
 *	line_sign_in(scene_connect(s, "10.0.0.7", "64.4.13.50", 1863), USUAL_ACCOUNT);
 *	siege_counted(s, "flow.evicted", 1000, UINT64_MAX);
 *	siege_over(s, "SYNs");
 */
#ifndef TESTS_SIEGE_H
#define TESTS_SIEGE_H

#include "tests/expect.h"

#define SIEGE_HOST "10.0.0.7"

/* flood: what is sent after every frame. */
struct scene *siege_new(void (*flood)(struct scene *s));

/* A number that a flood may use as it likes, and that counts on. */
uint32_t siege_next(void);

/* One frame of a flood: made as a wire's test frames are, sent a microsecond later. */
void siege_frame(struct scene *s, struct endpoint src, struct endpoint dst);

/*
 * The n-th stranger of a flood, an address of 172.16.0.0/12 and 198.18.0.0/15 that no
 * test uses otherwise.
 */
struct endpoint siege_stranger(uint32_t n, uint16_t port);

/* A TCP segment of a stranger, or to one. */
void siege_segment(struct scene *s, const struct wire_tcp *t, struct bytes data);

/* A stranger's connection, met without its handshake; both sides may speak. */
struct siege_line {
	struct endpoint end[2];
	uint32_t seq[2];
};
struct siege_line siege_line(uint32_t n, const char *server, uint16_t port);
void siege_say(struct scene *s, struct siege_line *l, enum side side, struct bytes data);
void siege_hang_up(struct scene *s, struct siege_line *l);

/* The same as a SYN, very fast. */
void siege_syn(struct scene *s, uint32_t n, struct endpoint to, bool answered);

/* What the pipeline has counted is from least to most. */
void siege_counted(struct scene *s, const char *name, uint64_t least, uint64_t most);

/* The usual sign-in of SIEGE_HOST was told, once, and memory has not grown. */
void siege_over(struct scene *s, const char *what);

#endif
