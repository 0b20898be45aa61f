#include "detect/socks.h"

#define SOCKS4        4
#define SOCKS5        5
#define CONNECT       1
#define SOCKS4_OK     90
#define SOCKS4_LAST   93
#define AUTH_VERSION  1
#define ADDR_IPV4     1
#define ADDR_NAME     3
#define ADDR_IPV6     4
#define NAME_MAX_SIZE 255

/* What has been read: its size, or 0 when it ran off the end. */
static ssize_t
consumed(const struct cur *c, struct bytes in)
{
	return c->bad ? 0 : c->p - in.p;
}

/* Whether in contradicts the bytes wanted, as far as both go. */
static bool
differs(struct bytes in, const uint8_t *want, size_t n)
{
	return in.n != 0 && memcmp(in.p, want, in.n < n ? in.n : n) != 0;
}

/* A text ended by NUL, which is stepped over; false when it is too long. */
static bool
text_read(struct cur *c, struct bytes *out)
{
	struct bytes rest = cur_rest(c);

	*out = cur_take(c, bytes_find(bytes_take(rest, NAME_MAX_SIZE + 1), '\0'));
	cur_skip(c, 1);
	return out->n <= NAME_MAX_SIZE;
}

ssize_t
socks4_request(struct bytes in, struct socks_target *out)
{
	static const uint8_t start[] = {SOCKS4, CONNECT};
	struct cur c = cur_of(in);
	struct bytes ip, user;

	memset(out, 0, sizeof(*out));
	if (differs(in, start, sizeof(start)))
		return -1;
	cur_skip(&c, sizeof(start));
	out->to.port = cur_be16(&c);
	ip = cur_take(&c, 4);
	if (c.bad)
		return 0;
	if (out->to.port == 0 || !text_read(&c, &user))
		return -1;
	if (load_be32(ip.p) == 0 || load_be32(ip.p) > 0xff) {
		out->to.addr = addr_v4(ip.p);
		return consumed(&c, in);
	}
	if (c.bad)
		return 0;
	if (!text_read(&c, &out->name) || (out->name.n == 0 && !c.bad))
		return -1;
	return consumed(&c, in);
}

ssize_t
socks4_reply(struct bytes in, bool *granted)
{
	struct cur c = cur_of(in);
	uint8_t version = cur_u8(&c), code = cur_u8(&c);

	*granted = false;
	if (version != 0 || (!c.bad && (code < SOCKS4_OK || code > SOCKS4_LAST)))
		return -1;
	cur_skip(&c, 6);
	*granted = !c.bad && code == SOCKS4_OK;
	return consumed(&c, in);
}

ssize_t
socks5_greeting(struct bytes in)
{
	static const uint8_t start[] = {SOCKS5};
	struct cur c = cur_of(in);
	uint8_t methods;

	if (differs(in, start, sizeof(start)))
		return -1;
	cur_skip(&c, sizeof(start));
	methods = cur_u8(&c);
	if (!c.bad && methods == 0)
		return -1;
	cur_skip(&c, methods);
	return consumed(&c, in);
}

ssize_t
socks5_method(struct bytes in, uint8_t *method)
{
	static const uint8_t start[] = {SOCKS5};
	struct cur c = cur_of(in);

	*method = 0xff;
	if (differs(in, start, sizeof(start)))
		return -1;
	cur_skip(&c, sizeof(start));
	if (cur_has(&c, 1))
		*method = cur_u8(&c);
	return consumed(&c, in);
}

ssize_t
socks5_auth(struct bytes in)
{
	static const uint8_t start[] = {AUTH_VERSION};
	struct cur c = cur_of(in);

	if (differs(in, start, sizeof(start)))
		return -1;
	cur_skip(&c, sizeof(start));
	cur_skip(&c, cur_u8(&c));
	cur_skip(&c, cur_u8(&c));
	return consumed(&c, in);
}

ssize_t
socks5_auth_reply(struct bytes in, bool *granted)
{
	static const uint8_t start[] = {AUTH_VERSION};
	struct cur c = cur_of(in);

	*granted = false;
	if (differs(in, start, sizeof(start)))
		return -1;
	cur_skip(&c, sizeof(start));
	*granted = cur_u8(&c) == 0 && !c.bad;
	return consumed(&c, in);
}

/* Type, address and port; false when the type is none. */
static bool
address_read(struct cur *c, struct socks_target *out)
{
	uint8_t type = cur_u8(c);
	struct bytes address = {NULL, 0};

	if (c->bad)
		return true;
	if (type != ADDR_IPV4 && type != ADDR_IPV6 && type != ADDR_NAME)
		return false;
	if (type == ADDR_NAME)
		out->name = cur_take(c, cur_u8(c));
	else
		address = cur_take(c, type == ADDR_IPV4 ? 4 : 16);
	out->to.port = cur_be16(c);
	if (!c->bad && type == ADDR_IPV4)
		out->to.addr = addr_v4(address.p);
	if (!c->bad && type == ADDR_IPV6)
		out->to.addr = addr_v6(address.p);
	return true;
}

ssize_t
socks5_request(struct bytes in, struct socks_target *out)
{
	static const uint8_t start[] = {SOCKS5, CONNECT, 0};
	struct cur c = cur_of(in);

	memset(out, 0, sizeof(*out));
	if (differs(in, start, sizeof(start)))
		return -1;
	cur_skip(&c, sizeof(start));
	if (!address_read(&c, out))
		return -1;
	if (c.bad)
		return 0;
	if (out->to.port == 0 || (addr_is_unset(&out->to.addr) && out->name.n == 0))
		return -1;
	return consumed(&c, in);
}

ssize_t
socks5_reply(struct bytes in, uint8_t *code)
{
	static const uint8_t start[] = {SOCKS5};
	struct socks_target bound = {.name = {NULL, 0}};
	struct cur c = cur_of(in);
	uint8_t answer, reserved;

	*code = 0xff;
	if (differs(in, start, sizeof(start)))
		return -1;
	cur_skip(&c, sizeof(start));
	answer = cur_u8(&c);
	reserved = cur_u8(&c);
	if (reserved != 0 || !address_read(&c, &bound))
		return -1;
	if (!c.bad)
		*code = answer;
	return consumed(&c, in);
}
