#define _POSIX_C_SOURCE 200809L
#include "capture/readers.h"

#include <stdlib.h>
#include <unistd.h>

/* All rings together, so that files of many sizes can be unpacked side by side. */
#define RINGS_SIZE ((size_t)12 * 1024 * 1024)

/* More inputs than this may be open at once. */
#define FEW 8

static size_t
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (size_t)n : 1;
}

void
readers_init(struct readers *rs, unsigned threads, size_t inputs)
{
	size_t n = threads != 0 ? threads : processors();

	if (n > READERS_RINGS_MAX)
		n = READERS_RINGS_MAX;
	rs->n_rings = n > 1 ? n : 0;
	rs->read_size = inputs > FEW ? FEED_READ_MANY : FEED_READ;
}

void
readers_fini(struct readers *rs)
{
	size_t n;

	for (n = 0; n < rs->n_spare; n++) {
		records_fini(rs->spare[n]);
		free(rs->spare[n]);
	}
	for (n = 0; n < rs->n_free; n++)
		ahead_close(rs->ring[n]);
	rs->n_spare = rs->n_free = 0;
}

int
readers_take(struct readers *rs, struct input *i, struct err *e)
{
	struct records *r;

	if (rs->n_spare != 0) {
		i->records = rs->spare[--rs->n_spare];
		return 0;
	}
	r = malloc(sizeof(*r));
	if (r == NULL)
		return err_set(e, "no memory to read a capture");
	if (records_init(r, e) != 0) {
		free(r);
		return -1;
	}
	r->feed.from.stop = rs->stop;
	r->feed.most = rs->read_size;
	i->records = r;
	return 0;
}

void
readers_give(struct readers *rs, struct input *i)
{
	struct records *r = i->records;

	i->records = NULL;
	if (r == NULL)
		return;
	records_close(r);
	if (r->feed.ahead != NULL)
		rs->ring[rs->n_free++] = r->feed.ahead;
	r->feed.ahead = NULL;
	if (rs->n_spare < READERS_SPARE_MAX) {
		rs->spare[rs->n_spare++] = r;
		return;
	}
	records_fini(r);
	free(r);
}

static struct ahead *
ring_take(struct readers *rs)
{
	struct ahead *a;

	if (rs->n_free != 0)
		return rs->ring[--rs->n_free];
	if (rs->n_open == rs->n_rings ||
	    ahead_open(&a, RINGS_SIZE / rs->n_rings, &(struct err){{0}}) != 0)
		return NULL;
	rs->n_open++;
	return a;
}

void
readers_ahead(struct readers *rs, struct input *i)
{
	struct feed *f = &i->records->feed;
	struct ahead *a;

	if (!f->from.regular || f->from.packing == OCTETS_PLAIN ||
	    (a = ring_take(rs)) == NULL)
		return;
	/* Without a thread it is unpacked when it is wanted. */
	if (!feed_ahead(f, a))
		rs->ring[rs->n_free++] = a;
}
