#include "detect/carry.h"

#include <stdlib.h>

#include "base/gunzip.h"

struct carry {
	struct gunzip *gz;
	uint64_t inflated;
	size_t have;
	bool lent, inflate, broken;
	uint32_t which; /* what it is lent as */
	uint64_t used;  /* the last time */
	uint8_t data[CARRY_SIZE];
};

struct carries {
	struct carry *carry;
	size_t n;
	uint32_t turn; /* times that one was lent, from 1 */
	uint64_t now;  /* counts what is taken and put */
	uint64_t refused, broken;
};

int
carries_open(struct carries **out, size_t buffers, struct err *e)
{
	struct carries *c = calloc(1, sizeof(*c));
	size_t i;

	if (c == NULL || (c->carry = calloc(buffers, sizeof(*c->carry))) == NULL) {
		free(c);
		return err_set(e, "out of memory for %zu body buffers", buffers);
	}
	c->n = buffers;
	for (i = 0; i < buffers; i++)
		if (gunzip_open(&c->carry[i].gz, e) != 0) {
			carries_close(c);
			return -1;
		}
	*out = c;
	return 0;
}

void
carries_close(struct carries *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		gunzip_close(c->carry[i].gz);
	free(c->carry);
	free(c);
}

/* One that is free, or has waited longest. */
static struct carry *
pick(struct carries *c)
{
	struct carry *best = &c->carry[0], *k;

	for (k = c->carry; k < c->carry + c->n; k++) {
		if (!k->lent)
			return k;
		if (k->used < best->used)
			best = k;
	}
	c->refused++;
	return best;
}

uint32_t
carry_take(struct carries *c, bool inflate)
{
	struct carry *k = pick(c);
	uint32_t n = (uint32_t)c->n;

	c->turn = c->turn < UINT32_MAX / n - 1 ? c->turn + 1 : 1;
	k->which = c->turn * n + (uint32_t)(k - c->carry);
	k->lent = true;
	k->inflate = inflate;
	k->broken = false;
	k->have = 0;
	k->inflated = 0;
	k->used = ++c->now;
	if (inflate)
		gunzip_reset(k->gz);
	return k->which;
}

/* NULL for 0 and for what was taken away. */
static struct carry *
lent_as(const struct carries *c, uint32_t which)
{
	struct carry *k = &c->carry[which % c->n];

	return which != 0 && k->lent && k->which == which ? k : NULL;
}

void
carry_give(struct carries *c, uint32_t which)
{
	struct carry *k = lent_as(c, which);

	if (k != NULL)
		k->lent = false;
}

static void
give_up(struct carries *c, struct carry *k, struct bytes *in)
{
	if (!k->broken)
		c->broken++;
	k->broken = true;
	*in = bytes_skip(*in, in->n);
}

static bool
put_inflated(struct carries *c, struct carry *k, struct bytes *in)
{
	size_t before = in->n, made = 0;
	enum gunzip_result r;

	r = gunzip_push(k->gz, in, k->data + k->have, CARRY_SIZE - k->have, &made);
	k->have += made;
	k->inflated += made;
	if (r == GUNZIP_BAD || r == GUNZIP_END || k->inflated > CARRY_INFLATE_MAX) {
		if (r == GUNZIP_END)
			k->broken = true;
		give_up(c, k, in);
		return made != 0;
	}
	return made != 0 || in->n != before;
}

bool
carry_put(struct carries *c, uint32_t which, struct bytes *in)
{
	struct carry *k = lent_as(c, which);
	struct bytes part;

	if (k == NULL || k->broken) {
		*in = bytes_skip(*in, in->n);
		return false;
	}
	k->used = ++c->now;
	if (k->have == CARRY_SIZE) {
		give_up(c, k, in);
		return false;
	}
	if (k->inflate)
		return put_inflated(c, k, in);
	part = bytes_take(*in, CARRY_SIZE - k->have);
	if (part.n == 0)
		return false;
	memcpy(k->data + k->have, part.p, part.n);
	k->have += part.n;
	*in = bytes_skip(*in, part.n);
	return true;
}

struct bytes
carry_view(const struct carries *c, uint32_t which)
{
	const struct carry *k = lent_as(c, which);

	return k != NULL ? bytes_of(k->data, k->have) : bytes_of(NULL, 0);
}

void
carry_consume(struct carries *c, uint32_t which, size_t n)
{
	struct carry *k = lent_as(c, which);

	if (k == NULL)
		return;
	if (n < k->have)
		memmove(k->data, k->data + n, k->have - n);
	k->have -= n;
}

void
carries_counters(const struct carries *c, struct counters *to)
{
	counters_add(to, "gateway.bodies_refused",
	    "bodies not read to their end for want of a buffer", c->refused);
	counters_add(to, "gateway.bodies_broken",
	    "compressed bodies that were damaged or too large", c->broken);
}
