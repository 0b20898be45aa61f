#include "tests/web.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "tests/guard.h"

struct web *
web_new(size_t sessions)
{
	struct web *w = calloc(1, sizeof(*w));
	struct err e;

	if (w == NULL || sessions_open(&w->room.sessions, sessions, &e) != 0 ||
	    carries_open(&w->room.carries, 2, &e) != 0)
		abort();
	w->next_talk = 1;
	w->room.next_talk = &w->next_talk;
	w->room.telling = &w->telling;
	w->c.tuple.client.addr = addr_v4((const uint8_t[4]){10, 0, 0, 7});
	w->c.handshake = w->c.seen[0] = w->c.seen[1] = true;
	exchange_begin(&w->x);
	return w;
}

void
web_free(struct web *w)
{
	exchange_end(&w->x, &w->room);
	sessions_close(w->room.sessions);
	carries_close(w->room.carries);
	free(w);
}

void
web_reconnect(struct web *w)
{
	exchange_end(&w->x, &w->room);
	exchange_begin(&w->x);
	w->n[0] = w->n[1] = 0;
	w->skip[0] = w->skip[1] = 0;
}

static void
collect(struct web *w)
{
	struct observation o;

	while (telling_next(&w->telling, &o)) {
		w->signs |= 1U << o.sign;
		w->opened += o.sign == SIGN_OPENED;
		text_put(w->account, sizeof(w->account), o.who->account);
		text_put(w->host, sizeof(w->host), o.host);
		w->dialect = o.who->dialect;
		if (o.sign != SIGN_CLOSED)
			continue;
		w->closed++;
		w->status = o.status;
		w->closing = o.closing;
		w->bytes[0] = o.bytes[0];
		w->bytes[1] = o.bytes[1];
	}
}

/* Feeds what waits of one side; true when anything moved. */
static bool
deliver(struct web *w, enum side side, uint64_t lost)
{
	struct piece in = {side, guard_copy(w->waiting[side], w->n[side]), lost};
	uint64_t done;

	if (w->x.tunnel || w->x.hopeless || (in.data.n == 0 && lost == 0))
		return false;
	done = exchange_feed(&w->x, &w->room, &w->c, &in);
	if (done > w->n[side]) {
		w->skip[side] = done - w->n[side];
		done = w->n[side];
	}
	w->n[side] -= (size_t)done;
	memmove(w->waiting[side], w->waiting[side] + done, w->n[side]);
	collect(w);
	return done != 0;
}

void
web_bytes(struct web *w, enum side side, const void *p, size_t n, uint64_t lost)
{
	size_t skip = w->skip[side] < n ? (size_t)w->skip[side] : n;

	w->skip[side] -= skip;
	n -= skip;
	if (w->n[side] + n > WEB_WINDOW)
		abort();
	memcpy(w->waiting[side] + w->n[side], (const uint8_t *)p + skip, n);
	w->n[side] += n;
	w->c.ts += 1000000;
	(void)deliver(w, side, lost);
	while (deliver(w, side_other(side), 0) || deliver(w, side, 0))
		;
}

void
web_say_cut(struct web *w, enum side side, const char *text, size_t size)
{
	size_t all = strlen(text), at, n;

	for (at = 0; at < all; at += n) {
		n = all - at < size ? all - at : size;
		web_bytes(w, side, text + at, n, 0);
	}
}

void
web_say(struct web *w, enum side side, const char *text)
{
	web_bytes(w, side, text, strlen(text), 0);
}

void
web_after_loss(struct web *w, enum side side, const char *text, uint64_t lost)
{
	web_bytes(w, side, text, strlen(text), lost);
}

void
web_post(struct web *w, const char *query, const char *body)
{
	char text[2048];

	(void)snprintf(text, sizeof(text),
	    "POST /gateway/gateway.dll?%s HTTP/1.1\r\nHost: gateway.example.com\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    query, strlen(body), body);
	web_say(w, SIDE_CLIENT, text);
}

void
web_answer(struct web *w, const char *session, const char *body)
{
	char text[2048];

	(void)snprintf(text, sizeof(text),
	    "HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=%s; GW-IP=10.9.9.9\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    session, strlen(body), body);
	web_say(w, SIDE_SERVER, text);
}

unsigned
web_dialect(struct web *w, const char *session)
{
	struct session_ref ref =
	    sessions_find(w->room.sessions, &w->c.tuple.client.addr, session);
	const struct gateway_session *gs = sessions_at(w->room.sessions, ref);

	return gs != NULL ? gs->talk.said.dialect : 0;
}
