/* Inside detect: what all its readers share. */
#ifndef DETECT_DETECT_ROOM_H
#define DETECT_DETECT_ROOM_H

#include "base/pool.h"
#include "detect/detect.h"
#include "detect/exchange.h"
#include "detect/reach.h"

struct detect {
	struct pool *talks;
	struct pool *exchanges;
	struct pool *relays;
	struct sessions *sessions;
	struct carries *carries;
	struct telling telling;
	struct names *names;
	struct reach reach;
	struct exchange_room room;
	uint64_t next_talk;
	uint64_t refused, doubted;
};

/*
 * First bytes of a client that only a name can be learnt from: a lookup over TCP, a TLS
 * hello.  True when the connection is taken, or done with.
 */
bool detect_begin_name(
    struct detect *d, struct watch *w, const struct conn *c, const struct piece *in);
uint64_t detect_feed_lookups(
    struct detect *d, struct watch *w, const struct conn *c, const struct piece *in);

#endif
