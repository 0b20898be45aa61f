#include "serve.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "page.h"

#define LINE_MAX_SAID 512
#define WORDS         8
#define BODY_MAX      2048
#define PART          4096
#define SESSIONS      8192
#define PATIENCE_MS   8000

/* Whose gateway session it is; a session is a number. */
static char accounts[SESSIONS][64];
static unsigned n_sessions;
static pthread_mutex_t sessions_lock = PTHREAD_MUTEX_INITIALIZER;

static size_t
split(char *line, char *words[WORDS])
{
	size_t n = 0;
	char *rest;

	for (char *word = strtok_r(line, " ", &rest); word != NULL && n < WORDS;
	     word = strtok_r(NULL, " ", &rest))
		words[n++] = word;
	return n;
}

/* The answer to one line; 0 when there is none to give, and the server leaves. */
static size_t
answer(char *line, char account[64], char *to, size_t room)
{
	char *w[WORDS];
	const size_t n = split(line, w);
	int size = 0;

	if (n >= 3 && strcmp(w[0], "VER") == 0) {
		size = snprintf(to, room, "VER %s %s\r\n", w[1], w[2]);
	} else if (n == 8 && strcmp(w[0], "CVR") == 0) {
		size = snprintf(to, room,
		    "CVR %s 7.5.0324 7.5.0324 1.0.0000 http://x.example/a "
		    "http://x.example/b\r\n",
		    w[1]);
	} else if (n == 5 && strcmp(w[0], "USR") == 0 && strcmp(w[3], "I") == 0) {
		(void)snprintf(account, 64, "%s", w[4]);
		size = snprintf(to, room, "USR %s TWN S ct=1,rver=1,lc=1,id=1\r\n", w[1]);
	} else if (n == 5 && strcmp(w[0], "USR") == 0 && strcmp(w[3], "S") == 0) {
		size = snprintf(to, room, "USR %s OK %s 1 0\r\n", w[1], account);
	}
	return size < 0 ? 0 : (size_t)size;
}

static bool
send_page(struct talk *t, size_t size)
{
	char part[PART];
	size_t n;

	for (size_t at = 0; at < size; at += n) {
		n = size - at < sizeof(part) ? size - at : sizeof(part);
		page_part(part, at, n);
		if (!talk_send(t, part, n))
			return false;
	}
	return true;
}

static void
echo_on(struct talk *t, const char *first)
{
	char part[PART];
	size_t n;

	if (!talk_say(t, "%s\r\n", first))
		return;
	while ((n = talk_some(t, part, sizeof(part))) > 0 && talk_send(t, part, n))
		continue;
}

void
serve_echo(struct visit *v)
{
	const char *first = talk_line(&v->talk);

	if (first != NULL)
		echo_on(&v->talk, first);
}

void
serve_notification(struct visit *v)
{
	char account[64] = "", out[LINE_MAX_SAID];
	char *line;
	size_t n;

	while ((line = talk_line(&v->talk)) != NULL) {
		if (strncmp(line, "SSH-", 4) == 0) {
			echo_on(&v->talk, line);
			return;
		}
		n = answer(line, account, out, sizeof(out));
		if (n == 0 || !talk_send(&v->talk, out, n))
			return;
		if (v->burst > 0 && strncmp(out, "VER", 3) == 0 &&
		    !(talk_say(&v->talk, "MSG Hotmail Hotmail %zu\r\n", v->burst) &&
			send_page(&v->talk, v->burst)))
			return;
	}
}

/* What a request's head tells. */
struct asked {
	char target[256];
	char verb[12];
	size_t body;
};

static bool
read_head(struct talk *t, struct asked *asked)
{
	char *line = talk_line(t), *w[WORDS];

	memset(asked, 0, sizeof(*asked));
	if (line == NULL || split(line, w) != 3)
		return false;
	(void)snprintf(asked->verb, sizeof(asked->verb), "%s", w[0]);
	(void)snprintf(asked->target, sizeof(asked->target), "%s", w[1]);
	while ((line = talk_line(t)) != NULL && *line != '\0') {
		if (strncasecmp(line, "Content-Length: ", 16) == 0)
			asked->body = strtoul(line + 16, NULL, 10);
	}
	return line != NULL && asked->body < BODY_MAX;
}

static unsigned
session_of(const char *target)
{
	const char *at = strstr(target, "SessionID=");
	unsigned session;

	if (at != NULL)
		return (unsigned)strtoul(at + 10, NULL, 10) % SESSIONS;
	(void)pthread_mutex_lock(&sessions_lock);
	session = ++n_sessions % SESSIONS;
	(void)pthread_mutex_unlock(&sessions_lock);
	return session;
}

static bool
serve_gateway(struct visit *v, const struct asked *asked)
{
	const unsigned session = session_of(asked->target);
	char body[BODY_MAX + 1], out[LINE_MAX_SAID];
	char *line, *rest;
	size_t n = 0;

	if (!talk_bytes(&v->talk, body, asked->body))
		return false;
	body[asked->body] = '\0';
	for (line = strtok_r(body, "\r\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\r\n", &rest))
		n += answer(line, accounts[session], out + n, sizeof(out) - n);
	out[n] = '\0';
	return talk_say(&v->talk,
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n"
	    "Content-Type: application/x-msn-messenger\r\n"
	    "X-MSN-Messenger: SessionID=%u.%u; GW-IP=%s\r\n\r\n%s",
	    n, session, session + 7000, v->here, out);
}

/* "/NUMBER" is a page of so many bytes. */
static bool
serve_page(struct visit *v, const struct asked *asked)
{
	const char *name = strrchr(asked->target, '/');
	const size_t size = name == NULL ? 0 : strtoul(name + 1, NULL, 10);

	return talk_bytes(&v->talk, NULL, asked->body) &&
	       talk_say(&v->talk,
		   "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
		   "Content-Length: %zu\r\n\r\n",
		   size) &&
	       send_page(&v->talk, size);
}

static bool
serve_request(struct visit *v, const struct asked *asked)
{
	return strstr(asked->target, "/gateway.dll?") != NULL ? serve_gateway(v, asked)
							      : serve_page(v, asked);
}

void
serve_web(struct visit *v)
{
	struct asked asked;

	while (read_head(&v->talk, &asked) && serve_request(v, &asked))
		continue;
}

/* Both ways between a client and where it wanted to go, until either ends. */
static void
relay(struct talk *client, struct talk *server)
{
	struct pollfd fds[2] = {
	    {.fd = client->fd, .events = POLLIN}, {.fd = server->fd, .events = POLLIN}};
	char part[TALK_BYTES]; /* all there is, for poll knows of nothing that was read */
	size_t n;

	for (;;) {
		if (poll(fds, 2, PATIENCE_MS) <= 0) {
			client->end = END_HUNG;
			return;
		}
		for (int i = 0; i < 2; i++) {
			if (fds[i].revents == 0)
				continue;
			n = talk_some(i == 0 ? client : server, part, sizeof(part));
			if (n == 0 || !talk_send(i == 0 ? server : client, part, n))
				return;
		}
	}
}

static bool
reach(struct visit *v, struct talk *there, unsigned long port)
{
	return talk_call(there, v->here, v->here, (uint16_t)port);
}

static void
serve_tunnel(struct visit *v, const char *target)
{
	const char *port = strrchr(target, ':');
	struct talk there;

	if (port == NULL || !reach(v, &there, strtoul(port + 1, NULL, 10))) {
		(void)talk_say(&v->talk, "HTTP/1.0 502 Bad Gateway\r\n\r\n");
		return;
	}
	if (talk_say(&v->talk, "HTTP/1.0 200 Connection established\r\n\r\n"))
		relay(&v->talk, &there);
	talk_close(&there);
}

void
serve_proxy(struct visit *v)
{
	struct asked asked;

	while (read_head(&v->talk, &asked)) {
		if (strcmp(asked.verb, "CONNECT") == 0) {
			serve_tunnel(v, asked.target);
			return;
		}
		if (!serve_request(v, &asked))
			return;
	}
}

void
serve_socks(struct visit *v)
{
	static const unsigned char methods[] = {5, 0},
				   done[] = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
	unsigned char head[4], name[256];
	struct talk there;

	if (!talk_bytes(&v->talk, head, 2) || !talk_bytes(&v->talk, NULL, head[1]) ||
	    !talk_send(&v->talk, methods, sizeof(methods)) ||
	    !talk_bytes(&v->talk, head, 4) || head[3] != 3 ||
	    !talk_bytes(&v->talk, name, 1) || !talk_bytes(&v->talk, NULL, name[0]) ||
	    !talk_bytes(&v->talk, name, 2))
		return;
	if (!reach(v, &there, (unsigned long)name[0] << 8 | name[1]))
		return;
	if (talk_send(&v->talk, done, sizeof(done)))
		relay(&v->talk, &there);
	talk_close(&there);
}
