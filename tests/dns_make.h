/* Builds DNS messages in memory. */
#ifndef TESTS_DNS_MAKE_H
#define TESTS_DNS_MAKE_H

#include <stdlib.h>

#include "detect/dns.h"

#define DNS_QUERY    0x0100 /* recursion desired */
#define DNS_ANSWER   0x8180 /* and available; the rcode is added */
#define DNS_TC       0x0200
#define DNS_QUESTION 12 /* where the name asked for begins */

struct dns_make {
	uint8_t v[4096];
	size_t n;
};

static inline void
make_u8(struct dns_make *m, unsigned v)
{
	if (m->n == sizeof(m->v))
		abort();
	m->v[m->n++] = (uint8_t)v;
}

static inline void
make_u16(struct dns_make *m, unsigned v)
{
	make_u8(m, v >> 8);
	make_u8(m, v & 0xff);
}

static inline void
make_bytes(struct dns_make *m, const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n-- > 0)
		make_u8(m, *p++);
}

/* The labels of a dotted name; without the root, so that a pointer may follow. */
static inline void
make_labels(struct dns_make *m, const char *name)
{
	size_t n;

	while (*name != '\0') {
		n = bytes_find(bytes_str(name), '.');
		make_u8(m, (unsigned)n);
		make_bytes(m, name, n);
		name += n + (name[n] == '.');
	}
}

static inline void
make_name(struct dns_make *m, const char *name)
{
	make_labels(m, name);
	make_u8(m, 0);
}

static inline void
make_pointer(struct dns_make *m, size_t to)
{
	make_u16(m, 0xc000 | (unsigned)to);
}

static inline void
make_header(struct dns_make *m, unsigned id, unsigned flags)
{
	m->n = 0;
	make_u16(m, id);
	make_u16(m, flags);
	make_u16(m, 1);
	make_u16(m, 0);
	make_u16(m, 0);
	make_u16(m, 0);
}

static inline void
make_message(struct dns_make *m, unsigned id, unsigned flags, const char *name, int type)
{
	make_header(m, id, flags);
	make_name(m, name);
	make_u16(m, (unsigned)type);
	make_u16(m, 1);
}

/* What follows an owner's name, and one more in the header's count of answers. */
static inline void
make_data(struct dns_make *m, int type, const void *data, size_t n)
{
	make_u16(m, (unsigned)type);
	make_u16(m, 1);
	make_u16(m, 0);
	make_u16(m, 300);
	make_u16(m, (unsigned)n);
	make_bytes(m, data, n);
	m->v[7]++;
}

/* An A or AAAA record; without an owner, of the name asked for. */
static inline void
make_address(struct dns_make *m, const char *owner, const char *address)
{
	struct addr a;
	bool v4;

	if (!addr_parse(address, &a))
		abort();
	v4 = strchr(address, ':') == NULL;
	if (owner == NULL)
		make_pointer(m, DNS_QUESTION);
	else
		make_name(m, owner);
	make_data(m, v4 ? DNS_A : DNS_AAAA, v4 ? a.v + 12 : a.v, v4 ? 4 : 16);
}

static inline void
make_alias(struct dns_make *m, const char *owner, const char *target)
{
	struct dns_make t = {.n = 0};

	make_name(&t, target);
	make_name(m, owner);
	make_data(m, DNS_CNAME, t.v, t.n);
}

static inline struct bytes
made(const struct dns_make *m)
{
	return bytes_of(m->v, m->n);
}

#endif
