/*
 * A bounded hash table that forgets the oldest.  Entries have one fixed size,
 * chosen at open together with their number; all memory is taken then.  The
 * key is a run of bytes at the start of every entry.  Entries stand in one of
 * some queues, each ordered by the last touch, so that a caller with cheap and dear
 * entries can let the cheap ones go first.
 *
 * Pointers to entries stay valid until that entry is removed or evicted.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

/* Entries of one table. */
#define TABLE_MAX 0xffffffU

struct table;

struct table_opts {
	size_t entries;    /* capacity, 1 to TABLE_MAX */
	size_t entry_size; /* bytes of one entry, key first */
	size_t key_size;   /* bytes of the key */
};

int table_open(struct table **t, const struct table_opts *opts, struct err *e);
void table_close(struct table *t);

size_t table_count(const struct table *t);
size_t table_capacity(const struct table *t);

/* The entry with that key, made the youngest; NULL when there is none. */
void *table_find(struct table *t, const void *key);

/* As table_find, without touching the order. */
void *table_peek(const struct table *t, const void *key);

/*
 * For a caller that has a hash sooner than the key: 64 bits made of nothing but the key
 * and a secret.  A table is used in this way, or in the other, throughout.
 * table_may_hold says no for most keys that are not there, from a bit a bucket, so that
 * a stranger costs one line of cache.
 */
bool table_may_hold(const struct table *t, uint64_t hash);
void *table_peek_at(const struct table *t, uint64_t hash, const void *key);
void *table_add_at(struct table *t, uint64_t hash, const void *key);

/*
 * A new entry in TABLE_CHEAP: key copied, the rest zero.  The caller has looked
 * before, so the key is not in the table.  In a full table room must be made
 * first, with table_oldest and table_remove; otherwise NULL.
 */
void *table_add(struct table *t, const void *key);

enum table_queue { TABLE_CHEAP, TABLE_FAIR, TABLE_DEAR, TABLE_QUEUES };

/* Puts the entry into the queue, as its youngest. */
void table_move(struct table *t, void *entry, enum table_queue q);

/* The entry of the queue touched longest ago; NULL when the queue is empty. */
void *table_oldest(struct table *t, enum table_queue q);

void table_remove(struct table *t, void *entry);

/*
 * Walks one queue from the oldest to the youngest: table_oldest starts,
 * table_younger goes on, NULL ends.  Take the next one before removing the current one.
 */
void *table_younger(struct table *t, void *entry);

#endif
