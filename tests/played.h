/* Scenarios played in a test, and the captures they give taken apart. */
#ifndef TESTS_PLAYED_H
#define TESTS_PLAYED_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "tests/suite.h"

#define PLAYED_WORLD                                     \
	"date 2026-11-20\ncapture 09:00-09:10\nseed 5\n" \
	"server srv 192.0.2.1 port 7777 name srv.example.org\n"

#define PLAYED_BLOCKS                                                   \
	PLAYED_WORLD                                                    \
	"server dns 10.0.0.53 port 53 name dns rtt 1ms\nresolver dns\n" \
	"server gate 10.0.0.254 2001:db8:1::1 rtt 1ms ttl 63\n"         \
	"server six 192.0.2.6 2001:db8::6 name six.example.org\n"       \
	"server px 10.0.0.8 port 7778 rtt 2ms socks4\n"                 \
	"host win 10.0.0.1\nhost tux 10.0.0.2 linux dual\n"             \
	"host tux6 10.0.0.3 2001:db8:1::3 linux\n"                      \
	"client x\n  offers MSNP12 CVR0\n"                              \
	"  cvr 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs\n  auth md5\n"

enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58 };

/* A capture as its file has it; p is the caller's to free. */
struct played {
	uint8_t *p;
	size_t n;
};

struct played played_of(const char *scenario);

/* What is wrong with a scenario that must not be played. */
void played_refused(const char *scenario, struct err *e);

/* The frames of a capture of ours, one after the other; false at the end. */
struct cur played_frames(const struct played *f);
struct played_frame {
	struct bytes bytes;
	int64_t us; /* since 1970 */
};
bool played_next(struct cur *c, struct played_frame *frame);

struct played_ip {
	uint8_t proto;
	uint8_t ttl;
	struct bytes head, addresses, rest; /* head: of IPv4 */
};
struct played_ip played_ip(struct bytes frame);

/* The first frames of one protocol. */
#define PLAYED_FRAMES_MAX 64
struct played_frames {
	struct played f;
	struct played_frame frame[PLAYED_FRAMES_MAX];
	struct played_ip ip[PLAYED_FRAMES_MAX];
	size_t n;
};

/* Those of what happens after PLAYED_BLOCKS. */
struct played_frames played_blocked(const char *what, uint8_t proto);

/* What one side said on connections to that port, its segments in their order. */
size_t played_stream(
    const struct played *f, uint16_t port, bool client, uint8_t *out, size_t size);

#endif
