#include "base/addr.h"

#include <arpa/inet.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool
addr_is_v4(const struct addr *a)
{
	return memcmp(a->v, mapped, sizeof(mapped)) == 0;
}

bool
addr_is_unset(const struct addr *a)
{
	static const struct addr none;

	return addr_cmp(a, &none) == 0;
}

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	return memcmp(a->v, b->v, sizeof(a->v));
}

bool
endpoint_eq(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && addr_cmp(&a->addr, &b->addr) == 0;
}

bool
tuple_order(const struct tuple *t, struct tuple *out)
{
	const struct endpoint *c = &t->client, *s = &t->server;
	int cmp = addr_cmp(&c->addr, &s->addr);
	bool swap = cmp > 0 || (cmp == 0 && c->port > s->port);

	*out = swap ? (struct tuple){*s, *c} : *t;
	return swap;
}

bool
addr_parse(const char *text, struct addr *out)
{
	uint8_t v4[4];

	if (inet_pton(AF_INET, text, v4) == 1) {
		*out = addr_v4(v4);
		return true;
	}
	return inet_pton(AF_INET6, text, out->v) == 1;
}

const char *
addr_text(const struct addr *a, char buf[ADDR_TEXT_MAX])
{
	int family = addr_is_v4(a) ? AF_INET : AF_INET6;
	const void *from = family == AF_INET ? a->v + sizeof(mapped) : a->v;

	if (inet_ntop(family, from, buf, ADDR_TEXT_MAX) == NULL)
		buf[0] = '\0';
	return buf;
}
