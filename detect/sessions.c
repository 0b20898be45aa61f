#include "detect/sessions.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/elapsed.h"
#include "base/table.h"
#include "base/text.h"

struct session_key {
	struct addr client;
	char id[GATEWAY_SESSION_MAX];
};

struct entry {
	struct session_key key; /* first: the table's key */
	uint32_t slot;
};

struct sessions {
	struct table *names;
	struct gateway_session *slot;
	struct session_key *key; /* of each slot, to find its entry again */
	uint32_t *free;
	size_t n_free;
	uint64_t opened, evicted;
};

int
sessions_open(struct sessions **out, size_t entries, struct err *e)
{
	struct table_opts opts = {
	    entries, sizeof(struct entry), sizeof(struct session_key)};
	struct sessions *s = calloc(1, sizeof(*s));
	size_t i;

	if (s == NULL)
		return err_set(e, "out of memory for gateway sessions");
	s->slot = calloc(entries, sizeof(*s->slot));
	s->key = calloc(entries, sizeof(*s->key));
	s->free = calloc(entries, sizeof(*s->free));
	if (s->slot == NULL || s->key == NULL || s->free == NULL ||
	    table_open(&s->names, &opts, e) != 0) {
		sessions_close(s);
		return err_set(e, "out of memory for %zu gateway sessions", entries);
	}
	for (i = entries; i > 0; i--)
		s->free[s->n_free++] = (uint32_t)(i - 1);
	*out = s;
	return 0;
}

void
sessions_close(struct sessions *s)
{
	if (s == NULL)
		return;
	table_close(s->names);
	free(s->slot);
	free(s->key);
	free(s->free);
	free(s);
}

struct gateway_session *
sessions_at(struct sessions *s, struct session_ref ref)
{
	if (ref.talk == 0 || s->slot[ref.slot].talk.id != ref.talk)
		return NULL;
	return &s->slot[ref.slot];
}

static struct session_key
key_of(const struct addr *client, const char *name)
{
	struct session_key key = {.client = *client};

	text_put(key.id, sizeof(key.id), name);
	return key;
}

/* No SessionID can look like this: the gateway's hold no control characters. */
static struct session_key
key_of_nameless(const struct addr *client, uint64_t talk)
{
	char name[GATEWAY_SESSION_MAX];

	(void)snprintf(name, sizeof(name), "\x01%llu", (unsigned long long)talk);
	return key_of(client, name);
}

struct session_ref
sessions_find(struct sessions *s, const struct addr *client, const char *name)
{
	struct session_key key = key_of(client, name);
	struct entry *en = table_find(s->names, &key);

	if (en == NULL)
		return (struct session_ref){0};
	return (struct session_ref){en->slot, s->slot[en->slot].talk.id};
}

bool
sessions_full(const struct sessions *s)
{
	return s->n_free == 0;
}

static void
enter(struct sessions *s, uint32_t slot, const struct session_key *key)
{
	struct entry *en = table_add(s->names, key);

	en->slot = slot;
	s->key[slot] = *key;
}

struct session_ref
sessions_add(
    struct sessions *s, const struct addr *client, const char *name, uint64_t talk)
{
	struct session_key key =
	    name != NULL ? key_of(client, name) : key_of_nameless(client, talk);
	uint32_t slot;

	if (s->n_free == 0)
		return (struct session_ref){0};
	slot = s->free[--s->n_free];
	memset(&s->slot[slot], 0, sizeof(s->slot[slot]));
	talk_begin(&s->slot[slot].talk, talk, PATH_GATEWAY, false);
	s->slot[slot].named = name != NULL;
	enter(s, slot, &key);
	s->opened++;
	return (struct session_ref){slot, talk};
}

static void
rekey(struct sessions *s, uint32_t slot, const struct session_key *key)
{
	table_remove(s->names, table_peek(s->names, &s->key[slot]));
	enter(s, slot, key);
}

void
sessions_rename(struct sessions *s, struct session_ref ref, const char *name)
{
	const struct addr *client = &s->key[ref.slot].client;
	struct session_key key = key_of(client, name), nameless;
	struct entry *other = table_peek(s->names, &key);

	if (other != NULL && other->slot == ref.slot)
		return;
	if (other != NULL) {
		nameless = key_of_nameless(client, s->slot[other->slot].talk.id);
		rekey(s, other->slot, &nameless);
	}
	rekey(s, ref.slot, &key);
	s->slot[ref.slot].named = true;
}

struct session_ref
sessions_expired(struct sessions *s, int64_t now, bool make_room)
{
	struct entry *en = table_oldest(s->names, TABLE_CHEAP);
	bool silent;

	if (en == NULL)
		return (struct session_ref){0};
	silent = elapsed(now, s->slot[en->slot].last) >= (uint64_t)SESSION_SILENT_NS;
	if (!make_room && !silent)
		return (struct session_ref){0};
	s->evicted += !silent;
	return (struct session_ref){en->slot, s->slot[en->slot].talk.id};
}

void
sessions_forget(struct sessions *s, struct session_ref ref)
{
	table_remove(s->names, table_peek(s->names, &s->key[ref.slot]));
	s->slot[ref.slot].talk.id = 0;
	s->free[s->n_free++] = ref.slot;
}

void
sessions_counters(const struct sessions *s, struct counters *to)
{
	counters_add(to, "gateway.sessions", "gateway sessions met", s->opened);
	counters_add(to, "gateway.evicted", "gateway sessions given up for want of room",
	    s->evicted);
}
