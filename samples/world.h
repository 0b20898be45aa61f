/* Everything a scenario has named, and the messenger sessions that are under way. */
#ifndef SAMPLES_WORLD_H
#define SAMPLES_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "samples/link.h"

#define WORLD_NODES    1280
#define WORLD_KINDS    32
#define WORLD_SESSIONS 64
#define WORLD_ACCOUNT  1024

struct session {
	struct node *host;
	char account[WORLD_ACCOUNT];
	struct kind *kind;
	struct link ns;
	uint32_t trid;
	unsigned dialect;
	bool up;
	int64_t at; /* played up to here */
	int64_t next_ping;
	unsigned pings;
};

struct world {
	struct net net;
	struct trace_view view;
	struct node nodes[WORLD_NODES];
	size_t n_nodes;
	struct kind kinds[WORLD_KINDS];
	size_t n_kinds;
	struct session sessions[WORLD_SESSIONS];
	struct node *passport;    /* where tickets come from; NULL: not shown */
	struct node *switchboard; /* where conversations are held */
};

/* The session of an account that is signed in, on that host or (NULL) on any. */
struct session *world_session(
    struct world *w, const struct node *host, const char *account);

#endif
