/*
 * One MSNP dialogue: the lines cut out of both directions and handed to the sign-in
 * machine.  Payloads are skipped by length and never looked at.  After a loss, or where
 * the grammar breaks, the reader finds its feet again at two good lines in a row, so a
 * wrong length or a lost segment cannot turn chat text into somebody's sign-in.
 */
#ifndef DETECT_TALK_H
#define DETECT_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "detect/signin.h"

/* Lines an unproven dialogue may take before it is given up. */
#define TALK_DOUBT_LINES 64

struct talk_reader {
	uint64_t skip;    /* payload bytes still to come */
	bool to_line_end; /* what comes belongs to a line not wanted */
	bool lost;        /* not sure to be at the start of a line */
	bool fresh;       /* the first bytes after a loss: a line may begin here */
	uint8_t good;     /* good lines in a row while lost */
	uint32_t lines;
};

struct talk {
	struct signin said;
	struct signin_view view;
	struct talk_reader reader[2];
	uint64_t id;
	uint32_t cut;      /* lines too long to be read whole, not counted yet */
	uint32_t stumbles; /* times that no line was where one should be, likewise */
	enum path path;
	bool hopeless; /* this is not MSNP, or nothing that can be proved */
	bool told;     /* something was told of it */
	char host[HOST_NAME_MAX_TEXT];
};

/* id is the caller's; at_start: no byte came before. */
void talk_begin(struct talk *t, uint64_t id, enum path path, bool at_start);

/*
 * Takes bytes of one side with lost bytes missing before them.  Returns how many are
 * done with: fewer than in.n when a line is not whole yet, or when it gave news, which
 * are to be taken before what follows is fed; more when a payload goes on beyond in.
 */
uint64_t talk_feed(struct talk *t, enum side side, struct bytes in, uint64_t lost);

/*
 * Takes what can be told now, bits 1 << enum sign; 0 while there is no proof.  What the
 * dialogue then knows is what it knew at that line, wherever segments end.
 */
uint32_t talk_news(struct talk *t);

#endif
