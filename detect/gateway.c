#include "detect/gateway.h"

#include "base/text.h"

#define VALUE_MAX \
	512 /* of a decoded parameter; what is beyond does not tell values apart */

/* Takes one byte from the start of in, a percent sequence decoded.  in is not empty. */
static uint8_t
decode_next(struct bytes *in)
{
	uint8_t c = in->p[0];
	unsigned high, low;

	if (c == '%' && in->n >= 3) {
		high = byte_hex(in->p[1]);
		low = byte_hex(in->p[2]);
		if (high < 16 && low < 16) {
			*in = bytes_skip(*in, 3);
			return (uint8_t)(high << 4 | low);
		}
	}
	*in = bytes_skip(*in, 1);
	return c;
}

/* Equality once decoded, ASCII case ignored. */
static bool
decoded_eq(struct bytes in, const char *s)
{
	for (; in.n != 0 && *s != '\0'; s++)
		if (byte_fold(decode_next(&in)) != byte_fold((uint8_t)*s))
			return false;
	return in.n == 0 && *s == '\0';
}

static struct bytes
decode(struct bytes in, uint8_t out[VALUE_MAX])
{
	size_t n = 0;

	while (in.n != 0 && n < VALUE_MAX)
		out[n++] = decode_next(&in);
	return bytes_of(out, n);
}

static void
session_put(char out[GATEWAY_SESSION_MAX], struct bytes value)
{
	uint8_t text[VALUE_MAX];
	struct bytes id = decode(value, text);
	size_t dot = bytes_find(id, '.');

	(void)text_safe(out, GATEWAY_SESSION_MAX, dot != 0 ? bytes_take(id, dot) : id);
}

/* Without user, brackets and port; a bare IPv6 address is whole. */
static void
host_put(char out[GATEWAY_HOST_MAX], struct bytes authority)
{
	size_t at = bytes_find(authority, '@'), colon;

	while (at != authority.n) {
		authority = bytes_skip(authority, at + 1);
		at = bytes_find(authority, '@');
	}
	colon = bytes_find(authority, ':');
	if (authority.n != 0 && authority.p[0] == '[') {
		authority = bytes_skip(authority, 1);
		authority.n = bytes_find(authority, ']');
	} else if (bytes_find(bytes_skip(authority, colon + 1), ':') + colon + 1 >=
		   authority.n)
		authority.n = colon;
	(void)text_safe_fold(out, GATEWAY_HOST_MAX, authority);
}

/* Cuts the last segment off path. */
static struct bytes
segment_pop(struct bytes *path)
{
	size_t n = path->n;
	struct bytes segment;

	while (n != 0 && path->p[n - 1] != '/')
		n--;
	segment = bytes_skip(*path, n);
	path->n = n != 0 ? n - 1 : 0;
	return segment;
}

/* From the end, so that "/x/.." needs no memory of x. */
static bool
path_is_gateway(struct bytes path)
{
	struct bytes segment = segment_pop(&path);
	size_t up = 0;

	if (!decoded_eq(segment, "gateway.dll"))
		return false;
	while (path.n != 0) {
		segment = segment_pop(&path);
		if (segment.n == 0 || decoded_eq(segment, "."))
			continue;
		if (decoded_eq(segment, ".."))
			up++;
		else if (up != 0)
			up--;
		else
			return decoded_eq(segment, "gateway");
	}
	return false;
}

/* What stands before the first c; c and what follows stay in *in. */
static struct bytes
take_until(struct bytes *in, uint8_t c)
{
	struct bytes head = bytes_take(*in, bytes_find(*in, c));

	*in = bytes_skip(*in, head.n);
	return head;
}

/* Steps over scheme and authority of an absolute target. */
static bool
origin_read(struct bytes *target, struct gateway_request *out)
{
	struct bytes rest = *target, authority;

	if (rest.n != 0 && rest.p[0] == '/')
		return true;
	if (!bytes_starts_fold(rest, "http://") && !bytes_starts_fold(rest, "https://"))
		return false;
	rest = bytes_skip(rest, bytes_find(rest, '/') + 2);
	authority = bytes_take(rest, bytes_find(rest, '/'));
	authority.n = bytes_find(authority, '?');
	out->absolute = true;
	host_put(out->host, authority);
	*target = bytes_skip(rest, authority.n);
	return true;
}

struct parameter {
	struct bytes value;
	bool sent;
};

enum parameter_name { ACTION, SERVER, SESSION, IP, PARAMETERS };

static void
query_read(struct bytes query, struct parameter found[PARAMETERS])
{
	static const char *const names[PARAMETERS] = {[ACTION] = "Action",
	    [SERVER] = "Server",
	    [SESSION] = "SessionID",
	    [IP] = "IP"};
	struct bytes pair, name;
	size_t i;

	memset(found, 0, PARAMETERS * sizeof(*found));
	while (query.n != 0) {
		pair = take_until(&query, '&');
		query = bytes_skip(query, 1);
		name = take_until(&pair, '=');
		for (i = 0; i < PARAMETERS; i++)
			if (!found[i].sent && decoded_eq(name, names[i])) {
				found[i].sent = true;
				found[i].value = bytes_skip(pair, 1);
			}
	}
}

static enum gateway_action
action_of(const struct parameter found[PARAMETERS])
{
	const struct parameter *server = &found[SERVER];
	bool session = found[SESSION].value.n != 0;
	bool open = !session && (found[SESSION].sent || server->sent);

	if (found[ACTION].value.n != 0)
		open = decoded_eq(found[ACTION].value, "open");
	if (open)
		return !server->sent || decoded_eq(server->value, "NS") ? GATEWAY_OPEN_NS
									: GATEWAY_OPEN_SB;
	if (!session)
		return GATEWAY_NONE;
	return decoded_eq(found[ACTION].value, "poll") ? GATEWAY_POLL : GATEWAY_COMMAND;
}

bool
gateway_target(struct bytes target, struct gateway_request *out)
{
	struct parameter found[PARAMETERS];
	uint8_t text[VALUE_MAX];

	out->action = GATEWAY_NONE;
	out->absolute = false;
	out->session[0] = out->host[0] = out->ns[0] = '\0';
	target.n = bytes_find(target, '#');
	if (!origin_read(&target, out) || !path_is_gateway(take_until(&target, '?')))
		return false;
	query_read(bytes_skip(target, 1), found);
	out->action = action_of(found);
	session_put(out->session, found[SESSION].value);
	(void)text_safe(out->ns, sizeof(out->ns), decode(found[IP].value, text));
	return true;
}

static struct bytes
unquote(struct bytes b)
{
	b = bytes_trim(b);
	if (b.n >= 2 && b.p[0] == '"' && b.p[b.n - 1] == '"')
		b = bytes_of(b.p + 1, b.n - 2);
	return b;
}

bool
gateway_answer(struct bytes value, struct gateway_answer *out)
{
	struct bytes pair, name;
	bool any = false;

	out->close = false;
	out->session[0] = out->gw_ip[0] = '\0';
	while (value.n != 0) {
		pair = take_until(&value, ';');
		value = bytes_skip(value, 1);
		name = bytes_trim(take_until(&pair, '='));
		pair = unquote(bytes_skip(pair, 1));
		if (pair.n == 0)
			continue;
		if (bytes_eq_fold(name, "SessionID"))
			session_put(out->session, pair);
		else if (bytes_eq_fold(name, "GW-IP"))
			host_put(out->gw_ip, pair);
		else if (bytes_eq_fold(name, "Session") && bytes_eq_fold(pair, "close"))
			out->close = true;
		else
			continue;
		any = true;
	}
	return any;
}
