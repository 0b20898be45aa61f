/*
 * Frames kept for a while because it is not known yet whether they are wanted: what a
 * connection sent before it was recognised, and the pieces of fragmented datagrams.  A
 * ring: the oldest go first.  Only used when frames are saved.
 */
#ifndef APP_HOLD_H
#define APP_HOLD_H

#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "capture/decode.h"
#include "capture/source.h"

struct hold;

int hold_open(struct hold **out, struct err *e);
void hold_close(struct hold *h);

/* Keeps a copy of the frame under key. */
void hold_put(struct hold *h, uint64_t key, const struct frame *f);

/* Frames under from are under to from now on. */
void hold_rekey(struct hold *h, uint64_t from, uint64_t to);

/* Writes the frames under key, oldest first, and lets go of them. */
void hold_save(struct hold *h, uint64_t key, struct save *to);

/* A connection whose frames are wanted closed at that time. */
void hold_closed(struct hold *h, const struct tuple *t, int64_t at);

/* Whether a packet of no connection is the last word, without data, of such a one. */
bool hold_is_last_word(const struct hold *h, const struct packet *p);

#endif
