#include <stddef.h>

#include "tests/reshape/shapes.h"

#define ENCAP(layers)                      \
	{                                  \
		{                          \
			step_encap, layers \
		}                          \
	}
#define IN_IPV6(layers)                    \
	{                                  \
		{step_ipv6, NULL},         \
		{                          \
			step_encap, layers \
		}                          \
	}
#define ROTATED 20

const struct shape shapes[] = {
    {.name = "plain"},

    {.name = "vlan", .steps = ENCAP("strip tag eth")},
    {.name = "qinq", .steps = ENCAP("strip tag stag eth")},
    {.name = "mpls", .steps = ENCAP("ip label-bottom label eth")},
    {.name = "mpls-pw", .steps = ENCAP("cw label-bottom label eth")},
    {.name = "pppoe", .steps = ENCAP("ip pppoe eth")},
    {.name = "gre", .steps = ENCAP("ip gre ip4 eth")},
    {.name = "gre-key", .steps = ENCAP("ip gre-key ip4 eth")},
    {.name = "gre-eth", .steps = ENCAP("gre ip4 eth")},
    {.name = "erspan1", .steps = ENCAP("erspan1 ip4 eth")},
    {.name = "erspan2", .steps = ENCAP("erspan2 ip4 eth")},
    {.name = "erspan3", .steps = ENCAP("erspan3 ip4 eth")},
    {.name = "erspan3-platform", .steps = ENCAP("erspan3p ip4 eth")},
    {.name = "vxlan", .steps = ENCAP("vxlan ip4 eth")},
    {.name = "geneve", .steps = ENCAP("geneve ip4 eth")},
    {.name = "tzsp", .steps = ENCAP("tzsp ip4 eth")},
    {.name = "ipip", .steps = ENCAP("ip ip4 eth")},
    {.name = "6in4", .steps = IN_IPV6("ip ip4 eth")},
    {.name = "4in6", .steps = ENCAP("ip ip6 eth")},
    {.name = "nested", .steps = ENCAP("vxlan ip4 gre ip4 tag eth")},

    {.name = "raw", .steps = ENCAP("ip")},
    {.name = "raw6", .steps = IN_IPV6("ip")},
    {.name = "ipv4", .steps = ENCAP("ip only4")},
    {.name = "ipv6-link", .steps = IN_IPV6("ip only6")},
    {.name = "null", .steps = ENCAP("ip null")},
    {.name = "null-swapped",
	.steps = ENCAP("ip nullbe"),
	.container = {.big_endian = true}},
    {.name = "loop", .steps = ENCAP("ip loop")},
    {.name = "sll", .steps = ENCAP("strip sll")},
    {.name = "sll2", .steps = ENCAP("strip sll2")},
    {.name = "ppp", .steps = ENCAP("ip ppp hdlc")},
    {.name = "ppp-bare", .steps = ENCAP("ip ppp")},

    {.name = "ipv6", .steps = {{step_ipv6, NULL}}},
    {.name = "ipv6-ext", .steps = {{step_ipv6, NULL}, {step_extend, NULL}}},

    {.name = "frag", .steps = {{step_frag, "24"}}},
    {.name = "frag-tiny", .steps = {{step_frag, "8"}}},
    {.name = "frag-reverse", .steps = {{step_frag, "24r"}}},
    {.name = "frag6", .steps = {{step_ipv6, NULL}, {step_frag, "24"}}},
    {.name = "frag-vxlan", .steps = {{step_encap, "vxlan ip4 eth"}, {step_frag, "256"}}},

    {.name = "seg1", .steps = {{step_cut, "1"}}},
    {.name = "seg7", .steps = {{step_cut, "7"}}},
    {.name = "swap", .steps = {{step_cut, "7"}, {step_swap, NULL}}},
    {.name = "dup", .steps = {{step_dup, NULL}}},
    {.name = "overlap", .steps = {{step_overlap, NULL}}},
    {.name = "reverse-dirs", .steps = {{step_reverse, "1"}}},
    {.name = "reverse-answers", .steps = {{step_reverse, "2"}}},
    {.name = "nosyn", .steps = {{step_nosyn, NULL}}},
    {.name = "data-on-syn", .steps = {{step_fastopen, NULL}}},

    {.name = "lower", .steps = {{step_lower, NULL}}},
    {.name = "ports", .steps = {{step_ports, NULL}}},

    {.name = "pcapng", .container = {.ng = true, .nano = true}},
    {.name = "pcapng-usec", .container = {.ng = true}},
    {.name = "pcapng-be", .container = {.ng = true, .nano = true, .big_endian = true}},
    {.name = "nsec", .container = {.nano = true}},
    {.name = "swapped", .container = {.big_endian = true}},
    {.name = "nsec-swapped", .container = {.nano = true, .big_endian = true}},
    {.name = "gz", .container = {.pack = PACK_GZ}},
    {.name = "zst", .container = {.pack = PACK_ZST}},
    {.name = "pcapng-gz", .container = {.ng = true, .nano = true, .pack = PACK_GZ}},
    {.name = "split", .container = {.rotate = ROTATED}},
    {.name = "rotate-gz", .container = {.rotate = ROTATED, .pack = PACK_GZ}},
    {.name = NULL},
};
