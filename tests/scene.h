/*
 * Whole captures in memory: hosts talk TCP, the frames go through a pipeline, and the
 * attempts that come out are there to be asserted.  One scene is one capture.
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
 * A test that must be about odd packets sends them one by one with line_segment.  Time
 * goes on by one millisecond a frame; scene_wait lets more pass.  Every connection has a
 * client port of its own.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/pipeline.h"
#include "base/event.h"
#include "tests/wire.h"

#define SCENE_EVENTS_MAX   2048
#define SCENE_ATTEMPTS_MAX 64
#define SCENE_MSS          1460

/* One connection of a scene; lives until scene_free. */
struct line;

struct scene {
	struct pipeline *pipeline;
	struct line *lines; /* the latest first */
	struct wire *wire;
	int64_t now;
	uint64_t frames;
	/* in the order told, hints left out; one too many ends the run */
	struct attempt attempts[SCENE_ATTEMPTS_MAX];
	struct event attempt_events[SCENE_ATTEMPTS_MAX];
	size_t n_attempts;
	size_t n_hints;   /* attempts of confidence hint */
	const char *only; /* others' attempts and signs are counted, not kept; or NULL */
	size_t n_others;
	struct messenger signs[SCENE_EVENTS_MAX]; /* one too many ends the run */
	size_t n_signs;
	/* How frames are dressed; may be changed at any time. */
	bool vlan, ipv6; /* ipv6: IPv6 addresses made of the IPv4 ones given */
	/* From a TCP segment to an Ethernet frame; NULL: plainly, as vlan says. */
	void (*dress)(struct wire *w, struct endpoint src, struct endpoint dst);
	size_t snap; /* bytes of a frame that are captured; 0: all */
	uint8_t ttl; /* of the packets; 0: 64 */
	/* What the capture says the time of that frame is; NULL: what it is. */
	int64_t (*stamp)(int64_t ts, uint64_t frame);
	/* What goes on between the frames: called after each, but not for its own. */
	void (*between)(struct scene *s);
};

struct scene *scene_new(void);
void scene_free(struct scene *s);

/* Lets packet time pass. */
void scene_wait(struct scene *s, int64_t ns);

/* n frames that mean nothing, as others send them all the time. */
void scene_chatter(struct scene *s, unsigned n);

/* The capture ends: every attempt is told. */
void scene_end(struct scene *s);

/* What was told so far is forgotten, so that a long scene has room for more. */
void scene_forget(struct scene *s);

/* The address of the text, as ipv6 says. */
struct endpoint scene_endpoint(const struct scene *s, const char *addr, uint16_t port);

/* Sends what s->wire holds, UDP or ICMP, as the next frame. */
void scene_packet(struct scene *s, struct endpoint src, struct endpoint dst);

/* The next frame as it is, at that time after the last one. */
void scene_frame(struct scene *s, const struct frame *f, int64_t after);

/*
 * With its three-way handshake; without it (met in mid-stream); only one side captured.
 * The handshake goes out with whatever happens next in the scene, so that
 * line_capture_only can come before it.
 */
struct line *scene_connect(
    struct scene *s, const char *client, const char *server, uint16_t port);
struct line *scene_midstream(
    struct scene *s, const char *client, const char *server, uint16_t port);
void line_capture_only(struct line *l, enum side side);

/* The SYN that the line begins with. */
struct wire_tcp line_syn(const struct line *l);

/* The same ports once more, with a new handshake and other sequence numbers. */
struct line *line_reuse(struct line *l);

/* Segments of data of one side, SCENE_MSS at most, each acknowledged by the other. */
void line_client(struct line *l, const char *text);
void line_server(struct line *l, const char *text);
void line_send(struct line *l, enum side side, const void *data, size_t n);

/* The same in segments of at most n bytes. */
void line_send_cut(struct line *l, enum side side, const char *text, size_t n);

/*
 * One packet and nothing else: offset counts from the side's first byte and may be
 * anywhere (its SYN stands at -1); flags are TCP_ flags.  What line_send has sent does
 * not move, and the acknowledgement covers what the other side has sent.
 */
void line_segment(struct line *l, enum side side, int64_t offset, const void *data,
    size_t n, uint8_t flags);

/* Bytes that the side has sent. */
int64_t line_sent(const struct line *l, enum side side);

/* Bytes sent that the capture does not hold. */
void line_lose(struct line *l, enum side side, size_t n);

/* FIN of side, then the other's; RST of side, or in its name. */
void line_close(struct line *l, enum side side);
void line_reset(struct line *l, enum side side);

/*
 * HTTP shorthands: a POST with those header lines (each ended by CR LF), its
 * Content-Length and body; an answer.
 */
void line_post(struct line *l, const char *target, const char *headers, const char *body);
void line_answer(struct line *l, unsigned status, const char *headers, const char *body);

/*
 * A dialogue: "C VER 1 MSNP8\nS VER 1 MSNP8\n" is a line of the client and one of the
 * server.  Every line is a segment and gets its CR LF.
 */
void line_script(struct line *l, const char *script);

/* The usual dialogue up to and including USR OK: TWN with MSNP12 for account. */
void line_sign_in(struct line *l, const char *account);

#endif
