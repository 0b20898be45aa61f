#include "detect/relay.h"

#include "base/text.h"
#include "detect/socks.h"

void
relay_begin(struct relay *r, uint8_t version)
{
	memset(r, 0, sizeof(*r));
	r->version = version;
	r->stage = version == 5 ? RELAY_GREETING : RELAY_REQUEST;
}

static bool
turn_of_server(const struct relay *r)
{
	return r->stage == RELAY_METHOD || r->stage == RELAY_AUTH_REPLY ||
	       r->stage == RELAY_REPLY;
}

/* Without the server's side the client's next words tell that it was content. */
static void
pass_over_server(struct relay *r)
{
	if (r->stage == RELAY_METHOD || r->stage == RELAY_AUTH_REPLY)
		r->stage = RELAY_REQUEST;
	else if (r->stage == RELAY_REPLY)
		r->stage = RELAY_OPEN;
}

static ssize_t
take_request(struct relay *r, struct bytes in)
{
	struct socks_target t = {0};
	ssize_t n = r->version == 5 ? socks5_request(in, &t) : socks4_request(in, &t);

	if (n <= 0)
		return n;
	r->to = t.to;
	(void)text_safe_fold(r->name, sizeof(r->name), t.name);
	r->stage = RELAY_REPLY;
	return n;
}

static ssize_t
take_reply(struct relay *r, struct bytes in)
{
	bool granted = false;
	uint8_t code = 1;
	ssize_t n;

	if (r->version == 5) {
		n = socks5_reply(in, &code);
		granted = code == 0;
	} else {
		n = socks4_reply(in, &granted);
	}
	if (n > 0)
		r->stage = granted ? RELAY_OPEN : RELAY_REFUSED;
	r->denied = r->stage == RELAY_REFUSED;
	return n;
}

static ssize_t
take_method(struct relay *r, struct bytes in)
{
	uint8_t method = 0xff;
	ssize_t n = socks5_method(in, &method);

	if (n <= 0)
		return n;
	if (method == 0)
		r->stage = RELAY_REQUEST;
	else
		r->stage = method == 2 ? RELAY_AUTH : RELAY_REFUSED;
	return n;
}

static ssize_t
take_auth_reply(struct relay *r, struct bytes in)
{
	bool granted = false;
	ssize_t n = socks5_auth_reply(in, &granted);

	if (n > 0)
		r->stage = granted ? RELAY_REQUEST : RELAY_REFUSED;
	return n;
}

static ssize_t
step(struct relay *r, struct bytes in)
{
	ssize_t n = 0;

	switch ((enum relay_stage)r->stage) {
	case RELAY_GREETING:
		n = socks5_greeting(in);
		if (n > 0)
			r->stage = RELAY_METHOD;
		return n;
	case RELAY_METHOD:
		return take_method(r, in);
	case RELAY_AUTH:
		n = socks5_auth(in);
		if (n > 0)
			r->stage = RELAY_AUTH_REPLY;
		return n;
	case RELAY_AUTH_REPLY:
		return take_auth_reply(r, in);
	case RELAY_REQUEST:
		return take_request(r, in);
	case RELAY_REPLY:
		return take_reply(r, in);
	case RELAY_OPEN:
	case RELAY_REFUSED:
		break;
	}
	return n;
}

size_t
relay_feed(struct relay *r, const struct conn *c, const struct piece *in)
{
	struct bytes rest = in->data;
	ssize_t n;

	if (in->lost != 0)
		r->stage = RELAY_REFUSED;
	while (rest.n != 0 && r->stage < RELAY_OPEN) {
		if (in->side == SIDE_CLIENT && !c->seen[SIDE_SERVER])
			pass_over_server(r);
		if (r->stage == RELAY_OPEN ||
		    turn_of_server(r) != (in->side == SIDE_SERVER))
			break;
		n = step(r, rest);
		if (n < 0)
			r->stage = RELAY_REFUSED;
		if (n <= 0)
			break;
		rest = bytes_skip(rest, (size_t)n);
	}
	return in->data.n - rest.n;
}
