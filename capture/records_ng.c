/*
 * pcapng (draft-ietf-opsawg-pcapng).  A section begins with a block that tells
 * the byte order; interfaces are numbered within their section in the order
 * of their description blocks.  Every block repeats its length at its end,
 * which is checked before anything of the block is believed.
 */
#include "capture/records.h"

#include "capture/source_filter.h"

#define BLOCK_SECTION   0x0a0d0d0aU
#define BLOCK_INTERFACE 1U
#define BLOCK_PACKET    2U /* obsolete */
#define BLOCK_SIMPLE    3U
#define BLOCK_ENHANCED  6U

#define BLOCK_MIN     12U
#define BLOCK_HEAD    8U
#define BYTE_ORDER_BE 0x1a2b3c4dU
#define BYTE_ORDER_LE 0x4d3c2b1aU

#define OPTION_END      0U
#define OPTION_TSRESOL  9U
#define OPTION_TSOFFSET 14U

#define NS    1000000000
#define S_MAX INT64_C(9223372035) /* seconds whose nanoseconds fit */

/* Ticks a second as if_tsresol has them; 0 when they fit no integer. */
static uint64_t
ticks_of(uint8_t tsresol)
{
	uint64_t ticks = 1;
	unsigned i, n = tsresol & 0x7f;

	if (tsresol & 0x80)
		return n < 64 ? UINT64_C(1) << n : 0;
	if (n > 19)
		return 0;
	for (i = 0; i < n; i++)
		ticks *= 10;
	return ticks;
}

static bool
interface_options(const struct records *r, struct bytes b, struct records_interface *to)
{
	struct cur c = cur_of(b);
	struct bytes value;
	const uint8_t *head;
	unsigned code, length;

	while (cur_left(&c) >= 4) {
		head = cur_take(&c, 4).p;
		code = records_u16(r, head);
		length = records_u16(r, head + 2);
		if (code == OPTION_END)
			break;
		value = bytes_take(cur_take(&c, (length + 3U) & ~3U), length);
		if (c.bad)
			return false;
		if (code == OPTION_TSRESOL && length == 1)
			to->ticks = ticks_of(value.p[0]);
		if (code == OPTION_TSOFFSET && length == 8)
			to->offset =
			    (int64_t)((uint64_t)records_u32(r, value.p + (r->big ? 0 : 4))
					  << 32 |
				      records_u32(r, value.p + (r->big ? 4 : 0)));
	}
	return to->ticks != 0;
}

static enum records_state
add_interface(struct records *r, struct bytes block)
{
	struct records_interface i = {.ticks = 1000000};

	if (block.n < 16)
		return records_broken(r, "interface description of %zu bytes", block.n);
	if (r->n_interfaces == RECORDS_INTERFACES_MAX)
		return records_broken(
		    r, "more than %u interfaces in one section", RECORDS_INTERFACES_MAX);
	i.linktype = linktype_from_file(records_u16(r, block.p + 8));
	i.snaplen = records_u32(r, block.p + 12);
	if (!interface_options(r, bytes_skip(block, 16), &i))
		return records_broken(r, "interface description with bad options");
	r->interfaces[r->n_interfaces++] = i;
	return RECORDS_OK;
}

static int64_t
time_of(const struct records_interface *i, uint64_t ticks)
{
	uint64_t s = ticks / i->ticks, part = ticks % i->ticks;
	int64_t at = s < (uint64_t)S_MAX ? (int64_t)s : S_MAX;

	if (i->ticks <= NS)
		part = part * NS / i->ticks;
	else
		part =
		    (uint64_t)((__extension__(unsigned __int128) part) * NS / i->ticks);
	if (i->offset > S_MAX - at)
		at = S_MAX;
	else if (at + i->offset < -S_MAX)
		at = -S_MAX;
	else
		at += i->offset;
	return at * NS + (int64_t)part;
}

/* The parts packet blocks have in common, told apart by their place. */
struct packet_fields {
	uint32_t interface;
	uint32_t caplen;
	uint32_t head; /* where the data begin */
	bool timed;
};

static enum records_state
packet_block(struct records *r, struct bytes block, const struct packet_fields *f,
    struct frame *out)
{
	const struct records_interface *i;
	struct bytes data = bytes_skip(block, f->head);
	uint64_t room = data.n + (r->rest ? r->rest - 4 : 0);

	if (f->interface >= r->n_interfaces)
		return records_broken(
		    r, "packet of interface %u, which is not described", f->interface);
	if (f->caplen > room)
		return records_broken(r,
		    "packet of %u bytes in a block with room for %llu", f->caplen,
		    (unsigned long long)room);
	i = &r->interfaces[f->interface];
	if (f->timed)
		r->last = time_of(i, (uint64_t)records_u32(r, block.p + 12) << 32 |
					 records_u32(r, block.p + 16));
	out->ts = r->last;
	out->linktype = i->linktype;
	out->data = bytes_take(bytes_take(data, f->caplen), RECORD_DATA_MAX);
	if (out->wire_len < f->caplen)
		out->wire_len = f->caplen;
	return RECORDS_OK;
}

static enum records_state
timed_packet(struct records *r, struct bytes block, bool obsolete, struct frame *out)
{
	struct packet_fields f = {.head = 28, .timed = true};

	if (block.n < 28)
		return records_broken(r, "packet block of %zu bytes", block.n);
	f.interface =
	    obsolete ? records_u16(r, block.p + 8) : records_u32(r, block.p + 8);
	f.caplen = records_u32(r, block.p + 20);
	out->wire_len = records_u32(r, block.p + 24);
	return packet_block(r, block, &f, out);
}

/* Such a block has no time and no captured length: that follows from the snap length. */
static enum records_state
simple_packet(struct records *r, struct bytes block, struct frame *out)
{
	struct packet_fields f = {.head = 12};
	uint32_t snaplen = r->n_interfaces ? r->interfaces[0].snaplen : 0;

	if (block.n < 12)
		return records_broken(r, "packet block of %zu bytes", block.n);
	out->wire_len = records_u32(r, block.p + 8);
	f.caplen = snaplen && snaplen < out->wire_len ? snaplen : out->wire_len;
	return packet_block(r, block, &f, out);
}

/* Byte order and version; sees to it that 16 octets of the block are there. */
static enum records_state
begin_section(struct records *r)
{
	size_t n = feed_see(&r->feed, 16);
	const uint8_t *p = feed_here(&r->feed);
	uint32_t order;

	if (n < 16)
		return records_short(r, "section header", 28, n);
	order = load_be32(p + 8);
	if (order != BYTE_ORDER_BE && order != BYTE_ORDER_LE)
		return records_broken(r, "section header with byte order %08x", order);
	r->big = order == BYTE_ORDER_BE;
	if (records_u16(r, p + 12) != 1)
		return records_broken(r, "pcapng version %u.%u is not known",
		    records_u16(r, p + 12), records_u16(r, p + 14));
	r->n_interfaces = 0;
	return RECORDS_OK;
}

/* The block at start: its type and length, believed as far as they can be. */
static enum records_state
block_head(struct records *r, uint32_t *type, uint32_t *length)
{
	size_t n;
	enum records_state s;

	r->start = feed_offset(&r->feed);
	n = feed_see(&r->feed, BLOCK_HEAD);
	if (n < BLOCK_HEAD)
		return n == 0 ? records_stopped(r)
			      : records_short(r, "block header", BLOCK_HEAD, n);
	*type = records_u32(r, feed_here(&r->feed));
	if (*type == BLOCK_SECTION && (s = begin_section(r)) != RECORDS_OK)
		return s;
	*length = records_u32(r, feed_here(&r->feed) + 4);
	if (*length < (*type == BLOCK_SECTION ? 28 : BLOCK_MIN) || *length % 4 != 0)
		return records_broken(r, "impossible block length %u", *length);
	return RECORDS_OK;
}

/* The block without its last length, eaten; of one larger than the window the start. */
static enum records_state
take_block(struct records *r, uint32_t length, struct bytes *b)
{
	size_t want = length < FEED_MAX ? length : FEED_MAX;
	size_t n = feed_see(&r->feed, want);
	uint32_t again;

	if (n < want)
		return records_short(r, "block", length, n);
	*b = bytes_of(feed_here(&r->feed), want);
	r->rest = length - want;
	if (r->rest == 0) {
		again = records_u32(r, b->p + want - 4);
		if (again != length)
			return records_broken(
			    r, "block whose lengths differ (%u and %u)", length, again);
		b->n -= 4;
	}
	feed_eat(&r->feed, want);
	return RECORDS_OK;
}

static enum records_state
skip_block(struct records *r, uint32_t length)
{
	struct bytes b;
	enum records_state s = take_block(r, length, &b);

	if (s == RECORDS_OK && r->rest != 0 && !feed_skip(&r->feed, r->rest))
		s = records_short(r, "block", length, feed_offset(&r->feed) - r->start);
	r->rest = 0;
	return s;
}

/* One block; *packet says whether *out was filled. */
static enum records_state
next_block(struct records *r, struct frame *out, bool *packet)
{
	uint32_t type = 0, length = 0;
	struct bytes b = {NULL, 0};
	enum records_state s = block_head(r, &type, &length);

	*packet = type == BLOCK_ENHANCED || type == BLOCK_PACKET || type == BLOCK_SIMPLE;
	if (s != RECORDS_OK)
		return s;
	if (!*packet && type != BLOCK_INTERFACE)
		return skip_block(r, length);
	s = take_block(r, length, &b);
	if (s != RECORDS_OK)
		return s;
	if (type == BLOCK_INTERFACE)
		return add_interface(r, b);
	if (type == BLOCK_SIMPLE)
		return simple_packet(r, b, out);
	return timed_packet(r, b, type == BLOCK_PACKET, out);
}

enum records_state
records_next_ng(struct records *r, struct frame *out)
{
	enum records_state s;
	bool packet = false;

	do {
		s = next_block(r, out, &packet);
	} while (s == RECORDS_OK && !packet);
	return s;
}

enum records_state
records_open_ng(struct records *r)
{
	size_t n = feed_see(&r->feed, 12);
	uint32_t order;

	r->n_interfaces = 0;
	if (n < 12)
		return records_short(r, "section header", 28, n);
	order = load_be32(feed_here(&r->feed) + 8);
	r->why[0] = '\0';
	return order == BYTE_ORDER_BE || order == BYTE_ORDER_LE ? RECORDS_OK
								: RECORDS_FOREIGN;
}
