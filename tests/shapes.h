/* Every way the decoder knows to wrap an IP packet, to be walked by tests. */
#ifndef TESTS_SHAPES_H
#define TESTS_SHAPES_H

#include "tests/wire.h"

struct shape {
	const char *name;
	int linktype;
	void (*wrap)(struct wire *w); /* around an IP packet */
	uint8_t nest;                 /* IP headers it adds */
	bool mac;
	uint16_t vlan[2]; /* what must be reported */
	int only;         /* 4, 6 or 0: the IP version that fits */
};

extern const struct shape shapes[];
extern const size_t n_shapes;

#endif
