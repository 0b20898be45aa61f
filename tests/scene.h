/*
 * Whole captures in memory: hosts talk TCP, the frames go through a pipeline, and the attempts
 * that come out are there to be asserted.  One scene is one capture.
 *
 *	struct scene *s = scene_new();
 *	struct line *l = scene_connect(s, "10.0.0.7", "64.4.13.50", 1863);
 *	line_client(l, "VER 1 MSNP12 CVR0\r\n");
 *	line_server(l, "VER 1 MSNP12\r\n");
 *	line_close(l, SIDE_CLIENT);
 *	scene_end(s);
 *	CU_ASSERT_EQUAL(s->n_attempts, 1);
 *	scene_free(s);
 *
 * A test that must be about odd packets sends them one by one with line_segment.  Time goes on by
 * one millisecond a frame; scene_wait lets more pass.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/event.h"
#include "app/pipeline.h"

#define SCENE_EVENTS_MAX 256

struct scene {
	struct pipeline *pipeline;
	int64_t now;
	uint64_t frames;
	struct attempt attempts[64]; /* in the order told, hints left out */
	struct event attempt_events[64];
	size_t n_attempts;
	size_t n_hints;		     /* attempts of confidence hint */
	struct messenger signs[SCENE_EVENTS_MAX];
	size_t n_signs;
	bool vlan, ipv6;	     /* how frames are dressed */
};

/* One connection of a scene; lives until scene_free. */
struct line;

struct scene *scene_new(void);
void scene_free(struct scene *s);

/* Lets packet time pass. */
void scene_wait(struct scene *s, int64_t ns);

/* The capture ends: every attempt is told. */
void scene_end(struct scene *s);

/* With its three-way handshake; without it (met in mid-stream); only one side is captured. */
struct line *scene_connect(struct scene *s, const char *client, const char *server, uint16_t port);
struct line *scene_midstream(struct scene *s, const char *client, const char *server, uint16_t port);
void line_capture_only(struct line *l, enum side side);

/* The same ports once more, with a new handshake and other sequence numbers. */
struct line *line_reuse(struct line *l);

/* A segment of data of one side, and the other side's acknowledgement. */
void line_client(struct line *l, const char *text);
void line_server(struct line *l, const char *text);
void line_send(struct line *l, enum side side, const void *data, size_t n);

/* The same in segments of at most n bytes. */
void line_send_cut(struct line *l, enum side side, const char *text, size_t n);

/*
 * One packet and nothing else: offset counts from the side's first byte and may be
 * anywhere; flags are TCP_ flags.  What line_send has sent does not move.
 */
void line_segment(struct line *l, enum side side, int64_t offset, const void *data, size_t n,
    uint8_t flags);

/* Bytes sent that the capture does not hold. */
void line_lose(struct line *l, enum side side, size_t n);

/* FIN of side, then the other's; RST of side, or in its name. */
void line_close(struct line *l, enum side side);
void line_reset(struct line *l, enum side side);

/* HTTP shorthands: a POST with those header lines (each ended by CR LF) and body; an answer. */
void line_post(struct line *l, const char *target, const char *headers, const char *body);
void line_answer(struct line *l, unsigned status, const char *headers, const char *body);

/* The usual dialogue up to and including USR OK: TWN with MSNP12 for account. */
void line_sign_in(struct line *l, const char *account);

#endif
