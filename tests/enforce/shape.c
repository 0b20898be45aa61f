#include "shape.h"

#include <stdlib.h>
#include <string.h>

#define MACS        12
#define ETHER       14
#define TYPE_IP     0x0800
#define TYPE_IP6    0x86dd
#define TCP         6
#define SYN         0x02
#define ACK         0x10
#define WRAPS       16384
#define BEFORE_WRAP 40 /* bytes after which the numbers begin anew */

struct wrap {
	uint64_t key;
	uint32_t shift;
};

struct shape_wraps {
	struct wrap wraps[WRAPS];
};

static uint16_t
be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t
be32(const uint8_t *at)
{
	return (uint32_t)be16(at) << 16 | be16(at + 2);
}

static void
put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)(value >> 16));
	put16(at + 2, (uint16_t)value);
}

bool
shape_tcp(struct shape_frame *f, struct shape_tcp *out)
{
	uint8_t *ip = f->bytes + ETHER;
	size_t head, size;

	if (f->size < ETHER + 20 + 20)
		return false;
	if (be16(f->bytes + MACS) == TYPE_IP && ip[9] == TCP) {
		head = (size_t)(ip[0] & 15) * 4;
		size = be16(ip + 2);
		out->addresses = ip + 12;
		out->addresses_size = 8;
	} else if (be16(f->bytes + MACS) == TYPE_IP6 && ip[6] == TCP &&
		   f->size >= ETHER + 40 + 20) {
		head = 40;
		size = (size_t)be16(ip + 4) + 40;
		out->addresses = ip + 8;
		out->addresses_size = 32;
	} else {
		return false;
	}
	out->tcp = ip + head;
	head += (size_t)(out->tcp[12] >> 4) * 4;
	out->payload = size > head ? size - head : 0;
	return true;
}

void
shape_tag(struct shape_frame *f, const uint32_t *tags, size_t n)
{
	if (f->size + 4 * n > sizeof(f->bytes))
		return;
	memmove(f->bytes + MACS + 4 * n, f->bytes + MACS, f->size - MACS);
	for (size_t i = 0; i < n; i++)
		put32(f->bytes + MACS + 4 * i, tags[i]);
	f->size += 4 * n;
}

bool
shape_untag(struct shape_frame *f, const uint32_t *tags, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (f->size < ETHER + 4 * n || be32(f->bytes + MACS + 4 * i) != tags[i])
			return false;
	}
	f->size -= 4 * n;
	memmove(f->bytes + MACS, f->bytes + MACS + 4 * n, f->size - MACS);
	return true;
}

struct shape_wraps *
shape_wraps_open(void)
{
	return calloc(1, sizeof(struct shape_wraps));
}

void
shape_wraps_close(struct shape_wraps *w)
{
	free(w);
}

/* The same for both directions. */
static uint64_t
key_of(const struct shape_tcp *t, bool from_near)
{
	const size_t half = t->addresses_size / 2;
	const uint8_t *near = t->addresses + (from_near ? 0 : half);
	const uint8_t *far = t->addresses + (from_near ? half : 0);
	uint64_t key = 0xcbf29ce484222325;

	for (size_t i = 0; i < half; i++)
		key = ((key ^ near[i]) * 0x100000001b3 ^ far[i]) * 0x100000001b3;
	for (size_t i = 0; i < 2; i++) {
		key = (key ^ t->tcp[(from_near ? 0 : 2) + i]) * 0x100000001b3;
		key = (key ^ t->tcp[(from_near ? 2 : 0) + i]) * 0x100000001b3;
	}
	return key == 0 ? 1 : key;
}

/* The connection's place, or the one for it; NULL when there is none left. */
static struct wrap *
find(struct shape_wraps *w, uint64_t key)
{
	for (size_t i = 0; i < WRAPS; i++) {
		struct wrap *at = &w->wraps[(key + i) % WRAPS];

		if (at->key == key || at->key == 0)
			return at;
	}
	return NULL;
}

/* A number of the header, and the checksum with it (RFC 1624). */
static void
move(uint8_t *tcp, size_t at, uint32_t by)
{
	const uint32_t old = be32(tcp + at), new = old + by;
	uint32_t sum = (uint16_t)~be16(tcp + 16);

	sum += (uint16_t) ~(old >> 16) + (uint16_t)~old + (new >> 16) + (uint16_t) new;
	while (sum >> 16 != 0)
		sum = (sum >> 16) + (uint16_t)sum;
	put32(tcp + at, new);
	put16(tcp + 16, (uint16_t)~sum);
}

void
shape_wrap(struct shape_wraps *w, struct shape_tcp *t, bool from_near)
{
	const uint64_t key = key_of(t, from_near);
	struct wrap *wrap = find(w, key);

	if (wrap == NULL)
		return;
	if (from_near && (t->tcp[13] & SYN) != 0) {
		wrap->key = key;
		wrap->shift = (uint32_t)-BEFORE_WRAP - be32(t->tcp + 4);
	}
	if (wrap->key != key)
		return;
	if (from_near)
		move(t->tcp, 4, wrap->shift);
	else if ((t->tcp[13] & ACK) != 0)
		move(t->tcp, 8, (uint32_t)0 - wrap->shift);
}
