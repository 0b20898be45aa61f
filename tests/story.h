/*
 * Observations told by hand to the attempts: parties are dialogues, each of one host and
 * path, and what they come to is collected.
 */
#ifndef TESTS_STORY_H
#define TESTS_STORY_H

#include "detect/attempt.h"

#define STORY_PARTIES 64
#define STORY_TOLD    64

struct party {
	struct signin who;
	enum path path;
	struct conn conn;
	const char *host;
	unsigned status;
	uint64_t bytes[2];
	/* of a try: why it was turned away, by whom, and its SYNs */
	enum reason reason;
	const char *by;
	uint32_t syns;
};

struct story {
	struct attempts *attempts;
	struct party party[STORY_PARTIES];
	size_t n;
	int64_t now;
	struct event told[STORY_TOLD];
	size_t n_told;
};

/* entries and window as attempt_opts. */
struct story *story_new(size_t entries, int64_t window_ns);
void story_free(struct story *s);
void story_wait(struct story *s, int64_t ns);

/* A dialogue of 10.0.0.host that has just begun; nothing is told of it yet. */
struct party *story_party(struct story *s, uint8_t host, enum path path);

/* Tells one fact of it; the account is what the client or the service names with it. */
void story_tell(struct story *s, struct party *p, enum sign sign);
void story_name(struct story *s, struct party *p, const char *account);
void story_yes(struct story *s, struct party *p, const char *account);
void story_no(struct story *s, struct party *p, unsigned code);
void story_closed(struct story *s, struct party *p, enum closing closing);

/*
 * A connection asked for, which is a party of its own: what is then said on it is
 * another's.  It is turned away for that reason; or was never asked for as far as seen.
 */
struct party *story_try(struct story *s, uint8_t host, enum path path);
void story_blocked(struct story *s, struct party *p, enum reason reason);
void story_denied(struct story *s, uint8_t host, enum path path, unsigned status);

/* A whole refused sign-in. */
void story_refused(struct story *s, uint8_t host, const char *account, unsigned code);

/* What is complete by now; the capture ends. */
void story_so_far(struct story *s);
void story_end(struct story *s);

#endif
