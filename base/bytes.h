/*
 * Borrowed bytes and the cursor that walks them.  A struct bytes never owns:
 * whoever must keep the bytes copies them.  Wire integers are read through
 * the cursor only, so a short read is a flag to test and never an over-read.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
};

static inline struct bytes
bytes_of(const void *p, size_t n)
{
	return (struct bytes){p, n};
}

/* The bytes of a C string, without its end. */
static inline struct bytes
bytes_str(const char *s)
{
	return (struct bytes){(const uint8_t *)s, strlen(s)};
}

/* All but the first n bytes; empty when there are fewer. */
static inline struct bytes
bytes_skip(struct bytes b, size_t n)
{
	return n < b.n ? (struct bytes){b.p + n, b.n - n} : (struct bytes){b.p, 0};
}

/* At most the first n bytes. */
static inline struct bytes
bytes_take(struct bytes b, size_t n)
{
	return (struct bytes){b.p, n < b.n ? n : b.n};
}

static inline uint8_t
byte_fold(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static inline bool
byte_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool
byte_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* The value of a hexadecimal digit, 16 for anything else. */
static inline unsigned
byte_hex(uint8_t c)
{
	if (byte_is_digit(c))
		return c - (unsigned)'0';
	c = byte_fold(c);
	return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

/* Equality; the _fold forms ignore ASCII case. */
bool bytes_eq(struct bytes a, struct bytes b);
bool bytes_starts_fold(struct bytes a, const char *prefix);

static inline bool
bytes_eq_fold(struct bytes a, const char *s)
{
	return a.n == strlen(s) && bytes_starts_fold(a, s);
}

/* Offset of the first c, or b.n when there is none. */
size_t bytes_find(struct bytes b, uint8_t c);

/* Without leading and trailing spaces and tabs. */
struct bytes bytes_trim(struct bytes b);

/*
 * Reads the whole slice as a decimal number of 1 to 10 digits that is at
 * most max.  False, and *out untouched, for anything else.
 */
bool bytes_decimal(struct bytes b, uint64_t max, uint64_t *out);

/* A bounded reader.  Reading past the end yields zero and sets bad for good. */
struct cur {
	const uint8_t *p;
	const uint8_t *end;
	bool bad;
};

static inline struct cur
cur_of(struct bytes b)
{
	return (struct cur){b.p, b.p + b.n, false};
}

static inline size_t
cur_left(const struct cur *c)
{
	return (size_t)(c->end - c->p);
}

static inline struct bytes
cur_rest(const struct cur *c)
{
	return (struct bytes){c->p, cur_left(c)};
}

static inline bool
cur_has(struct cur *c, size_t n)
{
	if (cur_left(c) >= n)
		return true;
	c->bad = true;
	c->p = c->end;
	return false;
}

static inline void
cur_skip(struct cur *c, size_t n)
{
	if (cur_has(c, n))
		c->p += n;
}

/* The next n bytes as a slice; empty, and bad, when there are fewer. */
static inline struct bytes
cur_take(struct cur *c, size_t n)
{
	struct bytes b = {c->p, 0};

	if (!cur_has(c, n))
		return b;
	b.n = n;
	c->p += n;
	return b;
}

static inline uint8_t
cur_u8(struct cur *c)
{
	return cur_has(c, 1) ? *c->p++ : 0;
}

static inline uint16_t
load_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t
load_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void
store_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
store_be32(uint8_t *p, uint32_t v)
{
	store_be16(p, (uint16_t)(v >> 16));
	store_be16(p + 2, (uint16_t)v);
}

static inline uint16_t
cur_be16(struct cur *c)
{
	if (!cur_has(c, 2))
		return 0;
	c->p += 2;
	return load_be16(c->p - 2);
}

static inline uint32_t
cur_be32(struct cur *c)
{
	if (!cur_has(c, 4))
		return 0;
	c->p += 4;
	return load_be32(c->p - 4);
}

#endif
