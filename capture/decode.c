#include "capture/decode.h"

#include "capture/peel.h"

#define STEPS_MAX     64
#define LINK_ETHERNET 1

static enum layer (*const steps[LAYER_COUNT])(struct peel *) = {
    [LAYER_ETHERNET] = peel_ethernet,
    [LAYER_TAG] = peel_tag,
    [LAYER_LLC] = peel_llc,
    [LAYER_MPLS] = peel_mpls,
    [LAYER_PPPOE] = peel_pppoe,
    [LAYER_PPP] = peel_ppp,
    [LAYER_HDLC] = peel_hdlc,
    [LAYER_SLL] = peel_sll,
    [LAYER_SLL2] = peel_sll2,
    [LAYER_NULL] = peel_null,
    [LAYER_IP] = peel_ip,
    [LAYER_IPV4] = peel_ipv4,
    [LAYER_IPV6] = peel_ipv6,
    [LAYER_AH] = peel_ah,
    [LAYER_TCP] = peel_tcp,
    [LAYER_UDP] = peel_udp,
    [LAYER_ICMP] = peel_icmp,
    [LAYER_GRE] = peel_gre,
    [LAYER_VXLAN] = peel_vxlan,
    [LAYER_GENEVE] = peel_geneve,
    [LAYER_TZSP] = peel_tzsp,
};

/* DLT_ and LINKTYPE_ numbers; raw IP has had several. */
static const struct {
	int linktype;
	enum layer first;
} links[] = {
    {LINK_ETHERNET, LAYER_ETHERNET},
    {113, LAYER_SLL},
    {276, LAYER_SLL2},
    {12, LAYER_IP},
    {14, LAYER_IP},
    {101, LAYER_IP},
    {228, LAYER_IPV4},
    {229, LAYER_IPV6},
    {0, LAYER_NULL},
    {108, LAYER_NULL},
    {9, LAYER_PPP},
    {50, LAYER_PPP},
    {51, LAYER_PPPOE},
    {104, LAYER_HDLC},
};

static enum layer
first_layer(struct peel *p, int linktype)
{
	size_t i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (links[i].linktype == linktype)
			return links[i].first;
	peel_odd(p, ODD_LINK_TYPE);
	return peel_end(p, DECODE_LINK);
}

/* Nothing readable inside: the packet is what its outer headers say. */
static void
settle(struct peel *p)
{
	if (p->has_plain) {
		*p->out = *p->plain;
		p->result = DECODE_UDP;
		if (p->out->nest == 0)
			p->odd &= ~(UINT32_C(1) << ODD_TUNNELLED);
	} else if (p->carries && p->result == DECODE_BAD) {
		p->result = DECODE_OTHER;
	}
}

static void
count_odd(struct decode_stats *st, uint32_t odd)
{
	size_t i;

	for (i = 0; i < ODD_COUNT; i++)
		st->odd[i] += odd >> i & 1;
}

static enum decode
run(struct peel *p, enum layer layer, struct decode_stats *st)
{
	size_t n;

	for (n = 0; layer != LAYER_DONE && n < STEPS_MAX; n++)
		layer = steps[layer](p);
	if (layer != LAYER_DONE)
		(void)peel_too_deep(p);
	if (p->result == DECODE_OTHER || p->result == DECODE_BAD)
		settle(p);
	if (p->odd != 0)
		count_odd(st, p->odd);
	st->by_result[p->result]++;
	return p->result;
}

enum decode
decode_frame(const struct frame *f, struct packet *out, struct decode_stats *st)
{
	enum decode what = DECODE_OTHER;

	if (f->linktype == LINK_ETHERNET)
		what = peel_straight(f, out, st);
	return what != DECODE_OTHER ? what : peel_layers(f, out, st);
}

enum decode
peel_layers(const struct frame *f, struct packet *out, struct decode_stats *st)
{
	struct packet plain;
	struct peel p;

	p.rest = f->data;
	p.wire = f->wire_len > f->data.n ? f->wire_len : f->data.n;
	p.odd = 0;
	p.headers = 0;
	p.tags = 0;
	p.truncated = false;
	p.whole = false;
	p.carries = false;
	p.has_plain = false;
	p.out = out;
	p.plain = &plain;
	out->ts = f->ts;
	out->nest = 0;
	out->vlan[0] = 0;
	out->vlan[1] = 0;
	out->has_mac = false;
	return run(&p, first_layer(&p, f->linktype), st);
}

enum decode
decode_datagram(const struct packet *of, struct bytes datagram, struct packet *out,
    struct decode_stats *st)
{
	struct packet plain;
	struct peel p = {.rest = datagram, .wire = datagram.n, .whole = true};
	uint8_t protocol = of->frag_proto;
	enum layer first;

	*out = *of;
	p.headers = (uint8_t)(of->nest + 1);
	p.out = out;
	p.plain = &plain;
	if (addr_is_v4(&out->src.addr))
		first = peel_protocol(&p, protocol);
	else
		first = peel_extensions(&p, protocol);
	return run(&p, first, st);
}

struct label {
	const char *name;
	const char *help;
};

static const struct label result_labels[DECODE_BAD + 1] = {
    [DECODE_TCP] = {"decoder.tcp", "TCP segments"},
    [DECODE_UDP] = {"decoder.udp", "UDP datagrams"},
    [DECODE_ICMP] = {"decoder.icmp", "ICMP and ICMPv6 messages"},
    [DECODE_OTHER] = {"decoder.other", "packets of no interest"},
    [DECODE_FRAGMENT] = {"decoder.fragments", "pieces of IP datagrams"},
    [DECODE_LINK] = {"decoder.unknown_link", "frames of a link type not decoded"},
    [DECODE_BAD] = {"decoder.invalid", "frames too short or contradicting themselves"},
};

/* ODD_LINK_TYPE has no row: decoder.unknown_link is the same number. */
static const struct label odd_labels[ODD_COUNT] = {
    [ODD_SHORT] = {"decoder.short", "headers cut off"},
    [ODD_IP_VERSION] = {"decoder.ip_version", "IP versions other than 4 and 6"},
    [ODD_IP_HEADER] = {"decoder.ip_header", "impossible IP header lengths"},
    [ODD_IP_LENGTH] = {"decoder.ip_length", "IP lengths beyond the frame"},
    [ODD_IP_ZERO_LEN] = {"decoder.ip_zero_length", "IP lengths of zero (offload)"},
    [ODD_IP_CHECKSUM] = {"decoder.ip_checksum", "IPv4 header checksums zero or wrong"},
    [ODD_TCP_HEADER] = {"decoder.tcp_header", "impossible TCP data offsets"},
    [ODD_UDP_LENGTH] = {"decoder.udp_length", "UDP lengths contradicting the datagram"},
    [ODD_PADDING] = {"decoder.padding", "bytes after the datagram"},
    [ODD_CUT] = {"decoder.cut", "payloads cut by the snap length"},
    [ODD_EXT_HEADERS] = {"decoder.ipv6_extensions", "IPv6 extensions too many or broken"},
    [ODD_NEST] = {"decoder.nest", "tunnels nested too deep"},
    [ODD_TUNNEL] = {"decoder.tunnel_header", "tunnel headers contradicting themselves"},
    [ODD_TUNNELLED] = {"decoder.tunnelled", "packets that arrived inside a tunnel"},
};

void
decode_counters(const struct decode_stats *st, struct counters *to)
{
	size_t i;

	for (i = 0; i <= DECODE_BAD; i++)
		counters_add(
		    to, result_labels[i].name, result_labels[i].help, st->by_result[i]);
	for (i = 0; i < ODD_COUNT; i++)
		if (odd_labels[i].name != NULL)
			counters_add(
			    to, odd_labels[i].name, odd_labels[i].help, st->odd[i]);
}
