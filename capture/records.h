/*
 * The packet records of one input, walked in place: pcap (both byte orders, micro- and
 * nanoseconds, Kuznetzov's longer records, the swapped lengths of old files) and
 * pcapng (any number of sections and interfaces, each with its own link type
 * and clock).
 */
#ifndef CAPTURE_RECORDS_H
#define CAPTURE_RECORDS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "capture/feed.h"
#include "capture/source.h"

/* The longest frame handed out; what a file holds beyond is left out of data. */
#define RECORD_DATA_MAX 262144U

/* Length of a pcap record's header; Kuznetzov's are longer. */
#define RECORD_HEAD 16U

/* Interfaces of one pcapng section. */
#define RECORDS_INTERFACES_MAX 4096U

enum records_state {
	RECORDS_OK,
	RECORDS_END,
	RECORDS_EMPTY,   /* opening: not one octet */
	RECORDS_FOREIGN, /* opening: no capture; why may say what it is */
	RECORDS_FAILED,  /* opening: why has the system's words */
	RECORDS_BROKEN,  /* damaged at start, why says how */
};

/* What an interface description says, for its packets. */
struct records_interface {
	uint64_t ticks; /* a second */
	int64_t offset; /* seconds to add */
	uint32_t snaplen;
	int linktype;
};

struct records {
	struct feed feed;
	bool capture; /* recognised as one */
	bool big;     /* the file's integers are big-endian */
	bool ng;
	bool usual;           /* pcap, little-endian, with the headers of today */
	uint8_t head;         /* pcap: length of a record's header */
	bool lengths_swapped; /* pcap before 2.3, and 543.0 */
	bool lengths_unsure;  /* pcap 2.3: the smaller one is the captured one */
	int64_t tick;         /* pcap: nanoseconds in a unit of the fraction */
	struct records_interface pcap;
	struct records_interface *interfaces; /* pcapng */
	uint32_t n_interfaces;
	uint64_t start; /* where the record (or block) looked at begins */
	uint64_t rest;  /* octets of it that were not yet skipped */
	int64_t last;   /* latest time, for packets that bear none */
	char why[160];
};

/* Memory for any number of inputs, one after the other. */
int records_init(struct records *r, struct err *e);
void records_fini(struct records *r);

/* Opens and recognises an input ("-": standard input).  RECORDS_OK, or why not. */
enum records_state records_open(struct records *r, const char *path);
void records_close(struct records *r);

/*
 * Within the reader's own two files: the pcapng half, the file's integers,
 * and the one way to say that the record at start cannot be had.
 */
enum records_state records_open_ng(struct records *r);
enum records_state records_next_ng(struct records *r, struct frame *out);
enum records_state records_broken(struct records *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The stream stopped: a clean end, or what feed says is wrong with it. */
enum records_state records_stopped(struct records *r);

/* As records_broken, but the reason is the feed's when the feed is to blame. */
enum records_state records_short(
    struct records *r, const char *what, uint64_t said, uint64_t there);

/* As records_next, for any format and a record that the window holds in part. */
enum records_state records_next_any(struct records *r, struct frame *out);

static inline uint16_t
records_u16(const struct records *r, const uint8_t *p)
{
	return (uint16_t)(r->big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static inline uint32_t
records_u32(const struct records *r, const uint8_t *p)
{
	return r->big ? load_be32(p) : load_le32(p);
}

/*
 * The usual record when it lies in the window as a whole: frames handed out before stay
 * where they are.
 */
static inline bool
records_next_ready(struct records *r, struct frame *out)
{
	const uint8_t *p = feed_here(&r->feed);
	size_t left = r->feed.end - r->feed.at;
	uint32_t cap;

	if (!r->usual || r->rest != 0 || left < RECORD_HEAD)
		return false;
	cap = load_le32(p + 8);
	if (cap > RECORD_DATA_MAX || cap > left - RECORD_HEAD)
		return false;
	out->data = bytes_of(p + RECORD_HEAD, cap);
	out->wire_len = load_le32(p + 12);
	if (out->wire_len < cap)
		out->wire_len = cap;
	out->linktype = r->pcap.linktype;
	out->ts =
	    (int64_t)load_le32(p) * 1000000000 + (int64_t)load_le32(p + 4) * r->tick;
	feed_eat(&r->feed, RECORD_HEAD + (size_t)cap);
	return true;
}

/*
 * RECORDS_OK with *out filled, but for its number and origin; RECORDS_END or
 * RECORDS_BROKEN.  The bytes are borrowed until the next call.
 */
static inline enum records_state
records_next(struct records *r, struct frame *out)
{
	if (records_next_ready(r, out))
		return RECORDS_OK;
	return records_next_any(r, out);
}

#endif
