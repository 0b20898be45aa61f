#include "detect/exchange_body.h"

#include "base/text.h"

static void
tell_end(struct exchange_room *room, struct gateway_session *gs, enum closing closing)
{
	struct ending end = {closing, {gs->bytes[0], gs->bytes[1]}, gs->status};

	telling_closed(room->telling, &gs->talk, &gs->conn, &end);
}

static void
make_room(struct exchange_room *room, int64_t now)
{
	struct session_ref old;
	struct gateway_session *gs;

	if (!sessions_full(room->sessions))
		return;
	old = sessions_expired(room->sessions, now, true);
	gs = sessions_at(room->sessions, old);
	if (gs == NULL)
		return;
	tell_end(room, gs, CLOSING_STOPPED);
	sessions_forget(room->sessions, old);
}

static struct session_ref
add(struct exchange_room *room, const struct conn *c, const char *name, const char *host)
{
	struct session_ref ref;
	struct gateway_session *gs;

	make_room(room, c->ts);
	ref = sessions_add(
	    room->sessions, &c->tuple.client.addr, name, (*room->next_talk)++);
	gs = sessions_at(room->sessions, ref);
	if (gs != NULL) {
		gs->last = c->ts;
		text_put(gs->talk.host, sizeof(gs->talk.host), host);
	}
	return ref;
}

/*
 * A name nobody has heard: the answer that gave it to the session opened on this
 * connection is missing.
 */
static struct session_ref
adopt_opened(struct exchange *x, struct exchange_room *room)
{
	struct gateway_session *gs = sessions_at(room->sessions, x->opened);

	if (gs == NULL || gs->named)
		return (struct session_ref){0};
	sessions_rename(room->sessions, x->opened, x->rq.session);
	return x->opened;
}

struct session_ref
exchange_request_session(
    struct exchange *x, struct exchange_room *room, const struct conn *c)
{
	bool opens = x->rq.action == GATEWAY_OPEN_NS || x->rq.action == GATEWAY_OPEN_SB;
	struct session_ref ref = {0};
	struct gateway_session *gs;

	if (!opens)
		ref = sessions_find(room->sessions, &c->tuple.client.addr, x->rq.session);
	if (ref.talk == 0 && !opens)
		ref = adopt_opened(x, room);
	if (ref.talk == 0)
		ref = add(room, c, opens ? NULL : x->rq.session, x->host);
	if (opens)
		x->opened = ref;
	gs = sessions_at(room->sessions, ref);
	if (gs == NULL)
		return ref;
	gs->cut = false;
	gs->conn = *c;
	gs->last = c->ts;
	if (opens) {
		gs->opened = true;
		gs->talk.view.at_start = c->handshake || c->seen[SIDE_SERVER];
	}
	gs->talk.view.unseen[SIDE_CLIENT] = false;
	gs->talk.view.unseen[SIDE_SERVER] = !c->seen[SIDE_SERVER];
	return ref;
}

/* A session the gateway answers for, begun before the capture: the client is inside. */
static void
note_inside(struct gateway_session *gs, const struct waiting *request)
{
	struct signin *s = &gs->talk.said;

	if (request->kind != REQUEST_GATEWAY || gs->opened || s->in_session)
		return;
	if (s->stage != STAGE_NONE || s->switchboard)
		return;
	s->in_session = true;
	s->news |= 1U << SIGN_IN_SESSION;
}

static struct session_ref
named_session(struct exchange *x, struct exchange_room *room, const struct conn *c)
{
	struct session_ref asked = x->m[SIDE_SERVER].about.session;
	struct session_ref known =
	    sessions_find(room->sessions, &c->tuple.client.addr, x->answer.session);
	struct gateway_session *gs = sessions_at(room->sessions, asked);

	if (known.talk != 0)
		return known;
	if (gs == NULL)
		return add(room, c, x->answer.session, "");
	sessions_rename(room->sessions, asked, x->answer.session);
	return asked;
}

struct session_ref
exchange_answer_session(
    struct exchange *x, struct exchange_room *room, const struct conn *c)
{
	struct message *m = &x->m[SIDE_SERVER];
	struct session_ref ref = m->about.session;
	struct gateway_session *gs;
	struct addr gateway;

	if (x->answer_named && x->answer.session[0] != '\0')
		ref = named_session(x, room, c);
	gs = sessions_at(room->sessions, ref);
	if (gs == NULL)
		return (struct session_ref){0};
	gs->conn = *c;
	gs->last = c->ts;
	gs->talk.view.unseen[SIDE_SERVER] = false;
	gs->talk.view.unseen[SIDE_CLIENT] = !c->seen[SIDE_CLIENT];
	if (room->reach != NULL && addr_parse(x->answer.gw_ip, &gateway))
		reach_learn(room->reach, c, &gateway, PATH_GATEWAY);
	if (x->answer_named && m->status == 200) {
		gs->talk.view.enough = true;
		note_inside(gs, &m->about);
	}
	if (x->answer_named && x->answer.close)
		gs->ended = true;
	if (m->status >= 300 && !gs->ended) {
		gs->ended = true;
		gs->status = x->answer_named ? 0 : m->status;
	}
	return ref;
}

/* Hands bytes to the session's dialogue; payloads may go on in the next body. */
static size_t
to_talk(struct exchange_room *room, struct gateway_session *gs, enum side side,
    struct bytes in)
{
	size_t skipped = gs->skip[side] < in.n ? (size_t)gs->skip[side] : in.n;
	struct piece piece = {.side = side, .data = bytes_skip(in, skipped)};
	uint64_t done;

	gs->skip[side] -= skipped;
	in = piece.data;
	done = telling_feed(room->telling, &gs->talk, &gs->conn, &piece);
	if (gs->talk.hopeless)
		return skipped + in.n;
	if (done > in.n) {
		gs->skip[side] += done - in.n;
		done = in.n;
	}
	return skipped + (size_t)done;
}

/* Through the carry: everything is eaten, whole lines are read. */
static void
to_carry(struct exchange *x, struct exchange_room *room, struct gateway_session *gs,
    const struct piece *body)
{
	uint32_t which = x->m[body->side].carry;
	struct bytes in = body->data;
	size_t n;

	while (carry_put(room->carries, which, &in)) {
		n = to_talk(room, gs, body->side, carry_view(room->carries, which));
		carry_consume(room->carries, which, n);
	}
}

/* One slice of body: how much of it is done with. */
static size_t
to_session(struct exchange *x, struct exchange_room *room, const struct piece *body)
{
	struct message *m = &x->m[body->side];
	struct gateway_session *gs = sessions_at(room->sessions, m->about.session);

	if (m->unread || gs == NULL || body->data.n == 0)
		return body->data.n;
	if (m->carry == 0)
		return to_talk(room, gs, body->side, body->data);
	to_carry(x, room, gs, body);
	return body->data.n;
}

void
exchange_astray(struct exchange *x, struct exchange_room *room, enum side side)
{
	x->m[side].state = MESSAGE_LOST;
	room->astray += x->gateway;
}

static uint64_t
body_by_length(
    struct exchange *x, struct exchange_room *room, const struct piece *in, bool *done)
{
	struct message *m = &x->m[in->side];
	struct piece part = {in->side, bytes_take(in->data, (size_t)m->left), 0};
	uint64_t n;

	if (m->left > SIZE_MAX / 2)
		part.data = in->data;
	n = to_session(x, room, &part);
	/*
	 * A partial line at the end of a body is no line, and an unread body may be
	 * skipped whole.
	 */
	if (part.data.n == m->left || m->unread)
		n = m->left;
	m->left -= n;
	*done = m->left == 0;
	return n;
}

static uint64_t
body_by_chunks(
    struct exchange *x, struct exchange_room *room, const struct piece *in, bool *done)
{
	struct message *m = &x->m[in->side];
	struct piece part = {in->side, {in->data.p, 0}, 0};
	ssize_t n = http_chunk(&m->chunks, in->data, &part.data, done);

	if (n < 0) {
		carry_give(room->carries, m->carry);
		memset(m, 0, sizeof(*m));
		exchange_astray(x, room, in->side);
		return in->data.n;
	}
	(void)to_session(x, room, &part);
	return (uint64_t)n;
}

uint64_t
exchange_body(
    struct exchange *x, struct exchange_room *room, const struct piece *in, bool *done)
{
	struct message *m = &x->m[in->side];
	uint64_t n = 0;

	switch (m->body.framing) {
	case HTTP_LENGTH:
		n = body_by_length(x, room, in, done);
		break;
	case HTTP_CHUNKED:
		n = body_by_chunks(x, room, in, done);
		break;
	case HTTP_TO_CLOSE:
		n = to_session(x, room, in);
		break;
	case HTTP_NO_BODY:
		*done = true;
		break;
	}
	m->head_bytes += n;
	return n;
}

void
exchange_body_lost(
    struct exchange *x, struct exchange_room *room, enum side side, uint64_t lost)
{
	struct message *m = &x->m[side];
	struct gateway_session *gs = sessions_at(room->sessions, m->about.session);

	if (gs == NULL || m->unread)
		return;
	if (m->body.coding == HTTP_GZIP || m->carry != 0)
		m->unread = true;
	if (gs->skip[side] >= lost)
		gs->skip[side] -= lost;
	else
		gs->skip[side] = 0;
	(void)talk_feed(&gs->talk, side, bytes_of(NULL, 0), lost);
}

void
exchange_end_body(
    struct exchange *x, struct exchange_room *room, const struct conn *c, enum side side)
{
	struct message *m = &x->m[side];
	struct session_ref ref = m->about.session;
	struct gateway_session *gs = sessions_at(room->sessions, ref);

	carry_give(room->carries, m->carry);
	m->carry = 0;
	if (gs == NULL)
		return;
	gs->bytes[side] += m->head_bytes;
	gs->last = c->ts;
	telling_news(room->telling, &gs->talk, &gs->conn);
	if (side == SIDE_SERVER && gs->ended) {
		exchange_open_denied(room, gs);
		tell_end(room, gs, CLOSING_SERVER);
		sessions_forget(room->sessions, ref);
	}
}
