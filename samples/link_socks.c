#include "samples/link_inside.h"

/* SOCKS 4 when the service is an address, 4a when it is a name. */
static int64_t
ask_4(struct link *l, int64_t t)
{
	const struct node *to = l->service;
	struct msg m;

	msg_init(&m);
	msg_put(&m, bytes_of("\4\1", 2));
	msg_be16(&m, to->port);
	if (to->dns[0] == '\0')
		msg_put(&m, bytes_of(to->v4.v + 12, 4));
	else
		msg_put(&m, bytes_of("\0\0\0\1", 4));
	msg_put(&m, bytes_of("clerk", 6));
	if (to->dns[0] != '\0')
		msg_put(&m, bytes_of(to->dns, strlen(to->dns) + 1));
	return link_tell(l, t, &m);
}

static int64_t
ask_5(struct link *l, int64_t t)
{
	char text[ADDR_TEXT_MAX];
	const char *name = link_service(l->service, text);
	struct msg m;

	msg_init(&m);
	msg_put(&m, bytes_of("\5\1\0", 3));
	t = link_tell(l, t, &m);
	msg_init(&m);
	msg_put(&m, bytes_of("\5\0", 2));
	t = link_hear(l, t, &m);
	msg_init(&m);
	msg_put(&m, bytes_of("\5\1\0\3", 4));
	msg_u8(&m, (unsigned)strlen(name));
	msg_put(&m, bytes_str(name));
	msg_be16(&m, l->service->port);
	return link_tell(l, t, &m);
}

int64_t
link_socks_ask(struct link *l, int64_t t)
{
	return l->far->socks4 ? ask_4(l, t) : ask_5(l, t);
}

int64_t
link_socks_answer(struct link *l, int64_t t, unsigned code)
{
	struct msg m;

	msg_init(&m);
	if (l->far->socks4) {
		msg_u8(&m, 0);
		msg_u8(&m, code == 0 ? 90 : code);
		msg_put(&m, bytes_of("\0\0\0\0\0\0", 6));
	} else {
		msg_u8(&m, 5);
		msg_u8(&m, code);
		msg_put(&m, bytes_of("\0\1\0\0\0\0\0\0", 8));
	}
	return link_hear(l, t, &m);
}
