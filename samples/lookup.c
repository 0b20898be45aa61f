/* Name lookups over UDP. */
#include <string.h>

#include "samples/msg.h"
#include "samples/net_inside.h"

enum { TYPE_A = 1, TYPE_AAAA = 28 };

struct asking {
	struct net *net;
	struct node *client, *by;
	struct endpoint asker, server;
	const struct lookup *l;
};

static void
question(struct msg *m, const char *name, unsigned type)
{
	size_t n;

	for (; *name != '\0'; name += n + (name[n] == '.')) {
		n = strcspn(name, ".");
		msg_u8(m, (unsigned)n);
		msg_put(m, bytes_of(name, n));
	}
	msg_u8(m, 0);
	msg_be16(m, type);
	msg_be16(m, 1);
}

static void
head(struct msg *m, unsigned id, unsigned flags, unsigned answers)
{
	msg_init(m);
	msg_be16(m, id);
	msg_be16(m, flags);
	msg_be16(m, 1);
	msg_be16(m, answers);
	msg_be32(m, 0);
}

static void
datagram(const struct asking *a, int64_t t, bool outbound, const struct msg *m)
{
	struct node *from = outbound ? a->client : a->by;
	struct wire w = node_wire(from, outbound ? a->by : a->client, a->client->vlan);
	uint8_t out[FRAME_MAX];

	w.src = outbound ? a->asker : a->server;
	w.dst = outbound ? a->server : a->asker;
	trace_add(
	    &a->net->trace, t, outbound, bytes_of(out, frame_udp(out, &w, msg_bytes(m))));
}

static void
record(struct msg *m, const struct addr *addr, unsigned type)
{
	msg_be16(m, 0xc00c);
	msg_be16(m, type);
	msg_be16(m, 1);
	msg_be32(m, 300);
	msg_be16(m, type == TYPE_AAAA ? 16 : 4);
	msg_put(m, type == TYPE_AAAA ? bytes_of(addr->v, 16) : bytes_of(addr->v + 12, 4));
}

static unsigned
type_of(const struct addr *a)
{
	return addr_is_v4(a) ? TYPE_A : TYPE_AAAA;
}

/* What the resolver says to a question of that type. */
static void
reply(const struct asking *a, int64_t t, unsigned id, unsigned type)
{
	static const unsigned flags[] = {[LOOKUP_ADDRESS] = 0x8180,
	    [LOOKUP_NOTHING] = 0x8180,
	    [LOOKUP_NO_SUCH_NAME] = 0x8183,
	    [LOOKUP_FAILED] = 0x8182,
	    [LOOKUP_REFUSED] = 0x8185,
	    [LOOKUP_NEVER] = 0};
	const struct lookup *l = a->l;
	bool has = l->says == LOOKUP_ADDRESS && type == type_of(&l->answer);
	struct msg m;

	head(&m, id, flags[l->says], has);
	question(&m, l->name, type);
	if (has)
		record(&m, &l->answer, type);
	datagram(a, t, false, &m);
}

/* Guesses of the id, in the resolver's name. */
static void
race(const struct asking *a, int64_t t, unsigned id)
{
	const struct addr *forged = &a->l->forged;
	struct msg m;
	unsigned i;

	for (i = 1; i <= 3; i++) {
		head(&m, (id + i * 4099) & 0xffff, 0x8180, 1);
		question(&m, a->l->name, type_of(forged));
		record(&m, forged, type_of(forged));
		datagram(a, t + i * NET_MS / 10, false, &m);
	}
}

static int64_t
ask(const struct asking *a, int64_t t, unsigned type)
{
	struct rng *r = &a->net->rng;
	unsigned id = rng_below(r, 65536);
	struct msg m;

	if (!a->l->unasked) {
		head(&m, id, 0x0100, 0);
		question(&m, a->l->name, type);
		datagram(a, t, true, &m);
	}
	if (a->l->raced)
		race(a, t + NET_MS, id);
	t += a->by->rtt + NET_MS * rng_below(r, 20);
	if (a->l->says == LOOKUP_NEVER)
		return t + 5 * NET_S;
	reply(a, t, id, type);
	return t + NET_MS;
}

int64_t
net_lookup(struct net *net, struct node *client, const struct lookup *l, int64_t t)
{
	bool over6 = addr_is_unset(&client->v4), v6 = false;
	struct asking a = {net, client, l->by != NULL ? l->by : net->resolver, .l = l};
	int64_t other, over;

	a.asker = (struct endpoint){node_addr(client, over6), node_port(client)};
	a.server = (struct endpoint){node_addr(a.by, over6), 53};
	if (l->says == LOOKUP_ADDRESS)
		v6 = !addr_is_v4(&l->answer);
	over = ask(&a, t, v6 ? TYPE_AAAA : TYPE_A);
	if (!client->dual)
		return over;
	other = ask(&a, t + NET_MS / 10, v6 ? TYPE_A : TYPE_AAAA);
	return other > over ? other : over;
}

int64_t
net_find(struct net *net, struct node *client, const struct node *server, int64_t t)
{
	bool v6 = !addr_is_unset(&client->v6) && !addr_is_unset(&server->v6);
	struct lookup l = {.name = server->dns, .answer = node_addr(server, v6)};

	if (net->resolver == NULL || server->dns[0] == '\0')
		return t;
	return net_lookup(net, client, &l, t);
}
