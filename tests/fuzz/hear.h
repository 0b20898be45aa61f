/* One dialogue of MSNP, heard by a talk in pieces of any size. */
#ifndef TESTS_FUZZ_HEAR_H
#define TESTS_FUZZ_HEAR_H

#include "detect/talk.h"
#include "tests/rows.h"

struct hearing {
	struct talk talk;
	uint64_t told; /* what and in which state, told after told */
	uint8_t waiting[2][ROWS_WIRE_MAX];
	size_t n[2];
	uint64_t skip[2];
};

static inline void
hear_news(struct hearing *h)
{
	uint32_t news = talk_news(&h->talk);

	if (news != 0)
		h->told = (h->told + news) * UINT64_C(0x100000001b3) +
			  h->talk.said.stage + 8U * h->talk.said.dialect;
}

/* What was not consumed comes again with what follows. */
static inline void
hear_piece(struct hearing *h, enum side side, struct bytes piece)
{
	size_t skip = h->skip[side] < piece.n ? (size_t)h->skip[side] : piece.n;
	uint8_t *w = h->waiting[side];
	uint64_t done, n;

	h->skip[side] -= skip;
	piece = bytes_skip(piece, skip);
	if (piece.n == 0 || h->talk.hopeless)
		return;
	memcpy(w + h->n[side], piece.p, piece.n);
	h->n[side] += piece.n;
	done = 0;
	do {
		n = talk_feed(
		    &h->talk, side, bytes_skip(bytes_of(w, h->n[side]), (size_t)done), 0);
		hear_news(h);
		done += n;
	} while (n != 0 && done < h->n[side]);
	if (done > h->n[side]) {
		h->skip[side] = done - h->n[side];
		done = h->n[side];
	}
	h->n[side] -= (size_t)done;
	memmove(w, w + done, h->n[side]);
}

static inline void
hear(struct hearing *h, const struct rows *d, enum cutting how)
{
	uint64_t rng = d->n_wire;
	struct bytes rest, piece;
	size_t i;

	memset(h, 0, sizeof(*h));
	talk_begin(&h->talk, 1, PATH_DIRECT, true);
	for (i = 0; i < d->n; i++)
		for (rest = d->turn[i].said; rest.n != 0;
		     rest = bytes_skip(rest, piece.n)) {
			piece = bytes_take(rest, rows_cut(how, &rng, rest.n));
			hear_piece(h, d->turn[i].side, piece);
		}
}

static inline bool
heard_the_same(const struct hearing *a, const struct hearing *b)
{
	return a->told == b->told && a->talk.hopeless == b->talk.hopeless &&
	       memcmp(&a->talk.said, &b->talk.said, sizeof(a->talk.said)) == 0;
}

#endif
