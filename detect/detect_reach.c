#include "detect/detect_room.h"
#include "detect/sni.h"

#define PORT_DNS      53
#define TLS_HANDSHAKE 22

void
detect_asked(struct detect *d, struct watch *w, const struct conn *c)
{
	uint64_t hints = d->reach.hints;

	w->try = reach_asked(&d->reach, c);
	w->hint = d->reach.hints != hints;
}

void
detect_answered(struct detect *d, struct watch *w, const struct conn *c)
{
	if (w->try != 0)
		reach_answered(&d->reach, w->try, c);
	w->try = 0;
	/* Whoever answers speaks for himself. */
	d->reach.hints -= w->hint;
	w->hint = false;
}

bool
detect_lookup(struct detect *d, const struct conn *c, struct bytes message)
{
	struct dns_message m;

	if (dns_message(message, &m) != 1)
		return false;
	reach_lookup(&d->reach, c, &m);
	return name_role_starts(names_role(d->names, m.name));
}

bool
detect_begin_name(
    struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	char name[DNS_NAME_MAX];
	int found;

	if (c->tuple.server.port == PORT_DNS) {
		w->kind = WATCH_LOOKUPS;
		return true;
	}
	if (in->side != SIDE_CLIENT || in->data.n == 0 || in->data.p[0] != TLS_HANDSHAKE)
		return false;
	found = sni_client_hello(in->data, name);
	if (found == 0)
		return true;
	if (found > 0)
		reach_hello(&d->reach, c, name);
	w->kind = WATCH_NEVER;
	return true;
}

uint64_t
detect_feed_lookups(
    struct detect *d, struct watch *w, const struct conn *c, const struct piece *in)
{
	struct bytes message;
	ssize_t n = in->lost != 0 ? -1 : 1;
	uint64_t done = 0;

	while (n > 0 && done < in->data.n) {
		n = dns_tcp(bytes_skip(in->data, (size_t)done), &message);
		if (n <= 0)
			break;
		(void)detect_lookup(d, c, message);
		done += (uint64_t)n;
	}
	if (n >= 0)
		return done;
	w->kind = WATCH_NEVER;
	return in->data.n;
}

/* Where the service sends a client is messenger's, whatever its name. */
bool
detect_next(struct detect *d, struct observation *out)
{
	if (!telling_next(&d->telling, out))
		return false;
	if (out->sign == SIGN_REDIRECTED)
		reach_learn(&d->reach, &out->conn, &out->who->redirect.addr, PATH_DIRECT);
	return true;
}
