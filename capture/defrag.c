#include "capture/defrag.h"

#include <stdlib.h>

#include "base/event.h"
#include "base/table.h"

#define DATAGRAMS_DEFAULT 256
#define BUFFERS_DEFAULT   64
#define DATAGRAM_MAX      65535
#define BLOCK             8
#define BLOCKS            (65536 / BLOCK)
#define KEEP_NS           (30 * NS_PER_S)
#define LINGER_NS         NS_PER_S
#define NO_BUFFER         UINT32_MAX

struct key {
	struct addr src, dst;
	uint32_t id;
	uint32_t protocol;
};

/*
 * A datagram that is done lingers, so that a mirror's second copy of its pieces does not
 * begin another one; a condemned one stays so that its later pieces cannot.
 */
enum state { GATHERING, CONDEMNED, DONE };

struct datagram {
	struct key key; /* first: the table's key */
	int64_t first;
	enum state state;
	uint32_t buffer;
	uint32_t got;   /* bytes, each once */
	uint32_t high;  /* end of the piece that reaches furthest */
	uint32_t total; /* known with the last piece; 0: not yet */
};

/* Pieces begin on a block and only the last ends inside one: a bit a block is exact. */
struct buffer {
	uint64_t seen[BLOCKS / 64];
	uint8_t data[BLOCKS * BLOCK];
};

struct defrag {
	struct table *table; /* TABLE_DEAR: those with a buffer */
	struct buffer *buffer;
	uint32_t *free;
	size_t n_free;
	uint32_t lent;
	uint64_t pieces, bad, datagrams, overlaps, timeouts, evictions, too_large;
};

int
defrag_open(struct defrag **d, const struct defrag_opts *opts, struct err *e)
{
	size_t datagrams = opts->datagrams ? opts->datagrams : DATAGRAMS_DEFAULT;
	size_t buffers = (opts->buffers ? opts->buffers : BUFFERS_DEFAULT) + 1;
	struct table_opts topts = {
	    datagrams, sizeof(struct datagram), sizeof(struct key)};
	struct defrag *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return err_set(e, "out of memory for fragments");
	n->lent = NO_BUFFER;
	n->buffer = malloc(buffers * sizeof(*n->buffer));
	n->free = malloc(buffers * sizeof(*n->free));
	if (n->buffer == NULL || n->free == NULL ||
	    table_open(&n->table, &topts, e) != 0) {
		defrag_close(n);
		return err_set(e, "out of memory for %zu buffers of fragments", buffers);
	}
	if (opts->steady)
		memset(n->buffer, 0, buffers * sizeof(*n->buffer));
	for (n->n_free = 0; n->n_free < buffers; n->n_free++)
		n->free[n->n_free] = (uint32_t)n->n_free;
	*d = n;
	return 0;
}

void
defrag_close(struct defrag *d)
{
	if (d == NULL)
		return;
	table_close(d->table);
	free(d->buffer);
	free(d->free);
	free(d);
}

static void
give_back(struct defrag *d, uint32_t *buffer)
{
	if (*buffer != NO_BUFFER)
		d->free[d->n_free++] = *buffer;
	*buffer = NO_BUFFER;
}

static void
settle(struct defrag *d, struct datagram *g, enum state state)
{
	give_back(d, &g->buffer);
	g->state = state;
	table_move(d->table, g, TABLE_CHEAP);
}

static void
forget(struct defrag *d, struct datagram *g)
{
	give_back(d, &g->buffer);
	table_remove(d->table, g);
}

static bool
is_over(const struct datagram *g, int64_t now)
{
	int64_t keep = g->state == DONE ? LINGER_NS : KEEP_NS;

	return now > g->first && (uint64_t)now - (uint64_t)g->first > (uint64_t)keep;
}

/* As is_over, also where packet time has gone back: they cannot be one datagram. */
static bool
is_apart(const struct datagram *g, int64_t now)
{
	return is_over(g, now) ||
	       (now < g->first && (uint64_t)g->first - (uint64_t)now > (uint64_t)KEEP_NS);
}

static void
expire(struct defrag *d, int64_t now)
{
	struct datagram *g;

	while ((g = table_oldest(d->table, TABLE_DEAR)) != NULL && is_over(g, now)) {
		d->timeouts++;
		forget(d, g);
	}
	while ((g = table_oldest(d->table, TABLE_CHEAP)) != NULL && is_over(g, now))
		forget(d, g);
}

static void
evict(struct defrag *d, enum table_queue first)
{
	struct datagram *g = table_oldest(d->table, first);

	if (g == NULL)
		g = table_oldest(d->table, TABLE_DEAR);
	if (g == NULL)
		return;
	if (g->state == GATHERING)
		d->evictions++;
	forget(d, g);
}

static struct key
key_of(const struct packet *piece)
{
	return (struct key){
	    piece->src.addr, piece->dst.addr, piece->frag_id, piece->frag_proto};
}

static struct datagram *
begin(struct defrag *d, const struct key *key, int64_t now)
{
	struct datagram *g;

	if (table_count(d->table) == table_capacity(d->table))
		evict(d, TABLE_CHEAP);
	if (d->n_free == 0)
		evict(d, TABLE_DEAR);
	g = table_add(d->table, key);
	if (g == NULL)
		return NULL;
	g->first = now;
	g->buffer = d->free[--d->n_free];
	memset(d->buffer[g->buffer].seen, 0, sizeof(d->buffer[g->buffer].seen));
	table_move(d->table, g, TABLE_DEAR);
	return g;
}

static struct datagram *
datagram_of(struct defrag *d, const struct packet *piece)
{
	struct key key = key_of(piece);
	struct datagram *g = table_peek(d->table, &key);

	if (g != NULL && is_apart(g, piece->ts)) {
		d->timeouts += g->state == GATHERING;
		forget(d, g);
		g = NULL;
	}
	return g != NULL ? g : begin(d, &key, piece->ts);
}

/* Whether the datagram may end where this piece says, or says it does not. */
static bool
ends_agree(const struct datagram *g, uint32_t end, bool more)
{
	if (more)
		return g->total == 0 || end <= g->total;
	return g->total == 0 ? end >= g->high : end == g->total;
}

/* Copies a piece in; false when it contradicts bytes that came before. */
static bool
put(struct buffer *b, struct datagram *g, uint32_t at, struct bytes piece)
{
	uint64_t *word, bit;
	struct bytes part;

	for (; piece.n != 0; piece = bytes_skip(piece, BLOCK), at += BLOCK) {
		part = bytes_take(piece, BLOCK);
		word = &b->seen[at / BLOCK / 64];
		bit = UINT64_C(1) << (at / BLOCK % 64);
		if ((*word & bit) != 0) {
			if (memcmp(b->data + at, part.p, part.n) != 0)
				return false;
			continue;
		}
		memcpy(b->data + at, part.p, part.n);
		*word |= bit;
		g->got += (uint32_t)part.n;
	}
	return true;
}

/* A piece that no host would use either: counted, and its datagram left alone. */
static bool
is_usable(const struct packet *piece)
{
	if (piece->cut || piece->frag_bytes.n == 0 || piece->frag_offset % BLOCK != 0)
		return false;
	return !piece->frag_more || piece->frag_bytes.n % BLOCK == 0;
}

static bool
add(struct defrag *d, struct datagram *g, const struct packet *piece)
{
	size_t reach = piece->frag_offset + piece->frag_bytes.n;
	uint32_t end = (uint32_t)reach;

	if (reach > DATAGRAM_MAX) {
		d->too_large++;
		settle(d, g, CONDEMNED);
		return false;
	}
	if (!ends_agree(g, end, piece->frag_more) ||
	    !put(&d->buffer[g->buffer], g, piece->frag_offset, piece->frag_bytes)) {
		d->overlaps++;
		settle(d, g, CONDEMNED);
		return false;
	}
	if (end > g->high)
		g->high = end;
	if (!piece->frag_more)
		g->total = end;
	return g->got == g->total;
}

static struct bytes
lend(struct defrag *d, struct datagram *g)
{
	d->datagrams++;
	d->lent = g->buffer;
	g->buffer = NO_BUFFER;
	settle(d, g, DONE);
	return bytes_of(d->buffer[d->lent].data, g->total);
}

bool
defrag_push(struct defrag *d, const struct packet *piece, struct bytes *out)
{
	uint32_t lent = d->lent; /* the piece may lie in it */
	struct datagram *g;
	bool whole = false;

	d->lent = NO_BUFFER;
	d->pieces++;
	expire(d, piece->ts);
	if (!is_usable(piece)) {
		d->bad++;
	} else {
		g = datagram_of(d, piece);
		whole = g != NULL && g->state == GATHERING && add(d, g, piece);
		if (whole)
			*out = lend(d, g);
	}
	give_back(d, &lent);
	return whole;
}

uint64_t
defrag_key(const struct packet *piece)
{
	static const struct hash_key fixed = {{
	    UINT64_C(0x9e3779b97f4a7c15),
	    UINT64_C(0xbf58476d1ce4e5b9),
	    UINT64_C(0x94d049bb133111eb),
	    UINT64_C(0xd6e8feb86659fd93),
	}};
	struct key key = key_of(piece);

	return hash_bytes(&fixed, &key, sizeof(key));
}

void
defrag_counters(const struct defrag *d, struct counters *to)
{
	counters_add(to, "defrag.pieces", "pieces of IP datagrams taken", d->pieces);
	counters_add(to, "defrag.bad", "pieces cut off or of impossible length", d->bad);
	counters_add(to, "defrag.datagrams", "datagrams put together", d->datagrams);
	counters_add(to, "defrag.overlaps", "datagrams condemned for overlapping pieces",
	    d->overlaps);
	counters_add(
	    to, "defrag.timeouts", "datagrams not complete in time", d->timeouts);
	counters_add(
	    to, "defrag.evictions", "datagrams given up for want of room", d->evictions);
	counters_add(
	    to, "defrag.too_large", "datagrams longer than IP allows", d->too_large);
}
