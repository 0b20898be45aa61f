#include "base/text.h"
#include "detect/exchange_body.h"

/* "host:port", "[v6]:port": the name, or the address, and the port. */
static void
split_target(const char *target, struct denial *no, char *name, size_t size)
{
	struct bytes t = bytes_str(target), host;
	size_t at = t.n;
	uint64_t port;

	while (at > 0 && t.p[at - 1] != ':')
		at--;
	host = at > 0 ? bytes_take(t, at - 1) : t;
	if (at > 0 && bytes_decimal(bytes_skip(t, at), UINT16_MAX, &port))
		no->to.port = (uint16_t)port;
	if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = bytes_take(bytes_skip(host, 1), host.n - 2);
	(void)text_safe_fold(name, size, host);
	if (addr_parse(name, &no->to.addr))
		name[0] = '\0';
}

void
exchange_connect_name(const struct exchange *x, char name[GATEWAY_HOST_MAX])
{
	struct denial unused = {0};

	split_target(x->target, &unused, name, GATEWAY_HOST_MAX);
}

void
exchange_connect_denied(
    const struct exchange *x, struct exchange_room *room, const struct conn *c)
{
	char name[GATEWAY_HOST_MAX];
	struct denial no = {
	    .path = PATH_CONNECT, .name = name, .status = x->m[SIDE_SERVER].status};

	if (room->reach == NULL)
		return;
	split_target(x->target, &no, name, sizeof(name));
	reach_denied(room->reach, c, &no);
}

void
exchange_unheard(const struct exchange *x, struct exchange_room *room,
    const struct conn *c, enum closing closing)
{
	char name[GATEWAY_HOST_MAX];
	struct denial no = {.path = PATH_CONNECT, .name = name};

	if (room->reach == NULL || x->m[SIDE_SERVER].state != MESSAGE_START ||
	    x->n_waiting != 1 || x->waiting[x->first].kind != REQUEST_CONNECT)
		return;
	split_target(x->target, &no, name, sizeof(name));
	reach_unheard(room->reach, c, &no, closing);
}

void
exchange_open_denied(struct exchange_room *room, const struct gateway_session *gs)
{
	struct denial no = {
	    .path = PATH_GATEWAY, .name = gs->talk.host, .status = gs->status};

	if (room->reach == NULL || gs->talk.told || !gs->opened ||
	    !status_is_denial(gs->status))
		return;
	reach_denied(room->reach, &gs->conn, &no);
}
