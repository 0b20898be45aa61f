/*
 * Frames to packets: parse once, and nobody looks at the wire again.  Link
 * layers, tags, labels and mirror tunnels are peeled until a TCP, UDP or ICMP
 * header is found; what lies deeper than DECODE_NEST_MAX layers is left alone.
 * The innermost IP packet counts; what an outer header says is forgotten, except
 * VLAN tags and the MAC addresses, which are those nearest to that packet.
 *
 * Bad packets are weather: counted by kind, never logged one by one.
 */
#ifndef CAPTURE_DECODE_H
#define CAPTURE_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/counters.h"
#include "capture/source.h"

#define DECODE_NEST_MAX 8

enum decode {
	DECODE_TCP,
	DECODE_UDP,
	DECODE_ICMP,     /* ICMP or ICMPv6; payload is the whole ICMP message */
	DECODE_OTHER,    /* well formed and of no interest (ARP, GRE keep-alive, ...) */
	DECODE_FRAGMENT, /* a piece of an IP datagram: give it to defrag_push */
	DECODE_LINK,     /* link type not known */
	DECODE_BAD,      /* too short or contradicting itself */
};

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10

struct packet {
	struct endpoint src;
	struct endpoint dst;
	int64_t ts;
	uint8_t proto; /* IP protocol number */
	uint8_t ttl;
	uint8_t tcp_flags;
	uint8_t nest; /* IP headers peeled before this one */
	uint32_t seq;
	uint32_t ack;
	uint16_t window;
	uint8_t tcp_header; /* bytes; the segment begins that far before payload */
	uint16_t vlan[2];   /* outermost first; 0: none */
	bool has_mac;
	uint8_t src_mac[6];
	uint8_t dst_mac[6];
	bool cut;              /* the capture holds less payload than was sent */
	struct bytes payload;  /* captured bytes; slices die with the frame */
	uint32_t wire_payload; /* bytes sent, at least payload.n */
	struct bytes ip;       /* from this IP header to the end of its datagram */

	/* with DECODE_FRAGMENT only; src and dst ports are zero then */
	uint32_t frag_id;
	uint32_t frag_offset; /* bytes */
	bool frag_more;
	uint8_t frag_proto;      /* protocol of the datagram's payload */
	struct bytes frag_bytes; /* this piece */
};

/* One count per kind of oddity; each is normal somewhere and none is fatal. */
enum oddity {
	ODD_LINK_TYPE,   /* link type not decoded */
	ODD_SHORT,       /* header cut off */
	ODD_IP_VERSION,  /* neither 4 nor 6 */
	ODD_IP_HEADER,   /* header length impossible */
	ODD_IP_LENGTH,   /* total length beyond the frame: clipped */
	ODD_IP_ZERO_LEN, /* total length zero (segmentation offload): frame length used */
	ODD_IP_CHECKSUM, /* IPv4 header checksum zero or wrong */
	ODD_TCP_HEADER,  /* data offset impossible */
	ODD_UDP_LENGTH,  /* length field contradicts the datagram: clipped */
	ODD_PADDING,     /* bytes after the datagram beyond what the link pads: trimmed */
	ODD_CUT,         /* payload cut by the snap length */
	ODD_EXT_HEADERS, /* IPv6 extension header chain too long or broken */
	ODD_NEST,        /* tunnels nested too deep */
	ODD_TUNNEL, /* a tunnel header that contradicts itself: packet taken as plain */
	ODD_TUNNELLED, /* packets that arrived inside a tunnel */
	ODD_COUNT
};

struct decode_stats {
	uint64_t by_result[DECODE_BAD + 1];
	uint64_t odd[ODD_COUNT];
};

/* Decodes one frame.  *out is complete for TCP, UDP, ICMP and FRAGMENT. */
enum decode decode_frame(
    const struct frame *f, struct packet *out, struct decode_stats *st);

/*
 * Decodes a datagram that defrag_push has put together: an IP payload of
 * protocol of->frag_proto between of->src and of->dst.  Everything else is
 * taken over from of.  May itself yield DECODE_FRAGMENT (a tunnel inside).
 */
enum decode decode_datagram(const struct packet *of, struct bytes datagram,
    struct packet *out, struct decode_stats *st);

/*
 * Whether the TCP checksum is right.  Not part of decode_frame: only worth
 * its price on a watched flow.  False also for a zero or absent one.
 */
bool decode_tcp_checksum_ok(const struct packet *p);

/* decoder.* counters. */
void decode_counters(const struct decode_stats *st, struct counters *to);

#endif
