/*
 * The one place that puts something on a wire.  What it is given it sends, or counts as
 * failed; whether anything may be sent is decided before, by enforce/policy.
 *
 * Takes CAP_NET_RAW to open, and no privilege afterwards.  Its sockets receive nothing.
 * May be used by several threads at once.
 */
#ifndef ENFORCE_INJECT_H
#define ENFORCE_INJECT_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/counters.h"
#include "base/err.h"

#define INJECT_SOCKETS 3

struct inject;

int inject_open(struct inject **out, struct err *e);

/* NULL is accepted. */
void inject_close(struct inject *in);

/* Whether there is such an interface. */
bool inject_has(const struct inject *in, const char *interface);

/*
 * Whether a frame can leave by the interface: sends one that means nothing to anybody, to
 * the interface's own address (the loopback message of IEEE 802.3 appendix G, EtherType
 * 0x9000).  -1 with what is wrong and what to do.  A switch that takes nothing from a
 * mirror port says so to nobody: that only shows when connections survive.
 */
int inject_probe(const struct inject *in, const char *interface, struct err *e);

/* The interface's own address, for frames to come from; false when it has none. */
bool inject_address(const struct inject *in, const char *interface, uint8_t mac[6]);

/* A whole frame, out of the interface; false when the system did not take it. */
bool inject_frame(struct inject *in, const char *interface, struct bytes frame);

/* An IP packet with its header; the system finds the way.  False as above. */
bool inject_packet(struct inject *in, const struct addr *to, struct bytes packet);

/* The sockets, for a sandbox that has to let them send; how many. */
size_t inject_sockets(const struct inject *in, int fd[INJECT_SOCKETS]);

/* enforce.frames, enforce.frames_failed */
void inject_counters(const struct inject *in, struct counters *to);

#endif
