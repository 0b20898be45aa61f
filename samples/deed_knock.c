/* Packets that stand alone: SYNs without a sign-in, ICMP about what never was. */
#include "samples/act.h"

static int
block_of(struct reader *r, const struct order *o, struct refusal *b)
{
	*b = (struct refusal){
	    .by = o->signin.by, .code = (uint8_t)o->signin.code, .once = true};
	if (o->signin.code > 255)
		return reader_fail(r, "expected a code below 256");
	switch ((int)o->signin.result) {
	case RESULT_OK: /* none given */
	case RESULT_NO_ANSWER:
		b->how = NET_NO_ANSWER;
		return 0;
	case RESULT_REFUSED:
		b->how = NET_REFUSED;
		return 0;
	case RESULT_PROHIBITED:
		b->how = NET_PROHIBITED;
		return 0;
	default:
		return reader_fail(r, "expected result no-answer, refused or prohibited");
	}
}

/* The address after it. */
static void
next_address(struct addr *a)
{
	int i;

	for (i = 15; i >= 12 && ++a->v[i] == 0; i--)
		;
}

int
act_knock(struct reader *r, const struct order *o, int64_t t)
{
	struct node at;
	struct refusal b;
	unsigned i;

	if (o->to == NULL)
		return reader_fail(r, "expected to SERVER");
	if (block_of(r, o, &b) != 0)
		return -1;
	t = net_find(&r->w->net, o->host, o->to, t);
	at = *o->to;
	for (i = 0; i < o->count; i++) {
		(void)net_blocked(&r->w->net, o->host, &at, &b, t + i * 5 * NET_MS);
		next_address(&at.v4);
	}
	return 0;
}

int
act_icmp(struct reader *r, const struct order *o, int64_t t)
{
	struct session *s = NULL;
	struct refusal b;

	if (block_of(r, o, &b) != 0)
		return -1;
	if (o->subject != NULL) {
		s = world_session(r->w, o->host, o->subject);
		if (s == NULL)
			return reader_fail(r, "%s: %s is not signed in there",
			    o->host->name, o->subject);
		conn_icmp_wrong(&s->ns.c, &b, t);
		return 0;
	}
	if (o->to == NULL)
		return reader_fail(r, "expected to SERVER, or as ACCOUNT");
	net_icmp_unasked(&r->w->net, o->host, o->to, &b, t);
	return 0;
}
