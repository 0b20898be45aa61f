/* The shapes: steps one after the other, then a container. */
#ifndef RESHAPE_SHAPES_H
#define RESHAPE_SHAPES_H

#include "tests/reshape/container.h"
#include "tests/reshape/steps.h"

#define SHAPE_STEPS 3

struct shape {
	const char *name;
	struct step steps[SHAPE_STEPS];
	struct container container;
};

/* Ends with a NULL name. */
extern const struct shape shapes[];

#endif
