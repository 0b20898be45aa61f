/*
 * Addresses and endpoints as values.  Every address is 16 bytes; IPv4 stands
 * in its mapped form (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2), so compare,
 * hash and key need no family.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ADDR_TEXT_MAX 46

struct addr {
	uint8_t v[16];
};

struct endpoint {
	struct addr addr;
	uint16_t port;
};

/* A connection as the rooms above decode see it: never src and dst. */
struct tuple {
	struct endpoint client;
	struct endpoint server;
};

enum side { SIDE_CLIENT, SIDE_SERVER };

static inline enum side
side_other(enum side s)
{
	return s == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

static inline struct addr
addr_v4(const uint8_t v[4])
{
	/* In halves, as keys are read: loading what was stored in parts is slow. */
	const uint8_t half[8] = {0, 0, 0xff, 0xff, v[0], v[1], v[2], v[3]};
	struct addr a = {{0}};

	memcpy(a.v + sizeof(half), half, sizeof(half));
	return a;
}

static inline struct addr
addr_v6(const uint8_t v[16])
{
	struct addr a;

	memcpy(a.v, v, sizeof(a.v));
	return a;
}

bool addr_is_v4(const struct addr *a);
bool addr_is_unset(const struct addr *a);
int addr_cmp(const struct addr *a, const struct addr *b);
bool endpoint_eq(const struct endpoint *a, const struct endpoint *b);

/*
 * One for both directions of a connection: t with its lower endpoint in the client's
 * place.  True when the two changed places.
 */
bool tuple_order(const struct tuple *t, struct tuple *out);

/* Reads dotted or colon notation; false when it is neither. */
bool addr_parse(const char *text, struct addr *out);

/* Writes the address (RFC 5952 for IPv6) into buf and returns buf. */
const char *addr_text(const struct addr *a, char buf[ADDR_TEXT_MAX]);

#endif
