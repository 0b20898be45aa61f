/* Trap 9: a sign-in inside every kind of header that a tap may show. */
#include "tests/expect.h"
#include "tests/suite.h"

static void
qinq(struct wire *w, struct endpoint src, struct endpoint dst)
{
	wire_ip(w, src, dst);
	wire_tag(w, 0x8100, 7);
	wire_tag(w, 0x88a8, 300);
	wire_ethernet(w);
}

static void
pppoe(struct wire *w, struct endpoint src, struct endpoint dst)
{
	wire_ip(w, src, dst);
	wire_ppp(w, false, false);
	wire_pppoe(w);
	wire_ethernet(w);
}

static void
gre(struct wire *w, struct endpoint src, struct endpoint dst)
{
	wire_ip(w, src, dst);
	wire_gre(w, WIRE_GRE_KEY | WIRE_GRE_SEQUENCE);
	wire_ip(w, wire_endpoint("192.0.2.1", 0), wire_endpoint("192.0.2.2", 0));
	wire_ethernet(w);
}

static void
extensions(struct wire *w, struct endpoint src, struct endpoint dst)
{
	wire_extension(w, 60, 1);
	wire_extension(w, 43, 2);
	wire_extension(w, 0, 0);
	wire_ip(w, src, dst);
	wire_ethernet(w);
}

/* IPv6 in IPv4. */
static void
six_to_four(struct wire *w, struct endpoint src, struct endpoint dst)
{
	wire_ip(w, src, dst);
	wire_ip(w, wire_endpoint("192.0.2.1", 0), wire_endpoint("192.88.99.1", 0));
	wire_ethernet(w);
}

/* IPv4 addresses in a header of IPv6. */
static void
mapped(struct wire *w, struct endpoint src, struct endpoint dst)
{
	size_t n = wire_bytes(w).n;
	uint8_t h[40] = {0x60, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n, 6, 64};

	memcpy(h + 8, src.addr.v, 16);
	memcpy(h + 24, dst.addr.v, 16);
	wire_push(w, h, sizeof(h));
	w->type = 0x86dd;
	wire_ethernet(w);
}

static void
mpls(struct wire *w, struct endpoint src, struct endpoint dst)
{
	wire_ip(w, src, dst);
	wire_mpls(w, 100);
	wire_mpls(w, 200);
	wire_ethernet(w);
}

static void
vxlan(struct wire *w, struct endpoint src, struct endpoint dst)
{
	struct endpoint from = wire_endpoint("192.0.2.1", 50000);
	struct endpoint to = wire_endpoint("192.0.2.2", 4789);

	wire_ip(w, src, dst);
	wire_ethernet(w);
	wire_vxlan(w);
	wire_udp(w, from, to);
	wire_ip(w, from, to);
	wire_ethernet(w);
}

static void
in_pieces(struct wire *w, struct endpoint src, struct endpoint dst)
{
	/* One piece that is the whole: a fragment header and nothing behind it. */
	struct wire_piece all = {src, dst, 7, 0, wire_bytes(w).n};

	wire_fragment(w, &all);
	wire_ethernet(w);
}

struct dressing {
	const char *name;
	void (*dress)(struct wire *w, struct endpoint src, struct endpoint dst);
	bool vlan, ipv6;
};

static void
every_header(void)
{
	static const struct dressing kinds[] = {{"VLAN", NULL, true, false},
	    {"IPv6", NULL, false, true}, {"IPv6 in a VLAN", NULL, true, true},
	    {"QinQ", qinq, false, false}, {"PPPoE", pppoe, false, false},
	    {"PPPoE with IPv6", pppoe, false, true}, {"GRE", gre, false, false},
	    {"GRE with IPv6", gre, false, true}, {"extensions", extensions, false, true},
	    {"6to4", six_to_four, false, true}, {"mapped", mapped, false, false},
	    {"MPLS", mpls, false, false}, {"VXLAN", vxlan, false, false},
	    {"atomic fragment", in_pieces, false, true}};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct scene *s = scene_new();

		s->vlan = kinds[i].vlan;
		s->ipv6 = kinds[i].ipv6;
		s->dress = kinds[i].dress;
		line_sign_in(
		    scene_connect(s, "10.0.0.7", "64.4.13.50", 1863), USUAL_ACCOUNT);
		expect_usual(s, kinds[i].name);
	}
}

/* Bytes go one way through a tunnel and the other way without it. */
static void
headers_of_each_way(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, "10.0.0.7", "64.4.13.50", 1863);

	s->vlan = true;
	line_client(l, "VER 1 MSNP12 CVR0\r\n");
	s->vlan = false;
	line_server(l, "VER 1 MSNP12\r\n");
	s->dress = gre;
	line_client(l, "USR 2 TWN I a@example.com\r\n");
	s->dress = qinq;
	line_server(l, "USR 2 OK a@example.com 1 0\r\n");
	expect_usual(s, "each way dressed otherwise");
}

void
suite_traps_headers(void)
{
	CU_pSuite s = suite_new("traps_headers");

	CASE(s, "trap 9: VLAN, PPPoE, IPv6, GRE and more", every_header);
	CASE(s, "trap 9: each way with other headers", headers_of_each_way);
}
