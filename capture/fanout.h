/*
 * One interface, several readers: the kernel deals its packets out by address pair, so
 * that all of a host's connections to a server, or to a proxy, meet one reader whatever
 * their ports.  Those to port 80 and 1863 go by the client's address alone, for a gateway
 * session moves from server to server, and so does a sign-in.  TCP in pieces is the
 * exception: pieces go by address pair, as they have no ports.
 */
#ifndef CAPTURE_FANOUT_H
#define CAPTURE_FANOUT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/err.h"

/* The readers of one interface; shared by their threads. */
struct fanout {
	pthread_mutex_t lock;
	uint16_t id; /* the kernel's number of the group */
	unsigned members;
	_Atomic int64_t since; /* when the last of them came: others' were dealt anew */
};

void fanout_init(struct fanout *f);

/*
 * The open and bound packet socket fd is one of the readers from now on, until it is
 * closed; fanout_leave is due then.  -1 when the kernel will not.  What was stamped
 * before the last one came is nobody's: it was dealt out otherwise.
 */
int fanout_join(struct fanout *f, int fd, struct err *e);
void fanout_leave(struct fanout *f);

#endif
