/* Open inputs by the time of the frame at their head, the earliest on top. */
#ifndef CAPTURE_HEAP_H
#define CAPTURE_HEAP_H

#include "capture/inputs.h"

#define HEAP_MAX SOURCE_OPEN_MAX

/* Equal times go by the order of the inputs. */
struct heap {
	struct input *in[HEAP_MAX];
	size_t n;
};

void heap_add(struct heap *h, struct input *i);

/* Puts the one on top, of which there must be one, where its time belongs. */
void heap_sink(struct heap *h);

#endif
