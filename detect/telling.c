#include "detect/telling.h"

#include "base/text.h"

struct observation *
telling_put(struct telling *q, const struct observation *fact)
{
	size_t at = (q->first + q->n) % TELLING_MAX;

	if (q->n == TELLING_MAX) {
		q->dropped++;
		return NULL;
	}
	q->n++;
	q->told++;
	q->who[at] = *fact->who;
	q->o[at] = *fact;
	q->o[at].who = &q->who[at];
	return &q->o[at];
}

static struct observation *
put(struct telling *q, enum sign sign, const struct talk *t, const struct conn *c)
{
	struct observation o = {.sign = sign,
	    .path = t->path,
	    .confidence = signin_proof(&t->said, &t->view),
	    .talk = t->id,
	    .conn = *c,
	    .who = &t->said};

	text_put(o.host, sizeof(o.host), t->host);
	return telling_put(q, &o);
}

void
telling_news(struct telling *q, struct talk *t, const struct conn *c)
{
	uint32_t news = talk_news(t);
	unsigned sign;

	q->cut += t->cut;
	q->stumbles += t->stumbles;
	t->cut = t->stumbles = 0;
	for (sign = SIGN_OPENED; sign <= SIGN_CLOSED; sign++)
		if (news & 1U << sign)
			(void)put(q, (enum sign)sign, t, c);
}

uint64_t
telling_feed(
    struct telling *q, struct talk *t, const struct conn *c, const struct piece *in)
{
	uint64_t done = talk_feed(t, in->side, in->data, in->lost), n = done;

	telling_news(q, t, c);
	while (n != 0 && done < in->data.n && !t->hopeless) {
		n = talk_feed(t, in->side, bytes_skip(in->data, (size_t)done), 0);
		telling_news(q, t, c);
		done += n;
	}
	return done;
}

void
telling_closed(
    struct telling *q, struct talk *t, const struct conn *c, const struct ending *end)
{
	struct observation *o;

	telling_news(q, t, c);
	if (!t->told)
		return;
	o = put(q, SIGN_CLOSED, t, c);
	if (o == NULL)
		return;
	o->closing = end->closing;
	o->status = end->status;
	o->bytes[SIDE_CLIENT] = end->bytes[SIDE_CLIENT];
	o->bytes[SIDE_SERVER] = end->bytes[SIDE_SERVER];
	t->told = false;
}

bool
telling_next(struct telling *q, struct observation *out)
{
	if (q->n == 0)
		return false;
	*out = q->o[q->first];
	q->first = (q->first + 1) % TELLING_MAX;
	q->n--;
	return true;
}
