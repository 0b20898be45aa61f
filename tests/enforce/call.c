#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define MESSAGE      "MSG Hotmail Hotmail "
#define RETRY_US     50000
#define ROUND_US     10000
#define ROUNDS       20
#define PAGES        3
#define PAGE         60000
#define NOTIFICATION "messenger.hotmail.com"

/* A connection of a call, on which lines are said. */
struct line {
	struct call *call;
	struct met *met;
	struct talk talk;
	bool web;
};

static bool
post(struct line *l, const char *body)
{
	char query[80];

	if (l->call->session == 0) {
		(void)snprintf(
		    query, sizeof(query), "Action=open&Server=NS&IP=" NOTIFICATION);
	} else {
		(void)snprintf(query, sizeof(query), "SessionID=%u.%u", l->call->session,
		    l->call->session + 7000);
	}
	return talk_say(&l->talk,
	    "POST /gateway/gateway.dll?%s HTTP/1.1\r\n"
	    "Host: gateway.messenger.hotmail.com\r\nUser-Agent: MSMSGS\r\n"
	    "Content-Type: application/x-msn-messenger\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    query, strlen(body), body);
}

/* The reply's head; what follows is the body, which has the answer. */
static bool
reply(struct line *l)
{
	const char *line = talk_line(&l->talk);

	if (line == NULL || strncmp(line, "HTTP/1.1 200 ", 13) != 0)
		return false;
	while ((line = talk_line(&l->talk)) != NULL && *line != '\0') {
		if (strncmp(line, "X-MSN-Messenger: SessionID=", 27) == 0)
			l->call->session = (unsigned)strtoul(line + 27, NULL, 10);
	}
	return line != NULL;
}

static bool
say(struct line *l, const char *what, const char *body)
{
	l->met->last = what;
	return l->web ? post(l, body) : talk_send(&l->talk, body, strlen(body));
}

/* Whether an answer begins so; what else is said in between is passed over. */
static bool
heard(struct line *l, const char *begin)
{
	const char *line;

	if (l->web && !reply(l))
		return false;
	while ((line = talk_line(&l->talk)) != NULL) {
		if (strncmp(line, begin, strlen(begin)) == 0)
			return true;
		if (l->web)
			break;
		if (strncmp(line, MESSAGE, strlen(MESSAGE)) == 0 &&
		    !talk_bytes(
			&l->talk, NULL, strtoul(line + strlen(MESSAGE), NULL, 10)))
			break;
	}
	return false;
}

/*
 * The same for all, but that a hasty client does not wait for what it is told, and
 * that a gateway's session goes on where the connection before it was cut.
 */
static bool
sign_in(struct line *l)
{
	static const char *const names[] = {"VER", "CVR", "USR-I", "USR-S"};
	static const char *const answers[] = {
	    "VER 1 ", "CVR 2 ", "USR 3 TWN", "USR 4 OK"};
	const bool hasty = l->call->between_us > 0;
	char said[4][160];

	(void)snprintf(said[0], sizeof(said[0]), "VER 1 MSNP12 MSNP11 MSNP10 CVR0\r\n");
	(void)snprintf(said[1], sizeof(said[1]),
	    "CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs\r\n");
	(void)snprintf(said[2], sizeof(said[2]), "USR 3 TWN I %s\r\n", l->call->account);
	(void)snprintf(said[3], sizeof(said[3]), "USR 4 TWN S t=good&p=\r\n");
	for (size_t i = l->call->session != 0 ? l->call->heard : 0; i < 4; i++) {
		if (!say(l, names[i], said[i]))
			return false;
		if (hasty)
			talk_sleep_us(l->call->between_us);
		else if (!heard(l, answers[i]))
			return false;
		if (l->web)
			l->call->heard = i + 1;
	}
	for (size_t i = 0; hasty && i < 4; i++) {
		if (!heard(l, answers[i]))
			return false;
	}
	l->met->done = true;
	return l->web || say(l, "OUT", "OUT\r\n");
}

static bool
through_proxy(struct line *l, const char *host, unsigned port)
{
	const char *line;

	l->met->last = "CONNECT";
	if (!talk_say(&l->talk, "CONNECT %s:%u HTTP/1.0\r\nUser-Agent: MSMSGS\r\n\r\n",
		host, port))
		return false;
	line = talk_line(&l->talk);
	if (line == NULL || strncmp(line, "HTTP/1.0 200", 12) != 0)
		return false;
	while ((line = talk_line(&l->talk)) != NULL && *line != '\0')
		continue;
	return line != NULL;
}

static bool
through_socks(struct line *l)
{
	static const char hello[] = {5, 1, 0};
	char where[64];
	const size_t n = strlen(NOTIFICATION);

	l->met->last = "SOCKS";
	memcpy(where, "\5\1\0\3", 4);
	where[4] = (char)n;
	memcpy(where + 5, NOTIFICATION, n);
	memcpy(where + 5 + n, "\7\107", 2);
	return talk_send(&l->talk, hello, sizeof(hello)) &&
	       talk_bytes(&l->talk, NULL, 2) && talk_send(&l->talk, where, n + 7) &&
	       talk_bytes(&l->talk, NULL, 10);
}

static void
direct(struct line *l)
{
	(void)sign_in(l);
}

static void
gateway(struct line *l)
{
	l->web = true;
	(void)sign_in(l);
}

static void
by_connect(struct line *l)
{
	if (through_proxy(l, NOTIFICATION, 1863))
		(void)sign_in(l);
}

static void
by_socks(struct line *l)
{
	if (through_socks(l))
		(void)sign_in(l);
}

/* A page and every byte of it. */
static bool
download(struct line *l, const char *where, size_t size)
{
	char part[2048];
	const char *line;
	size_t n;

	if (!talk_say(&l->talk, "GET %s/%zu HTTP/1.1\r\nHost: www.example.org\r\n\r\n",
		where, size))
		return false;
	while ((line = talk_line(&l->talk)) != NULL && *line != '\0')
		continue;
	for (size_t at = 0; line != NULL && at < size; at += n) {
		n = talk_some(
		    &l->talk, part, size - at < sizeof(part) ? size - at : sizeof(part));
		if (n == 0)
			return false;
		for (size_t i = 0; i < n; i++) {
			if (part[i] != page_byte(at + i))
				return false;
		}
	}
	return line != NULL;
}

static void
browse(struct line *l, const char *where, size_t size, unsigned pages)
{
	l->met->last = "GET";
	for (unsigned i = 0; i < pages; i++) {
		if (!download(l, where, size + i))
			return;
		talk_sleep_us(ROUND_US);
	}
	l->met->done = true;
}

static void
web(struct line *l)
{
	browse(l, "", PAGE, PAGES);
}

static void
keep_alive(struct line *l)
{
	browse(l, "http://www.example.org", 1000, ROUNDS);
}

static void
echo(struct line *l)
{
	char said[64];
	const char *line;

	for (unsigned i = 0; i < ROUNDS; i++) {
		(void)snprintf(said, sizeof(said), "SSH-2.0-line-%u", i);
		l->met->last = "line";
		if (!talk_say(&l->talk, "%s\r\n", said))
			return;
		line = talk_line(&l->talk);
		if (line == NULL || strcmp(line, said) != 0)
			return;
		talk_sleep_us(ROUND_US);
	}
	l->met->done = true;
}

static void
tunnel(struct line *l)
{
	if (through_proxy(l, "www.example.org", 443))
		echo(l);
}

static const struct kind {
	const char *name;
	uint16_t port;
	void (*talk)(struct line *);
} kinds[] = {
    {"direct", 1863, direct},
    {"gateway", 80, gateway},
    {"connect", 3128, by_connect},
    {"socks", 1080, by_socks},
    {"web", 80, web},
    {"keep-alive", 3128, keep_alive},
    {"echo", 22, echo},
    {"echo-1863", 1863, echo},
    {"tunnel", 3128, tunnel},
};

static const struct kind *
kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

bool
call_known(const char *kind)
{
	return kind_of(kind) != NULL;
}

static void
connection(struct call *call, const struct kind *kind)
{
	struct line l = {.call = call, .met = &call->met[call->n_met++]};
	const int64_t began = talk_us();
	char own[46];

	l.met->kind = kind->name;
	l.met->last = "SYN";
	if (talk_call(&l.talk, call->from, call->to, kind->port)) {
		l.met->port = talk_own(l.talk.fd, own, sizeof(own));
		kind->talk(&l);
	}
	l.met->us = talk_us() - began;
	l.met->end = l.talk.end;
	if (l.talk.end == END_NONE && !l.met->done)
		l.met->end = END_ODD;
	talk_close(&l.talk);
}

void
call_make(struct call *call)
{
	talk_sleep_us(call->start_us);
	for (size_t i = 0; i < call->n_kinds; i++) {
		if (i > 0)
			talk_sleep_us(RETRY_US);
		connection(call, kind_of(call->kinds[i]));
		if (call->met[i].done)
			return;
	}
}
