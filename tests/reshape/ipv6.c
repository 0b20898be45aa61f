#include <string.h>

#include "tests/reshape/ipv6.h"
#include "tests/reshape/steps.h"
#include "tests/reshape/wire.h"

static const uint8_t prefix[12] = {0x20, 0x01, 0x0d, 0xb8};

struct addr
ipv6_map(const struct addr *a)
{
	struct addr to = *a;

	if (addr_is_v4(a))
		memcpy(to.v, prefix, sizeof(prefix));
	return to;
}

/* An IPv6 header that says what the IPv4 header at ip says. */
static void
header_like(uint8_t *to, const uint8_t *ip, unsigned next, size_t payload)
{
	wire_ip6(to, next, payload);
	to[7] = ip[8];
	memcpy(to + 8, prefix, sizeof(prefix));
	memcpy(to + 20, ip + 12, 4);
	memcpy(to + 24, prefix, sizeof(prefix));
	memcpy(to + 36, ip + 16, 4);
}

static struct rec *
frame_like(struct trace *out, const struct rec *r, unsigned next, size_t payload)
{
	struct rec *to = trace_add(out, r->ts, ETH_LEN + IP6_LEN + payload);

	memcpy(to->p, r->p, ETH_LEN);
	put16(to->p + 12, ETH_IP6);
	header_like(to->p + ETH_LEN, r->p + ETH_LEN, next, payload);
	return to;
}

static void
fix_frame(struct rec *r, unsigned proto)
{
	struct view v = {.v6 = true, .proto = (uint8_t)proto, .l3 = ETH_LEN};

	v.l4 = v.data = ETH_LEN + IP6_LEN;
	v.end = r->n;
	wire_fix(r->p, &v);
}

static void
plain(struct trace *out, const struct rec *r, const struct view *v)
{
	size_t n = v->end - v->l4;
	struct rec *to = frame_like(out, r, v->proto, n);

	memcpy(to->p + ETH_LEN + IP6_LEN, r->p + v->l4, n);
	fix_frame(to, v->proto);
}

static void
echo(struct trace *out, const struct rec *r, const struct view *v)
{
	size_t n = v->end - v->l4;
	struct rec *to = frame_like(out, r, P_ICMP6, n);
	uint8_t *icmp = to->p + ETH_LEN + IP6_LEN;

	memcpy(icmp, r->p + v->l4, n);
	icmp[0] = icmp[0] == 8 ? 128 : 129;
	fix_frame(to, P_ICMP6);
}

/* ICMP unreachable codes in ICMPv6 (RFC 7915 section 4.2). */
static uint8_t
unreachable_code(uint8_t code)
{
	switch (code) {
	case 3:
		return 4;
	case 9:
	case 10:
	case 13:
	case 15:
		return 1;
	default:
		return 0;
	}
}

/* The quoted checksum, where it is quoted, follows the addresses (RFC 1624). */
static void
requote_sum(uint8_t *l4, size_t n, unsigned proto)
{
	size_t at = proto == P_TCP ? 16 : 6;
	uint32_t sum;

	if ((proto != P_TCP && proto != P_UDP) || n < at + 2)
		return;
	sum = (uint16_t)~load_be16(l4 + at);
	sum = sum_add(sum_add(sum, prefix, sizeof(prefix)), prefix, sizeof(prefix));
	put16(l4 + at, sum_end(sum));
}

/* The quoted packet is converted too, as far as it is quoted. */
static void
unreachable(struct trace *out, const struct rec *r, const struct view *v)
{
	const uint8_t *icmp = r->p + v->l4, *quoted = icmp + 8;
	size_t n = v->end - v->l4, header;
	struct rec *to;
	uint8_t *p;

	if (n < 8 + IP4_LEN + 8 || quoted[0] >> 4 != 4)
		return;
	header = (size_t)(quoted[0] & 15) * 4;
	if (header < IP4_LEN || n < 8 + header + 8)
		return;
	n -= 8 + header;
	to = frame_like(out, r, P_ICMP6, 8 + IP6_LEN + n);
	p = to->p + ETH_LEN + IP6_LEN;
	memset(p, 0, 8);
	p[0] = 1;
	p[1] = unreachable_code(icmp[1]);
	header_like(p + 8, quoted, quoted[9], (size_t)load_be16(quoted + 2) - header);
	memcpy(p + 8 + IP6_LEN, quoted + header, n);
	requote_sum(p + 8 + IP6_LEN, n, quoted[9]);
	fix_frame(to, P_ICMP6);
}

static void
convert(struct trace *out, const struct rec *r, const struct view *v)
{
	if (v->proto == P_TCP || v->proto == P_UDP) {
		plain(out, r, v);
		return;
	}
	if (v->proto != P_ICMP || v->end - v->l4 < 8)
		return;
	if (r->p[v->l4] == 3)
		unreachable(out, r, v);
	if (r->p[v->l4] == 8 || r->p[v->l4] == 0)
		echo(out, r, v);
}

void
step_ipv6(const struct trace *in, struct trace *out, const char *arg)
{
	struct view v;
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++) {
		if (!view_of(&in->r[i], &v))
			continue;
		if (v.v6)
			trace_copy(out, &in->r[i]);
		else
			convert(out, &in->r[i], &v);
	}
}

#define EXT_BYTES 24

/* Hop-by-hop with padding, then destination options with one unknown option. */
static const uint8_t extensions[EXT_BYTES] = {60, 0, 1, 4, 0, 0, 0, 0, /* */
    0, 1, 0x1e, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0};

void
step_extend(const struct trace *in, struct trace *out, const char *arg)
{
	struct view v;
	struct rec *to;
	size_t i;

	(void)arg;
	for (i = 0; i < in->n; i++) {
		if (!view_of(&in->r[i], &v) || !v.v6 || v.proto == P_ICMP6) {
			trace_copy(out, &in->r[i]);
			continue;
		}
		to = trace_add(out, in->r[i].ts, v.end + EXT_BYTES);
		memcpy(to->p, in->r[i].p, v.l4);
		memcpy(to->p + v.l4, extensions, EXT_BYTES);
		memcpy(to->p + v.l4 + EXT_BYTES, in->r[i].p + v.l4, v.end - v.l4);
		to->p[v.l4 + 8] = to->p[v.l3 + 6];
		to->p[v.l3 + 6] = 0;
		put16(to->p + v.l3 + 4, (unsigned)(to->n - v.l4));
	}
}
