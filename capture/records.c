#include "capture/records.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/source_filter.h"

#define MAGIC_USEC      0xa1b2c3d4U
#define MAGIC_NSEC      0xa1b23c4dU
#define MAGIC_KUZNETZOV 0xa1b2cd34U
#define MAGIC_NG        0x0a0d0d0aU

#define FILE_HEAD 24U

/* Longer captured lengths are damage, whatever a header promises. */
#define CAPLEN_MAX ((uint32_t)128 * 1024 * 1024)

int
records_init(struct records *r, struct err *e)
{
	*r = (struct records){.ng = false};
	if (feed_init(&r->feed, e) != 0)
		return -1;
	r->interfaces = malloc(RECORDS_INTERFACES_MAX * sizeof(*r->interfaces));
	if (r->interfaces == NULL) {
		feed_fini(&r->feed);
		return err_set(e, "no memory to read a capture");
	}
	return 0;
}

void
records_fini(struct records *r)
{
	feed_fini(&r->feed);
	free(r->interfaces);
	r->interfaces = NULL;
}

void
records_close(struct records *r)
{
	feed_close(&r->feed);
}

enum records_state
records_broken(struct records *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
	return RECORDS_BROKEN;
}

enum records_state
records_stopped(struct records *r)
{
	r->start = feed_offset(&r->feed);
	if (r->feed.from.state == OCTETS_ENDED)
		return RECORDS_END;
	octets_why(&r->feed.from, r->why, sizeof(r->why));
	return RECORDS_BROKEN;
}

enum records_state
records_short(struct records *r, const char *what, uint64_t said, uint64_t there)
{
	if (r->feed.from.state != OCTETS_ENDED) {
		octets_why(&r->feed.from, r->why, sizeof(r->why));
		return RECORDS_BROKEN;
	}
	return records_broken(r, "truncated %s (%llu bytes expected, %llu are there)",
	    what, (unsigned long long)said, (unsigned long long)there);
}

/* Sorts out which of the two lengths is the captured one. */
static uint32_t
captured_length(const struct records *r, const uint8_t *p, uint32_t *wire)
{
	uint32_t cap = records_u32(r, p + 8), len = records_u32(r, p + 12);

	if (r->lengths_swapped || (r->lengths_unsure && cap > len)) {
		*wire = cap;
		return len;
	}
	*wire = len;
	return cap;
}

/*
 * A length no packet has is damage, unless the file's header allows for it; of
 * such a record the first part is handed out.
 */
static bool
is_plausible(const struct records *r, uint32_t cap)
{
	return cap <= RECORD_DATA_MAX || (cap <= CAPLEN_MAX && cap <= r->pcap.snaplen);
}

static enum records_state
next_pcap(struct records *r, struct frame *out)
{
	uint32_t cap, take;
	const uint8_t *p;
	size_t n;

	r->start = feed_offset(&r->feed);
	n = feed_see(&r->feed, r->head);
	if (n < r->head)
		return n == 0 ? records_stopped(r)
			      : records_short(r, "record header", r->head, n);
	cap = captured_length(r, feed_here(&r->feed), &out->wire_len);
	if (!is_plausible(r, cap))
		return records_broken(r, "impossible record length %u", cap);
	take = cap < RECORD_DATA_MAX ? cap : RECORD_DATA_MAX;
	n = feed_see(&r->feed, r->head + (size_t)take);
	if (n < r->head + (size_t)take)
		return records_short(r, "record", cap, n - r->head);
	p = feed_here(&r->feed);
	out->data = bytes_of(p + r->head, take);
	if (out->wire_len < cap)
		out->wire_len = cap;
	out->linktype = r->pcap.linktype;
	out->ts = (int64_t)records_u32(r, p) * 1000000000 +
		  (int64_t)records_u32(r, p + 4) * r->tick;
	feed_eat(&r->feed, r->head + (size_t)take);
	r->rest = cap - take;
	return RECORDS_OK;
}

enum records_state
records_next_any(struct records *r, struct frame *out)
{
	uint64_t end = feed_offset(&r->feed) + r->rest;

	if (r->rest != 0 && !feed_skip(&r->feed, r->rest))
		return records_short(
		    r, "record", end - r->start, feed_offset(&r->feed) - r->start);
	r->rest = 0;
	return r->ng ? records_next_ng(r, out) : next_pcap(r, out);
}

static bool
is_pcap(struct records *r, const uint8_t *p)
{
	uint32_t magic;

	for (r->big = true;; r->big = false) {
		magic = records_u32(r, p);
		if (magic == MAGIC_USEC || magic == MAGIC_NSEC ||
		    magic == MAGIC_KUZNETZOV)
			break;
		if (!r->big)
			return false;
	}
	r->head = magic == MAGIC_KUZNETZOV ? 24 : RECORD_HEAD;
	r->tick = magic == MAGIC_NSEC ? 1 : 1000;
	return true;
}

static enum records_state
open_pcap(struct records *r)
{
	size_t n = feed_see(&r->feed, FILE_HEAD);
	const uint8_t *p = feed_here(&r->feed);
	uint16_t major, minor;

	if (n < FILE_HEAD)
		return records_short(r, "file header", FILE_HEAD, n);
	major = records_u16(r, p + 4);
	minor = records_u16(r, p + 6);
	if (major != 2 && major != 543)
		return records_broken(r, "pcap version %u.%u is not known", major, minor);
	r->lengths_swapped = major == 543 || minor < 3;
	r->lengths_unsure = major == 2 && minor == 3;
	r->pcap.snaplen = records_u32(r, p + 16);
	r->pcap.linktype = linktype_from_file((int)(records_u32(r, p + 20) & 0xffff));
	r->usual = !r->big && r->head == RECORD_HEAD && !r->lengths_swapped &&
		   !r->lengths_unsure;
	feed_eat(&r->feed, FILE_HEAD);
	return RECORDS_OK;
}

/* Says what a stranger is, where its first octets tell. */
static enum records_state
foreign(struct records *r, struct bytes b)
{
	static const struct {
		const char *magic;
		const char *what;
	} known[] = {
	    {"\xfd"
	     "7zXZ",
		"compressed with xz, which is not read; unpack it first"},
	    {"BZh", "compressed with bzip2, which is not read; unpack it first"},
	    {"\x04\x22\x4d\x18",
		"compressed with lz4, which is not read; unpack it first"},
	    {"PK\x03\x04", "a zip archive; unpack it first"},
	    {"snoop", "a snoop capture; convert it with editcap"},
	    {"GMBU", "a Network Monitor capture; convert it with editcap"},
	    {"RTSS", "a Network Monitor capture; convert it with editcap"},
	    {"TRSNIFF", "a Sniffer capture; convert it with editcap"},
	};
	size_t i;

	r->why[0] = '\0';
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (bytes_eq(
			bytes_take(b, strlen(known[i].magic)), bytes_str(known[i].magic)))
			(void)records_broken(r, "%s", known[i].what);
	return RECORDS_FOREIGN;
}

static enum records_state
recognise(struct records *r)
{
	size_t n = feed_see(&r->feed, 8);
	const uint8_t *p = feed_here(&r->feed);

	if (n == 0 && r->feed.from.state == OCTETS_ENDED)
		return feed_stored(&r->feed) == 0 ? RECORDS_EMPTY
						  : foreign(r, bytes_of(p, 0));
	if (n < 4 && r->feed.from.state != OCTETS_ENDED) {
		octets_why(&r->feed.from, r->why, sizeof(r->why));
		return RECORDS_BROKEN;
	}
	r->ng = n >= 4 && load_be32(p) == MAGIC_NG;
	r->capture = r->ng || (n >= 4 && is_pcap(r, p));
	if (!r->capture)
		return foreign(r, bytes_of(p, n));
	return r->ng ? records_open_ng(r) : open_pcap(r);
}

enum records_state
records_open(struct records *r, const char *path)
{
	struct err e = {{0}};

	r->ng = r->usual = r->capture = false;
	r->start = r->rest = 0;
	r->last = 0;
	if (feed_open(&r->feed, path, &e) != 0) {
		(void)records_broken(r, "%.150s", e.text);
		return RECORDS_FAILED;
	}
	return recognise(r);
}
