#include "samples/link.h"

#include "samples/link_http.h"
#include "samples/link_inside.h"

#define THINK (20 * NET_MS)

const char *
link_service(const struct node *n, char text[ADDR_TEXT_MAX])
{
	return n->dns[0] != '\0' ? n->dns : addr_text(&n->v4, text);
}

int64_t
link_tell(struct link *l, int64_t t, const struct msg *m)
{
	if (m->full)
		l->net->trace.failed = true;
	return conn_send(&l->c, t, SIDE_CLIENT, msg_bytes(m));
}

int64_t
link_hear(struct link *l, int64_t t, const struct msg *m)
{
	if (m->full)
		l->net->trace.failed = true;
	return conn_send(&l->c, t + conn_trip(&l->c), SIDE_SERVER, msg_bytes(m)) + NET_MS;
}

static int64_t
ask_connect(struct link *l, int64_t t)
{
	char text[ADDR_TEXT_MAX];
	const char *name = link_service(l->service, text);
	struct msg m;

	msg_init(&m);
	msg_fmt(&m, "CONNECT %s:%u HTTP/1.0\r\nUser-Agent: MSMSGS\r\nHost: %s:%u\r\n",
	    name, l->service->port, name, l->service->port);
	link_http_login(l, &m);
	msg_fmt(&m, "Proxy-Connection: Keep-Alive\r\nPragma: no-cache\r\n\r\n");
	return link_tell(l, t, &m);
}

/* The proxy asks who it is, and goes on listening. */
static int64_t
asked_for_login(struct link *l, int64_t t)
{
	struct msg m;

	link_http_denial(&m, 407, true);
	l->asked = true;
	return link_hear(l, t, &m) + THINK;
}

/* Up to the request that says all the client knows. */
static int64_t
first_connect(struct link *l, int64_t t)
{
	t = ask_connect(l, t);
	if (l->login[0] == '\0' || l->asked)
		return t;
	return ask_connect(l, asked_for_login(l, t));
}

static int64_t
open_connect(struct link *l, int64_t t)
{
	struct msg m;

	t = first_connect(l, t);
	msg_init(&m);
	msg_fmt(&m, "HTTP/1.0 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n");
	return link_hear(l, t, &m);
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
		t = link_socks_answer(l, link_socks_ask(l, t), 0);
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
	t = link_tell(l, t, &m);
	if (l->login[0] != '\0' && !l->asked) {
		link_http_denial(&m, 407, false);
		l->asked = true;
		t = reopen(l, link_hear(l, t, &m));
		link_http_request(l, &m, ask);
		t = link_tell(l, t, &m);
	}
	link_http_answer(l, &m, answer);
	t = link_hear(l, t, &m);
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
	t = net_find(l->net, l->client, l->far, t);
	t = conn_open(&l->c, l->net, l->client, l->far, t);
	if (l->path == PATH_SOCKS)
		return link_close(l, link_socks_answer(l, link_socks_ask(l, t), status));
	if (l->path == PATH_CONNECT) {
		t = first_connect(l, t);
	} else {
		link_http_request(l, &m, opening);
		t = link_tell(l, t, &m);
	}
	link_http_denial(&m, status, false);
	return link_close(l, link_hear(l, t, &m));
}
