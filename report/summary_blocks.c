#include <string.h>

#include "report/summary_data.h"

/* Most hosts first; then by what tells blocks apart, so that no two are equal. */
static bool
comes_before(const struct verdict_block *a, const struct verdict_block *b)
{
	int by = addr_cmp(&a->by, &b->by);

	if (a->hosts != b->hosts)
		return a->hosts > b->hosts;
	if (a->fate[FATE_LEAKED] != b->fate[FATE_LEAKED])
		return a->fate[FATE_LEAKED] > b->fate[FATE_LEAKED];
	if (a->path != b->path)
		return a->path < b->path;
	if (a->reason != b->reason)
		return a->reason < b->reason;
	return by != 0 ? by < 0 : a->port < b->port;
}

/* Puts the counted blocks into the verdict, and tells where each has gone. */
static void
put_blocks(struct verdict *v, const struct verdict_block list[VERDICT_BLOCKS_MAX],
    size_t n, uint8_t *to)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = 0, to[i] = 0; k < n; k++)
			to[i] += comes_before(&list[k], &list[i]);
		v->blocks[to[i]] = list[i];
	}
	v->n_blocks = (uint8_t)n;
}

static uint16_t
moved(uint16_t met, const uint8_t *to)
{
	uint16_t bits = 0;
	size_t i;

	for (i = 0; i < VERDICT_BLOCKS_MAX; i++)
		if ((met >> i & 1) != 0)
			bits |= (uint16_t)(1U << to[i]);
	return bits;
}

/* Keeps the first by address. */
static void
list_host(struct verdict *v, const struct verdict_host *h)
{
	size_t at = v->n_hosts;

	while (at > 0 && addr_cmp(&h->addr, &v->hosts[at - 1].addr) < 0)
		at--;
	if (v->n_hosts == VERDICT_HOSTS_MAX)
		v->more_hosts++;
	else
		v->n_hosts++;
	if (at == VERDICT_HOSTS_MAX)
		return;
	memmove(&v->hosts[at + 1], &v->hosts[at],
	    (v->n_hosts - 1 - at) * sizeof(v->hosts[0]));
	v->hosts[at] = *h;
}

static void
judge_unmet(struct verdict *v, const struct host_note *h)
{
	size_t i;

	v->unmet++;
	for (i = 0; i < PATH_KINDS; i++)
		if (h->blocks.in[i].seen)
			block_way(&v->unmet_by[i], h->blocks.in[i].port);
}

static void
judge_host(struct verdict *v, const struct host_note *h, const uint8_t *to)
{
	struct verdict_host told = {.addr = h->addr, .met = moved(h->blocks.met, to)};

	v->tried += h->attempts > h->ended[OUTCOME_IN_SESSION];
	v->signed_in += h->ended[OUTCOME_SIGNED_IN] != 0;
	if (h->blocks.met_any) {
		told.fate = block_fate(&h->blocks, h->blocks.first, &told.ways);
		v->met++;
		v->fate[told.fate]++;
		list_host(v, &told);
	} else if (h->ended[OUTCOME_SIGNED_IN] != 0) {
		judge_unmet(v, h);
	}
}

void
summary_judge(const struct summary *s, struct verdict *v)
{
	struct verdict_block list[VERDICT_BLOCKS_MAX];
	uint8_t to[VERDICT_BLOCKS_MAX] = {0};
	struct host_note *h;

	*v = (struct verdict){.more_tries = s->blocks.more, .uncounted = s->homeless};
	memcpy(list, s->blocks.list, sizeof(list));
	for (h = table_oldest(s->hosts, TABLE_CHEAP); h != NULL;
	     h = table_younger(s->hosts, h))
		block_count(list, &h->blocks);
	put_blocks(v, list, s->blocks.n, to);
	for (h = table_oldest(s->hosts, TABLE_CHEAP); h != NULL;
	     h = table_younger(s->hosts, h))
		judge_host(v, h, to);
	v->holding = block_holding(v->fate);
}
