/*
 * The steps shapes are made of.  Each reads one trace and appends to another,
 * which has the link type of the first until the step sets its own.  Steps
 * other than encap want plain Ethernet frames and pass on what does not
 * concern them.
 */
#ifndef RESHAPE_STEPS_H
#define RESHAPE_STEPS_H

#include "tests/reshape/trace.h"

struct step {
	void (*run)(const struct trace *in, struct trace *out, const char *arg);
	const char *arg;
};

/* encap.c: arg names headers from the inside out, "strip tag eth". */
void step_encap(const struct trace *in, struct trace *out, const char *arg);

/* ipv6.c: IPv4 to IPv6, and two extension headers before TCP and UDP. */
void step_ipv6(const struct trace *in, struct trace *out, const char *arg);
void step_extend(const struct trace *in, struct trace *out, const char *arg);

/* frag.c: pieces of arg bytes; "r" after the number turns their order around. */
void step_frag(const struct trace *in, struct trace *out, const char *arg);

/* segment.c: the same stream in other segments. */
void step_cut(const struct trace *in, struct trace *out, const char *arg);
void step_swap(const struct trace *in, struct trace *out, const char *arg);
void step_dup(const struct trace *in, struct trace *out, const char *arg);
void step_overlap(const struct trace *in, struct trace *out, const char *arg);

/*
 * order.c: client packets after up to arg of the server's that followed them;
 * no handshakes; the client's first data on its SYN.
 */
void step_reverse(const struct trace *in, struct trace *out, const char *arg);
void step_nosyn(const struct trace *in, struct trace *out, const char *arg);
void step_fastopen(const struct trace *in, struct trace *out, const char *arg);

/* content.c: commands in lower case; other service ports. */
void step_lower(const struct trace *in, struct trace *out, const char *arg);
void step_ports(const struct trace *in, struct trace *out, const char *arg);

#endif
