#include "samples/noise.h"

#include "samples/msg.h"

static const char filler[] =
    "The quarterly figures are on the shared drive, in the folder of the department. "
    "Please check them before the meeting and send remarks to your line manager. ";

/* Readable text of about n bytes, with the quotation in its middle. */
static void
content(struct msg *m, size_t n, struct bytes quote)
{
	bool quoted = quote.n == 0;

	while (m->n < n) {
		if (!quoted && m->n >= n / 2) {
			msg_put(m, quote);
			quoted = true;
		}
		msg_fmt(m, "%s", filler);
	}
}

static void
random_bytes(struct net *net, struct msg *m, size_t n)
{
	while (n-- > 0)
		msg_u8(m, rng_below(&net->rng, 256));
}

static int64_t
swap(struct conn *c, int64_t t, const struct msg *ask, const struct msg *answer)
{
	if (ask->full || answer->full)
		c->net->trace.failed = true;
	t = conn_send(c, t, SIDE_CLIENT, msg_bytes(ask));
	t = conn_send(c, t + conn_trip(c), SIDE_SERVER, msg_bytes(answer));
	return t + 30 * NET_MS;
}

static int64_t
begin(struct noise *n, struct conn *c, int64_t t)
{
	t = net_find(n->net, n->host, n->server, t);
	return conn_open(c, n->net, n->host, n->server, t);
}

static void
http_answer(struct msg *m, const char *type, const struct msg *body)
{
	msg_init(m);
	msg_fmt(m,
	    "HTTP/1.1 200 OK\r\nServer: Apache\r\nContent-Type: %s\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    type, body->n);
	msg_put(m, msg_bytes(body));
}

static void
page(struct noise *n, struct msg *m, size_t size)
{
	struct msg body;

	msg_init(&body);
	msg_fmt(&body, "<html><head><title>%s</title></head><body><p>", n->server->dns);
	content(&body, size, n->quote);
	msg_fmt(&body, "</p></body></html>\n");
	http_answer(m, "text/html", &body);
}

static size_t
about(struct noise *n)
{
	return n->size / 2 + rng_below(&n->net->rng, (uint32_t)n->size);
}

int64_t
noise_web(struct noise *n, int64_t t)
{
	struct msg ask, answer;
	struct conn c;
	unsigned i;

	t = begin(n, &c, t);
	for (i = 0; i < n->count; i++) {
		msg_init(&ask);
		msg_fmt(&ask,
		    "GET /page%u.html HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n"
		    "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)\r\n"
		    "Connection: Keep-Alive\r\n\r\n",
		    rng_below(&n->net->rng, 1000), n->server->dns);
		page(n, &answer, about(n));
		t = swap(&c, t, &ask, &answer);
		t += NET_S * (1 + rng_below(&n->net->rng, 20));
	}
	return conn_close(&c, t, SIDE_CLIENT);
}

int64_t
noise_post(struct noise *n, int64_t t)
{
	struct msg ask, answer, body;
	struct conn c;

	msg_init(&body);
	if (n->quote.n > 0 && n->size <= n->quote.n)
		msg_put(&body, n->quote);
	else
		content(&body, n->size, n->quote);
	msg_init(&ask);
	msg_fmt(&ask,
	    "POST /forum/reply.php?thread=%u HTTP/1.1\r\nHost: %s\r\n"
	    "Content-Type: application/x-www-form-urlencoded\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    rng_below(&n->net->rng, 10000), n->server->dns, body.n);
	msg_put(&ask, msg_bytes(&body));
	page(n, &answer, 800);
	t = swap(&c, begin(n, &c, t), &ask, &answer);
	return conn_close(&c, t + NET_S, SIDE_CLIENT);
}

/* One step of a dialogue in which the client speaks first, line by line. */
static int64_t
line(struct conn *c, int64_t t, const char *ask, const char *answer)
{
	t = conn_send(c, t, SIDE_CLIENT, bytes_str(ask));
	t = conn_send(c, t + conn_trip(c), SIDE_SERVER, bytes_str(answer));
	return t + 5 * NET_MS;
}

int64_t
noise_mail(struct noise *n, int64_t t)
{
	struct msg m, thanks;
	struct conn c;

	t = begin(n, &c, t);
	t = conn_send(&c, t + 20 * NET_MS, SIDE_SERVER,
	    bytes_str("220 mail.example.net ESMTP\r\n"));
	t = line(&c, t + 5 * NET_MS, "EHLO office\r\n",
	    "250-mail.example.net\r\n250 SIZE 20000000\r\n");
	t = line(&c, t, "MAIL FROM:<clerk@example.net>\r\n", "250 Ok\r\n");
	t = line(&c, t, "RCPT TO:<partner@example.org>\r\n", "250 Ok\r\n");
	t = line(&c, t, "DATA\r\n", "354 End data with <CR><LF>.<CR><LF>\r\n");
	msg_init(&m);
	msg_fmt(&m, "From: <clerk@example.net>\r\nTo: <partner@example.org>\r\n"
		    "Subject: Figures\r\n\r\n");
	content(&m, about(n), n->quote);
	msg_fmt(&m, "\r\n.\r\n");
	msg_init(&thanks);
	msg_fmt(&thanks, "250 Ok: queued\r\n");
	t = swap(&c, t, &m, &thanks);
	t = line(&c, t, "QUIT\r\n", "221 Bye\r\n");
	return conn_close(&c, t, SIDE_SERVER);
}

int64_t
noise_pop(struct noise *n, int64_t t)
{
	struct msg ask, answer;
	struct conn c;
	unsigned i;

	t = begin(n, &c, t);
	t = conn_send(&c, t + 20 * NET_MS, SIDE_SERVER, bytes_str("+OK ready\r\n"));
	t = line(&c, t + 5 * NET_MS, "USER clerk\r\n", "+OK\r\n");
	t = line(&c, t, "PASS letmein\r\n", "+OK\r\n");
	t = line(&c, t, "STAT\r\n", n->count > 0 ? "+OK 1 4000\r\n" : "+OK 0 0\r\n");
	for (i = 0; i < n->count; i++) {
		msg_init(&ask);
		msg_fmt(&ask, "RETR %u\r\n", i + 1);
		msg_init(&answer);
		msg_fmt(&answer, "+OK\r\nFrom: <partner@example.org>\r\n"
				 "Subject: Re: Figures\r\n\r\n");
		content(&answer, about(n), n->quote);
		msg_fmt(&answer, "\r\n.\r\n");
		t = swap(&c, t, &ask, &answer);
	}
	t = line(&c, t, "QUIT\r\n", "+OK bye\r\n");
	return conn_close(&c, t, SIDE_SERVER);
}

int64_t
noise_ssh(struct noise *n, int64_t t)
{
	struct msg ask, answer;
	struct conn c;
	unsigned i;

	t = begin(n, &c, t);
	t = conn_send(
	    &c, t + 20 * NET_MS, SIDE_SERVER, bytes_str("SSH-2.0-OpenSSH_4.3\r\n"));
	t = conn_send(
	    &c, t + 5 * NET_MS, SIDE_CLIENT, bytes_str("SSH-2.0-PuTTY_Release_0.60\r\n"));
	for (i = 0; i < 2 + n->count; i++) {
		msg_init(&ask);
		random_bytes(n->net, &ask, i < 2 ? 400 : 52);
		msg_init(&answer);
		random_bytes(
		    n->net, &answer, i < 2 ? 600 : 52 + rng_below(&n->net->rng, 200));
		t = swap(&c, t, &ask, &answer);
		t += NET_MS * rng_below(&n->net->rng, 1500);
	}
	return conn_close(&c, t, SIDE_CLIENT);
}

static void
record(struct noise *n, struct msg *m, unsigned type, size_t size)
{
	msg_u8(m, type);
	msg_be16(m, 0x0301);
	msg_be16(m, (unsigned)size);
	random_bytes(n->net, m, size);
}

/* A ClientHello of TLS 1.0 with three suites and no extension. */
static void
client_hello(struct noise *n, struct msg *m)
{
	msg_put(m, bytes_of("\x16\x03\x01\0\x31\x01\0\0\x2d\x03\x01", 11));
	random_bytes(n->net, m, 32);
	msg_put(m, bytes_of("\0\0\x06\0\x0a\0\x05\0\x04\x01\0", 11));
}

static void
server_hello(struct noise *n, struct msg *m)
{
	msg_put(m, bytes_of("\x16\x03\x01\0\x2a\x02\0\0\x26\x03\x01", 11));
	random_bytes(n->net, m, 32);
	msg_put(m, bytes_of("\0\0\x05\0", 4));
	record(n, m, 0x17, 900);
}

int64_t
noise_tls(struct noise *n, int64_t t)
{
	struct msg ask, answer;
	struct conn c;

	t = begin(n, &c, t);
	msg_init(&ask);
	msg_init(&answer);
	client_hello(n, &ask);
	server_hello(n, &answer);
	t = swap(&c, t, &ask, &answer);
	msg_init(&ask);
	msg_init(&answer);
	record(n, &ask, 0x17, 320);
	record(n, &answer, 0x17, n->size);
	t = swap(&c, t, &ask, &answer);
	return conn_close(&c, t, SIDE_CLIENT);
}

int64_t
noise_download(struct noise *n, int64_t t)
{
	struct msg ask, part;
	size_t left;
	struct conn c;

	t = begin(n, &c, t);
	msg_init(&ask);
	msg_fmt(&ask, "GET /archive.bin HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n\r\n",
	    n->server->dns);
	msg_init(&part);
	msg_fmt(&part,
	    "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    n->size);
	t = swap(&c, t, &ask, &part);
	for (left = n->size; left > 0; left -= part.n) {
		msg_init(&part);
		random_bytes(n->net, &part, left < 29200 ? left : 29200);
		t = conn_send(&c, t, SIDE_SERVER, msg_bytes(&part)) + 2 * NET_MS;
	}
	return conn_close(&c, t, SIDE_CLIENT);
}
