#include "base/addr_net.h"

#include "base/bytes.h"

#define ALL_BITS    128
#define MAPPED_BITS 96

bool
addr_net_parse(const char *text, struct addr_net *out)
{
	struct bytes in = bytes_str(text);
	size_t slash = bytes_find(in, '/');
	char address[ADDR_TEXT_MAX];
	uint64_t bits = 0;
	unsigned own;

	if (slash >= sizeof(address))
		return false;
	memcpy(address, text, slash);
	address[slash] = '\0';
	if (!addr_parse(address, &out->addr))
		return false;
	own = addr_is_v4(&out->addr) && bytes_find(in, ':') == in.n ? MAPPED_BITS : 0;
	out->bits = ALL_BITS;
	if (slash == in.n)
		return true;
	if (!bytes_decimal(bytes_skip(in, slash + 1), ALL_BITS - own, &bits))
		return false;
	out->bits = own + (unsigned)bits;
	return true;
}

bool
addr_net_has(const struct addr_net *net, const struct addr *a)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;

	if (memcmp(net->addr.v, a->v, whole) != 0)
		return false;
	return rest == 0 || (net->addr.v[whole] ^ a->v[whole]) >> (8 - rest) == 0;
}
