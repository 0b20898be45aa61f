#include "enforce/quota.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/event.h"
#include "base/table.h"

#define SLOT_NS (10 * NS_PER_S)
#define SLOTS   7 /* a minute, and the slot that it began in */
#define TELL_NS (60 * NS_PER_S)

/* What was taken of late, and when it was last told that there was no more. */
struct tally {
	int64_t slot; /* the newest; the others stand before it */
	uint32_t taken[SLOTS];
	bool told;
	int64_t told_at;
	uint64_t refused; /* since then */
};

struct host {
	struct addr addr; /* the key */
	struct tally tally;
};

struct quota {
	pthread_mutex_t lock;
	struct tally all;
	struct table *hosts; /* of struct host */
	struct quota_news news[QUOTA_NEWS_MAX];
	size_t first_news, n_news;
};

int
quota_open(struct quota **out, struct err *e)
{
	const struct table_opts opts = {
	    QUOTA_TOTAL_MAX, sizeof(struct host), sizeof(struct addr)};
	struct quota *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return err_set(e, "out of memory for the limits of resets");
	(void)pthread_mutex_init(&q->lock, NULL);
	if (table_open(&q->hosts, &opts, e) != 0) {
		quota_close(q);
		return -1;
	}
	*out = q;
	return 0;
}

void
quota_close(struct quota *q)
{
	if (q == NULL)
		return;
	table_close(q->hosts);
	(void)pthread_mutex_destroy(&q->lock);
	free(q);
}

/* Time that goes back a little, from one thread to another, is the time it was. */
static void
go_on(struct tally *t, int64_t now)
{
	int64_t slot = now / SLOT_NS, passed = slot - t->slot, i;

	if (passed <= 0)
		return;
	for (i = 0; i < passed && i < SLOTS; i++)
		t->taken[(slot - i) % SLOTS] = 0;
	t->slot = slot;
}

static uint64_t
taken(const struct tally *t)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < SLOTS; i++)
		n += t->taken[i];
	return n;
}

/* Told at once, and again when a minute has passed; when no news fits, later. */
static void
refuse(struct quota *q, struct tally *t, const struct quota_news *what, int64_t now)
{
	struct quota_news *n;

	t->refused++;
	if ((t->told && now - t->told_at < TELL_NS) || q->n_news == QUOTA_NEWS_MAX)
		return;
	n = &q->news[(q->first_news + q->n_news++) % QUOTA_NEWS_MAX];
	*n = *what;
	n->refused = t->refused;
	t->refused = 0;
	t->told = true;
	t->told_at = now;
}

/* Among so many hosts one has not taken anything for a minute, and that is the oldest. */
static struct host *
host_of(struct quota *q, const struct addr *addr)
{
	struct host *h = table_find(q->hosts, addr);

	if (h != NULL)
		return h;
	if (table_count(q->hosts) == table_capacity(q->hosts))
		table_remove(q->hosts, table_oldest(q->hosts, TABLE_CHEAP));
	return table_add(q->hosts, addr);
}

static enum rule
take(struct quota *q, const struct quota_limits *limits, const struct addr *host,
    int64_t now)
{
	struct host *h = table_peek(q->hosts, host);
	struct quota_news news = {.host = *host};

	go_on(&q->all, now);
	if (h != NULL) {
		go_on(&h->tally, now);
		news.limit = limits->per_host;
		if (taken(&h->tally) >= news.limit) {
			news.rule = RULE_HOST_LIMIT;
			refuse(q, &h->tally, &news, now);
			return news.rule;
		}
	}
	news.limit = limits->total < QUOTA_TOTAL_MAX ? limits->total : QUOTA_TOTAL_MAX;
	if (taken(&q->all) >= news.limit) {
		news.rule = RULE_TOTAL_LIMIT;
		refuse(q, &q->all, &news, now);
		return news.rule;
	}
	h = host_of(q, host);
	go_on(&h->tally, now);
	h->tally.taken[h->tally.slot % SLOTS]++;
	q->all.taken[q->all.slot % SLOTS]++;
	return RULE_CUT;
}

enum rule
quota_take(struct quota *q, const struct quota_limits *limits, const struct addr *host,
    int64_t now)
{
	enum rule r;

	(void)pthread_mutex_lock(&q->lock);
	r = take(q, limits, host, now);
	(void)pthread_mutex_unlock(&q->lock);
	return r;
}

bool
quota_news(struct quota *q, struct quota_news *out)
{
	bool any;

	(void)pthread_mutex_lock(&q->lock);
	any = q->n_news > 0;
	if (any) {
		*out = q->news[q->first_news];
		q->first_news = (q->first_news + 1) % QUOTA_NEWS_MAX;
		q->n_news--;
	}
	(void)pthread_mutex_unlock(&q->lock);
	return any;
}
