/* Hosts and servers. */
#include <stdio.h>

#include "samples/reader.h"

static struct node *
add_node(struct reader *r, const char *name)
{
	struct node *n = &r->w->nodes[r->w->n_nodes];

	if (reader_find(r, name) != NULL) {
		(void)reader_fail(r, "'%s' is named already", name);
		return NULL;
	}
	if (r->w->n_nodes == WORLD_NODES || strlen(name) >= NODE_NAME_MAX) {
		(void)reader_fail(r, "'%s': name too long, or over %d hosts and servers",
		    name, WORLD_NODES);
		return NULL;
	}
	(void)snprintf(n->name, sizeof(n->name), "%s", name);
	n->ip_id = (uint16_t)rng_next(&r->w->net.rng);
	r->w->n_nodes++;
	return n;
}

static int
mac(struct reader *r, struct node *n)
{
	const struct word *w = reader_take(r, "a MAC address");
	unsigned b[6];
	char more;
	int i;

	if (w == NULL)
		return -1;
	/* NOLINTNEXTLINE(cert-err34-c): six fields of two digits cannot overflow */
	if (sscanf(w->s, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4],
		&b[5], &more) != 6)
		return reader_fail(r,
		    "expected a MAC address such as 00:0d:60:01:02:03, found '%s'", w->s);
	for (i = 0; i < 6; i++)
		n->mac[i] = (uint8_t)b[i];
	return 0;
}

static int
dns_name(struct reader *r, struct node *n)
{
	const struct word *w = reader_take(r, "a DNS name");

	if (w == NULL)
		return -1;
	if (w->n >= sizeof(n->dns))
		return reader_fail(r, "expected a DNS name, found '%s'", w->s);
	(void)snprintf(n->dns, sizeof(n->dns), "%s", w->s);
	return 0;
}

static bool
trait(struct reader *r, struct node *n)
{
	struct {
		const char *word;
		bool *is;
	} rows[] = {{"chunked", &n->chunked}, {"gzip", &n->gzip}, {"socks4", &n->socks4},
	    {"linux", &n->linux_stack}, {"dual", &n->dual}};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (reader_accept(r, rows[i].word)) {
			*rows[i].is = true;
			return true;
		}
	return false;
}

static int
habit(struct reader *r, struct node *n)
{
	uint64_t v;

	if (trait(r, n))
		return 0;
	if (reader_accept(r, "speaks")) {
		if (reader_number(r, 99, "a dialect's number", &v) != 0)
			return -1;
		n->speaks = (unsigned)v;
		return 0;
	}
	if (reader_accept(r, "hands-to"))
		return reader_node(r, "a server", &n->hands_to);
	return reader_fail(r,
	    "expected name, port, rtt, ttl, mac, vlan, linux, dual, speaks, hands-to, "
	    "chunked, gzip, socks4 or an address, found '%s'",
	    r->word[r->at].s);
}

static int
small(struct reader *r, uint64_t max, const char *what, uint16_t *out)
{
	uint64_t v;

	if (reader_number(r, max, what, &v) != 0)
		return -1;
	*out = (uint16_t)v;
	return 0;
}

static int
option(struct reader *r, struct node *n)
{
	uint16_t ttl;

	if (reader_accept(r, "mac"))
		return mac(r, n);
	if (reader_accept(r, "name"))
		return dns_name(r, n);
	if (reader_accept(r, "rtt"))
		return reader_span(r, &n->rtt);
	if (reader_accept(r, "vlan"))
		return small(r, 4094, "a VLAN", &n->vlan);
	if (reader_accept(r, "port"))
		return small(r, 65535, "a port", &n->port);
	if (reader_accept(r, "ttl")) {
		if (small(r, 255, "a TTL", &ttl) != 0)
			return -1;
		n->ttl = (uint8_t)ttl;
		return 0;
	}
	return habit(r, n);
}

static int
node_words(struct reader *r, struct node *n)
{
	struct addr a;

	while (reader_more(r)) {
		if (!addr_parse(r->word[r->at].s, &a)) {
			if (option(r, n) != 0)
				return -1;
			continue;
		}
		r->at++;
		if (addr_is_v4(&a))
			n->v4 = a;
		else
			n->v6 = a;
	}
	if (addr_is_unset(&n->v4) && addr_is_unset(&n->v6))
		return reader_fail(r, "expected an address for '%s'", n->name);
	return 0;
}

/* A MAC of its own, locally administered, from the number of the host. */
static void
default_mac(struct node *n, size_t number)
{
	static const uint8_t base[6] = {0x02, 0x0d, 0x60, 0, 0, 0};

	memcpy(n->mac, base, 6);
	n->mac[4] = (uint8_t)(number >> 8);
	n->mac[5] = (uint8_t)(number + 1);
}

int
define_host(struct reader *r)
{
	const struct word *w = reader_take(r, "a host's name");
	struct node *n = w == NULL ? NULL : add_node(r, w->s);

	if (n == NULL)
		return -1;
	n->ttl = 128;
	default_mac(n, r->w->n_nodes);
	return node_words(r, n);
}

/* What all of them have in common. */
static int
hosts_alike(struct reader *r, struct node *like)
{
	while (reader_more(r))
		if (reader_accept(r, "vlan")) {
			if (small(r, 4094, "a VLAN", &like->vlan) != 0)
				return -1;
		} else if (!trait(r, like)) {
			return reader_fail(r, "expected vlan, linux or dual, found '%s'",
			    r->word[r->at].s);
		}
	return 0;
}

int
define_hosts(struct reader *r)
{
	const struct word *w = reader_take(r, "what the hosts' names begin with");
	uint64_t i, count;
	struct addr a;
	char name[2 * NODE_NAME_MAX];
	struct node like = {0};

	if (w == NULL || reader_number(r, 250, "a number up to 250", &count) != 0 ||
	    reader_addr(r, &a) != 0)
		return -1;
	if (!addr_is_v4(&a) || a.v[15] + count > 255)
		return reader_fail(r, "expected an IPv4 address with room for %u hosts",
		    (unsigned)count);
	if (hosts_alike(r, &like) != 0)
		return -1;
	for (i = 1; i <= count; i++, a.v[15]++) {
		struct node *n;

		(void)snprintf(
		    name, sizeof(name), "%.*s%u", NODE_NAME_MAX, w->s, (unsigned)i);
		n = add_node(r, name);
		if (n == NULL)
			return -1;
		n->v4 = a;
		n->vlan = like.vlan;
		n->linux_stack = like.linux_stack;
		n->dual = like.dual;
		n->ttl = 128;
		default_mac(n, r->w->n_nodes);
	}
	return 0;
}

int
define_server(struct reader *r)
{
	const struct word *w = reader_take(r, "a server's name");
	struct node *n = w == NULL ? NULL : add_node(r, w->s);

	if (n == NULL)
		return -1;
	n->ttl = 52;
	n->port = 1863;
	n->rtt = 60 * NET_MS;
	return node_words(r, n);
}
