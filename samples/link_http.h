/* The gateway's HTTP as different clients write it, and the answers to it. */
#ifndef SAMPLES_LINK_HTTP_H
#define SAMPLES_LINK_HTTP_H

#include "samples/link.h"

/* Each writes a whole message into m, beginning afresh. */
void link_http_request(const struct link *l, struct msg *m, struct bytes body);
void link_http_answer(struct link *l, struct msg *m, struct bytes body);

/* Adds the header of the client's login when the proxy has asked for it. */
void link_http_login(const struct link *l, struct msg *m);

/* What a proxy says that lets nobody through, and whether it listens on. */
void link_http_denial(struct msg *m, unsigned status, bool listens);

#endif
