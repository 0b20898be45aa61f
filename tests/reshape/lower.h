/*
 * One direction of MSNP, byte by byte: command verbs become lower case in
 * place, payloads stay as they are.
 */
#ifndef RESHAPE_LOWER_H
#define RESHAPE_LOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOWER_LINE_MAX 512

/* Zeroed at the start of a line. */
struct lower {
	char line[LOWER_LINE_MAX]; /* as sent */
	size_t n;                  /* bytes of the line so far, also beyond the field */
	size_t payload;            /* bytes of payload to come */
};

void lower_byte(struct lower *l, uint8_t *c, bool from_client);

#endif
