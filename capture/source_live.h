/*
 * Frames of a network interface as they come.  It only ever listens: nothing in here can
 * send.
 */
#ifndef CAPTURE_SOURCE_LIVE_H
#define CAPTURE_SOURCE_LIVE_H

#include "capture/fanout.h"
#include "capture/source.h"

struct live;

/*
 * What of an interface is read.  Of several readers each has its share of the address
 * pairs.  What concerns other address pairs than its own, lookups and ICMP, is no part of
 * a share and is read by all, as it comes; so are the later pieces of datagrams, which do
 * not tell.
 */
enum live_part { LIVE_ALL, LIVE_SHARE, LIVE_COMMON };

struct live_opts {
	const char *interface; /* borrowed, and lent to frames as their origin */
	const char *filter;    /* BPF expression, or NULL */
	size_t ring;           /* bytes of the kernel's ring */
	enum live_part part;
	bool at_once;          /* each frame as it comes, cut off at 2048 bytes */
	struct fanout *fanout; /* with LIVE_SHARE: the readers of the interface */
};

enum live_state {
	LIVE_OK,
	LIVE_QUIET, /* nothing now */
	LIVE_AWAY,  /* the interface is not there, or down: try again later */
	LIVE_WRONG, /* it will not get better by itself */
};

/*
 * Opens the interface, promiscuous and with whole frames.  LIVE_OK with *out set, or e
 * says what is wrong and what to do.
 */
enum live_state live_open(struct live **out, const struct live_opts *opts, struct err *e);

/* NULL is accepted. */
void live_close(struct live *l);

/*
 * LIVE_OK with a frame that is borrowed until the next call; LIVE_QUIET; or LIVE_AWAY
 * with e, and then the interface is to be closed and opened again.
 */
enum live_state live_next(struct live *l, const struct frame **out, struct err *e);

/* For poll: readable when live_next has something. */
int live_fd(const struct live *l);

/*
 * Whether the interface is up, as far as the system tells.  One that is not gives
 * nothing, and goes on by itself when it is again.
 */
bool live_is_up(const struct live *l);

/* Since the interface was opened. */
struct live_counts {
	uint64_t seen;    /* frames the kernel saw pass the filter */
	uint64_t ring;    /* dropped because the ring was full */
	uint64_t adapter; /* dropped by the adapter or its driver */
};
void live_counts(struct live *l, struct live_counts *out);

#endif
