#include "samples/link.h"

#include "samples/link_http.h"

#define THINK (20 * NET_MS)

static const char *
service_name(const struct node *n, char text[ADDR_TEXT_MAX])
{
	return n->dns[0] != '\0' ? n->dns : addr_text(&n->v4, text);
}

static int64_t
tell(struct link *l, int64_t t, const struct msg *m)
{
	if (m->full)
		l->net->trace.failed = true;
	return conn_send(&l->c, t, SIDE_CLIENT, msg_bytes(m));
}

static int64_t
hear(struct link *l, int64_t t, const struct msg *m)
{
	if (m->full)
		l->net->trace.failed = true;
	return conn_send(&l->c, t + conn_trip(&l->c), SIDE_SERVER, msg_bytes(m)) + NET_MS;
}

static int64_t
ask_connect(struct link *l, int64_t t)
{
	char text[ADDR_TEXT_MAX];
	const char *name = service_name(l->service, text);
	struct msg m;

	msg_init(&m);
	msg_fmt(&m, "CONNECT %s:%u HTTP/1.0\r\nUser-Agent: MSMSGS\r\nHost: %s:%u\r\n",
	    name, l->service->port, name, l->service->port);
	msg_fmt(&m, "Proxy-Connection: Keep-Alive\r\nPragma: no-cache\r\n\r\n");
	return tell(l, t, &m);
}

static int64_t
open_connect(struct link *l, int64_t t)
{
	struct msg m;

	t = ask_connect(l, t);
	msg_init(&m);
	msg_fmt(&m, "HTTP/1.0 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n");
	return hear(l, t, &m);
}

static int64_t
ask_socks(struct link *l, int64_t t)
{
	char text[ADDR_TEXT_MAX];
	const char *name = service_name(l->service, text);
	struct msg m;

	msg_init(&m);
	msg_put(&m, bytes_of("\5\1\0", 3));
	t = tell(l, t, &m);
	msg_init(&m);
	msg_put(&m, bytes_of("\5\0", 2));
	t = hear(l, t, &m);
	msg_init(&m);
	msg_put(&m, bytes_of("\5\1\0\3", 4));
	msg_u8(&m, (unsigned)strlen(name));
	msg_put(&m, bytes_str(name));
	msg_be16(&m, l->service->port);
	return tell(l, t, &m);
}

static int64_t
answer_socks(struct link *l, int64_t t, unsigned code)
{
	struct msg m;

	msg_init(&m);
	msg_u8(&m, 5);
	msg_u8(&m, code);
	msg_put(&m, bytes_of("\0\1\0\0\0\0\0\0", 8));
	return hear(l, t, &m);
}

int64_t
link_open(struct link *l, int64_t t)
{
	l->opened = false;
	l->requests = 0;
	l->far = l->via != NULL ? l->via : l->service;
	t = net_find(l->net, l->client, l->far, t);
	t = conn_open(&l->c, l->net, l->client, l->far, t);
	if (l->path == PATH_CONNECT)
		t = open_connect(l, t);
	if (l->path == PATH_SOCKS)
		t = answer_socks(l, ask_socks(l, t), 0);
	l->last = t;
	return t;
}

/* The gateway client goes on over another connection. */
static int64_t
reopen(struct link *l, int64_t t)
{
	t = conn_close(&l->c, t, SIDE_CLIENT);
	return conn_open(&l->c, l->net, l->client, l->far, t + NET_MS);
}

static int64_t
gateway(struct link *l, int64_t t, struct bytes ask, struct bytes answer)
{
	struct msg m;
	bool first = !l->opened;

	if (t < l->last)
		t = l->last;
	link_http_request(l, &m, ask);
	t = tell(l, t, &m);
	link_http_answer(l, &m, answer);
	t = hear(l, t, &m);
	l->opened = true;
	l->requests++;
	if (first && l->via == NULL && l->service->hands_to != NULL) {
		l->far = l->service->hands_to;
		t = reopen(l, t);
	} else if (l->requests % 100 == 0) {
		t = reopen(l, t);
	}
	l->last = t;
	return t;
}

int64_t
link_ask(struct link *l, int64_t t, struct bytes ask, struct bytes answer)
{
	struct bytes none = {NULL, 0};

	if (l->path == PATH_GATEWAY) {
		if (!l->opened && l->kind->style == STYLE_AMSN)
			t = gateway(l, t, none, none);
		return gateway(l, t, ask, answer) + THINK;
	}
	t = conn_send(&l->c, t, SIDE_CLIENT, ask) + conn_trip(&l->c);
	t = conn_send(&l->c, t, SIDE_SERVER, answer);
	l->last = t;
	return t + THINK;
}

void
link_idle(struct link *l, int64_t until)
{
	struct bytes none = {NULL, 0};

	if (l->path != PATH_GATEWAY)
		return;
	while (l->last + l->kind->poll < until)
		(void)gateway(l, l->last + l->kind->poll, none, none);
}

int64_t
link_push(struct link *l, int64_t t, struct bytes text)
{
	struct bytes none = {NULL, 0};

	if (l->path != PATH_GATEWAY) {
		t = conn_send(&l->c, t, SIDE_SERVER, text);
		l->last = t;
		return t + NET_MS;
	}
	link_idle(l, t);
	return gateway(l, l->last + l->kind->poll, none, text);
}

int64_t
link_close(struct link *l, int64_t t)
{
	return conn_close(&l->c, t, SIDE_CLIENT);
}

int64_t
link_denied(struct link *l, int64_t t, unsigned status, struct bytes opening)
{
	struct msg m;

	l->far = l->via != NULL ? l->via : l->service;
	t = conn_open(&l->c, l->net, l->client, l->far, t);
	if (l->path == PATH_SOCKS)
		return link_close(l, answer_socks(l, ask_socks(l, t), 2));
	if (l->path == PATH_CONNECT) {
		t = ask_connect(l, t);
	} else {
		link_http_request(l, &m, opening);
		t = tell(l, t, &m);
	}
	link_http_denial(&m, status);
	return link_close(l, hear(l, t, &m));
}
