/*
 * A message being composed: bounded, on the stack, never cut silently (what does not
 * fit sets full, and the capture is refused).
 */
#ifndef SAMPLES_MSG_H
#define SAMPLES_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define MSG_MAX 32768

struct msg {
	size_t n;
	bool full;
	uint8_t p[MSG_MAX];
};

static inline void
msg_init(struct msg *m)
{
	m->n = 0;
	m->full = false;
}

static inline struct bytes
msg_bytes(const struct msg *m)
{
	return bytes_of(m->p, m->n);
}

void msg_put(struct msg *m, struct bytes b);
void msg_u8(struct msg *m, unsigned v);
void msg_be16(struct msg *m, unsigned v);
void msg_be32(struct msg *m, uint32_t v);
void msg_base64(struct msg *m, struct bytes in);
void msg_fmt(struct msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* in as a gzip member (RFC 1952), coded with the fixed codes of RFC 1951. */
void msg_gzip(struct msg *m, struct bytes in);

#endif
