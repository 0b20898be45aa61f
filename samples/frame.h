/* Builds single Ethernet frames with right lengths and checksums. */
#ifndef SAMPLES_FRAME_H
#define SAMPLES_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/bytes.h"

#define FRAME_MAX 2048 /* bytes of the longest frame, payload of at most 1472 */

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

/* What a frame says below its transport. Both addresses of one family. */
struct wire {
	uint8_t src_mac[6];
	uint8_t dst_mac[6];
	uint16_t vlan; /* 0: untagged */
	uint8_t ttl;
	uint16_t id;
	struct endpoint src;
	struct endpoint dst;
};

struct tcp_part {
	uint32_t seq;
	uint32_t ack;
	uint8_t flags; /* with TCP_SYN, options are put in */
	uint16_t window;
	struct bytes payload;
};

/* Each returns the length of the frame, padded to Ethernet's least. */
size_t frame_tcp(uint8_t out[FRAME_MAX], const struct wire *w, const struct tcp_part *t);
size_t frame_udp(uint8_t out[FRAME_MAX], const struct wire *w, struct bytes payload);

/* "Unreachable" (ICMP 3, ICMPv6 1) with that code about the packet in offending. */
size_t frame_prohibited(
    uint8_t out[FRAME_MAX], const struct wire *w, unsigned code, struct bytes offending);

#endif
