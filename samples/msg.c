#include "samples/msg.h"

#include <stdarg.h>
#include <stdio.h>

void
msg_put(struct msg *m, struct bytes b)
{
	if (b.n > sizeof(m->p) - m->n) {
		m->full = true;
		return;
	}
	if (b.n > 0)
		memcpy(m->p + m->n, b.p, b.n);
	m->n += b.n;
}

void
msg_u8(struct msg *m, unsigned v)
{
	uint8_t b = (uint8_t)v;

	msg_put(m, bytes_of(&b, 1));
}

void
msg_be16(struct msg *m, unsigned v)
{
	msg_u8(m, v >> 8 & 0xff);
	msg_u8(m, v & 0xff);
}

void
msg_be32(struct msg *m, uint32_t v)
{
	msg_be16(m, v >> 16);
	msg_be16(m, v & 0xffff);
}

void
msg_fmt(struct msg *m, const char *fmt, ...)
{
	char text[4096];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(text))
		m->full = true;
	else
		msg_put(m, bytes_of(text, (size_t)n));
}

struct bits {
	struct msg *to;
	unsigned n;
	uint8_t byte;
};

static void
bit(struct bits *b, unsigned v)
{
	b->byte = (uint8_t)(b->byte | (v & 1) << b->n);
	if (++b->n == 8) {
		msg_u8(b->to, b->byte);
		b->byte = 0;
		b->n = 0;
	}
}

/* Huffman codes go out from their highest bit. */
static void
code(struct bits *b, unsigned v, unsigned width)
{
	while (width-- > 0)
		bit(b, v >> width);
}

static uint32_t
crc32_of(struct bytes in)
{
	uint32_t crc = UINT32_MAX;
	size_t i;
	int k;

	for (i = 0; i < in.n; i++) {
		crc ^= in.p[i];
		for (k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ UINT32_C(0xedb88320) : crc >> 1;
	}
	return crc ^ UINT32_MAX;
}

static void
le32(struct msg *m, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		msg_u8(m, v >> 8 * i & 0xff);
}

void
msg_gzip(struct msg *m, struct bytes in)
{
	struct bits b = {m, 0, 0};
	size_t i;

	msg_put(m, bytes_of("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10));
	bit(&b, 1);
	bit(&b, 1);
	bit(&b, 0);
	for (i = 0; i < in.n; i++)
		if (in.p[i] < 144)
			code(&b, 0x30u + in.p[i], 8);
		else
			code(&b, 0x190u + in.p[i] - 144, 9);
	code(&b, 0, 7);
	while (b.n != 0)
		bit(&b, 0);
	le32(m, crc32_of(in));
	le32(m, (uint32_t)in.n);
}

void
msg_base64(struct msg *m, struct bytes in)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i, k;

	for (i = 0; i < in.n; i += 3) {
		uint32_t v = 0;

		for (k = 0; k < 3; k++)
			v = v << 8 | (i + k < in.n ? in.p[i + k] : 0u);
		for (k = 0; k < 4; k++)
			msg_u8(m,
			    i + k > in.n ? '=' : (uint8_t)digits[v >> (18 - 6 * k) & 63]);
	}
}
