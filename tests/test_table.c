#include "base/table.h"

#include <stdbool.h>
#include <string.h>

#include "tests/suite.h"

#define ENTRIES 40
#define KEYS    64

struct entry {
	uint32_t key[3];
	uint32_t mark;
};

/* The same, the slow way: entries in a list, the oldest first. */
struct model {
	struct {
		uint32_t key, mark;
		enum table_queue queue;
	} e[ENTRIES];
	size_t n;
};

static struct table *
open_table(size_t entries)
{
	struct table_opts opts = {entries, sizeof(struct entry), 12};
	struct table *t = NULL;
	struct err e = {""};

	if (table_open(&t, &opts, &e) != 0)
		abort();
	return t;
}

static const void *
key_of(uint32_t k)
{
	static uint32_t key[3];

	key[0] = 7;
	key[1] = k;
	key[2] = ~k;
	return key;
}

static size_t
model_find(const struct model *m, uint32_t key)
{
	size_t i = 0;

	while (i < m->n && m->e[i].key != key)
		i++;
	return i;
}

static void
model_remove(struct model *m, size_t i)
{
	memmove(&m->e[i], &m->e[i + 1], (m->n - i - 1) * sizeof(m->e[0]));
	m->n--;
}

/* Makes entry i the youngest, in queue q. */
static void
model_move(struct model *m, size_t i, enum table_queue q)
{
	uint32_t key = m->e[i].key, mark = m->e[i].mark;

	model_remove(m, i);
	m->e[m->n].key = key;
	m->e[m->n].mark = mark;
	m->e[m->n++].queue = q;
}

static bool
add_both(struct table *t, struct model *m, uint32_t key, uint32_t mark)
{
	struct entry *x = table_add(t, key_of(key));

	if (m->n == ENTRIES)
		return x == NULL;
	if (x == NULL || x->mark != 0)
		return false;
	x->mark = mark;
	m->e[m->n].key = key;
	m->e[m->n].mark = mark;
	m->e[m->n++].queue = TABLE_CHEAP;
	return true;
}

static bool
step_agrees(struct table *t, struct model *m, uint32_t key, uint32_t what)
{
	size_t i = model_find(m, key);
	struct entry *x = table_peek(t, key_of(key));

	if ((x != NULL) != (i < m->n))
		return false;
	if (x == NULL)
		return add_both(t, m, key, what);
	if (x->mark != m->e[i].mark)
		return false;
	switch (what % 4) {
	case 0:
		table_remove(t, x);
		model_remove(m, i);
		return true;
	case 1:
		model_move(m, i, m->e[i].queue);
		return table_find(t, key_of(key)) == x;
	default:
		table_move(t, x, (enum table_queue)(what / 4 % TABLE_QUEUES));
		model_move(m, i, (enum table_queue)(what / 4 % TABLE_QUEUES));
		return true;
	}
}

static bool
queue_agrees(struct table *t, const struct model *m, enum table_queue q)
{
	struct entry *x = table_oldest(t, q);
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->e[i].queue != q)
			continue;
		if (x == NULL || x->key[1] != m->e[i].key || x->mark != m->e[i].mark)
			return false;
		x = table_younger(t, x);
	}
	return x == NULL;
}

static void
a_table_agrees_with_a_list(void)
{
	struct table *t = open_table(ENTRIES);
	struct model m = {.n = 0};
	uint64_t rng = 1;
	unsigned bad = 0, i, q;

	for (i = 0; i < 100000; i++) {
		rng = rng * 6364136223846793005u + 1442695040888963407u;
		bad += !step_agrees(t, &m, (uint32_t)(rng >> 33) % KEYS,
		    (uint32_t)(rng >> 45) % 4096 + 1);
		bad += table_count(t) != m.n;
		for (q = 0; i % 16 == 0 && q < TABLE_QUEUES; q++)
			bad += !queue_agrees(t, &m, (enum table_queue)q);
	}
	CU_ASSERT_EQUAL(bad, 0);
	table_close(t);
}

static void
a_full_table_refuses_until_room_is_made(void)
{
	struct table *t = open_table(1);

	CU_ASSERT_EQUAL(table_capacity(t), 1);
	CU_ASSERT_PTR_NOT_NULL(table_add(t, key_of(1)));
	CU_ASSERT_PTR_NULL(table_add(t, key_of(2)));
	table_remove(t, table_oldest(t, TABLE_CHEAP));
	CU_ASSERT_PTR_NULL(table_peek(t, key_of(1)));
	CU_ASSERT_PTR_NOT_NULL(table_add(t, key_of(2)));
	CU_ASSERT_PTR_NOT_NULL(table_find(t, key_of(2)));
	table_close(t);
}

void
suite_table(void)
{
	CU_pSuite s = suite_new("table");

	CASE(s, "a table agrees with a list", a_table_agrees_with_a_list);
	CASE(s, "a full table refuses until room is made",
	    a_full_table_refuses_until_room_is_made);
}
