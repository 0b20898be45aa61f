/* What link.c and link_socks.c share. */
#ifndef SAMPLES_LINK_INSIDE_H
#define SAMPLES_LINK_INSIDE_H

#include "samples/link.h"

/* The service's name, or its address where it has none. */
const char *link_service(const struct node *n, char text[ADDR_TEXT_MAX]);

/* The client says it; the far end says it after one round trip. */
int64_t link_tell(struct link *l, int64_t t, const struct msg *m);
int64_t link_hear(struct link *l, int64_t t, const struct msg *m);

/* What opens a way through a SOCKS server, and its last word: 0 is yes. */
int64_t link_socks_ask(struct link *l, int64_t t);
int64_t link_socks_answer(struct link *l, int64_t t, unsigned code);

#endif
