#include <inttypes.h>

#include "samples/messenger.h"

#define CONTACTS 6

static const char *const first_names[CONTACTS] = {
    "anna", "bela", "carol", "dimitri", "esra", "fred"};

static void
profile(struct talk *k, const struct session *s)
{
	struct msg body;

	msg_init(&body);
	msg_fmt(&body,
	    "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsprofile; charset=UTF-8\r\n"
	    "LoginTime: %u\r\nEmailEnabled: 1\r\nMemberIdHigh: 84000\r\n"
	    "lang_preference: 1033\r\ncountry: XX\r\nKid: 0\r\nsid: 507\r\n",
	    1000000 + rng_below(&k->w->net.rng, 8999999));
	msg_fmt(&body, "MSPAuth: ");
	talk_hex(k->w, &body, 120);
	msg_fmt(&body, "\r\nClientPort: %u\r\n\r\n",
	    s->ns.path == PATH_GATEWAY ? 0 : s->ns.c.end[SIDE_CLIENT].port);
	msg_fmt(&k->answer, "MSG Hotmail Hotmail %zu\r\n", body.n);
	msg_put(&k->answer, msg_bytes(&body));
}

/* A contact's presence as the service tells it. */
static void
presence(struct msg *m, const struct session *s, unsigned who, const char *verb)
{
	const char *name = first_names[who % CONTACTS];
	const char *net = s->dialect >= 14 ? " 1" : "";

	msg_fmt(m, "%s NLN %s@example.org%s %s", verb, name, net, name);
	if (s->dialect >= 8)
		msg_fmt(m, " 268435492");
	msg_fmt(m, "\r\n");
	if (s->dialect >= 11)
		msg_fmt(m,
		    "UBX %s@example.org%s 53\r\n<Data><PSM>at my desk</PSM>"
		    "<CurrentMedia/><Note/></Data>",
		    name, net);
}

static void
lists(struct talk *k, struct session *s)
{
	unsigned i;

	if (s->dialect >= 10)
		msg_fmt(&k->ask, "SYN %u 0 0\r\n", s->trid);
	else
		msg_fmt(&k->ask, "SYN %u 0\r\n", s->trid);
	if (s->dialect >= 8)
		msg_fmt(&k->answer, "SYN %u 7 %u 1\r\nGTC A\r\nBLP AL\r\n", s->trid++,
		    CONTACTS);
	else
		msg_fmt(&k->answer, "SYN %u 7\r\n", s->trid++);
	for (i = 0; i < CONTACTS; i++)
		if (s->dialect >= 8)
			msg_fmt(&k->answer, "LST %s@example.org %s 11 0\r\n",
			    first_names[i], first_names[i]);
		else
			msg_fmt(&k->answer, "LST %u FL 7 %u %u %s@example.org %s 0\r\n",
			    s->trid - 1, i + 1, CONTACTS, first_names[i], first_names[i]);
	talk_exchange(k);
}

static void
personal_message(struct talk *k, struct session *s)
{
	static const char data[] =
	    "<Data><PSM></PSM><CurrentMedia></CurrentMedia></Data>";

	msg_fmt(&k->ask, "UUX %u %zu\r\n%s", s->trid, sizeof(data) - 1, data);
	msg_fmt(&k->answer, "UUX %u 0\r\n", s->trid++);
	talk_exchange(k);
}

static void
shields(struct talk *k, struct session *s)
{
	static const char xml[] = "<?xml version=\"1.0\"?><config><shield><cli maj=\"7\" "
				  "min=\"0\"/></shield><block></block></config>";

	msg_fmt(&k->ask, "GCF %u Shields.xml\r\n", s->trid);
	msg_fmt(
	    &k->answer, "GCF %u Shields.xml %zu\r\n%s", s->trid, sizeof(xml) - 1, xml);
	s->trid++;
	talk_exchange(k);
}

static void
online(struct talk *k, struct session *s)
{
	bool objects = s->dialect >= 8;

	msg_fmt(
	    &k->ask, objects ? "CHG %u NLN 268435492\r\n" : "CHG %u NLN\r\n", s->trid);
	msg_fmt(
	    &k->answer, objects ? "CHG %u NLN 268435492\r\n" : "CHG %u NLN\r\n", s->trid);
	msg_fmt(&k->answer, "ILN %u NLN anna@example.org%s anna%s\r\n", s->trid++,
	    s->dialect >= 14 ? " 1" : "", objects ? " 268435492" : "");
	if (s->dialect >= 6)
		msg_fmt(&k->answer, "CHL 0 15702020%012" PRIu64 "\r\n",
		    rng_next(&k->w->net.rng) % UINT64_C(1000000000000));
	talk_exchange(k);
	if (s->dialect < 6)
		return;
	msg_fmt(&k->ask, "QRY %u %s 32\r\n", s->trid,
	    s->dialect >= 11 ? "PROD0090YUAUV{2B" : "msmsgs@msnmsgr.com");
	talk_hex(k->w, &k->ask, 32);
	msg_fmt(&k->answer, "QRY %u\r\n", s->trid++);
	talk_exchange(k);
}

static void
member_list(struct talk *k, struct session *s)
{
	struct msg body;
	unsigned i;

	msg_fmt(&k->ask, "BLP %u AL\r\n", s->trid);
	msg_fmt(&k->answer, "BLP %u AL\r\n", s->trid++);
	talk_exchange(k);
	msg_init(&body);
	msg_fmt(&body, "<ml l=\"1\"><d n=\"example.org\">");
	for (i = 0; i < CONTACTS; i++)
		msg_fmt(&body, "<c n=\"%s\" l=\"3\" t=\"1\" />", first_names[i]);
	msg_fmt(&body, "</d></ml>");
	msg_fmt(&k->ask, "ADL %u %zu\r\n", s->trid, body.n);
	msg_put(&k->ask, msg_bytes(&body));
	msg_fmt(&k->answer, "ADL %u OK\r\n", s->trid++);
	talk_exchange(k);
	msg_fmt(&k->ask, "PRP %u MFN %s\r\n", s->trid, s->host->name);
	msg_fmt(&k->answer, "PRP %u MFN %s\r\n", s->trid, s->host->name);
	s->trid++;
	talk_exchange(k);
}

static void
put_presence(struct talk *k, struct session *s)
{
	struct msg body;

	msg_init(&body);
	msg_fmt(&body,
	    "Routing: 1.0\r\nTo: 1:%s\r\nFrom: 1:%s\r\n\r\n"
	    "Publication: 1.0\r\nUri: /user\r\nContent-Length: 15\r\n\r\n<user>"
	    "</user>\r\n",
	    s->account, s->account);
	msg_fmt(&k->ask, "PUT %u %zu\r\n", s->trid, body.n);
	msg_put(&k->ask, msg_bytes(&body));
	msg_fmt(&k->answer, "PUT %u OK 0\r\n", s->trid++);
	talk_exchange(k);
}

void
messenger_settle(struct talk *k, struct session *s)
{
	if (s->dialect >= 15)
		msg_fmt(&k->answer, "SBS 0 null\r\n");
	profile(k, s);
	talk_exchange(k);
	if (s->dialect >= 18)
		put_presence(k, s);
	if (s->dialect >= 13)
		member_list(k, s);
	else
		lists(k, s);
	if (s->dialect == 11 || s->dialect == 12)
		shields(k, s);
	if (s->dialect >= 11)
		personal_message(k, s);
	online(k, s);
	if (s->dialect < 8) {
		msg_fmt(&k->ask, "CVR %u %s\r\n", s->trid, s->kind->cvr);
		msg_fmt(&k->answer,
		    "CVR %u 4.6.0083 4.6.0083 1.0.0863 "
		    "http://download.example.net/setup.exe "
		    "http://messenger.example.net\r\n",
		    s->trid++);
		talk_exchange(k);
	}
}

static void
ping(struct talk *k, struct session *s)
{
	msg_fmt(&k->ask, "PNG\r\n");
	if (s->dialect >= 9)
		msg_fmt(&k->answer, "QNG %u\r\n", (unsigned)(s->kind->ping / NET_S));
	else
		msg_fmt(&k->answer, "QNG\r\n");
	talk_exchange(k);
}

static void
somebody_comes(struct talk *k, const struct session *s)
{
	msg_init(&k->answer);
	presence(&k->answer, s, rng_below(&k->w->net.rng, CONTACTS), "NLN");
	(void)link_push(k->l, k->t + 3 * NET_S, msg_bytes(&k->answer));
	msg_init(&k->answer);
}

static void
idle_gateway(struct world *w, struct session *s, int64_t until)
{
	struct talk k;

	talk_open(&k, w, &s->ns, s->next_ping);
	while (s->next_ping < until) {
		link_idle(&s->ns, s->next_ping);
		if (s->pings++ % 7 == 2 && s->next_ping + 8 * NET_S < until) {
			k.t = s->next_ping;
			somebody_comes(&k, s);
		}
		s->next_ping += s->kind->ping;
	}
	link_idle(&s->ns, until);
}

void
messenger_idle(struct world *w, struct session *s, int64_t until)
{
	struct talk k;

	if (s->ns.path == PATH_GATEWAY) {
		idle_gateway(w, s, until);
		return;
	}
	talk_open(&k, w, &s->ns, s->next_ping);
	while (s->next_ping + 5 * NET_S < until) {
		k.t = s->next_ping;
		ping(&k, s);
		if (s->pings++ % 7 == 2)
			somebody_comes(&k, s);
		s->next_ping += s->kind->ping;
	}
}

void
messenger_signout(struct world *w, struct session *s, int64_t t, bool vanish)
{
	struct bytes none = {NULL, 0};

	messenger_idle(w, s, t);
	s->up = false;
	if (vanish)
		return;
	t = link_ask(&s->ns, t, bytes_str("OUT\r\n"), none);
	(void)link_close(&s->ns, t);
}
