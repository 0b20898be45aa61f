#include "report/block.h"

#include <string.h>

#include "base/text.h"

static bool
same_block(const struct verdict_block *b, const struct path_try *p)
{
	return b->path == p->path && b->reason == p->reason &&
	       addr_cmp(&b->by, &p->by) == 0 &&
	       (!addr_is_unset(&p->by) || b->port == p->server.port);
}

static struct verdict_block *
find(struct blocks *b, const struct path_try *p)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (same_block(&b->list[i], p))
			return &b->list[i];
	return NULL;
}

static struct verdict_block *
add(struct blocks *b, const struct path_try *p)
{
	struct verdict_block *to;

	if (b->n == VERDICT_BLOCKS_MAX)
		return NULL;
	to = &b->list[b->n++];
	*to = (struct verdict_block){.path = p->path,
	    .reason = p->reason,
	    .by = p->by,
	    .port = p->server.port,
	    .code = p->code};
	if (p->reason == REASON_SINKHOLED)
		to->answer = p->server.addr;
	text_put(to->name, sizeof(to->name), p->host);
	return to;
}

static void
compare(struct verdict_block *b, const struct path_try *p)
{
	if (b->reason == REASON_SINKHOLED && addr_cmp(&b->answer, &p->server.addr) != 0)
		b->several |= SEVERAL_ANSWERS;
	if (b->name[0] == '\0')
		text_put(b->name, sizeof(b->name), p->host);
	else if (p->host[0] != '\0' && strcmp(b->name, p->host) != 0)
		b->several |= SEVERAL_NAMES;
	if (b->port != p->server.port)
		b->several |= SEVERAL_PORTS;
	if (b->code != p->code)
		b->several |= SEVERAL_CODES;
}

static void
meet(struct blocks *b, struct host_blocks *h, const struct path_try *p, int64_t at)
{
	struct verdict_block *to = find(b, p);
	size_t i;

	if (!h->met_any || at < h->first)
		h->first = at;
	h->met_any = true;
	if (to == NULL)
		to = add(b, p);
	if (to == NULL) {
		b->more += p->count;
		return;
	}
	compare(to, p);
	to->tries += p->count;
	to->syns += p->syns;
	to->forged |= p->forged;
	i = (size_t)(to - b->list);
	if ((h->met >> i & 1) == 0 || at < h->met_at[i])
		h->met_at[i] = at;
	h->met |= (uint16_t)(1U << i);
}

static void
pass(struct passage *to, const struct path_try *p, int64_t at)
{
	if (to->seen && at < to->at)
		return;
	*to = (struct passage){true, p->server.port, at};
}

void
block_fold(struct blocks *b, struct host_blocks *h, const struct attempt *a)
{
	size_t i;

	for (i = 0; i < a->n_paths && i < ATTEMPT_PATHS_MAX; i++) {
		const struct path_try *p = &a->paths[i];
		int64_t at = p->first != 0 ? p->first : a->start;

		switch (p->outcome) {
		case OUTCOME_BLOCKED:
			meet(b, h, p, at);
			break;
		case OUTCOME_SIGNED_IN:
			pass(&h->in[p->path], p, at);
			break;
		case OUTCOME_REJECTED:
		case OUTCOME_ABANDONED:
			pass(&h->answered[p->path], p, at);
			break;
		case OUTCOME_UNFINISHED:
			pass(&h->open, p, at);
			break;
		case OUTCOME_RESET:
		case OUTCOME_IN_SESSION:
			break;
		}
	}
}

static uint8_t
passed(const struct passage by[PATH_KINDS], int64_t since)
{
	uint8_t bits = 0;
	size_t i;

	for (i = 0; i < PATH_KINDS; i++)
		if (by[i].seen && by[i].at >= since)
			bits |= (uint8_t)(1U << i);
	return bits;
}

enum fate
block_fate(const struct host_blocks *h, int64_t since, uint8_t *ways)
{
	*ways = passed(h->in, since);
	if (*ways != 0)
		return FATE_LEAKED;
	*ways = passed(h->answered, since);
	if (*ways != 0)
		return FATE_REACHED;
	return h->open.seen && h->open.at >= since ? FATE_UNDECIDED : FATE_HELD;
}

void
block_way(struct way *w, uint16_t port)
{
	if (w->hosts++ == 0)
		w->port = port;
	else if (w->port != port)
		w->port = 0;
}

static void
count_ways(struct way to[PATH_KINDS], const struct passage by[PATH_KINDS], uint8_t ways)
{
	size_t i;

	for (i = 0; i < PATH_KINDS; i++)
		if ((ways >> i & 1) != 0)
			block_way(&to[i], by[i].port);
}

void
block_count(struct verdict_block list[VERDICT_BLOCKS_MAX], const struct host_blocks *h)
{
	enum fate fate;
	uint8_t ways;
	size_t i;

	for (i = 0; i < VERDICT_BLOCKS_MAX; i++) {
		if ((h->met >> i & 1) == 0)
			continue;
		fate = block_fate(h, h->met_at[i], &ways);
		list[i].hosts++;
		list[i].fate[fate]++;
		if (fate == FATE_LEAKED)
			count_ways(list[i].leaks, h->in, ways);
		else if (fate == FATE_REACHED)
			count_ways(list[i].reaches, h->answered, ways);
	}
}

enum holding
block_holding(const uint32_t fate[FATES])
{
	if (fate[FATE_LEAKED] + fate[FATE_REACHED] != 0)
		return HOLDING_LEAKS;
	if (fate[FATE_HELD] != 0)
		return HOLDING_HOLDS;
	return fate[FATE_UNDECIDED] != 0 ? HOLDING_UNDECIDED : HOLDING_NONE;
}
