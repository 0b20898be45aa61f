#include "report/community_id.h"

#include <string.h>

#include "report/digest.h"

static uint8_t *
put(uint8_t *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	return to + n;
}

static uint8_t *
put_port(uint8_t *to, uint16_t port)
{
	*to++ = (uint8_t)(port >> 8);
	*to++ = (uint8_t)port;
	return to;
}

/* Base64 (RFC 4648 section 4) of the 20 bytes: six whole groups and one short one. */
static void
base64(const uint8_t in[DIGEST_SHA1], char *out)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;
	uint32_t v;

	for (i = 0; i < DIGEST_SHA1; i += 3) {
		v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8;
		if (i + 2 < DIGEST_SHA1)
			v |= in[i + 2];
		*out++ = letters[v >> 18];
		*out++ = letters[v >> 12 & 63];
		*out++ = letters[v >> 6 & 63];
		*out++ = letters[v & 63];
	}
	out[-1] = '=';
	*out = '\0';
}

void
community_id(const struct tuple *t, uint8_t proto, char out[COMMUNITY_ID_MAX])
{
	const struct endpoint *low = &t->client, *high = &t->server, *swap;
	uint8_t text[2 + 2 * 16 + 2 + 4], sha[DIGEST_SHA1], *p = text;
	int order = addr_cmp(&low->addr, &high->addr);
	/* An IPv4 address stands for its last four bytes only. */
	size_t skip = addr_is_v4(&low->addr) && addr_is_v4(&high->addr) ? 12 : 0;

	if (order > 0 || (order == 0 && low->port > high->port)) {
		swap = low;
		low = high;
		high = swap;
	}
	p = put_port(p, 0);
	p = put(p, low->addr.v + skip, 16 - skip);
	p = put(p, high->addr.v + skip, 16 - skip);
	*p++ = proto;
	*p++ = 0;
	p = put_port(p, low->port);
	p = put_port(p, high->port);
	digest_sha1(bytes_of(text, (size_t)(p - text)), sha);
	out[0] = '1';
	out[1] = ':';
	base64(sha, out + 2);
}
