/* Tries that end before the service has said a word. */
#include "samples/messenger.h"

static void
opening(struct talk *k, const struct session *s)
{
	msg_fmt(&k->ask, "VER %u %s\r\n", s->trid, s->kind->offers);
}

static void
looked_up(struct talk *k, const struct signin *o)
{
	struct lookup l = {
	    .name = o->to->dns, .says = o->says, .answer = o->sinkhole, .by = o->by};

	(void)net_lookup(&k->w->net, o->host, &l, k->t);
}

/* The connection opens, and the first messenger line goes nowhere. */
static void
cut_off(struct talk *k, const struct session *s, const struct signin *o)
{
	struct link *l = k->l;

	k->t = link_open(l, k->t);
	opening(k, s);
	talk_exchange(k);
	if (o->result == RESULT_SILENT)
		(void)conn_close(&l->c, k->t + 30 * NET_S, SIDE_CLIENT);
	else if (o->by == NULL)
		(void)conn_reset(&l->c, k->t, SIDE_SERVER);
	else
		conn_forge_reset(&l->c, k->t, SIDE_SERVER, o->by, 0);
}

static void
unreached(struct talk *k, const struct signin *o, enum net_block how)
{
	struct refusal b = {.how = how, .by = o->by, .code = (uint8_t)o->code};
	struct link *l = k->l;

	l->far = o->via != NULL ? o->via : o->to;
	k->t = net_find(&k->w->net, o->host, l->far, k->t);
	(void)net_blocked(&k->w->net, o->host, l->far, &b, k->t);
}

bool
messenger_blocked(struct talk *k, const struct session *s, const struct signin *o)
{
	switch (o->result) {
	case RESULT_OK:
	case RESULT_WRONG_PASSWORD:
	case RESULT_ERROR:
	case RESULT_BUSY:
	case RESULT_CLOSED:
		return false;
	case RESULT_NO_ANSWER:
		unreached(k, o, NET_NO_ANSWER);
		break;
	case RESULT_REFUSED:
		unreached(k, o, NET_REFUSED);
		break;
	case RESULT_PROHIBITED:
		unreached(k, o, NET_PROHIBITED);
		break;
	case RESULT_LOOKED_UP:
		looked_up(k, o);
		break;
	case RESULT_DENIED:
		opening(k, s);
		(void)link_denied(k->l, k->t, o->code, msg_bytes(&k->ask));
		break;
	case RESULT_RESET:
	case RESULT_SILENT:
		cut_off(k, s, o);
		break;
	}
	return true;
}
