/*
 * Writing files so that the sandbox of `live` (doc/privileges.md) lets it pass: write(2)
 * could put a frame on the wire when the descriptor is a packet socket, so it is left for
 * a few descriptors only; pwrite(2), which sockets refuse, works for all.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * As write(2); what has no positions (a pipe, a terminal) is written with that.  Two
 * threads must not share the descriptor.
 */
ssize_t file_write(int fd, const void *data, size_t n);

/*
 * As fdopen(fd, "w"), which owns fd from then on; its writes go through file_write, and
 * it cannot seek.  NULL with errno, and then fd is still the caller's.
 */
FILE *file_stream(int fd);

#endif
