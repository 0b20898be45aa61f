/*
 * Inside the pipeline: what happens to a packet of a connection.  Flows and detectors
 * are composed here, and neither knows the other.
 */
#ifndef APP_PIPELINE_FLOW_H
#define APP_PIPELINE_FLOW_H

#include "app/fold.h"
#include "app/hold.h"
#include "app/pipeline.h"
#include "app/timeline.h"
#include "base/event.h"
#include "capture/decode.h"
#include "capture/defrag.h"
#include "capture/flow.h"
#include "detect/detect.h"

/* Set in the keys of held pieces, so that they never meet a flow's id. */
#define ROOMS_PIECES (UINT64_C(1) << 63)

/* A flow's slot: the connection, and what it means. */
struct session {
	struct flow flow; /* first: the table's entry */
	struct watch watch;
	bool wanted; /* its frames are saved: it speaks messenger, or asked for it */
	bool cut;    /* it got resets of ours */
};

struct rooms {
	struct flows *flows;
	struct detect *detect;
	struct fold fold;            /* not in use when there is a ring */
	struct ring *ring;           /* NULL: facts are folded here */
	struct guard *guard;         /* NULL: nothing is enforced; only with a ring */
	const struct timeline *time; /* the pipeline's */
	struct hold *hold;           /* NULL when nothing is saved */
	struct save *save;
	uint64_t pieces; /* key of the pieces the packet at hand was put together from */
	uint64_t lost_bytes;
	uint64_t bad_checksums;
	int64_t at;  /* time of the packet at hand */
	int64_t now; /* the latest of all */
	bool finishing;
	uint64_t lost_facts;      /* for want of room in the ring */
	uint64_t told_lost_facts; /* of these */
};

int rooms_open(struct rooms *r, const struct pipeline_opts *opts, struct err *e);
void rooms_close(struct rooms *r);

/* True when there may be something to tell. */
bool rooms_tcp(struct rooms *r, const struct packet *p, const struct frame *f);
bool rooms_udp(struct rooms *r, const struct packet *p, const struct frame *f);
bool rooms_icmp(struct rooms *r, const struct packet *p, const struct frame *f);

/* How a flow ended: the packet that ended it, and the device that ICMP names. */
struct ended {
	enum flow_end how;
	struct addr by;
	const struct frame *frame; /* NULL: by time */
};

/* What waited in the flow's streams is read, then it is forgotten. */
bool rooms_end(struct rooms *r, struct session *s, const struct ended *e);

/* Saves the frame at hand, with the others of its datagram when it came in pieces. */
void rooms_save(struct rooms *r, const struct frame *f);

/* What was kept of the connection so far is saved, and what comes will be. */
void rooms_want(struct rooms *r, struct session *s);

/* Saves the frame of a connection that is wanted; keeps it while that is open. */
void rooms_keep(struct rooms *r, const struct session *s, const struct frame *f);

/* Takes what detect/ has to tell to where it is folded; true when any. */
bool rooms_take(struct rooms *r);

/* What was lost for want of room in the ring since it was last asked; false: nothing. */
bool rooms_news(struct rooms *r, struct coverage *out);

/*
 * What enforcement has to do with it; only where there is a guard.  Of the packet at
 * hand: whether it is a reset of our own and says nothing; and once it was understood,
 * whether to cut its connection.  What came of resets is told, and ends connections;
 * now: what was stamped before has been seen.
 */
void rooms_guard_hear(struct rooms *r, const struct observation *o);
bool rooms_guard_skip(struct rooms *r, const struct packet *p);
void rooms_guard_meet(struct rooms *r, struct session *s, const struct packet *p,
    const struct frame *f, enum side side);
void rooms_guard_tell(struct rooms *r, int64_t now);
void rooms_guard_blind(struct rooms *r);  /* frames were lost */
bool rooms_guard_finish(struct rooms *r); /* at the end, one thing at a time */
void rooms_guard_counters(const struct rooms *r, struct counters *to);

/* So much waits to be told that what can wait does. */
bool rooms_crowded(const struct rooms *r);

/*
 * Time has come to now: what is over ends, as much of it as there is room for what it
 * has to tell.  True when all of it has; else take with rooms_next and call again.
 */
bool rooms_tick(struct rooms *r, int64_t now);
bool rooms_next(struct rooms *r, struct event *out);
bool rooms_finish(struct rooms *r);
void rooms_counters(const struct rooms *r, struct counters *to);

#endif
