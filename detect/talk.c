#include "detect/talk.h"

#include <string.h>

void
talk_begin(struct talk *t, uint64_t id, enum path path, bool at_start)
{
	memset(t, 0, sizeof(*t));
	t->id = id;
	t->path = path;
	t->view.at_start = at_start;
}

static bool
proven(const struct talk *t)
{
	return signin_proof(&t->said, &t->view) != CONFIDENCE_HINT;
}

/*
 * Not at a line: a dialogue without proof is given up, another one looks for the next
 * line.
 */
static void
stumble(struct talk *t, struct talk_reader *r)
{
	if (!proven(t) && !r->fresh)
		t->hopeless = true;
	t->stumbles++;
	r->fresh = false;
	r->lost = true;
	r->good = 0;
	r->to_line_end = true;
}

/* The number of the side's next command, as far as its lines are known; 0: not known. */
static uint32_t
next_trid(const struct signin *s, enum side side)
{
	uint8_t n = s->n_pending[side];

	return n != 0 ? s->pending[side][(n - 1) % SIGNIN_PENDING].trid + 1 : 0;
}

/*
 * While lost, a line is believed early when its number goes on from the lines before the
 * loss, or when the other side speaks of the same transaction.
 */
static bool
believable(const struct talk *t, enum side side, const struct msnp_line *line)
{
	const struct pending *other = t->said.pending[side_other(side)];
	uint32_t trid, next = next_trid(&t->said, side);
	size_t i;

	if (!msnp_trid(line, &trid) || trid == 0)
		return false;
	if (next != 0 && trid - next < SIGNIN_PENDING)
		return true;
	for (i = 0; i < SIGNIN_PENDING; i++)
		if (other[i].code != 0 && other[i].trid == trid &&
		    (other[i].code == line->code || msnp_error(line) != 0))
			return true;
	return false;
}

/* The opening of a connection is VER with a dialect, or a switchboard's first line. */
static bool
good_opening(const struct talk *t, enum side side)
{
	if (!t->view.at_start || side != SIDE_CLIENT || t->reader[side].lines != 1)
		return true;
	return t->said.said_ver[side] || t->said.switchboard;
}

static void
take_line(struct talk *t, enum side side, const struct msnp_line *line)
{
	struct talk_reader *r = &t->reader[side];

	if (r->lost) {
		bool known = msnp_verb_known(side, line->code) || msnp_error(line) != 0;

		r->good = known ? r->good + 1 : 0;
		if (r->good >= 2)
			r->lost = false;
		else if (!believable(t, side, line))
			return;
	}
	r->lines++;
	signin_line(&t->said, &t->view, side, line);
	if (t->said.echo || !good_opening(t, side))
		t->hopeless = true;
	if (t->reader[0].lines + t->reader[1].lines > TALK_DOUBT_LINES && !proven(t))
		t->hopeless = true;
}

/* One step at a line: bytes done with, 0 when more are needed. */
static size_t
step_line(struct talk *t, enum side side, struct bytes in)
{
	struct talk_reader *r = &t->reader[side];
	struct msnp_line line;
	ssize_t n = msnp_line(in, &line);
	int64_t payload;

	if (n == 0)
		return 0;
	payload = n > 0 && line.code != 0 ? msnp_payload(side, &line) : 0;
	if (n < 0 || payload < 0) {
		stumble(t, r);
		return 1;
	}
	r->fresh = false;
	if (line.cut) {
		t->cut++;
		r->to_line_end = true;
	}
	if (line.code != 0)
		take_line(t, side, &line);
	r->skip = (uint64_t)payload;
	return (size_t)n;
}

static size_t
step(struct talk *t, enum side side, struct bytes in)
{
	struct talk_reader *r = &t->reader[side];
	ssize_t n;
	bool over;

	if (r->skip != 0) {
		n = (ssize_t)(r->skip < in.n ? r->skip : in.n);
		r->skip -= (uint64_t)n;
		return (size_t)n;
	}
	if (r->to_line_end) {
		n = msnp_rest(in, &over);
		r->to_line_end = !over;
		return (size_t)n;
	}
	return step_line(t, side, in);
}

/* What comes after a loss begins with a line, as segments do, or within one. */
static void
miss(struct talk *t, enum side side)
{
	struct talk_reader *r = &t->reader[side];

	t->view.lossy[side] = true;
	if (r->lines == 0 && (side == SIDE_CLIENT || t->view.unseen[SIDE_CLIENT]))
		t->view.at_start = false;
	r->skip = 0;
	r->lost = true;
	r->fresh = true;
	r->good = 0;
	r->to_line_end = false;
}

static uint32_t
tellable(const struct talk *t)
{
	return t->said.news != 0 && proven(t) ? t->said.news : 0;
}

uint64_t
talk_feed(struct talk *t, enum side side, struct bytes in, uint64_t lost)
{
	struct talk_reader *r = &t->reader[side];
	uint32_t not_taken = tellable(t);
	uint64_t done = 0;
	size_t n;

	if (lost != 0)
		miss(t, side);
	while (done < in.n && !t->hopeless) {
		n = step(t, side, bytes_skip(in, done));
		if (n == 0)
			break;
		done += n;
		if (tellable(t) != not_taken)
			break;
	}
	if (done == in.n) {
		done += r->skip;
		r->skip = 0;
	}
	return done;
}

uint32_t
talk_news(struct talk *t)
{
	uint32_t news = t->said.news;

	if (news == 0 || t->hopeless || !proven(t))
		return 0;
	t->said.news = 0;
	t->told = true;
	return news;
}
