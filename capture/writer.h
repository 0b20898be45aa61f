/*
 * A pcap file being written (nanoseconds).  Only whole records reach it, so it can be
 * read while it is written, and whatever ends the writing.
 */
#ifndef CAPTURE_WRITER_H
#define CAPTURE_WRITER_H

#include "capture/source.h"

struct writer {
	int fd;          /* -1: none */
	int linktype;    /* DLT_ value; -1 until the first frame */
	int code;        /* errno of the first failure */
	uint64_t size;   /* octets of the file, with what still waits */
	uint64_t stored; /* of them, those that are in it */
	uint64_t records;
	uint64_t lost; /* records that could not be written */
	size_t n;      /* octets that wait, and the records they are */
	uint64_t waiting;
	uint8_t *buffer;
};

/* -1 when memory is short. */
int writer_open(struct writer *w);

/* Its file has ended by then. */
void writer_close(struct writer *w);

/* The file to write from now on; it is the writer's. */
void writer_begin(struct writer *w, int fd);

/* The octets that a frame takes. */
uint64_t writer_cost(const struct frame *f);

/* The frame must be of the link type of the first one. */
void writer_frame(struct writer *w, const struct frame *f);

/* What waits goes to the file; false when that, or something before, failed. */
bool writer_flush(struct writer *w);

/* Flushes, and closes the file; one without a frame is an empty capture of Ethernet. */
bool writer_end(struct writer *w);

#endif
