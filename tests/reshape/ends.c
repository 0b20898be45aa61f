#include <stdio.h>
#include <stdlib.h>

#include "tests/reshape/ends.h"

#define ENDS_MAX 65536

struct table *
ends_open(size_t entry_size)
{
	struct table_opts opts = {
	    .entries = ENDS_MAX,
	    .entry_size = entry_size,
	    .key_size = sizeof(struct tuple),
	};
	struct err e = {0};
	struct table *t;

	if (table_open(&t, &opts, &e) == 0)
		return t;
	(void)fprintf(stderr, "reshape: %s\n", e.text);
	exit(1);
}

void *
ends_get(struct table *table, const struct tuple *t)
{
	void *entry = table_find(table, t);

	if (entry == NULL)
		entry = table_add(table, t);
	if (entry == NULL) {
		(void)fputs("reshape: too many connections in one capture\n", stderr);
		exit(1);
	}
	return entry;
}

bool
ends_from_client(const struct tuple *t)
{
	return t->client.port > t->server.port;
}
