#include "detect/exchange.h"

#include "base/text.h"
#include "detect/exchange_body.h"

void
exchange_begin(struct exchange *x)
{
	memset(x, 0, sizeof(*x));
}

void
exchange_end(struct exchange *x, struct exchange_room *room)
{
	carry_give(room->carries, x->m[SIDE_CLIENT].carry);
	carry_give(room->carries, x->m[SIDE_SERVER].carry);
	x->m[SIDE_CLIENT].carry = x->m[SIDE_SERVER].carry = 0;
}

static void
message_start(struct message *m)
{
	memset(m, 0, sizeof(*m));
}

static void
push_waiting(struct exchange *x, const struct waiting *w)
{
	if (x->n_waiting == EXCHANGE_WAITING_MAX) {
		x->first = (uint8_t)((x->first + 1) % EXCHANGE_WAITING_MAX);
		x->n_waiting--;
		x->overrun++;
	}
	x->waiting[(x->first + x->n_waiting++) % EXCHANGE_WAITING_MAX] = *w;
}

static struct waiting
pop_waiting(struct exchange *x)
{
	struct waiting w = {0};

	if (x->overrun != 0) {
		x->overrun--;
	} else if (x->n_waiting != 0) {
		w = x->waiting[x->first];
		x->first = (uint8_t)((x->first + 1) % EXCHANGE_WAITING_MAX);
		x->n_waiting--;
	}
	return w;
}

/* Whoever a target names before an "@" is nobody's business. */
static struct bytes
without_user(struct bytes target)
{
	size_t at = bytes_find(target, '@');

	while (at < target.n) {
		target = bytes_skip(target, at + 1);
		at = bytes_find(target, '@');
	}
	return target;
}

/* A first line.  False when it is none. */
static bool
start_request(struct exchange *x, struct exchange_room *room, struct bytes line)
{
	struct message *m = &x->m[SIDE_CLIENT];
	struct http_request rq;

	if (!http_request_line(line, &rq))
		return false;
	m->about = (struct waiting){0};
	x->host[0] = '\0';
	x->shared = x->shared || rq.target.p[0] != '/';
	if (bytes_eq_fold(rq.method, "CONNECT")) {
		m->about.kind = REQUEST_CONNECT;
		(void)text_safe(x->target, sizeof(x->target), without_user(rq.target));
	} else if (bytes_eq_fold(rq.method, "HEAD")) {
		m->about.kind = REQUEST_HEAD;
	} else if (bytes_eq_fold(rq.method, "POST") &&
		   gateway_target(rq.target, &x->rq)) {
		if (x->rq.action != GATEWAY_NONE)
			m->about.kind = REQUEST_GATEWAY;
		else
			room->probes++;
		text_put(x->host, sizeof(x->host), x->rq.host);
	}
	if (m->about.kind == REQUEST_GATEWAY)
		x->gateway = true;
	return true;
}

static bool
start_answer(struct exchange *x, struct bytes line)
{
	struct message *m = &x->m[SIDE_SERVER];
	struct http_response rs;

	if (!http_status_line(line, &rs))
		return false;
	m->status = rs.status;
	x->answer_named = false;
	x->answer.close = false;
	x->answer.session[0] = x->answer.gw_ip[0] = '\0';
	return true;
}

/* A folded value comes in parts: what one of them says stays said. */
static void
take_answer(struct exchange *x, struct bytes value)
{
	struct gateway_answer part;

	if (!gateway_answer(value, &part))
		return;
	x->answer_named = true;
	x->answer.close = x->answer.close || part.close;
	if (part.session[0] != '\0')
		text_put(x->answer.session, sizeof(x->answer.session), part.session);
	if (part.gw_ip[0] != '\0')
		text_put(x->answer.gw_ip, sizeof(x->answer.gw_ip), part.gw_ip);
}

static void
take_field(struct exchange *x, enum side side, struct bytes line)
{
	struct message *m = &x->m[side];
	struct http_field f;

	if (http_folded(line, &f.value))
		f.name = (enum http_name)m->field;
	else if (!http_field(line, &f))
		return;
	m->field = (uint8_t)f.name;
	http_body_field(&m->body, &f);
	if (side == SIDE_CLIENT && x->host[0] == '\0' && f.name == HTTP_HOST)
		(void)text_safe_fold(x->host, sizeof(x->host),
		    bytes_take(f.value, bytes_find(f.value, ':')));
	if (side == SIDE_SERVER && f.name == HTTP_MESSENGER)
		take_answer(x, f.value);
}

/* The head of a request is over: its session is known, and its answer is awaited. */
static void
end_request_head(struct exchange *x, struct exchange_room *room, const struct conn *c)
{
	struct message *m = &x->m[SIDE_CLIENT];

	http_body_request(&m->body);
	if (m->about.kind == REQUEST_GATEWAY)
		m->about.session = x->carried = exchange_request_session(x, room, c);
	push_waiting(x, &m->about);
	m->unread = m->about.session.talk == 0;
}

static void
end_answer_head(struct exchange *x, struct exchange_room *room, const struct conn *c)
{
	struct message *m = &x->m[SIDE_SERVER];
	bool interim = m->status < 200 && m->status != 101;

	m->about = (struct waiting){0};
	if (!interim)
		m->about = pop_waiting(x);
	http_body_response(&m->body, m->status, m->about.kind == REQUEST_HEAD,
	    m->about.kind == REQUEST_CONNECT);
	if (m->status == 101)
		x->hopeless = true;
	if (m->about.kind == REQUEST_CONNECT && m->status / 100 == 2)
		x->tunnel = true;
	if (m->about.kind == REQUEST_CONNECT && m->status >= 300)
		exchange_connect_denied(x, room, c);
	if (x->answer_named)
		x->gateway = true;
	if (x->answer_named || m->about.kind == REQUEST_GATEWAY)
		m->about.session = exchange_answer_session(x, room, c);
	else if (!x->gateway && !interim && m->about.kind != REQUEST_CONNECT)
		x->hopeless = true;
	m->unread = m->about.session.talk == 0;
}

/* The blank line: what the body is like, and whether it is read where it stands. */
static void
end_head(
    struct exchange *x, struct exchange_room *room, const struct conn *c, enum side side)
{
	struct message *m = &x->m[side];

	if (side == SIDE_CLIENT)
		end_request_head(x, room, c);
	else
		end_answer_head(x, room, c);
	if (m->body.framing == HTTP_NO_BODY ||
	    (m->body.framing == HTTP_LENGTH && m->body.length == 0)) {
		exchange_end_body(x, room, c, side);
		message_start(m);
		return;
	}
	m->state = MESSAGE_BODY;
	m->left = m->body.length;
	if (m->body.coding == HTTP_UNKNOWN_CODING)
		m->unread = true;
	if (!m->unread &&
	    (m->body.coding == HTTP_GZIP || m->body.framing == HTTP_CHUNKED))
		m->carry = carry_take(room->carries, m->body.coding == HTTP_GZIP);
}

static bool
awaits_grant(const struct exchange *x)
{
	size_t newest = (size_t)(x->first + x->n_waiting - 1) % EXCHANGE_WAITING_MAX;

	return x->n_waiting != 0 && x->waiting[newest].kind == REQUEST_CONNECT;
}

/*
 * An answer without its request waits while the request may still come, and so do bytes
 * behind a CONNECT that is not granted yet: captures mix up the two directions.  Of a
 * client captured alone the next words tell: when they are no request, it was granted.
 */
static bool
must_wait(struct exchange *x, const struct conn *c, enum side side, struct bytes in)
{
	int like;

	if (side == SIDE_SERVER)
		return x->n_waiting == 0 && x->overrun == 0 && c->seen[SIDE_CLIENT] &&
		       x->m[SIDE_CLIENT].state != MESSAGE_LOST;
	if (!awaits_grant(x))
		return false;
	like = c->seen[SIDE_SERVER] ? 0 : http_request_like(in);
	x->tunnel = like < 0;
	return like <= 0;
}

/* A request that can lead to nothing: what else is in it makes no difference. */
static bool
is_idle_talk(const struct message *m, enum side side)
{
	return side == SIDE_CLIENT && m->about.kind != REQUEST_GATEWAY &&
	       m->about.kind != REQUEST_CONNECT;
}

static size_t
feed_head(struct exchange *x, struct exchange_room *room, const struct conn *c,
    enum side side, struct bytes in)
{
	struct message *m = &x->m[side];
	struct bytes line;
	ssize_t n;
	bool ok = true, cut = m->cut;

	if (m->state == MESSAGE_START && must_wait(x, c, side, in))
		return 0;
	n = http_line(in, &line);
	if (n <= 0)
		return 0;
	m->head_bytes += (uint64_t)n;
	m->cut = in.p[n - 1] != '\n';
	if (cut)
		return (size_t)n;
	room->cut += m->cut;
	if (m->state == MESSAGE_START && line.n == 0)
		return (size_t)n;
	if (m->state == MESSAGE_START) {
		ok = side == SIDE_CLIENT ? start_request(x, room, line)
					 : start_answer(x, line);
		m->state = MESSAGE_FIELDS;
		if (!ok)
			exchange_astray(x, room, side);
		x->hopeless = !x->gateway && (!ok || is_idle_talk(m, side));
	} else if (line.n == 0) {
		end_head(x, room, c, side);
	} else {
		take_field(x, side, line);
	}
	return (size_t)n;
}

/* Out of step: whatever comes is dropped until a run starts with a first line. */
static size_t
feed_lost(struct exchange *x, enum side side, struct bytes in)
{
	int like = side == SIDE_CLIENT ? http_request_like(in) : http_response_like(in);

	if (like < 0)
		return in.n;
	if (like > 0) {
		message_start(&x->m[side]);
		if (side == SIDE_CLIENT) {
			x->n_waiting = 0;
			x->overrun = 0;
		}
	}
	return 0;
}

/* Bytes are missing: a body of known length goes on, everything else is out of step. */
static void
lose(struct exchange *x, struct exchange_room *room, const struct conn *c,
    const struct piece *in)
{
	struct message *m = &x->m[in->side];

	if (m->state == MESSAGE_BODY && m->body.framing == HTTP_LENGTH &&
	    m->left > in->lost) {
		m->left -= in->lost;
		exchange_body_lost(x, room, in->side, in->lost);
		return;
	}
	exchange_body_lost(x, room, in->side, in->lost);
	if (m->state == MESSAGE_BODY)
		exchange_end_body(x, room, c, in->side);
	message_start(m);
	exchange_astray(x, room, in->side);
}

static uint64_t
step(struct exchange *x, struct exchange_room *room, const struct conn *c, enum side side,
    struct bytes in)
{
	struct message *m = &x->m[side];
	uint64_t n;
	bool done = false;

	switch ((enum message_state)m->state) {
	case MESSAGE_START:
	case MESSAGE_FIELDS:
		return feed_head(x, room, c, side, in);
	case MESSAGE_LOST:
		return feed_lost(x, side, in);
	case MESSAGE_BODY:
		n = exchange_body(x, room, &(struct piece){side, in, 0}, &done);
		if (done) {
			exchange_end_body(x, room, c, side);
			message_start(m);
		}
		return n;
	}
	return 0;
}

uint64_t
exchange_feed(struct exchange *x, struct exchange_room *room, const struct conn *c,
    const struct piece *in)
{
	uint64_t done = 0, n;
	uint8_t state;

	if (in->lost != 0)
		lose(x, room, c, in);
	while (done < in->data.n && !x->hopeless && !x->tunnel) {
		state = x->m[in->side].state;
		n = step(x, room, c, in->side, bytes_skip(in->data, (size_t)done));
		done += n;
		if (n == 0 && x->m[in->side].state == state)
			break;
	}
	return done;
}
