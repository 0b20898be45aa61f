/*
 * Buffers for message bodies that cannot be read where they stand: chunked ones, whose
 * lines may cross chunks, and compressed ones.  Lent like windows, all taken at open.
 */
#ifndef DETECT_CARRY_H
#define DETECT_CARRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/counters.h"
#include "base/err.h"

#define CARRY_SIZE 16384
/*
 * A body that inflates to more than this is a bomb or not messenger: the rest is
 * dropped.
 */
#define CARRY_INFLATE_MAX (4 * 1024 * 1024)

struct carries;

int carries_open(struct carries **out, size_t buffers, struct err *e);
void carries_close(struct carries *c);

/*
 * Lends one, inflating what is put into it or not, and never 0.  When none is left, the
 * one that has waited longest is taken away from whoever had it: what is put there
 * drops, and nothing is seen in it.  Giving back what is 0 or was taken away does
 * nothing.
 */
uint32_t carry_take(struct carries *c, bool inflate);
void carry_give(struct carries *c, uint32_t which);

/*
 * Puts body bytes in: as many of *in as fit, which is advanced.  False when nothing
 * went in or came out: *in is used up, or the body is damaged or too large and the rest
 * of it is dropped.
 */
bool carry_put(struct carries *c, uint32_t which, struct bytes *in);

/* What is in it, and how much of that is done with. */
struct bytes carry_view(const struct carries *c, uint32_t which);
void carry_consume(struct carries *c, uint32_t which, size_t n);

/* carry.* counters */
void carries_counters(const struct carries *c, struct counters *to);

#endif
