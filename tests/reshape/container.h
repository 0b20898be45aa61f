/* Files around a trace: formats, byte orders, compression, rotation. */
#ifndef RESHAPE_CONTAINER_H
#define RESHAPE_CONTAINER_H

#include "tests/reshape/trace.h"

enum pack { PACK_NONE, PACK_GZ, PACK_ZST };

struct container {
	bool ng; /* pcapng */
	bool big_endian;
	bool nano; /* nanoseconds, else microseconds */
	enum pack pack;
	size_t rotate; /* frames per file in a folder; 0: one file */
};

/* Writes the trace; with rotate, path becomes a folder. */
int container_write(
    const struct container *c, const struct trace *t, const char *path, struct err *e);

#endif
