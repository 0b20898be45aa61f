#include "samples/link_http.h"

/* What stands between the request line and the length, by style. */
static const char *const fields[] = {
    [STYLE_OFFICIAL] =
	"Accept: */*\r\nAccept-Language: en-us\r\n"
	"Accept-Encoding: gzip, deflate\r\nUser-Agent: MSMSGS\r\n"
	"Proxy-Connection: Keep-Alive\r\nConnection: Keep-Alive\r\n"
	"Pragma: no-cache\r\nContent-Type: application/x-msn-messenger\r\n",
    [STYLE_ABSOLUTE] =
	"Accept: */*\r\nAccept-Language: en-us\r\nUser-Agent: MSMSGS\r\n"
	"Proxy-Connection: Keep-Alive\r\nConnection: Keep-Alive\r\n"
	"Pragma: no-cache\r\nContent-Type: application/x-msn-messenger\r\n",
    [STYLE_AMSN] = "Accept: */*\r\nContent-Type: text/xml; charset=utf-8\r\n"
		   "User-Agent: MSMSGS\r\nProxy-Connection: Keep-Alive\r\n"
		   "Connection: Keep-Alive\r\nPragma: no-cache\r\n"
		   "Cache-Control: no-cache\r\n",
    [STYLE_SHARP] = "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
		    "User-Agent: Mozilla/5.0 (Windows NT 6.1) AppleWebKit/535.11 "
		    "(KHTML, like Gecko) Chrome/17.0.963.56 Safari/535.11\r\n"
		    "X-Requested-Session-Content-Type: text/html\r\n"
		    "Pragma: no-cache\r\nContent-Type: text/html; charset=UTF-8\r\n",
};

/* The name of the gateway until it has answered, then the address it gave. */
static const char *
host(const struct link *l, char text[ADDR_TEXT_MAX])
{
	const struct node *n = l->service;

	if (l->opened && n->hands_to != NULL)
		n = n->hands_to;
	else if (!l->opened && n->dns[0] != '\0')
		return n->dns;
	return addr_text(addr_is_unset(&n->v4) ? &n->v6 : &n->v4, text);
}

static void
query(const struct link *l, struct msg *m, size_t body)
{
	if (!l->opened)
		msg_fmt(m, "Action=open&Server=%s&IP=%s", l->switchboard ? "SB" : "NS",
		    l->reach);
	else if (body == 0)
		msg_fmt(m, "Action=poll&SessionID=%u.%u", l->session[0], l->session[1]);
	else
		msg_fmt(m, "SessionID=%u.%u", l->session[0], l->session[1]);
}

void
link_http_login(const struct link *l, struct msg *m)
{
	if (!l->asked)
		return;
	msg_fmt(m, "Proxy-Authorization: Basic ");
	msg_base64(m, bytes_str(l->login));
	msg_fmt(m, "\r\n");
}

void
link_http_request(const struct link *l, struct msg *m, struct bytes body)
{
	bool absolute = l->via != NULL || l->kind->style == STYLE_ABSOLUTE;
	char text[ADDR_TEXT_MAX];
	const char *name = host(l, text);

	msg_init(m);
	msg_fmt(m, "POST %s%s/gateway/gateway.dll?", absolute ? "http://" : "",
	    absolute ? name : "");
	query(l, m, body.n);
	msg_fmt(m, " HTTP/1.1\r\nHost: %s\r\n%s", name, fields[l->kind->style]);
	link_http_login(l, m);
	msg_fmt(m, "Content-Length: %zu\r\n\r\n", body.n);
	msg_put(m, body);
}

/* Two chunks, the first one ending where no line does. */
static void
chunks(struct msg *m, struct bytes body)
{
	size_t first = body.n / 2 > 7 ? 7 : body.n / 2;

	if (first > 0) {
		msg_fmt(m, "%zx\r\n", first);
		msg_put(m, bytes_take(body, first));
		msg_fmt(m, "\r\n");
	}
	body = bytes_skip(body, first);
	if (body.n > 0) {
		msg_fmt(m, "%zX;part=rest\r\n", body.n);
		msg_put(m, body);
		msg_fmt(m, "\r\n");
	}
	msg_fmt(m, "0\r\n\r\n");
}

void
link_http_answer(struct link *l, struct msg *m, struct bytes body)
{
	const struct node *n = l->service->hands_to, *s = l->service;
	char text[ADDR_TEXT_MAX];
	struct msg packed;

	if (n == NULL)
		n = s;
	if (!l->opened)
		l->session[0] = 100000000 + rng_below(&l->net->rng, 900000000);
	l->session[1] = 1000 + rng_below(&l->net->rng, 99000);
	msg_init(m);
	msg_fmt(m, "HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/5.0\r\n");
	msg_fmt(m, "X-MSN-Messenger: SessionID=%u.%u; GW-IP=%s\r\n", l->session[0],
	    l->session[1], addr_text(addr_is_unset(&n->v4) ? &n->v6 : &n->v4, text));
	msg_fmt(m, "Content-Type: application/x-msn-messenger\r\n");
	if (s->gzip && body.n > 0) {
		msg_init(&packed);
		msg_gzip(&packed, body);
		body = msg_bytes(&packed);
		msg_fmt(m, "Content-Encoding: gzip\r\n");
	}
	if (s->chunked) {
		msg_fmt(m, "Transfer-Encoding: chunked\r\n\r\n");
		chunks(m, body);
	} else {
		msg_fmt(m, "Content-Length: %zu\r\n\r\n", body.n);
		msg_put(m, body);
	}
}

static const char *
phrase(unsigned status)
{
	switch (status) {
	case 302:
		return "Found";
	case 407:
		return "Proxy Authentication Required";
	case 503:
		return "Service Unavailable";
	default:
		return "Forbidden";
	}
}

void
link_http_denial(struct msg *m, unsigned status, bool listens)
{
	static const char page[] = "<html><head><title>Access denied</title></head>"
				   "<body>The policy of this network does not allow "
				   "that.</body></html>\n";

	msg_init(m);
	msg_fmt(m, "HTTP/1.0 %u %s\r\n", status, phrase(status));
	if (status == 407)
		msg_fmt(m, "Proxy-Authenticate: Basic realm=\"office\"\r\n");
	if (status / 100 == 3)
		msg_fmt(m, "Location: http://proxy.example.net/denied.html\r\n");
	msg_fmt(m, "Server: squid\r\nContent-Type: text/html\r\nContent-Length: %zu\r\n",
	    sizeof(page) - 1);
	msg_fmt(m, "%s\r\n\r\n%s",
	    listens ? "Proxy-Connection: keep-alive" : "Connection: close", page);
}
