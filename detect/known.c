#include "detect/known.h"

#include <stdlib.h>

#include "base/elapsed.h"
#include "base/table.h"

struct entry_key {
	struct addr host; /* unset: any */
	struct addr addr;
};

struct entry {
	struct entry_key key; /* first: the table's key */
	struct resolved is;
};

struct known {
	struct table *entries; /* dear: what weighs, and was asked for */
	uint64_t keep_ns;
	uint64_t evicted;
};

int
known_open(struct known **out, size_t entries, int64_t keep_ns, struct err *e)
{
	struct table_opts opts = {
	    entries, sizeof(struct entry), sizeof(struct entry_key)};
	struct known *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return err_set(e, "out of memory for addresses");
	if (table_open(&k->entries, &opts, e) != 0) {
		known_close(k);
		return -1;
	}
	k->keep_ns = (uint64_t)keep_ns;
	*out = k;
	return 0;
}

void
known_close(struct known *k)
{
	if (k == NULL)
		return;
	table_close(k->entries);
	free(k);
}

static bool
is_fresh(const struct known *k, const struct entry *en, int64_t now)
{
	return elapsed(now, en->is.at) < k->keep_ns;
}

static struct entry *
entry_new(struct known *k, const struct entry_key *key, int64_t now)
{
	struct entry *old, *dear;

	if (table_count(k->entries) == table_capacity(k->entries)) {
		old = table_oldest(k->entries, TABLE_CHEAP);
		dear = table_oldest(k->entries, TABLE_DEAR);
		if (old == NULL || (dear != NULL && !is_fresh(k, dear, now)))
			old = dear;
		k->evicted += is_fresh(k, old, now) && name_role_starts(old->is.role);
		table_remove(k->entries, old);
	}
	return table_add(k->entries, key);
}

static bool
yields(const struct resolved *old, const struct resolved *is)
{
	if (old->own != is->own)
		return is->own;
	return name_role_starts(is->role) || !name_role_starts(old->role);
}

void
known_note(struct known *k, const struct addr *host, const struct addr *a,
    const struct resolved *is)
{
	struct entry_key key = {*host, *a};
	struct entry *en = table_find(k->entries, &key);

	if (en == NULL)
		en = entry_new(k, &key, is->at);
	else if (is_fresh(k, en, is->at) && !yields(&en->is, is))
		return;
	en->is = *is;
	table_move(k->entries, en,
	    (is->own || addr_is_unset(host)) && name_role_starts(is->role) ? TABLE_DEAR
									   : TABLE_CHEAP);
}

const struct resolved *
known_find(struct known *k, const struct addr *host, const struct addr *a, int64_t now)
{
	struct entry_key key[] = {{*host, *a}, {.addr = *a}};
	const struct entry *en;
	size_t i;

	for (i = 0; i < 2; i++) {
		en = table_find(k->entries, &key[i]);
		if (en != NULL && is_fresh(k, en, now))
			return &en->is;
	}
	return NULL;
}

uint64_t
known_evicted(const struct known *k)
{
	return k->evicted;
}
