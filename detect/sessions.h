/*
 * Gateway sessions.  They span connections and servers, so they are known by client and
 * the stable part of the SessionID; until the gateway has named a session it goes by
 * a number of its own.  Bounded: the one silent longest makes room.
 */
#ifndef DETECT_SESSIONS_H
#define DETECT_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counters.h"
#include "base/err.h"
#include "detect/gateway.h"
#include "detect/observation.h"
#include "detect/talk.h"

/*
 * A client asks every few seconds and the gateway drops it after a minute; twice that
 * is silence.
 */
#define SESSION_SILENT_NS (120 * NS_PER_S)

struct gateway_session {
	struct talk talk;
	struct conn conn;  /* where it was seen last */
	uint64_t skip[2];  /* payload bytes that go on in the next body */
	uint64_t bytes[2]; /* message bytes by side, since last told */
	int64_t last;
	unsigned status; /* of the answer that ended it, when it was an error */
	bool opened;     /* its open request was seen */
	bool named;      /* the gateway has named it */
	bool ended;      /* Session=close, or an error that ends it */
	bool cut;        /* its last connection was, by resets of ours: it may go on */
};

/* A handle that outlives its session: stale once the slot serves another one. */
struct session_ref {
	uint32_t slot;
	uint64_t talk; /* 0: none */
};

struct sessions;

int sessions_open(struct sessions **out, size_t entries, struct err *e);
void sessions_close(struct sessions *s);

/* NULL when the handle is stale. */
struct gateway_session *sessions_at(struct sessions *s, struct session_ref ref);

/*
 * The client's session of that name; empty handle when there is none.  The name is
 * taken over as it is; touching makes it the youngest.
 */
struct session_ref sessions_find(
    struct sessions *s, const struct addr *client, const char *name);

/*
 * A new session with the dialogue talk, under name, or under none of its own when
 * name is NULL.  In a full table room must be made first: sessions_expired.
 */
struct session_ref sessions_add(
    struct sessions *s, const struct addr *client, const char *name, uint64_t talk);
bool sessions_full(const struct sessions *s);

/* From now on it is known by that name; a session that had it before goes by none. */
void sessions_rename(struct sessions *s, struct session_ref ref, const char *name);

/*
 * One silent too long at now, or with make_room the oldest; empty handle when there is
 * none.
 */
struct session_ref sessions_expired(struct sessions *s, int64_t now, bool make_room);
void sessions_forget(struct sessions *s, struct session_ref ref);

/* gateway.* counters */
void sessions_counters(const struct sessions *s, struct counters *to);

#endif
