#include "base/table.h"

#include <stdlib.h>
#include <string.h>

/*
 * A reference to a slot: its number below, and above it a tag, some bits of its key's
 * hash, so that most other keys of the bucket need no look at the entry.
 */
#define SLOT_BITS 24
#define NONE      TABLE_MAX

/* Bookkeeping stands beside the entries, so an entry is the caller's alone. */
struct link {
	uint32_t older, younger;
	uint32_t next; /* reference: in the same bucket, or in the free list */
	uint32_t bucket;
	uint8_t queue;
};

struct queue {
	uint32_t oldest, youngest;
};

struct table {
	struct hash_key hash;
	struct table_opts opts;
	size_t count;
	uint32_t free;
	uint32_t mask;
	uint32_t used; /* slots ever handed out: the memory beyond is untouched */
	struct queue queue[TABLE_QUEUES];
	uint64_t *taken;  /* a bit a bucket: small enough to stay in cache for a miss */
	uint32_t *bucket; /* references; of no meaning where it is not taken */
	struct link *link;
	uint8_t *entry;
};

static void *
entry_at(const struct table *t, uint32_t slot)
{
	return t->entry + (size_t)slot * t->opts.entry_size;
}

static uint32_t
slot_of(const struct table *t, const void *entry)
{
	size_t at = (size_t)((const uint8_t *)entry - t->entry);

	return (uint32_t)(at / t->opts.entry_size);
}

int
table_open(struct table **out, const struct table_opts *opts, struct err *e)
{
	struct table *t = calloc(1, sizeof(*t));
	size_t buckets = 16, i;

	if (t == NULL)
		return err_set(e, "out of memory for a table");
	while (buckets < opts->entries + opts->entries / 2)
		buckets *= 2;
	t->opts = *opts;
	t->mask = (uint32_t)(buckets - 1);
	t->free = NONE;
	t->taken = calloc((buckets + 63) / 64, sizeof(*t->taken));
	t->bucket = malloc(buckets * sizeof(*t->bucket));
	t->link = malloc(opts->entries * sizeof(*t->link));
	t->entry = malloc(opts->entries * opts->entry_size);
	if (t->taken == NULL || t->bucket == NULL || t->link == NULL ||
	    t->entry == NULL) {
		table_close(t);
		return err_set(e, "out of memory for a table of %zu entries of %zu bytes",
		    opts->entries, opts->entry_size);
	}
	for (i = 0; i < TABLE_QUEUES; i++)
		t->queue[i] = (struct queue){NONE, NONE};
	hash_key_draw(&t->hash);
	*out = t;
	return 0;
}

void
table_close(struct table *t)
{
	if (t == NULL)
		return;
	free(t->taken);
	free(t->bucket);
	free(t->link);
	free(t->entry);
	free(t);
}

size_t
table_count(const struct table *t)
{
	return t->count;
}

size_t
table_capacity(const struct table *t)
{
	return t->opts.entries;
}

static void
queue_leave(struct table *t, uint32_t slot)
{
	struct link *l = &t->link[slot];
	struct queue *q = &t->queue[l->queue];

	if (l->older == NONE)
		q->oldest = l->younger;
	else
		t->link[l->older].younger = l->younger;
	if (l->younger == NONE)
		q->youngest = l->older;
	else
		t->link[l->younger].older = l->older;
}

static void
queue_join(struct table *t, uint32_t slot, enum table_queue which)
{
	struct link *l = &t->link[slot];
	struct queue *q = &t->queue[which];

	l->queue = (uint8_t)which;
	l->younger = NONE;
	l->older = q->youngest;
	if (q->youngest == NONE)
		q->oldest = slot;
	else
		t->link[q->youngest].younger = slot;
	q->youngest = slot;
}

static uint64_t
hash_of(const struct table *t, const void *key)
{
	return hash_bytes(&t->hash, key, t->opts.key_size);
}

static uint32_t
reference(uint32_t slot, uint64_t hash)
{
	return slot | (uint32_t)(hash >> 56) << SLOT_BITS;
}

static uint32_t
slot_in(uint32_t reference)
{
	return reference & NONE;
}

bool
table_may_hold(const struct table *t, uint64_t hash)
{
	uint32_t bucket = (uint32_t)hash & t->mask;

	return (t->taken[bucket / 64] >> bucket % 64 & 1) != 0;
}

void *
table_peek_at(const struct table *t, uint64_t hash, const void *key)
{
	uint32_t at, slot;

	if (!table_may_hold(t, hash))
		return NULL;
	for (at = t->bucket[(uint32_t)hash & t->mask]; slot_in(at) != NONE;
	     at = t->link[slot].next) {
		slot = slot_in(at);
		if (at == reference(slot, hash) &&
		    memcmp(entry_at(t, slot), key, t->opts.key_size) == 0)
			return entry_at(t, slot);
	}
	return NULL;
}

void *
table_peek(const struct table *t, const void *key)
{
	return table_peek_at(t, hash_of(t, key), key);
}

void *
table_find(struct table *t, const void *key)
{
	void *entry = table_peek(t, key);

	if (entry != NULL)
		table_move(t, entry, (enum table_queue)t->link[slot_of(t, entry)].queue);
	return entry;
}

void *
table_add_at(struct table *t, uint64_t hash, const void *key)
{
	uint32_t slot = t->free, bucket = (uint32_t)hash & t->mask;
	void *entry;

	if (slot != NONE)
		t->free = t->link[slot].next;
	else if (t->used < t->opts.entries)
		slot = t->used++;
	else
		return NULL;
	entry = entry_at(t, slot);
	memset(entry, 0, t->opts.entry_size);
	memcpy(entry, key, t->opts.key_size);
	t->link[slot].bucket = bucket;
	t->link[slot].next = table_may_hold(t, hash) ? t->bucket[bucket] : NONE;
	t->bucket[bucket] = reference(slot, hash);
	t->taken[bucket / 64] |= UINT64_C(1) << bucket % 64;
	queue_join(t, slot, TABLE_CHEAP);
	t->count++;
	return entry;
}

void *
table_add(struct table *t, const void *key)
{
	return table_add_at(t, hash_of(t, key), key);
}

void
table_move(struct table *t, void *entry, enum table_queue q)
{
	uint32_t slot = slot_of(t, entry);

	if (t->queue[q].youngest == slot)
		return;
	queue_leave(t, slot);
	queue_join(t, slot, q);
}

static void *
entry_or_null(struct table *t, uint32_t slot)
{
	return slot == NONE ? NULL : entry_at(t, slot);
}

void *
table_oldest(struct table *t, enum table_queue q)
{
	return entry_or_null(t, t->queue[q].oldest);
}

void *
table_younger(struct table *t, void *entry)
{
	return entry_or_null(t, t->link[slot_of(t, entry)].younger);
}

void
table_remove(struct table *t, void *entry)
{
	uint32_t slot = slot_of(t, entry);
	uint32_t bucket = t->link[slot].bucket;
	uint32_t *at = &t->bucket[bucket];

	while (slot_in(*at) != slot)
		at = &t->link[slot_in(*at)].next;
	*at = t->link[slot].next;
	if (slot_in(t->bucket[bucket]) == NONE)
		t->taken[bucket / 64] &= ~(UINT64_C(1) << bucket % 64);
	queue_leave(t, slot);
	t->link[slot].next = t->free;
	t->free = slot;
	t->count--;
}
