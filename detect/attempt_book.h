/*
 * Inside attempts: the tables.  Attempts under way, the dialogues that belong to them,
 * and for every host the list of its attempts, newest first.
 */
#ifndef DETECT_ATTEMPT_BOOK_H
#define DETECT_ATTEMPT_BOOK_H

#include "base/table.h"
#include "detect/attempt.h"
#include "detect/attempt_fold.h"

#define EVICTED_MAX 32 /* more than facts wait where telling_crowded is heeded */

/* Which attempt a dialogue belongs to. */
struct belonging {
	uint64_t talk; /* first: the table's key */
	uint64_t attempt;
	uint8_t path; /* index in its attempt; a connection tried has none */
	bool switchboard;
	bool counted; /* among the conversations */
	bool open;    /* counts as something going on; a connection tried does not */
	bool again;   /* goes on with a path that was there before */
};

/* The head of a host's list. */
struct host {
	struct addr addr; /* first: the table's key */
	uint64_t newest;
};

struct attempts {
	struct table *live;
	struct table *talks;
	struct table *hosts;
	int64_t window_ns;
	uint64_t next_id;
	struct event evicted[EVICTED_MAX]; /* told early, to make room */
	size_t next_evicted, n_evicted;
	uint64_t told, hints, given_up;
};

/* NULL for 0 and for an attempt that is gone. */
struct live *book_at(struct attempts *a, uint64_t id);

/*
 * A new attempt of the observation's host; the oldest makes room.  NULL, and counted,
 * when too many have just done so.
 */
struct live *book_add(struct attempts *a, const struct observation *o);

/* Takes the attempt out, without telling it. */
void book_drop(struct attempts *a, struct live *l);

/* Nothing is known of it but that a connection was asked for. */
bool book_is_empty(const struct live *l);

/* The oldest attempt, idle ones first; NULL when there is none. */
struct live *book_oldest(struct attempts *a);

/* Takes the attempt out; false when it is empty, so that there is nothing to tell. */
bool book_tell(struct attempts *a, struct live *l, struct event *ev);

/*
 * From now on the dialogue belongs to that path of the attempt.  In a full table a
 * connection tried makes room before a dialogue does.
 */
struct belonging *book_belong(
    struct attempts *a, uint64_t talk, struct live *l, uint8_t path, bool open);
struct belonging *book_belonging(struct attempts *a, uint64_t talk);

/* The dialogue is over. */
void book_forget(struct attempts *a, uint64_t talk, struct live *l);

/* The host's newest attempt that fits. */
struct wanted {
	const struct live *not_this;
	const char *account; /* NULL: any, "" : none known */
	bool inside;
	bool idle; /* nothing of it is under way */
	int64_t now;
};
struct live *book_look_for(
    struct attempts *a, const struct addr *addr, const struct wanted *w);

#endif
