#include "app/enforce_guard.h"

#include <stdlib.h>
#include <string.h>

#include "app/enforce_seat.h"
#include "base/clock.h"
#include "base/table.h"
#include "base/text.h"

#define DIALOGUES   4096
#define CONNECTIONS 4096

/* How often a limit that was reached is asked about again, for one dialogue. */
#define PATIENCE_NS NS_PER_S

/* One dialogue as it stands before the policy. */
struct judged {
	uint64_t talk; /* first: the table's key */
	struct reset facts;
	enum confidence confidence;
	enum rule rule;  /* the last that was given, RULES before the first */
	bool told;       /* as what would have been cut */
	int64_t refused; /* when a limit was reached */
};

/* What goes with a connection that got resets. */
struct deed {
	struct reset facts;
	struct conn conn;
	enum reset_layer layer;
	enum confidence confidence;
	bool shared; /* others' requests may travel on it */
};

struct guard {
	struct guard_opts opts;
	struct policy *policy; /* NULL: off */
	struct table *dialogues;
	struct pursuit *pursuit;
	struct guard_news news; /* of a dry run */
	bool has_news;
	uint64_t by_rule[RULES];
	uint64_t own, powerless;
	int64_t looked; /* for news of limits, by a clock nobody sets */
};

int
guard_open(struct guard **out, const struct guard_opts *opts, struct err *e)
{
	struct table_opts t = {DIALOGUES, sizeof(struct judged), sizeof(uint64_t)};
	struct guard *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return err_set(e, "out of memory for enforcement");
	g->opts = *opts;
	if (table_open(&g->dialogues, &t, e) != 0 ||
	    pursuit_open(&g->pursuit, CONNECTIONS, sizeof(struct deed), e) != 0) {
		guard_close(g);
		return -1;
	}
	*out = g;
	return 0;
}

void
guard_close(struct guard *g)
{
	if (g == NULL)
		return;
	policy_close(g->policy);
	table_close(g->dialogues);
	pursuit_close(g->pursuit);
	free(g);
}

void
guard_obey(struct guard *g, struct policy *p)
{
	policy_close(g->policy);
	g->policy = p;
}

static enum policy_mode
mode_of(const struct guard *g)
{
	return g->policy != NULL ? policy_mode(g->policy) : POLICY_OFF;
}

static struct judged *
dialogue(struct guard *g, uint64_t talk)
{
	struct judged *j = table_find(g->dialogues, &talk);

	if (j != NULL)
		return j;
	if (table_count(g->dialogues) == table_capacity(g->dialogues))
		table_remove(g->dialogues, table_oldest(g->dialogues, TABLE_CHEAP));
	j = table_add(g->dialogues, &talk);
	if (j != NULL)
		j->rule = RULES;
	return j;
}

void
guard_hear(struct guard *g, const struct observation *o)
{
	struct judged *j;

	if (mode_of(g) == POLICY_OFF || o->sign > SIGN_CLOSED)
		return;
	if (o->sign == SIGN_CLOSED) {
		j = table_peek(g->dialogues, &o->talk);
		if (j != NULL)
			table_remove(g->dialogues, j);
		return;
	}
	if (o->sign == SIGN_SIGNED_IN || o->sign == SIGN_SIGNED_OUT)
		pursuit_calm(g->pursuit, &o->conn.tuple);
	j = dialogue(g, o->talk);
	if (j == NULL)
		return;
	if (j->rule != RULE_CUT)
		j->facts.evidence = o->sign;
	j->facts.path = o->path;
	j->facts.switchboard = o->who->switchboard;
	text_put(j->facts.account, sizeof(j->facts.account), o->who->account);
	text_put(j->facts.host, sizeof(j->facts.host), o->host);
}

bool
guard_is_own(struct guard *g, const struct packet *p)
{
	const struct tuple ends = {p->src, p->dst};

	if ((p->tcp_flags & TCP_RST) == 0 || pursuit_count(g->pursuit) == 0 ||
	    !reset_is_own(&g->opts.key, &ends, p->seq, p->window))
		return false;
	g->own++;
	return true;
}

void
guard_watch(struct guard *g, const struct packet *p)
{
	struct pursuit_segment s;

	if (pursuit_count(g->pursuit) == 0)
		return;
	s = guard_segment(p);
	(void)pursuit_heard(g->pursuit, &s);
}

void
guard_blind(struct guard *g)
{
	pursuit_blind(g->pursuit);
}

static enum rule
decide(const struct guard *g, const struct judged *j, const struct guard_sight *s)
{
	struct suspect who = {.confidence = j->confidence,
	    .via_proxy = s->carried.shared,
	    .seen = s->packet->ts};
	struct tuple ends;

	flow_tuple(s->flow, &ends);
	return guard_ask(g->policy, &j->facts, &ends, who);
}

/*
 * Once more before each volley: the settings may be others by then.  All after the first
 * are asked for by what was heard just now, on a connection that was judged in time: the
 * evidence may be older for them.
 */
static bool
may_fire(struct guard *g, const struct deed *d, unsigned volleys)
{
	struct suspect who = {.confidence = d->confidence,
	    .via_proxy = d->shared,
	    .seen = volleys == 0 ? d->conn.ts : 0};
	enum rule r;

	if (mode_of(g) != POLICY_RESET)
		return false;
	r = guard_ask(g->policy, &d->facts, &d->conn.tuple, who);
	if (r != RULE_CUT)
		g->by_rule[r]++;
	return r == RULE_CUT && g->opts.inject != NULL;
}

static const char *
interface_of(const struct guard *g, const struct deed *d)
{
	return g->opts.interface != NULL ? g->opts.interface : d->conn.origin;
}

static bool
send_one(const struct guard *g, const struct deed *d, const struct reset_seat *seat,
    const struct reset_frame *f)
{
	struct bytes octets = bytes_of(f->octets, f->n);
	const struct addr *to =
	    f->to == SIDE_CLIENT ? &seat->tuple.client.addr : &seat->tuple.server.addr;

	if (d->layer == RESET_IP)
		return inject_packet(g->opts.inject, to, octets);
	return inject_frame(g->opts.inject, interface_of(g, d), octets);
}

/* Builds a volley from the numbers of now, and sends it. */
static void
fire(struct guard *g, const struct pursuit_news *n)
{
	const struct deed *d = n->note;
	struct reset_frame frame[RESET_VOLLEY_MAX], sent[RESET_VOLLEY_MAX];
	struct reset_how how = {.layer = d->layer, .key = &g->opts.key};
	struct tuple ends = n->seat.tuple;
	size_t i, built, count = 0;
	uint8_t mac[6];
	int64_t ts;

	if (!may_fire(g, d, n->volleys))
		return;
	if (d->layer == RESET_ETHERNET &&
	    inject_address(g->opts.inject, interface_of(g, d), mac))
		how.mac = mac;
	built = reset_build(&n->seat, &how, frame);
	ts = clock_wall();
	for (i = 0; i < built && i < n->most; i++)
		if (send_one(g, d, &n->seat, &frame[i]))
			sent[count++] = frame[i];
	if (count != 0)
		pursuit_sent(g->pursuit, &ends, sent, count, ts);
	else
		g->powerless++;
}

static bool
cut(struct guard *g, struct judged *j, const struct guard_sight *s)
{
	struct reset_seat seat;
	struct deed d = {
	    .facts = j->facts, .confidence = j->confidence, .shared = s->carried.shared};
	struct pursuit_want w = {.seat = &seat,
	    .flow = s->flow->id,
	    .talking = !j->facts.switchboard,
	    .note = &d};

	guard_seat(s, &seat);
	d.conn = guard_conn(s, &seat.tuple);
	d.layer = seat.end[s->sender].link.known ? RESET_ETHERNET : RESET_IP;
	d.facts.rule = rule_word(RULE_CUT);
	return pursuit_want(g->pursuit, &w);
}

/* Told once a dialogue: what would have been done. */
static void
tell_dry(struct guard *g, struct judged *j, const struct guard_sight *s)
{
	struct tuple ends;

	if (j->told || g->has_news)
		return;
	flow_tuple(s->flow, &ends);
	g->news = (struct guard_news){.reset = j->facts, .conn = guard_conn(s, &ends)};
	g->news.reset.rule = rule_word(RULE_CUT);
	g->news.reset.dry_run = true;
	g->has_news = j->told = true;
}

/* The limits come last, and a limit that was reached is not asked about at once again. */
static enum rule
within_limits(struct guard *g, struct judged *j, const struct guard_sight *s)
{
	int64_t now = clock_steady();
	struct tuple ends;
	enum rule r;

	if (j->refused != 0 && now - j->refused < PATIENCE_NS)
		return j->rule;
	flow_tuple(s->flow, &ends);
	r = quota_take(g->opts.quota, policy_limits(g->policy), &ends.client.addr, now);
	j->refused = r != RULE_CUT ? now : 0;
	return r;
}

bool
guard_meet(struct guard *g, const struct guard_sight *s)
{
	struct judged *j;
	enum rule r;

	if (mode_of(g) == POLICY_OFF || s->carried.talk == 0 ||
	    (j = table_peek(g->dialogues, &s->carried.talk)) == NULL)
		return false;
	j->confidence = s->carried.confidence;
	r = decide(g, j, s);
	if (r == RULE_CUT && mode_of(g) == POLICY_RESET)
		r = within_limits(g, j, s);
	if (r != j->rule)
		g->by_rule[r]++;
	j->rule = r;
	if (r != RULE_CUT)
		return false;
	if (mode_of(g) == POLICY_RESET)
		return cut(g, j, s);
	tell_dry(g, j, s);
	return false;
}

static void
tell_effect(const struct pursuit_news *n, struct guard_news *out)
{
	const struct deed *d = n->note;

	*out = (struct guard_news){.reset = d->facts,
	    .conn = d->conn,
	    .closed = n->effect == EFFECT_CLOSED,
	    .survived = n->effect == EFFECT_SURVIVED};
	out->reset.effect = effect_word(n->effect);
	out->reset.volleys = n->volleys;
	out->reset.frames = n->frames;
	out->reset.life_ns = n->life_ns;
	if (n->first_sent > d->conn.ts)
		out->reset.latency_ns = n->first_sent - d->conn.ts;
}

/* A limit has no connection: its host is all there is to tell.  Once a second. */
static bool
tell_limit(struct guard *g, struct guard_news *out)
{
	struct quota_news q;
	int64_t now = clock_steady();

	if (now - g->looked < NS_PER_S)
		return false;
	if (!quota_news(g->opts.quota, &q)) {
		g->looked = now;
		return false;
	}
	*out = (struct guard_news){
	    .reset = {.rule = rule_word(q.rule), .limit = q.limit, .refused = q.refused},
	    .conn = {.tuple.client.addr = q.host, .ts = clock_wall()}};
	return true;
}

bool
guard_dry(struct guard *g, struct guard_news *out)
{
	if (!g->has_news)
		return false;
	*out = g->news;
	g->has_news = false;
	return true;
}

bool
guard_next(struct guard *g, int64_t now, struct guard_news *out)
{
	struct pursuit_news n;

	while (pursuit_count(g->pursuit) != 0 && pursuit_next(g->pursuit, now, &n)) {
		if (!n.fire) {
			tell_effect(&n, out);
			return true;
		}
		fire(g, &n);
	}
	return tell_limit(g, out);
}

bool
guard_finish(struct guard *g, struct guard_news *out)
{
	struct pursuit_news n;

	if (!pursuit_finish(g->pursuit, &n))
		return false;
	tell_effect(&n, out);
	return true;
}

void
guard_counters(const struct guard *g, struct counters *to)
{
	size_t i;

	for (i = 0; i < RULES; i++)
		counters_add(to, rule_counter((enum rule)i), rule_text((enum rule)i),
		    g->by_rule[i]);
	counters_add(to, "enforce.own", "resets of our own seen again", g->own);
	counters_add(to, "enforce.powerless",
	    "connections to be cut that no reset could be sent into", g->powerless);
	pursuit_counters(g->pursuit, to);
}
