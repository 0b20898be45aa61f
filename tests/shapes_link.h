/* Link layers to put in front of a packet: rows of tests/shapes.c. */
#ifndef TESTS_SHAPES_LINK_H
#define TESTS_SHAPES_LINK_H

#include "tests/wire.h"

void link_bare(struct wire *w);
void link_tagged(struct wire *w);
void link_qinq(struct wire *w);
void link_four_tags(struct wire *w);
void link_priority_tag(struct wire *w);
void link_tagged_snap(struct wire *w);
void link_one_label(struct wire *w);
void link_label_stack(struct wire *w);
void link_pseudowire(struct wire *w);
void link_pseudowire_with_control_word(struct wire *w);
void link_pppoe(struct wire *w);
void link_pppoe_compressed(struct wire *w);
void link_pppoe_bare(struct wire *w);
void link_ppp(struct wire *w);
void link_ppp_framed(struct wire *w);
void link_sll_tagged(struct wire *w);
void link_null_little(struct wire *w);
void link_null_big(struct wire *w);
void link_loop(struct wire *w);
void link_null_linux(struct wire *w);

#endif
