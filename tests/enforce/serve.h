/*
 * What the service of the scene says: notification server, gateway, web pages,
 * HTTP and SOCKS proxies, echo.  It answers at once, whoever asks.
 */
#ifndef TESTS_ENFORCE_SERVE_H
#define TESTS_ENFORCE_SERVE_H

#include <stddef.h>

#include "talk.h"

#define ADDRESS_TEXT 46

/* One connection that was accepted. */
struct visit {
	struct talk talk;
	char here[ADDRESS_TEXT];
	size_t burst; /* bytes of a message that follows the first answer */
};

/* Each talks until the connection ends, and leaves in talk.end how. */
void serve_notification(struct visit *);
void serve_web(struct visit *);
void serve_proxy(struct visit *);
void serve_socks(struct visit *);
void serve_echo(struct visit *);

#endif
