/*
 * One HTTP connection fed to an exchange as a pipeline would: bytes not consumed come
 * again with more, and either side gets another chance when the other has moved.
 */
#ifndef TESTS_WEB_H
#define TESTS_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/exchange.h"

#define WEB_WINDOW 65536

struct web {
	struct exchange_room room;
	struct telling telling;
	uint64_t next_talk;
	struct exchange x;
	struct conn c;
	uint8_t waiting[2][WEB_WINDOW];
	size_t n[2];
	uint64_t skip[2];
	/* what was told */
	uint32_t signs; /* bits 1 << enum sign */
	unsigned opened, closed;
	unsigned status; /* of the last close */
	enum closing closing;
	uint64_t bytes[2];
	char account[ACCOUNT_MAX];
	char host[HOST_NAME_MAX_TEXT];
	uint8_t dialect;
};

struct web *web_new(size_t sessions);
void web_free(struct web *w);

/* Another connection of the same client; sessions live on. */
void web_reconnect(struct web *w);

/* Text of one side; in pieces of size bytes at most; with lost bytes missing first. */
void web_say(struct web *w, enum side side, const char *text);
void web_say_cut(struct web *w, enum side side, const char *text, size_t size);
void web_after_loss(struct web *w, enum side side, const char *text, uint64_t lost);
void web_bytes(struct web *w, enum side side, const void *p, size_t n, uint64_t lost);

/* A POST to the gateway with that query, and the gateway's answer to the session. */
void web_post(struct web *w, const char *query, const char *body);
void web_answer(struct web *w, const char *session, const char *body);

/* The dialect in force in the session of that name, 0 for none. */
unsigned web_dialect(struct web *w, const char *session);

#define WEB_TOLD(w, sign) (((w)->signs >> SIGN_##sign & 1) != 0)

#endif
