#include "tests/shapes_link.h"

void
link_bare(struct wire *w)
{
	(void)w;
}

void
link_tagged(struct wire *w)
{
	wire_tag(w, 0x8100, 0x6000 | 20);
	wire_ethernet(w);
}

void
link_qinq(struct wire *w)
{
	wire_tag(w, 0x8100, 20);
	wire_tag(w, 0x88a8, 10);
	wire_ethernet(w);
}

void
link_four_tags(struct wire *w)
{
	wire_tag(w, 0x8100, 40);
	wire_tag(w, 0x9200, 30);
	wire_tag(w, 0x9100, 20);
	wire_tag(w, 0x8100, 10);
	wire_ethernet(w);
}

void
link_priority_tag(struct wire *w)
{
	wire_tag(w, 0x8100, 20);
	wire_tag(w, 0x8100, 0xe000);
	wire_ethernet(w);
}

void
link_tagged_snap(struct wire *w)
{
	size_t n = wire_bytes(w).n;

	wire_push(w, (uint8_t[]){(uint8_t)(w->type >> 8), (uint8_t)w->type}, 2);
	wire_push(w, (uint8_t[]){0xaa, 0xaa, 3, 0, 0, 0}, 6);
	w->type = (uint16_t)(n + 8);
	link_tagged(w);
}

void
link_one_label(struct wire *w)
{
	wire_mpls(w, 17);
	wire_ethernet(w);
}

void
link_label_stack(struct wire *w)
{
	wire_mpls(w, 17);
	wire_mpls(w, 0xfffff);
	wire_mpls(w, 3);
	wire_ethernet(w);
}

void
link_pseudowire(struct wire *w)
{
	link_tagged(w);
	link_one_label(w);
}

void
link_pseudowire_with_control_word(struct wire *w)
{
	wire_ethernet(w);
	wire_control_word(w);
	link_label_stack(w);
}

void
link_pppoe(struct wire *w)
{
	wire_ppp(w, false, false);
	wire_pppoe(w);
	link_tagged(w);
}

void
link_pppoe_compressed(struct wire *w)
{
	wire_ppp(w, false, true);
	wire_pppoe(w);
	wire_ethernet(w);
}

void
link_pppoe_bare(struct wire *w)
{
	wire_ppp(w, false, false);
	wire_pppoe(w);
}

void
link_ppp(struct wire *w)
{
	wire_ppp(w, false, false);
}

void
link_ppp_framed(struct wire *w)
{
	wire_ppp(w, true, true);
}

void
link_sll_tagged(struct wire *w)
{
	wire_tag(w, 0x8100, 20);
	wire_sll(w);
}

void
link_null_little(struct wire *w)
{
	wire_family(w, false, 30);
}

void
link_null_big(struct wire *w)
{
	wire_family(w, true, 28);
}

void
link_loop(struct wire *w)
{
	wire_family(w, true, 24);
}

void
link_null_linux(struct wire *w)
{
	wire_family(w, false, 10);
}
