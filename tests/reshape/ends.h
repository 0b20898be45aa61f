/* Memory per direction of a connection, for steps that need a past. */
#ifndef RESHAPE_ENDS_H
#define RESHAPE_ENDS_H

#include "base/table.h"
#include "tests/reshape/wire.h"

/* A table of entries of that size, which begin with the struct tuple. */
struct table *ends_open(size_t entry_size);

/* The entry of t, made when there is none. */
void *ends_get(struct table *table, const struct tuple *t);

/*
 * Whether t.client, the sender, is the client: the service has the lower port,
 * which is known also where the capture has no handshake.
 */
bool ends_from_client(const struct tuple *t);

#endif
