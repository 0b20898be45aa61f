#include "capture/peel.h"

/* The rest is the segment or message: captured where the snap length allowed. */
static void
measure(struct peel *p)
{
	p->out->cut = p->rest.n < p->wire;
	if (p->out->cut)
		peel_odd(p, ODD_CUT);
}

static void
hold_payload(struct peel *p)
{
	p->out->payload = p->rest;
	p->out->wire_payload = (uint32_t)p->wire;
}

static void
clear_tcp(struct packet *out)
{
	out->tcp_flags = out->tcp_header = 0;
	out->seq = out->ack = out->window = 0;
}

enum layer
peel_tcp(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	struct packet *out = p->out;
	size_t header;

	if (!peel_has(p, 20))
		return peel_bad(p, ODD_SHORT);
	header = 4 * (size_t)(h[12] >> 4);
	if (header < 20 || header > p->wire)
		return peel_bad(p, ODD_TCP_HEADER);
	out->src.port = load_be16(h);
	out->dst.port = load_be16(h + 2);
	out->seq = load_be32(h + 4);
	out->ack = load_be32(h + 8);
	out->tcp_header = (uint8_t)header;
	out->tcp_flags = h[13];
	out->window = load_be16(h + 14);
	measure(p);
	if (peel_has(p, header)) {
		peel_skip(p, header);
	} else {
		p->wire -= header;
		p->rest = bytes_of(p->rest.p + p->rest.n, 0);
	}
	hold_payload(p);
	return peel_end(p, DECODE_TCP);
}

/* Zero is what offload and jumbograms leave; the datagram's own length holds then. */
static void
udp_trim(struct peel *p, size_t length)
{
	if (length != p->wire)
		peel_odd(p, ODD_UDP_LENGTH);
	if (length != 0)
		peel_limit(p, length < 8 ? 8 : length);
}

enum layer
peel_udp(struct peel *p)
{
	const uint8_t *h = p->rest.p;
	struct packet *out = p->out;
	enum layer inner;

	if (!peel_has(p, 8))
		return peel_bad(p, ODD_SHORT);
	out->src.port = load_be16(h);
	out->dst.port = load_be16(h + 2);
	udp_trim(p, load_be16(h + 4));
	clear_tcp(out);
	measure(p);
	peel_skip(p, 8);
	hold_payload(p);
	inner = peel_tunnel_of(out->dst.port);
	if (inner != LAYER_DONE) {
		*p->plain = *out;
		p->has_plain = true;
	}
	p->result = DECODE_UDP;
	return inner;
}

enum layer
peel_icmp(struct peel *p)
{
	struct packet *out = p->out;

	if (!peel_has(p, 8))
		return peel_bad(p, ODD_SHORT);
	out->src.port = out->dst.port = 0;
	clear_tcp(out);
	measure(p);
	hold_payload(p);
	return peel_end(p, DECODE_ICMP);
}

/*
 * Adds big-endian 16-bit words; an odd last byte is the high half of one.  Eight octets
 * at a time are added as they lie in memory, and their sum is read as what lies there:
 * which end comes first makes no difference to it.
 */
static uint64_t
add_words(uint64_t sum, const uint8_t *b, size_t n)
{
	uint64_t many = 0, words;
	uint16_t folded;
	uint8_t there[2];

	for (; n >= 8; n -= 8, b += 8) {
		memcpy(&words, b, 8);
		many += (words >> 32) + (words & 0xffffffff);
	}
	folded = (uint16_t)(many % 0xffff);
	memcpy(there, &folded, 2);
	sum += load_be16(there);
	for (; n >= 2; n -= 2, b += 2)
		sum += load_be16(b);
	return n ? sum + ((uint32_t)b[0] << 8) : sum;
}

bool
decode_tcp_checksum_ok(const struct packet *p)
{
	size_t skip = addr_is_v4(&p->src.addr) ? 12 : 0;
	size_t n = p->tcp_header + p->payload.n;
	uint64_t sum = p->proto + n;

	if (p->cut || p->tcp_header < 20)
		return false;
	if (load_be16(p->payload.p - p->tcp_header + 16) == 0)
		return false;
	sum = add_words(sum, p->src.addr.v + skip, sizeof(p->src.addr.v) - skip);
	sum = add_words(sum, p->dst.addr.v + skip, sizeof(p->dst.addr.v) - skip);
	sum = add_words(sum, p->payload.p - p->tcp_header, n);
	while (sum >> 16 != 0)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum == 0xffff;
}
