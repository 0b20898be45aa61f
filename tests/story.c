#include "tests/story.h"

#include <stdlib.h>

#include "base/text.h"

struct story *
story_new(size_t entries, int64_t window_ns)
{
	struct story *s = calloc(1, sizeof(*s));
	struct attempt_opts opts = {entries, window_ns};
	struct err e;

	if (s == NULL || attempt_open(&s->attempts, &opts, &e) != 0)
		abort();
	s->now = 1000 * NS_PER_S;
	return s;
}

void
story_free(struct story *s)
{
	attempt_close(s->attempts);
	free(s);
}

void
story_wait(struct story *s, int64_t ns)
{
	s->now += ns;
}

struct party *
story_party(struct story *s, uint8_t host, enum path path)
{
	struct party *p = &s->party[s->n++];

	if (s->n > STORY_PARTIES)
		abort();
	p->path = path;
	p->conn.began = s->now;
	p->conn.tuple.client.addr = addr_v4((const uint8_t[4]){10, 0, 0, host});
	p->conn.tuple.client.port = (uint16_t)(1024 + s->n);
	p->conn.tuple.server.addr = addr_v4((const uint8_t[4]){64, 4, 13, 50});
	p->conn.tuple.server.port = path == PATH_GATEWAY ? 80 : 1863;
	p->conn.flow_id = s->n;
	p->host = "";
	return p;
}

static void
of_try(struct observation *o, const struct party *p)
{
	bool blocked = o->sign == SIGN_BLOCKED;

	o->confidence = blocked ? CONFIDENCE_LIKELY : CONFIDENCE_HINT;
	o->reason = blocked ? p->reason : REASON_NONE;
	o->syns = blocked ? p->syns : 0;
	o->status = blocked ? p->status : 0;
	if (p->by != NULL && !addr_parse(p->by, &o->by))
		abort();
}

static void
tell(struct story *s, struct party *p, enum sign sign, enum closing closing)
{
	struct observation o = {.sign = sign,
	    .path = p->path,
	    .confidence = CONFIDENCE_CERTAIN,
	    .closing = closing,
	    .talk = (uint64_t)(p - s->party) + 1,
	    .who = &p->who};

	s->now += 1000000;
	p->conn.ts = s->now;
	o.conn = p->conn;
	text_put(o.host, sizeof(o.host), p->host);
	if (sign >= SIGN_TRYING)
		of_try(&o, p);
	if (sign == SIGN_CLOSED) {
		o.status = p->status;
		o.bytes[0] = p->bytes[0];
		o.bytes[1] = p->bytes[1];
	}
	attempt_add(s->attempts, &o);
}

void
story_tell(struct story *s, struct party *p, enum sign sign)
{
	tell(s, p, sign, CLOSING_NOT);
}

void
story_name(struct story *s, struct party *p, const char *account)
{
	story_tell(s, p, SIGN_OPENED);
	text_put(p->who.account, sizeof(p->who.account), account);
	story_tell(s, p, SIGN_NAMED);
}

void
story_yes(struct story *s, struct party *p, const char *account)
{
	text_put(p->who.account, sizeof(p->who.account), account);
	p->who.answered = true;
	story_tell(s, p, SIGN_SIGNED_IN);
}

void
story_no(struct story *s, struct party *p, unsigned code)
{
	p->who.answered = true;
	p->who.error_code = (uint16_t)code;
	story_tell(s, p, SIGN_REJECTED);
}

void
story_closed(struct story *s, struct party *p, enum closing closing)
{
	tell(s, p, SIGN_CLOSED, closing);
}

struct party *
story_try(struct story *s, uint8_t host, enum path path)
{
	struct party *p = story_party(s, host, path);

	p->syns = 1;
	story_tell(s, p, SIGN_TRYING);
	return p;
}

void
story_blocked(struct story *s, struct party *p, enum reason reason)
{
	p->reason = reason;
	story_tell(s, p, SIGN_BLOCKED);
}

void
story_denied(struct story *s, uint8_t host, enum path path, unsigned status)
{
	struct party *p = story_party(s, host, path);

	p->status = status;
	story_blocked(s, p, REASON_PROXY_DENIED);
}

void
story_refused(struct story *s, uint8_t host, const char *account, unsigned code)
{
	struct party *p = story_party(s, host, PATH_DIRECT);

	story_name(s, p, account);
	story_no(s, p, code);
	story_closed(s, p, CLOSING_SERVER);
}

static void
collect(struct story *s, bool finish)
{
	struct event ev;

	while (attempt_next(s->attempts, s->now, finish, &ev)) {
		if (s->n_told == STORY_TOLD)
			abort();
		s->told[s->n_told++] = ev;
	}
}

void
story_so_far(struct story *s)
{
	collect(s, false);
}

void
story_end(struct story *s)
{
	collect(s, true);
}
