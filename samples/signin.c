#include <stdio.h>
#include <stdlib.h>

#include "samples/messenger.h"
#include "samples/noise.h"

static const char *const auth_word[] = {"MD5", "TWN", "SSO"};

void
talk_open(struct talk *k, struct world *w, struct link *l, int64_t t)
{
	k->w = w;
	k->l = l;
	k->t = t;
	msg_init(&k->ask);
	msg_init(&k->answer);
}

void
talk_exchange(struct talk *k)
{
	if (k->ask.full || k->answer.full)
		k->w->net.trace.failed = true;
	k->t = link_ask(k->l, k->t, msg_bytes(&k->ask), msg_bytes(&k->answer));
	msg_init(&k->ask);
	msg_init(&k->answer);
}

void
talk_hex(struct world *w, struct msg *m, unsigned n)
{
	while (n-- > 0)
		msg_fmt(m, "%x", rng_below(&w->net.rng, 16));
}

struct session *
world_session(struct world *w, const struct node *host, const char *account)
{
	size_t i;

	for (i = 0; i < WORLD_SESSIONS; i++) {
		struct session *s = &w->sessions[i];

		if (s->up && (host == NULL || s->host == host) &&
		    (account == NULL || strcmp(s->account, account) == 0))
			return s;
	}
	return NULL;
}

static struct session *
free_session(struct world *w)
{
	size_t i;

	for (i = 0; i < WORLD_SESSIONS; i++)
		if (!w->sessions[i].up)
			return &w->sessions[i];
	return NULL;
}

/* The first offer the service speaks. */
static unsigned
chosen(const struct kind *kind, const struct node *service)
{
	const char *p;
	unsigned n;

	for (p = strstr(kind->offers, "MSNP"); p != NULL; p = strstr(p + 4, "MSNP")) {
		n = (unsigned)strtoul(p + 4, NULL, 10);
		if (service->speaks == 0 || n <= service->speaks)
			return n;
	}
	return 0;
}

/* The sixth argument of CVR: the version. */
static void
version_of(const struct kind *kind, char out[64])
{
	const char *p = kind->cvr;
	int i;

	for (i = 0; i < 5; i++) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	(void)snprintf(out, 64, "%.*s", (int)strcspn(p, " "), p);
}

static void
step(struct talk *k, const struct session *s)
{
	if (!s->kind->pipelined)
		talk_exchange(k);
}

static void
say_version(struct talk *k, struct session *s)
{
	msg_fmt(&k->ask, "VER %u %s\r\n", s->trid, s->kind->offers);
	msg_fmt(&k->answer, "VER %u MSNP%u\r\n", s->trid++, s->dialect);
	step(k, s);
}

static void
say_client(struct talk *k, struct session *s)
{
	char v[64];

	if (s->kind->auth == AUTH_MD5) {
		msg_fmt(&k->ask, "INF %u\r\n", s->trid);
		msg_fmt(&k->answer, "INF %u MD5\r\n", s->trid++);
	} else {
		version_of(s->kind, v);
		msg_fmt(&k->ask, "CVR %u %s %s\r\n", s->trid, s->kind->cvr, s->account);
		msg_fmt(&k->answer,
		    "CVR %u %s %s %s http://download.example.net/setup.exe "
		    "http://messenger.example.net\r\n",
		    s->trid++, v, v, v);
	}
	step(k, s);
}

/* VER, CVR or INF, and USR; the caller has the answer to USR to write. */
static void
hello(struct talk *k, struct session *s)
{
	say_version(k, s);
	say_client(k, s);
	msg_fmt(
	    &k->ask, "USR %u %s I %s\r\n", s->trid, auth_word[s->kind->auth], s->account);
}

static void
policies(struct talk *k)
{
	static const char xml[] =
	    "<Policies><Policy type=\"SHIELDS\"><config><shield><cli maj=\"7\" "
	    "min=\"0\" minbld=\"0\" maxbld=\"9999\" deny=\" \" /></shield><block>"
	    "</block></config></Policy></Policies>";

	msg_fmt(&k->answer, "GCF 0 %zu\r\n%s", sizeof(xml) - 1, xml);
}

static void
challenge(struct talk *k, struct session *s)
{
	struct msg *m = &k->answer;
	struct rng *r = &k->w->net.rng;

	if (s->dialect >= 13)
		policies(k);
	msg_fmt(m, "USR %u %s S ", s->trid++, auth_word[s->kind->auth]);
	switch (s->kind->auth) {
	case AUTH_MD5:
		msg_fmt(m, "%u.", rng_below(r, 1000000000));
		msg_fmt(m, "%u", rng_below(r, 1000000000));
		break;
	case AUTH_TWN:
		msg_fmt(m,
		    "lc=1033,id=507,tw=40,ru=http%%3A%%2F%%2Fmessenger%%2Emsn%%2Ecom,"
		    "ct=%u,kpp=1,kv=4,ver=2.1.0173.1,tpf=",
		    rng_below(r, 1000000000));
		talk_hex(k->w, m, 32);
		break;
	case AUTH_SSO:
		msg_fmt(m, "MBI_KEY_OLD ");
		talk_hex(k->w, m, 64);
		break;
	}
	msg_fmt(m, "\r\n");
	talk_exchange(k);
}

/* The ticket comes from elsewhere, inside TLS. */
static void
ticket(struct talk *k, struct session *s)
{
	struct noise n = {.net = &k->w->net, .host = s->host, .server = k->w->passport};

	if (s->kind->auth == AUTH_MD5 || n.server == NULL)
		return;
	n.size = 3000;
	k->t = noise_tls(&n, k->t);
}

static void
credential(struct talk *k, struct session *s)
{
	struct msg *m = &k->ask;

	msg_fmt(m, "USR %u %s S ", s->trid, auth_word[s->kind->auth]);
	if (s->kind->auth == AUTH_MD5) {
		talk_hex(k->w, m, 32);
	} else {
		msg_fmt(m, "t=");
		talk_hex(k->w, m, 240);
		msg_fmt(m, "&p=");
		if (s->kind->auth == AUTH_SSO) {
			msg_fmt(m, " HAAAAAEAAAADZgAABIAAAAgAAAAUAAAA");
			talk_hex(k->w, m, 120);
		}
	}
	msg_fmt(m, "\r\n");
}

static void
leave(struct talk *k, struct session *s)
{
	struct bytes none = {NULL, 0};

	k->t = link_ask(k->l, k->t, bytes_str("OUT\r\n"), none);
	(void)link_close(k->l, k->t);
	s->up = false;
}

/* The service ends it; through the gateway the client simply asks no more. */
static void
hang_up(struct talk *k, struct session *s)
{
	if (s->ns.path == PATH_GATEWAY)
		(void)link_close(k->l, k->t);
	else
		(void)conn_close(&k->l->c, k->t, SIDE_SERVER);
	s->up = false;
}

static void
fail(struct talk *k, struct session *s, unsigned code)
{
	msg_fmt(&k->answer, "%u %u\r\n", code, s->trid++);
	talk_exchange(k);
	hang_up(k, s);
}

static void
redirect(struct talk *k, struct session *s, struct node *to)
{
	char a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX];

	hello(k, s);
	msg_fmt(
	    &k->answer, "XFR %u NS %s:%u", s->trid++, addr_text(&to->v4, a), to->port);
	if (s->dialect >= 13)
		msg_fmt(&k->answer, " U D\r\n");
	else if (s->dialect >= 7)
		msg_fmt(&k->answer, " 0 %s:%u\r\n", addr_text(&s->ns.service->v4, b),
		    s->ns.service->port);
	else
		msg_fmt(&k->answer, " 0\r\n");
	talk_exchange(k);
	k->t = link_close(k->l, k->t);
	s->ns.service = to;
	s->dialect = chosen(s->kind, to);
	k->t = link_open(&s->ns, k->t + 5 * NET_MS);
}

static void
accepted(struct talk *k, struct session *s)
{
	const char *verified = s->dialect >= 10 ? "1 0" : s->dialect >= 8 ? "1 0" : "1";

	if (s->dialect >= 10)
		msg_fmt(
		    &k->answer, "USR %u OK %s %s\r\n", s->trid++, s->account, verified);
	else
		msg_fmt(&k->answer, "USR %u OK %s %s%%20of%%20the%%20office %s\r\n",
		    s->trid++, s->account, s->host->name, verified);
	messenger_settle(k, s);
	s->at = k->t;
	s->next_ping = k->t + s->kind->ping;
}

static void
dialogue(struct talk *k, struct session *s, const struct signin *o)
{
	if (o->redirect != NULL)
		redirect(k, s, o->redirect);
	hello(k, s);
	if (o->result == RESULT_BUSY) {
		fail(k, s, o->code);
		return;
	}
	if (o->result == RESULT_CLOSED) {
		talk_exchange(k);
		hang_up(k, s);
		return;
	}
	challenge(k, s);
	ticket(k, s);
	if (o->result == RESULT_WRONG_PASSWORD && s->kind->auth != AUTH_MD5) {
		leave(k, s);
		return;
	}
	credential(k, s);
	if (o->result == RESULT_ERROR || o->result == RESULT_WRONG_PASSWORD)
		fail(k, s, o->result == RESULT_ERROR ? o->code : 911);
	else
		accepted(k, s);
}

bool
messenger_signin(struct world *w, const struct signin *o, int64_t t)
{
	struct session *s = free_session(w);
	struct talk k;

	if (s == NULL)
		return false;
	memset(s, 0, sizeof(*s));
	s->host = o->host;
	(void)snprintf(s->account, sizeof(s->account), "%s", o->account);
	s->kind = o->kind;
	s->trid = 1;
	s->dialect = chosen(o->kind, o->to);
	s->ns = (struct link){.net = &w->net,
	    .path = o->path,
	    .kind = o->kind,
	    .client = o->host,
	    .service = o->to,
	    .via = o->via,
	    .reach = o->reach};
	if (o->login != NULL)
		(void)snprintf(s->ns.login, sizeof(s->ns.login), "%s", o->login);
	talk_open(&k, w, &s->ns, t);
	w->net.misleads = o->misled_by;
	s->up = !messenger_blocked(&k, s, o);
	if (s->up)
		k.t = link_open(&s->ns, k.t);
	w->net.misleads = NULL;
	if (!s->up)
		return true;
	dialogue(&k, s, o);
	return true;
}
