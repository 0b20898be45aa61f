/*
 * MSNP lines: the grammar, and nothing about what they mean.  Framing per
 * doc/protocol.md section 3: one line, and for some commands, by direction, a
 * payload of a stated length with no line end after it.
 */
#ifndef DETECT_MSNP_H
#define DETECT_MSNP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"
#include "base/bytes.h"

#define MSNP_ARGS_MAX    24
#define MSNP_LINE_MAX    8192          /* a longer line is cut, not refused */
#define MSNP_PAYLOAD_MAX (1024 * 1024) /* a larger length means the reader is lost */

struct msnp_line {
	struct bytes verb; /* three letters or digits, as sent */
	uint32_t code;     /* the verb, folded to upper case: MSNP_VERB('U','S','R') */
	struct bytes arg[MSNP_ARGS_MAX]; /* after the verb, split at spaces and tabs */
	uint8_t n_args;    /* those beyond the array are dropped, but the last is kept */
	struct bytes last; /* the last argument of all; empty when there is none */
	bool cut;          /* the line is longer than MSNP_LINE_MAX */
};

#define MSNP_VERB(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/*
 * The first line of in, its end included: CR LF, bare LF or bare CR. >0 bytes of the
 * line; 0 when its end is not there yet; -1 when what stands there cannot be an MSNP
 * line (its first three bytes are not a verb, or what follows is neither a blank nor a
 * line end). An empty line is consumed with code 0.  A CR that ends in waits for the
 * byte after it. Of a longer line the first MSNP_LINE_MAX bytes are handed out as soon
 * as they are there, with cut set; then msnp_rest steps over what is left of it.
 */
ssize_t msnp_line(struct bytes in, struct msnp_line *out);

/*
 * Bytes of in that still belong to a cut line, 0 more; *over once its end is reached.
 */
ssize_t msnp_rest(struct bytes in, bool *over);

/*
 * Length of the payload that follows the line when side has sent it: 0 for none, -1
 * when the line claims one beyond MSNP_PAYLOAD_MAX or, as a payload command, states no
 * number or was cut.
 */
int64_t msnp_payload(enum side side, const struct msnp_line *line);

/* Whether side sends the verb in any dialect; error lines are the server's. */
bool msnp_verb_known(enum side side, uint32_t code);

/* The number of an error line, 200 to 999; 0 when it is none. */
unsigned msnp_error(const struct msnp_line *line);

/* The transaction id in argument 0 (at most 4294967295); false when there is none. */
bool msnp_trid(const struct msnp_line *line, uint32_t *trid);

/* n of a token MSNPn, 1 to 99, whole and in any case; 0 for anything else. */
unsigned msnp_dialect(struct bytes token);

/*
 * The account in a handle token: without a "1:" network id before it and ";{guid}" or
 * ";epid=" after it.  Empty when no @ with something on both sides is left.
 */
struct bytes msnp_handle(struct bytes token);

/* Reads "ip:port"; the port defaults to 1863.  False for names and rubbish. */
bool msnp_endpoint(struct bytes token, struct endpoint *out);

#endif
