/*
 * One lookup: what a host asked about one name, and what came back.  Pure bookkeeping
 * for resolve.c: which answer fits which question, and when the answers together
 * amount to a verdict.
 */
#ifndef DETECT_LOOKUP_H
#define DETECT_LOOKUP_H

#include "detect/resolve.h"

#define LOOKUP_QUESTIONS 8

struct question {
	struct endpoint host;
	struct endpoint server;
	int64_t ts;
	uint16_t id;
	uint16_t type;
	bool open;
};

struct lookup_key {
	struct addr host;
	char name[HOST_NAME_MAX_TEXT];
};

/* What one family's answers amount to. */
struct lookup_family {
	enum resolve_verdict verdict;
	struct addr addr;
	int64_t ts;
};

enum lookup_state {
	LOOKUP_NEW,
	LOOKUP_PENDING,
	LOOKUP_ANSWERED,
	LOOKUP_SINKHOLED,
};

/*
 * A lookup goes in rounds: who asks again after it was settled begins a new one.  Of
 * the last round a good answer stays, for clients keep it, and ask only for the family
 * that had none.
 */
struct lookup {
	struct lookup_key key; /* first: the table's key */
	enum name_role role;
	enum lookup_state state;
	bool waiting;  /* bad answers so far, and settle may yet change */
	int64_t since; /* first bad answer, while waiting */
	int64_t began;
	int64_t settled; /* the answer that decided */
	uint32_t asked;
	struct lookup_family family[2]; /* A, AAAA */
	struct question question[LOOKUP_QUESTIONS];
	uint8_t next;   /* question to be overwritten */
	uint8_t latest; /* question asked last */
};

/* Notes a question; true when it begins a round. */
bool lookup_ask(struct lookup *l, const struct tuple *t, const struct dns_message *m,
    int64_t now, int64_t keep_ns);

/* Whether the answer fits an open question, which is closed by it. */
bool lookup_fits(
    struct lookup *l, const struct tuple *t, const struct dns_message *m, int64_t now);

/* Notes what the answer to a question of that type amounts to. */
void lookup_answer(struct lookup *l, uint16_t type, const struct lookup_family *said);

/* What the answers amount to so far: RESOLVE_GOOD, or how bad; with *best where. */
enum resolve_verdict lookup_verdict(
    const struct lookup *l, const struct lookup_family **best);

/* Whether no further answer is to be expected: none is due, and none was a refusal. */
bool lookup_complete(const struct lookup *l);

#endif
