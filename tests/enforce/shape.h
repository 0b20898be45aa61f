/*
 * What a cable does to a frame (cable.c): tags of VLANs, sequence numbers near
 * their end.  Frames are whole Ethernet frames, tags in their places.
 */
#ifndef TESTS_ENFORCE_SHAPE_H
#define TESTS_ENFORCE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHAPE_FRAME 2048
#define SHAPE_TAGS  2

struct shape_frame {
	size_t size;
	uint8_t bytes[SHAPE_FRAME];
};

/* Where the parts of a TCP segment are; false when it is none. */
struct shape_tcp {
	uint8_t *addresses, *tcp;
	size_t addresses_size, payload;
};

bool shape_tcp(struct shape_frame *, struct shape_tcp *);

/* Tags, outermost first, are put on; taken off only when they are just these. */
void shape_tag(struct shape_frame *, const uint32_t *tags, size_t n);
bool shape_untag(struct shape_frame *, const uint32_t *tags, size_t n);

/* Connections whose end near by counts from just below 2^32. */
struct shape_wraps;

struct shape_wraps *shape_wraps_open(void);
void shape_wraps_close(struct shape_wraps *);
void shape_wrap(struct shape_wraps *, struct shape_tcp *, bool from_near);

#endif
