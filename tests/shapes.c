#include "tests/shapes.h"

#include "tests/shapes_link.h"

#define EN10MB 1

static void
between(struct wire *w, const char *from, const char *to)
{
	wire_ip(w, wire_endpoint(from, 0), wire_endpoint(to, 0));
	wire_ethernet(w);
}

static void
outer(struct wire *w)
{
	between(w, "192.0.2.1", "192.0.2.2");
}

static void
outer6(struct wire *w)
{
	between(w, "2001:db8:f::1", "2001:db8:f::2");
}

static void
to_port(struct wire *w, uint16_t port)
{
	wire_udp(w, wire_endpoint("192.0.2.1", 50000), wire_endpoint("192.0.2.2", port));
	outer(w);
}

static void
gre(struct wire *w)
{
	wire_gre(w, 0);
	outer(w);
}

static void
gre_all_fields(struct wire *w)
{
	wire_gre(
	    w, WIRE_GRE_CHECKSUM | WIRE_GRE_KEY | WIRE_GRE_SEQUENCE | WIRE_GRE_ROUTING);
	outer(w);
}

static void
gre_key_in_ipv6(struct wire *w)
{
	wire_gre(w, WIRE_GRE_KEY);
	outer6(w);
}

static void
gre_bridged(struct wire *w)
{
	link_tagged(w);
	wire_gre(w, WIRE_GRE_CHECKSUM);
	outer(w);
}

static void
gre_labelled(struct wire *w)
{
	wire_mpls(w, 99);
	wire_gre(w, 0);
	outer(w);
}

static void
gre_in_udp(struct wire *w)
{
	wire_gre(w, 0);
	to_port(w, 4754);
}

static void
pptp(struct wire *w)
{
	wire_ppp(w, true, false);
	wire_pptp(w, false);
	outer(w);
}

static void
pptp_with_ack(struct wire *w)
{
	wire_ppp(w, false, true);
	wire_pptp(w, true);
	outer(w);
}

static void
erspan1(struct wire *w)
{
	link_tagged(w);
	wire_erspan(w, 1);
	outer(w);
}

static void
erspan2(struct wire *w)
{
	link_qinq(w);
	wire_erspan(w, 2);
	outer(w);
}

static void
erspan3(struct wire *w)
{
	wire_ethernet(w);
	wire_erspan(w, 3);
	outer6(w);
}

static void
erspan3_subheader(struct wire *w)
{
	wire_ethernet(w);
	wire_erspan(w, 4);
	outer(w);
}

static void
vxlan(struct wire *w)
{
	wire_ethernet(w);
	wire_vxlan(w);
	to_port(w, 4789);
}

static void
vxlan_linux(struct wire *w)
{
	link_tagged(w);
	wire_vxlan(w);
	to_port(w, 8472);
}

static void
geneve_bridged(struct wire *w)
{
	wire_ethernet(w);
	wire_geneve(w, 0);
	to_port(w, 6081);
}

static void
geneve_options(struct wire *w)
{
	wire_geneve(w, 63);
	to_port(w, 6081);
}

static void
tzsp(struct wire *w)
{
	wire_ethernet(w);
	wire_tzsp(w);
	to_port(w, 37008);
}

static void
ip_in_ip6(struct wire *w)
{
	outer6(w);
}

static void
ipip_94(struct wire *w)
{
	if (w->protocol == 4)
		w->protocol = 94;
	outer(w);
}

static void
mpls_in_ip(struct wire *w)
{
	wire_mpls(w, 17);
	outer(w);
}

static void
authenticated(struct wire *w)
{
	wire_gre(w, 0);
	wire_extension(w, 51, 2);
	outer(w);
}

static void
vxlan_in_gre_in_vlan(struct wire *w)
{
	wire_ethernet(w);
	wire_vxlan(w);
	wire_udp(w, wire_endpoint("192.0.2.1", 50000), wire_endpoint("192.0.2.2", 4789));
	wire_ip(w, wire_endpoint("192.0.2.1", 0), wire_endpoint("192.0.2.2", 0));
	wire_gre(w, WIRE_GRE_KEY);
	wire_ip(w, wire_endpoint("2001:db8:f::1", 0), wire_endpoint("2001:db8:f::2", 0));
	link_tagged(w);
}

const struct shape shapes[] = {
    {"ethernet", EN10MB, wire_ethernet, 0, true, {0, 0}, 0},
    {"vlan", EN10MB, link_tagged, 0, true, {20, 0}, 0},
    {"qinq", EN10MB, link_qinq, 0, true, {10, 20}, 0},
    {"four tags", EN10MB, link_four_tags, 0, true, {10, 20}, 0},
    {"priority tag", EN10MB, link_priority_tag, 0, true, {20, 0}, 0},
    {"802.3 snap", EN10MB, wire_snap, 0, true, {0, 0}, 0},
    {"802.3 snap in vlan", EN10MB, link_tagged_snap, 0, true, {20, 0}, 0},
    {"mpls", EN10MB, link_one_label, 0, true, {0, 0}, 0},
    {"mpls stack", EN10MB, link_label_stack, 0, true, {0, 0}, 0},
    {"pseudowire", EN10MB, link_pseudowire, 0, true, {20, 0}, 0},
    {"pseudowire, cw", EN10MB, link_pseudowire_with_control_word, 0, true, {0, 0}, 0},
    {"pppoe", EN10MB, link_pppoe, 0, true, {20, 0}, 0},
    {"pppoe compressed", EN10MB, link_pppoe_compressed, 0, true, {0, 0}, 0},
    {"ppp_ether", 51, link_pppoe_bare, 0, false, {0, 0}, 0},
    {"ppp", 9, link_ppp, 0, false, {0, 0}, 0},
    {"ppp framed", 9, link_ppp_framed, 0, false, {0, 0}, 0},
    {"ppp serial", 50, link_ppp_framed, 0, false, {0, 0}, 0},
    {"ppp serial hdlc", 50, wire_hdlc, 0, false, {0, 0}, 0},
    {"hdlc", 104, wire_hdlc, 0, false, {0, 0}, 0},
    {"cooked 1", 113, wire_sll, 0, false, {0, 0}, 0},
    {"cooked 1 vlan", 113, link_sll_tagged, 0, false, {20, 0}, 0},
    {"cooked 2", 276, wire_sll2, 0, false, {0, 0}, 0},
    {"null little", 0, link_null_little, 0, false, {0, 0}, 0},
    {"null big", 0, link_null_big, 0, false, {0, 0}, 0},
    {"null linux", 0, link_null_linux, 0, false, {0, 0}, 0},
    {"loop", 108, link_loop, 0, false, {0, 0}, 0},
    {"raw 12", 12, link_bare, 0, false, {0, 0}, 0},
    {"raw 14", 14, link_bare, 0, false, {0, 0}, 0},
    {"raw 101", 101, link_bare, 0, false, {0, 0}, 0},
    {"ipv4", 228, link_bare, 0, false, {0, 0}, 4},
    {"ipv6", 229, link_bare, 0, false, {0, 0}, 6},
    {"gre", EN10MB, gre, 1, true, {0, 0}, 0},
    {"gre all fields", EN10MB, gre_all_fields, 1, true, {0, 0}, 0},
    {"gre in ipv6", EN10MB, gre_key_in_ipv6, 1, true, {0, 0}, 0},
    {"gre bridged", EN10MB, gre_bridged, 1, true, {20, 0}, 0},
    {"gre mpls", EN10MB, gre_labelled, 1, true, {0, 0}, 0},
    {"gre in udp", EN10MB, gre_in_udp, 1, true, {0, 0}, 0},
    {"pptp", EN10MB, pptp, 1, true, {0, 0}, 0},
    {"pptp with ack", EN10MB, pptp_with_ack, 1, true, {0, 0}, 0},
    {"erspan 1", EN10MB, erspan1, 1, true, {20, 0}, 0},
    {"erspan 2", EN10MB, erspan2, 1, true, {10, 20}, 0},
    {"erspan 3", EN10MB, erspan3, 1, true, {0, 0}, 0},
    {"erspan 3 sub", EN10MB, erspan3_subheader, 1, true, {0, 0}, 0},
    {"vxlan", EN10MB, vxlan, 1, true, {0, 0}, 0},
    {"vxlan linux", EN10MB, vxlan_linux, 1, true, {20, 0}, 0},
    {"geneve", EN10MB, geneve_bridged, 1, true, {0, 0}, 0},
    {"geneve options", EN10MB, geneve_options, 1, true, {0, 0}, 0},
    {"tzsp", EN10MB, tzsp, 1, true, {0, 0}, 0},
    {"ip in ipv4", EN10MB, outer, 1, true, {0, 0}, 0},
    {"ip in ipv6", EN10MB, ip_in_ip6, 1, true, {0, 0}, 0},
    {"protocol 94", EN10MB, ipip_94, 1, true, {0, 0}, 0},
    {"mpls in ip", EN10MB, mpls_in_ip, 1, true, {0, 0}, 0},
    {"gre after ah", EN10MB, authenticated, 1, true, {0, 0}, 0},
    {"nested", EN10MB, vxlan_in_gre_in_vlan, 2, true, {20, 0}, 0},
};

const size_t n_shapes = sizeof(shapes) / sizeof(shapes[0]);
