#include "capture/flow_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define SECOND        INT64_C(1000000000)
#define CLOCK_JUMP    (UINT64_C(300) * SECOND)
#define ID_BITS       53
#define FLOW_ENTRIES  65536
#define FLOW_WINDOWS  1024
#define FLOW_FAVOURED 4095

int
flow_open(struct flows **out, const struct flow_opts *opts, struct err *e)
{
	struct flows *fs = calloc(1, sizeof(*fs));
	struct table_opts t = {.entries = opts->entries,
	    .entry_size = opts->entry_size,
	    .key_size = sizeof(struct flow_key)};

	if (fs == NULL)
		return err_set(e, "out of memory for the flow table");
	hash_key_draw(&fs->hash);
	if (t.entries == 0)
		t.entries = FLOW_ENTRIES;
	fs->favoured_max = opts->favoured != 0 ? opts->favoured : FLOW_FAVOURED;
	fs->young_ns = opts->young_ns != 0 ? opts->young_ns : 30 * SECOND;
	fs->idle_ns = opts->idle_ns != 0 ? opts->idle_ns : 3600 * SECOND;
	fs->longest =
	    (uint64_t)(fs->idle_ns > fs->young_ns ? fs->idle_ns : fs->young_ns) + 1;
	if (table_open(&fs->table, &t, e) != 0 ||
	    stream_pool_open(
		&fs->pool, opts->windows != 0 ? opts->windows : FLOW_WINDOWS, e) != 0) {
		flow_close(fs);
		return -1;
	}
	*out = fs;
	return 0;
}

void
flow_close(struct flows *fs)
{
	if (fs == NULL)
		return;
	table_close(fs->table);
	stream_pool_close(fs->pool);
	free(fs);
}

static uint64_t
load_be64(const uint8_t *p)
{
	return (uint64_t)load_be32(p) << 32 | load_be32(p + 4);
}

static bool
source_is_low(const struct packet *p)
{
	const uint8_t *s = p->src.addr.v, *d = p->dst.addr.v;

	if (load_be64(s) != load_be64(d))
		return load_be64(s) < load_be64(d);
	if (load_be64(s + 8) != load_be64(d + 8))
		return load_be64(s + 8) < load_be64(d + 8);
	return p->src.port <= p->dst.port;
}

/* Fills the key; whether the packet's source is its low endpoint. */
static bool
key_of(const struct packet *p, struct flow_key *key)
{
	bool low = source_is_low(p);
	const struct endpoint *a = low ? &p->src : &p->dst;
	const struct endpoint *b = low ? &p->dst : &p->src;

	*key = (struct flow_key){a->addr, b->addr, a->port, b->port};
	return low;
}

enum side
flow_sender(const struct flow *f, const struct packet *p)
{
	return source_is_low(p) == f->client_low ? SIDE_CLIENT : SIDE_SERVER;
}

struct flow *
flow_find(struct flows *fs, const struct packet *p, enum side *side)
{
	uint64_t hash = flow_hash(&fs->hash, p);
	struct flow_key key;
	struct flow *f;

	if (!table_may_hold(fs->table, hash))
		return NULL;
	(void)key_of(p, &key);
	f = table_peek_at(fs->table, hash, &key);
	if (f != NULL)
		*side = flow_sender(f, p);
	return f;
}

/* The same for the same packet in every run, so the key is a public one. */
static uint64_t
id_of(const struct flow_key *key, const struct packet *p)
{
	static const struct hash_key public_key = {{0x9e3779b97f4a7c15,
	    0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93}};
	/* Written in words, as they are read again at once. */
	uint64_t ts = (uint64_t)p->ts, of[6], id;

	memcpy(of, &key->low, sizeof(key->low));
	memcpy(of + 2, &key->high, sizeof(key->high));
	of[4] = key->low_port | (uint64_t)key->high_port << 16 | ts << 32;
	of[5] = ts >> 32 | (uint64_t)p->seq << 32;
	id = hash_bytes(&public_key, of, sizeof(of)) >> (64 - ID_BITS);
	return id != 0 ? id : 1;
}

/* Follows packet time; what was stepped back by less than a jump does not count again. */
static void
tick(struct flows *fs, int64_t now)
{
	uint64_t step;

	if (!fs->ticking ||
	    (now < fs->newest && (uint64_t)fs->newest - (uint64_t)now > CLOCK_JUMP))
		fs->newest = now;
	fs->ticking = true;
	if (now <= fs->newest)
		return;
	step = (uint64_t)now - (uint64_t)fs->newest;
	fs->newest = now;
	fs->clock += step < fs->longest ? step : fs->longest;
}

void
flow_touch(struct flows *fs, struct flow *f, int64_t now)
{
	tick(fs, now);
	f->last = now;
	f->touched = fs->clock;
	table_move(fs->table, f, (enum table_queue)f->queue);
}

struct flow *
flow_begin(struct flows *fs, const struct packet *p, enum side sender)
{
	struct flow_key key;
	bool low = key_of(p, &key);
	struct flow *f = table_add_at(fs->table, flow_hash(&fs->hash, p), &key);

	if (f == NULL)
		return NULL;
	if ((p->tcp_flags & TCP_SYN) != 0)
		sender = (p->tcp_flags & TCP_ACK) != 0 ? SIDE_SERVER : SIDE_CLIENT;
	f->client_low = low == (sender == SIDE_CLIENT);
	f->id = id_of(&key, p);
	f->first = p->ts;
	memcpy(f->vlan, p->vlan, sizeof(f->vlan));
	f->has_mac = p->has_mac;
	memcpy(f->client_mac, sender == SIDE_CLIENT ? p->src_mac : p->dst_mac,
	    sizeof(f->client_mac));
	flow_touch(fs, f, p->ts);
	fs->begun++;
	if (table_count(fs->table) > fs->peak)
		fs->peak = table_count(fs->table);
	return f;
}

bool
flow_full(const struct flows *fs)
{
	return table_count(fs->table) == table_capacity(fs->table);
}

enum flow_end
flow_finish(struct flows *fs, struct flow *f, enum flow_end end)
{
	if (f->end != FLOW_OPEN)
		return (enum flow_end)f->end;
	f->end = (uint8_t)end;
	fs->ended[end]++;
	return end;
}

enum flow_end
flow_cut_off(struct flows *fs, struct flow *f, enum flow_end end)
{
	stream_flush(&f->stream[SIDE_CLIENT]);
	stream_flush(&f->stream[SIDE_SERVER]);
	return flow_finish(fs, f, end);
}

static struct flow *
expired(struct flows *fs, enum table_queue q, int64_t idle)
{
	struct flow *f = table_oldest(fs->table, q);

	return f != NULL && fs->clock - f->touched > (uint64_t)idle ? f : NULL;
}

static struct flow *
oldest(struct flows *fs)
{
	enum table_queue q = TABLE_CHEAP;
	struct flow *f;

	while ((f = table_oldest(fs->table, q)) == NULL && q < TABLE_DEAR)
		q++;
	return f;
}

struct flow *
flow_expired(struct flows *fs, int64_t now, bool make_room)
{
	enum flow_end end = FLOW_IDLE;
	struct flow *f;

	tick(fs, now);
	f = expired(fs, TABLE_CHEAP, fs->young_ns);
	if (f == NULL)
		f = expired(fs, TABLE_FAIR, fs->young_ns);
	if (f == NULL)
		f = expired(fs, TABLE_DEAR, fs->idle_ns);
	if (f == NULL && make_room && flow_full(fs)) {
		f = oldest(fs);
		end = FLOW_EVICTED;
	}
	if (f != NULL)
		(void)flow_cut_off(fs, f, end);
	return f;
}

struct flow *
flow_left(struct flows *fs)
{
	struct flow *f = oldest(fs);

	if (f != NULL)
		(void)flow_cut_off(fs, f, FLOW_STOPPED);
	return f;
}

void
flow_forget(struct flows *fs, struct flow *f)
{
	fs->favoured -= f->queue != TABLE_CHEAP;
	stream_drop(&f->stream[SIDE_CLIENT], fs->pool);
	stream_drop(&f->stream[SIDE_SERVER], fs->pool);
	table_remove(fs->table, f);
}

static void
promote(struct flows *fs, struct flow *f, enum table_queue q)
{
	fs->favoured += f->queue == TABLE_CHEAP;
	f->queue = (uint8_t)q;
	table_move(fs->table, f, q);
}

void
flow_watch(struct flows *fs, struct flow *f)
{
	f->watched = true;
	promote(fs, f, TABLE_DEAR);
}

struct flow *
flow_favour(struct flows *fs, struct flow *f)
{
	struct flow *old;

	if (f->queue == TABLE_CHEAP)
		promote(fs, f, TABLE_FAIR);
	if (fs->favoured <= fs->favoured_max)
		return NULL;
	old = table_oldest(fs->table, TABLE_FAIR);
	if (old == NULL || old == f)
		old = table_oldest(fs->table, TABLE_DEAR);
	if (old == NULL || old == f)
		return NULL;
	(void)flow_cut_off(fs, old, FLOW_EVICTED);
	return old;
}

void
flow_tuple(const struct flow *f, struct tuple *out)
{
	const struct flow_key *k = &f->key;

	out->client.addr = f->client_low ? k->low : k->high;
	out->client.port = f->client_low ? k->low_port : k->high_port;
	out->server.addr = f->client_low ? k->high : k->low;
	out->server.port = f->client_low ? k->high_port : k->low_port;
}

struct stream_pool *
flow_pool(struct flows *fs)
{
	return fs->pool;
}

void
flow_counters(const struct flows *fs, struct counters *to)
{
	const uint64_t *n = fs->ended;

	counters_level(
	    to, "flow.tracked", "connections followed now", table_count(fs->table));
	counters_level(to, "flow.peak", "most connections followed at once", fs->peak);
	counters_add(to, "flow.begun", "connections followed", fs->begun);
	counters_add(to, "flow.closed", "connections closed by FIN",
	    n[FLOW_CLOSED_CLIENT] + n[FLOW_CLOSED_SERVER]);
	counters_add(to, "flow.reset", "connections closed by RST",
	    n[FLOW_RESET_CLIENT] + n[FLOW_RESET_SERVER]);
	counters_add(to, "flow.prohibited", "connections that an ICMP message ended",
	    n[FLOW_PROHIBITED]);
	counters_add(to, "flow.idle", "connections silent for too long", n[FLOW_IDLE]);
	counters_add(
	    to, "flow.reused", "connections whose ports were used again", n[FLOW_REUSED]);
	counters_add(
	    to, "flow.evicted", "connections given up for lack of room", n[FLOW_EVICTED]);
	counters_add(to, "flow.stopped", "connections open at the end", n[FLOW_STOPPED]);
	counters_add(
	    to, "flow.rst_ignored", "RSTs that fit no connection", fs->rst_ignored);
	counters_add(
	    to, "flow.fin_ignored", "FINs that fit no connection", fs->fin_ignored);
	stream_pool_counters(fs->pool, to);
}
