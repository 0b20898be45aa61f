/*
 * Headers by name, put one before the other from the inside out.  Every layer
 * notes what the frame under construction now is, so the next one can say so
 * in its own header.
 */
#ifndef RESHAPE_LAYERS_H
#define RESHAPE_LAYERS_H

#include "tests/reshape/wire.h"

#define BUILD_MAX 70000

/* A frame under construction: headers are put before what is there. */
struct build {
	uint8_t buf[BUILD_MAX];
	uint8_t *p;
	uint8_t *end;
	unsigned type;  /* EtherType of what is there */
	unsigned proto; /* IP protocol of what is there; 0: by type */
	unsigned count; /* frames so far, for sequence numbers */
	uint8_t macs[12];
	bool drop;
};

static inline size_t
build_size(const struct build *b)
{
	return (size_t)(b->end - b->p);
}

static inline bool
build_is_ip(const struct build *b)
{
	return b->type == ETH_IP4 || b->type == ETH_IP6;
}

struct layer {
	const char *name;
	void (*put)(struct build *b);
	int linktype; /* of frames it is the outermost header of; -1: it cannot be */
};

/* There is a layer of that name, or the program ends. */
const struct layer *layer_named(struct bytes name);

#endif
