#include "samples/messenger.h"

static const char *const small_talk[] = {"hello, are you there?", "yes, what is it",
    "lunch at twelve?", "fine, the usual place", "bring the papers, please", "will do"};

/* One participant's own connection to the switchboard. */
struct party {
	struct session *s;
	struct link sb;
	struct node front; /* where a libpurple client finds a switchboard over HTTP */
	uint32_t trid;
	int64_t t;
};

struct meeting {
	struct world *w;
	const struct chat *o;
	struct party a, b;
	uint32_t id;
	char ip[ADDR_TEXT_MAX];
	struct msg ask, answer;
};

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void
exchange(struct meeting *m, struct party *p)
{
	if (m->ask.full || m->answer.full)
		m->w->net.trace.failed = true;
	p->t = link_ask(&p->sb, p->t, msg_bytes(&m->ask), msg_bytes(&m->answer));
	msg_init(&m->ask);
	msg_init(&m->answer);
}

static void
cookie(struct meeting *m, struct msg *to, struct msg *again)
{
	struct rng *r = &m->w->net.rng;
	unsigned a = rng_below(r, 1000000), b = rng_below(r, 1000000000),
		 c = rng_below(r, 100000);

	msg_fmt(to, "%u.%u.%u", a, b, c);
	msg_fmt(again, "%u.%u.%u", a, b, c);
}

static void
party_join(struct meeting *m, struct party *p, struct session *s)
{
	p->s = s;
	p->trid = 1;
	p->sb = s->ns;
	p->sb.switchboard = true;
	p->sb.service = m->w->switchboard;
	if (s->ns.path == PATH_GATEWAY && s->kind->style == STYLE_ABSOLUTE) {
		p->front = *m->w->switchboard;
		p->front.port = 80;
		p->sb.service = &p->front;
	} else if (s->ns.path == PATH_GATEWAY) {
		p->sb.service = s->ns.service;
	}
	p->sb.reach = m->ip;
	p->t = link_open(&p->sb, p->t);
}

static void
grant(struct meeting *m, struct session *s, struct msg *usr)
{
	msg_fmt(&m->ask, "XFR %u SB\r\n", s->trid);
	msg_fmt(&m->answer, "XFR %u SB %s:%u CKI ", s->trid++, m->ip,
	    m->w->switchboard->port);
	msg_init(usr);
	msg_fmt(usr, "USR 1 %s ", s->account);
	cookie(m, &m->answer, usr);
	msg_fmt(usr, "\r\n");
	if (s->dialect >= 13)
		msg_fmt(
		    &m->answer, " U messenger.msn.com%s", s->dialect >= 14 ? " 1" : "");
	msg_fmt(&m->answer, "\r\n");
	m->a.t = link_ask(&s->ns, m->a.t, msg_bytes(&m->ask), msg_bytes(&m->answer));
	msg_init(&m->ask);
	msg_init(&m->answer);
}

/* The caller's side up to the invitation. */
static void
call(struct meeting *m)
{
	struct party *a = &m->a;
	struct session *s = m->o->a;
	struct msg usr;

	grant(m, s, &usr);
	party_join(m, a, s);
	msg_put(&m->ask, msg_bytes(&usr));
	msg_fmt(&m->answer, "USR %u OK %s %s\r\n", a->trid++, s->account, s->host->name);
	exchange(m, a);
	msg_fmt(&m->ask, "CAL %u %s\r\n", a->trid, m->o->peer);
	msg_fmt(&m->answer, "CAL %u RINGING %u\r\n", a->trid++, m->id);
	exchange(m, a);
}

/* The invited side, when it is inside. */
static void
answer_call(struct meeting *m)
{
	struct session *s = m->o->b, *caller = m->o->a;
	struct party *b = &m->b;
	struct msg ans;

	msg_init(&ans);
	msg_fmt(&ans, "ANS 1 %s ", s->account);
	msg_fmt(&m->answer, "RNG %u %s:%u CKI ", m->id, m->ip, m->w->switchboard->port);
	cookie(m, &m->answer, &ans);
	msg_fmt(&ans, " %u\r\n", m->id);
	msg_fmt(&m->answer, " %s %s", caller->account, caller->host->name);
	if (s->dialect >= 13)
		msg_fmt(&m->answer, " U messenger.msn.com 1");
	msg_fmt(&m->answer, "\r\n");
	b->t = link_push(&s->ns, m->a.t, msg_bytes(&m->answer)) + NET_S / 2;
	s->at = later(s->at, b->t);
	msg_init(&m->answer);
	party_join(m, b, s);
	msg_put(&m->ask, msg_bytes(&ans));
	msg_fmt(&m->answer, "IRO %u 1 1 %s %s%s\r\nANS %u OK\r\n", b->trid,
	    caller->account, caller->host->name, s->dialect >= 12 ? " 268435492" : "",
	    b->trid);
	b->trid++;
	exchange(m, b);
}

static void
body(struct msg *to, const char *type, const char *from, struct bytes text)
{
	msg_init(to);
	msg_fmt(to, "MIME-Version: 1.0\r\nContent-Type: %s\r\n", type);
	if (from != NULL)
		msg_fmt(to, "TypingUser: %s\r\n\r\n\r\n", from);
	else
		msg_fmt(to, "X-MMS-IM-Format: FN=MS%%20Shell%%20Dlg; EF=; CO=0; CS=0; "
			    "PF=0\r\n\r\n");
	msg_put(to, text);
}

static void
deliver(struct meeting *m, struct party *p, const char *from, const struct msg *text)
{
	msg_fmt(&m->answer, "MSG %s %s %zu\r\n", from, "nick", text->n);
	msg_put(&m->answer, msg_bytes(text));
	p->t = link_push(&p->sb, p->t, msg_bytes(&m->answer));
	msg_init(&m->answer);
}

/* from speaks at t, first typing, and to (when it is inside) hears it. */
static void
speak(struct meeting *m, struct party *from, struct party *to, struct bytes text)
{
	struct msg typing, words;
	const char *name = from->s->account;

	body(&typing, "text/x-msmsgscontrol", name, bytes_of("", 0));
	body(&words, "text/plain; charset=UTF-8", NULL, text);
	msg_fmt(&m->ask, "MSG %u U %zu\r\n", from->trid++, typing.n);
	msg_put(&m->ask, msg_bytes(&typing));
	exchange(m, from);
	from->t += 2 * NET_S;
	link_idle(&from->sb, from->t);
	msg_fmt(&m->ask, "MSG %u A %zu\r\n", from->trid, words.n);
	msg_put(&m->ask, msg_bytes(&words));
	msg_fmt(&m->answer, "ACK %u\r\n", from->trid++);
	exchange(m, from);
	if (to->s == NULL)
		return;
	to->t = later(to->t, from->t);
	deliver(m, to, name, &typing);
	deliver(m, to, name, &words);
}

/* The peer is outside: only what reaches the inside shows. */
static void
listen_to_peer(struct meeting *m, struct bytes text)
{
	struct msg words;

	body(&words, "text/x-msmsgscontrol", m->o->peer, bytes_of("", 0));
	deliver(m, &m->a, m->o->peer, &words);
	m->a.t += 2 * NET_S;
	body(&words, "text/plain; charset=UTF-8", NULL, text);
	deliver(m, &m->a, m->o->peer, &words);
}

static void
converse(struct meeting *m)
{
	int64_t gap = m->o->span / (m->o->messages + 1);
	struct party *a = &m->a, *b = &m->b;
	struct bytes text;
	unsigned i;

	for (i = 0; i < m->o->messages; i++) {
		text = bytes_str(small_talk[i % 6]);
		if (m->o->quote.n > 0 && i % 2 == 0)
			text = m->o->quote;
		a->t = later(a->t, b->t);
		b->t = a->t;
		link_idle(&a->sb, a->t);
		if (b->s != NULL)
			link_idle(&b->sb, b->t);
		if (i % 3 != 2)
			speak(m, a, b, text);
		else if (b->s != NULL)
			speak(m, b, a, text);
		else
			listen_to_peer(m, text);
		a->t += gap;
	}
}

static void
finish(struct meeting *m, struct party *p, struct bytes last_words)
{
	struct bytes none = {NULL, 0};

	if (last_words.n > 0)
		p->t = link_push(&p->sb, p->t, last_words);
	p->t = link_ask(&p->sb, p->t, bytes_str("OUT\r\n"), none);
	(void)link_close(&p->sb, p->t);
	p->s->at = later(p->s->at, p->t);
	(void)m;
}

void
messenger_chat(struct world *w, const struct chat *o, int64_t t)
{
	struct meeting m = {
	    .w = w, .o = o, .id = 10000000 + rng_below(&w->net.rng, 9000000)};
	struct msg bye;

	msg_init(&m.ask);
	msg_init(&m.answer);
	(void)addr_text(&w->switchboard->v4, m.ip);
	messenger_idle(w, o->a, t);
	if (o->b != NULL)
		messenger_idle(w, o->b, t);
	m.a.t = t;
	call(&m);
	if (o->b != NULL)
		answer_call(&m);
	m.a.t = later(m.a.t, m.b.t);
	msg_fmt(&m.answer, "JOI %s %s%s\r\n", o->peer, "nick",
	    o->a->dialect >= 12 ? " 268435492" : "");
	m.a.t = link_push(&m.a.sb, m.a.t, msg_bytes(&m.answer));
	msg_init(&m.answer);
	converse(&m);
	finish(&m, &m.a, bytes_of("", 0));
	if (o->b == NULL)
		return;
	msg_init(&bye);
	msg_fmt(&bye, "BYE %s\r\n", o->a->account);
	m.b.t = later(m.b.t, m.a.t);
	finish(&m, &m.b, msg_bytes(&bye));
}
